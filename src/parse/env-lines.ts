import type { Span } from '../text/span.ts';
import { sizeCaps } from './parse-result.ts';
import { checkSize } from './size-check.ts';

/** Readers that take a file line by line: django-environ, python-decouple's `.env` and `settings.ini`, Starlette. */
export type LineDialect = 'django-environ' | 'decouple' | 'decouple-ini' | 'starlette';

/** A variable of such a file: its decoded text, and where it is written without its quotes. */
export interface EnvLine {
  readonly name: string;
  readonly text: string;
  readonly span: Span;
}

/**
 * Reads a file as the library does; lines that it passes over are left out. Never throws. Sources: environ/environ.py
 * (read_env), decouple.py (RepositoryEnv, RepositoryIni), starlette/config.py (_read_file).
 */
export function readEnvLines(text: string, dialect: LineDialect): readonly EnvLine[] {
  if (checkSize(text, sizeCaps.env)) return [];
  const lines: EnvLine[] = [];
  let start = 0;
  let section = '';
  for (const line of text.split('\n')) {
    const header = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (dialect === 'decouple-ini' && header !== undefined) section = header;
    else if (dialect !== 'decouple-ini' || section === 'settings') {
      const entry = readLine(line, dialect);
      if (entry) lines.push({ ...entry, span: { start: entry.span.start + start, end: entry.span.end + start } });
    }
    start += line.length + 1;
  }
  return lines;
}

function readLine(line: string, dialect: LineDialect): EnvLine | undefined {
  const patterns: Readonly<Record<LineDialect, RegExp>> = {
    'django-environ': /^(?:export )?([A-Za-z_0-9]+)=(.*)$/,
    decouple: /^\s*(?!#)([^=]*?)\s*=\s*(.*?)\s*$/,
    'decouple-ini': /^(?![\s#;])([^=:]*?)\s*[=:]\s*(.*?)\s*$/,
    starlette: /^\s*(?!#)([^=]*?)\s*=\s*(.*?)\s*$/,
  };
  const plain = line.replace(/\r$/, '');
  const match = patterns[dialect].exec(plain);
  const [, name, written] = match ?? [];
  if (name === undefined || written === undefined) return undefined;
  const start = written === '' ? plain.length : plain.lastIndexOf(written);
  const { text, skipped } = unquote(written, dialect);
  return {
    name,
    text: decode(text, written, dialect),
    span: { start: start + skipped, end: start + skipped + text.length },
  };
}

function unquote(written: string, dialect: LineDialect): { text: string; skipped: number } {
  if (dialect === 'decouple-ini') return { text: written, skipped: 0 };
  if (dialect === 'starlette') {
    const skipped = /^["']*/.exec(written)?.[0].length ?? 0;
    return { text: written.slice(skipped).replace(/["']+$/, ''), skipped };
  }
  const quoted = /^(['"])([\s\S]*)\1$/.exec(written);
  return quoted ? { text: quoted[2] ?? '', skipped: 1 } : { text: written, skipped: 0 };
}

// django-environ takes the backslash from escaped characters between double quotes.
function decode(text: string, written: string, dialect: LineDialect): string {
  if (dialect !== 'django-environ' || !written.startsWith('"') || text === written) return text;
  return text.replace(/\\(.)/g, (whole, character: string) => ('rnt'.includes(character) ? whole : character));
}
