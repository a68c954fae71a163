import type { Span } from '../text/span.ts';
import { sizeCaps } from './parse-result.ts';
import { checkSize } from './size-check.ts';

/** One `name = value` of an ini file. */
export interface IniEntry {
  /** Section in brackets above it; '' before the first. */
  readonly section: string;
  readonly name: string;
  readonly nameSpan: Span;
  /** The value line by line without the blanks around it; empty for a name alone. A further line is a continuation. */
  readonly lines: readonly Span[];
}

/**
 * How a program reads its file. `python`: indented lines go on with the value, ` ;` and ` #` begin a comment (supervisor,
 * options.py: UnhosedConfigParser). `plain`: one line each, comments only on lines of their own (uWSGI, core/ini.c).
 */
export type IniDialect = 'python' | 'plain';

/** Reads an ini file in order; lines that it cannot take are left out. Never throws. */
export function parseIni(text: string, dialect: IniDialect): readonly IniEntry[] {
  if (checkSize(text, sizeCaps.shell)) return [];
  const entries: (IniEntry & { readonly lines: Span[] })[] = [];
  let section = '';
  let offset = 0;
  for (const line of text.split('\n')) {
    const start = offset;
    offset += line.length + 1;
    if (/^\s*([#;]|$)/.test(line)) continue;
    const end = start + withoutComment(line, dialect).length;
    const last = entries.at(-1);
    const header = /^\s*\[([^\]]*)\]/.exec(line);
    if (dialect === 'python' && /^\s/.test(line) && last?.section === section)
      last.lines.push(trim(text, { start, end }));
    else if (header) section = header[1]?.trim() ?? '';
    else {
      const name = /^\s*([^\s=:;#[][^=:]*)/.exec(line.slice(0, end - start))?.[1]?.trimEnd();
      if (name === undefined) continue;
      const nameStart = start + line.indexOf(name);
      const nameSpan = { start: nameStart, end: nameStart + name.length };
      const separator = /[=:]/.exec(text.slice(nameSpan.end, end));
      const value = separator && trim(text, { start: nameSpan.end + separator.index + 1, end });
      entries.push({ section, name, nameSpan, lines: value && value.end > value.start ? [value] : [] });
    }
  }
  return entries;
}

function withoutComment(line: string, dialect: IniDialect): string {
  return dialect === 'plain' ? line : (/^.*?(?=\s[;#])/.exec(line)?.[0] ?? line);
}

function trim(text: string, span: Span): Span {
  const raw = text.slice(span.start, span.end);
  const start = span.start + raw.length - raw.trimStart().length;
  return { start, end: Math.max(start, span.start + raw.trimEnd().length) };
}
