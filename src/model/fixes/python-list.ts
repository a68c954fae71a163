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
