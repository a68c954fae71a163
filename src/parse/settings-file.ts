import type { Span } from '../text/span.ts';
import { sizeCaps } from './parse-result.ts';

/** One `name value` line of a server's configuration file. */
export interface SettingLine {
  /** Section in brackets above it; '' before the first. */
  readonly section: string;
  readonly name: string;
  readonly value: string;
  readonly nameSpan: Span;
  readonly valueSpan: Span;
}

/** How a file writes its settings: `name = value` (ini, my.cnf, postgresql.conf) or `name value` (redis.conf). */
export type SettingStyle = 'equals' | 'blank';

/** Reads my.cnf, postgresql.conf, pgbouncer.ini (`equals`) or redis.conf (`blank`); lines it cannot take are left out. */
export function parseSettings(text: string, style: SettingStyle): readonly SettingLine[] {
  if (text.length > sizeCaps.env) return [];
  const lines: SettingLine[] = [];
  let section = '';
  let offset = 0;
  for (const raw of text.split('\n')) {
    const start = offset;
    offset += raw.length + 1;
    const line = raw.replace(/\r$/, '');
    const header = /^\s*\[([^\]]*)\]/.exec(line);
    if (header) {
      section = header[1]?.trim() ?? '';
      continue;
    }
    const match =
      style === 'equals'
        ? /^(\s*)([A-Za-z_][\w.-]*)(\s*=\s*|\s+)?(.*)$/.exec(line)
        : /^(\s*)([A-Za-z_][\w.-]*)(\s+)(.*)$/.exec(line);
    if (!match || /^\s*[#;]/.test(line)) continue;
    const [, indent = '', name = '', gap = '', rest = ''] = match;
    const value = withoutComment(rest, style);
    const nameStart = start + indent.length;
    const quote = /^(['"])(.*)\1$/.exec(value);
    const valueStart = nameStart + name.length + gap.length + (quote ? 1 : 0);
    const plain = quote?.[2] ?? value;
    lines.push({
      section,
      name,
      value: plain,
      nameSpan: { start: nameStart, end: nameStart + name.length },
      valueSpan: { start: valueStart, end: valueStart + plain.length },
    });
  }
  return lines;
}

function withoutComment(rest: string, style: SettingStyle): string {
  if (style === 'blank') return rest.trimEnd();
  const quoted = /^('[^']*'|"[^"]*")/.exec(rest);
  if (quoted) return quoted[0];
  return rest.replace(/\s*[#;].*$/, '').trimEnd();
}
