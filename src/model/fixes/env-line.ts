import { lineEnding } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import { kindOfFile } from './file-kind.ts';
import { finishEdits } from './finish-edits.ts';
import { endOfLine, insertAt } from './line-places.ts';

/** Moves a comment that became part of an env value to a line of its own above; `value` is what stays. */
export function moveEnvComment(at: Location, parts: { readonly value: string; readonly comment: string }): Edits {
  const { source, span } = at;
  if (kindOfFile(source) !== 'env') return { refused: 'it is not written in an env file' };
  const lineStart = source.text.lastIndexOf('\n', span.start - 1) + 1;
  return finishEdits([
    insertAt(source, lineStart, `${parts.comment}${lineEnding(source)}`),
    { source, span, newText: parts.value },
  ]);
}

/** Removes the line of an env file that a value stands on. */
export function removeEnvLine(at: Location): Edits {
  const { source, span } = at;
  if (kindOfFile(source) !== 'env') return { refused: 'it is not written in an env file' };
  if (/[\r\n]/.test(source.text.slice(span.start, span.end))) return { refused: 'the value spans several lines' };
  const start = source.text.lastIndexOf('\n', span.start - 1) + 1;
  const lineEnd = endOfLine(source.text, span.end);
  const end = Math.min(source.text.length, lineEnd + (source.text.startsWith('\r\n', lineEnd) ? 2 : 1));
  return finishEdits([{ source, span: { start, end }, newText: '' }]);
}

/** Gives a variable of an env file another name; its value and what follows stay. */
export function renameEnvVariable(at: Location, names: { readonly from: string; readonly to: string }): Edits {
  const { source, span } = at;
  if (kindOfFile(source) !== 'env') return { refused: 'it is not written in an env file' };
  const lineStart = source.text.lastIndexOf('\n', span.start - 1) + 1;
  const before = source.text.slice(lineStart, span.start);
  const column = before.search(new RegExp(`(?<![\\w.-])${names.from}(?=\\s*[=:])`));
  if (column === -1) return { refused: 'the name does not stand before the value' };
  const start = lineStart + column;
  return finishEdits([{ source, span: { start, end: start + names.from.length }, newText: names.to }]);
}
