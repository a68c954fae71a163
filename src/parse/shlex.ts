import type { CommandLineWord } from './shell-words.ts';

/** Splits a command as Python's `shlex.split` does (supervisor): quotes and backslashes, no shell. Open quotes run to the end. */
export function splitShlex(text: string): readonly CommandLineWord[] {
  const words: CommandLineWord[] = [];
  const pattern = /(?:[^\s"'\\]|\\.|'[^']*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$)|\\$)+/gs;
  for (const { 0: raw, index: start } of text.matchAll(pattern)) {
    const value = raw.replace(/\\(.)|'([^']*)'?|"((?:[^"\\]|\\.)*)"?/gs, (_, escaped, single, double) => {
      return escaped ?? single ?? (double ?? '').replace(/\\(["\\])/g, '$1');
    });
    const quoted = /^(["']).*\1$/s.test(raw) && raw.slice(1, -1) === value;
    const span = quoted ? { start: start + 1, end: start + raw.length - 1 } : { start, end: start + raw.length };
    words.push({ text: value, span, exact: text.slice(span.start, span.end) === value });
  }
  return words;
}
