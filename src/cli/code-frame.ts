import { lineText, positionAt } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';
import { printable } from './terminal.ts';
import { textWidth, widthOf } from './text-table.ts';

export interface CodeFrame {
  readonly lineNumber: string;
  readonly line: string;
  /** Spaces and carets that stand under the marked text. */
  readonly carets: string;
}

const widest = 110;

/** The first line of a location with carets under it; values that may be secret are covered. */
export function frameCode(at: Location): CodeFrame {
  const { source, span } = at;
  const { line, column } = positionAt(source, span.start);
  const text = coverSecrets(lineText(source, line), { path: source.path, column, length: span.end - span.start });
  const end = Math.min(Math.max(column + (span.end - span.start), column + 1), Math.max(text.length, column + 1));
  const from = column > widest - 30 ? column - 20 : 0;
  const shown = text.slice(from, from + widest);
  const head = `${from > 0 ? '\u2026' : ''}`;
  const before = [...shown.slice(0, column - from)].map((char) => (char === '\t' ? '\t' : ' '.repeat(widthOf(char))));
  const marked = textWidth(text.slice(column, Math.min(end, from + widest)));
  return {
    lineNumber: String(line + 1),
    line: printable(head + shown + (from + widest < text.length ? '\u2026' : '')),
    carets: head.replace('\u2026', ' ') + before.join('') + '^'.repeat(Math.max(1, marked)),
  };
}

/** Covers credentials in addresses, values under secret-sounding names, and in env files every value but the marked one. */
function coverSecrets(line: string, mark: { path: string; column: number; length: number }): string {
  const covered = line.replace(
    /(:\/\/)([^\s/@'"]+)(?=@)/g,
    (_, slashes: string, secret: string) => slashes + bullets(secret),
  );
  const isEnv = /(^|\/)(\.?env[^/]*|[^/]*\.env[^/]*)$/i.test(mark.path);
  const assignment = /^(\s*[-"'\w.$ ]*?)(\s*[=:]\s*)(.+)$/.exec(covered);
  if (!assignment) return covered;
  const [, name = '', sign = '', value = ''] = assignment;
  const start = name.length + sign.length;
  const isMarked = mark.column >= start;
  const isSecret = /pass|pwd|secret|token|key|credential|dsn|auth/i.test(name);
  const isPlain = /^["']?(\d[\w.]*|true|false|none)["']?\s*(#.*)?$/i.test(value);
  return !isPlain && (isSecret || (isEnv && !isMarked)) ? name + sign + bullets(value) : covered;
}

function bullets(text: string): string {
  return '\u2022'.repeat(text.length);
}
