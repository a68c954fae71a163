import type { Span } from '../../text/span.ts';

/** Starts of the lines inside a part of a Python file that begin within a string: indenting them would change it. */
export function stringLines(text: string, span: Span): ReadonlySet<number> {
  const lines = new Set<number>();
  for (let at = span.start; at < span.end; ) {
    const character = text[at];
    if (character === '#') {
      const newline = text.indexOf('\n', at);
      at = newline === -1 ? span.end : newline;
    } else if (character === '"' || character === "'") {
      const end = endOfString(text, at);
      for (let line = text.indexOf('\n', at); line !== -1 && line < end; line = text.indexOf('\n', line + 1)) {
        lines.add(line + 1);
      }
      at = end;
    } else at += 1;
  }
  return lines;
}

/** Offset behind the closing quote; raw strings keep their backslashes and close the same way. */
function endOfString(text: string, start: number): number {
  const quote = text[start] ?? '"';
  const closing = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  for (let at = start + closing.length; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith(closing, at)) return at + closing.length;
    else if (text[at] === '\n' && closing.length === 1) return at;
  }
  return text.length;
}
