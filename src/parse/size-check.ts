import type { ParseError } from './parse-result.ts';
import { sizeCaps } from './parse-result.ts';

/** The error `too-large` when a text has more than `cap` UTF-16 units or a line above `sizeCaps.line`, else undefined. */
export function checkSize(text: string, cap: number): ParseError | undefined {
  if (text.length > cap) return { code: 'too-large', span: { start: 0, end: 0 } };
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    if (end - start > sizeCaps.line) return { code: 'too-large', span: { start, end: start } };
    start = end + 1;
  }
  return undefined;
}
