import type { SourceText } from '../../text/source-text.ts';
import type { TextEdit } from '../../text/span.ts';

/** The blanks before an offset when nothing else stands before it on its line. */
export function indentationAt(text: string, offset: number): string | undefined {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*$/.test(before) ? before : undefined;
}

/** Offset of the line break (or end of text) that ends the line of an offset. */
export function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline === -1) return text.length;
  return newline > offset && text[newline - 1] === '\r' ? newline - 1 : newline;
}

/** Puts a text in between. */
export function insertAt(source: SourceText, at: number, newText: string): TextEdit {
  return { source, span: { start: at, end: at }, newText };
}
