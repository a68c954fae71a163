import { lineEnding, type SourceText } from '../../text/source-text.ts';
import type { Span, TextEdit } from '../../text/span.ts';
import { endOfLine, indentationAt, insertAt } from './line-places.ts';

/** Entries between brackets with commas in between: arguments of a call, entries of a dict. */
export interface BracketedList {
  readonly source: SourceText;
  /** Between the brackets. */
  readonly inside: Span;
  readonly entries: readonly Span[];
}

/**
 * Adds entries behind the last one, in the way the list is written: on the same line, or one line each with the same
 * indentation, the trailing comma and comments kept.
 */
export function appendToList(list: BracketedList, entries: readonly string[]): readonly TextEdit[] {
  const { source, inside } = list;
  const { text } = source;
  const last = list.entries.at(-1);
  if (!last) return fillEmpty(list, entries);
  const indentation = indentationAt(text, last.start);
  const comma = findComma(text, { start: last.end, end: inside.end });
  if (indentation === undefined) {
    if (comma === undefined) return [insertAt(source, last.end, `, ${entries.join(', ')}`)];
    const after = text.slice(comma + 1, inside.end).trim() === '' ? ',' : '';
    const keptComma = /\n/.test(text.slice(comma, inside.end)) ? after : '';
    return [insertAt(source, comma + 1, ` ${entries.join(', ')}${keptComma}`)];
  }
  const eol = lineEnding(source);
  const lines = entries.map((entry) => `${eol}${indentation}${entry}`);
  if (comma !== undefined) {
    return [
      insertAt(source, Math.min(endOfLine(text, comma + 1), inside.end), lines.map((line) => `${line},`).join('')),
    ];
  }
  const end = Math.min(endOfLine(text, last.end), inside.end);
  if (text.slice(last.end, end).trim() === '') return [insertAt(source, last.end, `,${lines.join(',')}`)];
  return [insertAt(source, last.end, ','), insertAt(source, end, lines.join(','))];
}

/** Removes one entry with its comma, and with its line when it stands alone there; undefined where a comment is in the way. */
export function removeFromList(list: BracketedList, entry: Span): TextEdit | undefined {
  const { source, inside, entries } = list;
  const { text } = source;
  const comma = findComma(text, { start: entry.end, end: inside.end });
  const end = comma === undefined ? entry.end : comma + 1;
  const lineEnd = endOfLine(text, end);
  const alone = indentationAt(text, entry.start) !== undefined && /^[ \t]*(#.*)?$/.test(text.slice(end, lineEnd));
  const lineStart = text.lastIndexOf('\n', entry.start - 1) + 1;
  if (alone && lineStart >= inside.start && lineEnd < inside.end) {
    const newline = text.indexOf('\n', lineEnd);
    return { source, span: { start: lineStart, end: newline + 1 }, newText: '' };
  }
  const index = entries.indexOf(entry);
  const next = entries[index + 1];
  const previous = entries[index - 1];
  const span = next
    ? { start: entry.start, end: next.start }
    : previous
      ? { start: previous.end, end: entry.end }
      : { start: entry.start, end };
  return text.slice(span.start, entry.start).includes('#') || text.slice(entry.end, span.end).includes('#')
    ? undefined
    : { source, span, newText: '' };
}

function fillEmpty({ source, inside }: BracketedList, entries: readonly string[]): readonly TextEdit[] {
  const blank = source.text.slice(inside.start, inside.end);
  if (blank.trim() !== '') return [insertAt(source, inside.start, `${entries.join(', ')},`)];
  return [{ source, span: inside, newText: entries.join(', ') }];
}

/** Offset of the comma that follows, past blanks and comments. */
function findComma(text: string, span: Span): number | undefined {
  const between = text.slice(span.start, span.end).replace(/#[^\n]*/g, (comment) => ' '.repeat(comment.length));
  const comma = between.indexOf(',');
  return comma === -1 || between.slice(0, comma).trim() !== '' ? undefined : span.start + comma;
}
