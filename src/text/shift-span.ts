import type { Span } from './span.ts';

/**
 * Where a span of an older text lies in a newer one, if everything between the first and the last difference counts as
 * replaced; undefined when the span reaches into the replaced part.
 */
export function shiftSpan(span: Span, texts: { readonly before: string; readonly after: string }): Span | undefined {
  const { before, after } = texts;
  const shared = Math.min(before.length, after.length);
  let start = 0;
  while (start < shared && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < shared - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const moved = after.length - before.length;
  if (span.end <= start) return span;
  if (span.start >= before.length - tail) return { start: span.start + moved, end: span.end + moved };
  return undefined;
}
