import { parsePython } from '../../parse/python.ts';
import { walkExpressions, walkStatements } from '../../parse/python-walk.ts';
import { derive } from '../../text/source-text.ts';
import type { Location, Span } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import { finishEdits } from './finish-edits.ts';

/**
 * Takes an argument out of its call, or an entry out of its dict: `at` is the argument, or the entry's value. A list with
 * one entry a line loses the line. Refused where it is not written in the call or dict itself.
 */
export function removeArgument(at: Location): Edits {
  const entries = findList(at);
  const index = entries?.findIndex((entry) => holds(entry, at.span)) ?? -1;
  const entry = entries?.[index];
  if (!entries || !entry) return { refused: 'the argument is not written in this call' };
  const { text } = at.source;
  const next = entries[index + 1];
  const previous = entries[index - 1];
  const comma = /^\s*,/.exec(text.slice(entry.end))?.[0].length;
  const isOwnLine = /(^|\n)[ \t]*$/.test(text.slice(0, entry.start));
  const rest = comma === undefined ? undefined : /^[ \t]*(\r?\n)/.exec(text.slice(entry.end + comma));
  if (isOwnLine && rest && comma !== undefined) {
    const start = text.lastIndexOf('\n', entry.start - 1) + 1;
    return finishEdits([{ source: at.source, span: { start, end: entry.end + comma + rest[0].length }, newText: '' }]);
  }
  const span = next
    ? { start: entry.start, end: next.start }
    : previous
      ? { start: previous.end, end: entry.end }
      : { start: entry.start, end: entry.end + (comma ?? 0) };
  if (/#/.test(text.slice(span.start, span.end).replace(text.slice(entry.start, entry.end), '')))
    return { refused: 'a comment stands beside the argument' };
  return finishEdits([{ source: at.source, span, newText: '' }]);
}

/** The spans of the arguments or entries among which the place stands. */
function findList(at: Location): readonly Span[] | undefined {
  let found: readonly Span[] | undefined;
  const module = derive(at.source, { kind: 'python', from: parsePython });
  walkStatements(module.body, (statement) =>
    walkExpressions(statement, (expression) => {
      if (expression.kind === 'call') {
        const isArgument = expression.arguments.some(({ span, value }) => [span, value.span].some(isPlace));
        if (isArgument) found = expression.arguments.map(({ span }) => span);
      } else if (expression.kind === 'dict') {
        const isEntry = expression.entries.some(({ span, value }) => [span, value.span].some(isPlace));
        if (isEntry) found = expression.entries.map(({ span }) => span);
      }
    }),
  );
  return found;

  function isPlace(span: Span): boolean {
    return span.start === at.span.start && span.end === at.span.end;
  }
}

function holds(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
