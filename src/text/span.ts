import type { SourceText } from './source-text.ts';

/** A half-open range of UTF-16 offsets: `start` belongs to it, `end` does not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A span of one file. */
export interface Location {
  readonly source: SourceText;
  readonly span: Span;
}

/** Replaces the text of `span` by `newText`; an empty span inserts. */
export interface TextEdit {
  readonly source: SourceText;
  readonly span: Span;
  readonly newText: string;
}

/** The text a location covers. */
export function textAt(location: Location): string {
  return location.source.text.slice(location.span.start, location.span.end);
}

/** True when the inner span lies wholly within the outer one; both may be the same. */
export function containsSpan(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Applies edits of one file; edits must not overlap (an overlapping later one is dropped), the order does not matter. */
export function applyEdits(source: SourceText, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort(
    (left, right) => left.span.start - right.span.start || left.span.end - right.span.end,
  );
  let result = '';
  let done = 0;
  for (const edit of ordered) {
    if (edit.span.start < done) continue;
    result += source.text.slice(done, edit.span.start) + edit.newText;
    done = edit.span.end;
  }
  return result + source.text.slice(done);
}
