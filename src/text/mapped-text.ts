import type { Location, Span } from './span.ts';
import type { Hop } from './trail.ts';

/**
 * Text that a program receives, put together from pieces of files: a compose string after interpolation, a word of a
 * shell line, an element of a JSON array. Each segment remembers where it was written.
 */
export interface MappedText {
  readonly text: string;
  /** Consecutive, cover the whole text; an empty text has none. */
  readonly segments: readonly MappedSegment[];
}

export interface MappedSegment {
  /** Range inside the mapped text. */
  readonly start: number;
  readonly end: number;
  /** Where this piece is written: for an interpolated piece, the place of the value that a user would edit. */
  readonly at: Location;
  /** True when the characters stand in the file one to one, so that a part of the segment has an exact location. */
  readonly exact: boolean;
  /** How an interpolated piece came here; empty for text written in place. */
  readonly trail: readonly Hop[];
  /** Set when the piece cannot be known: the text then holds `unknownMark` in its place. */
  readonly unknown?: string;
}

/** Stands in a mapped text for a piece that cannot be known (a value from the shell, a command substitution). */
export const unknownMark = '\uFFFC';

/** Text written at one place, one to one. */
export function mappedFrom(at: Location): MappedText {
  const text = at.source.text.slice(at.span.start, at.span.end);
  return mappedLiteral(text, { at, exact: true });
}

/** Text that stands for one place; `exact` only when it equals the file's characters. */
export function mappedLiteral(
  text: string,
  origin: { at: Location; exact: boolean; trail?: readonly Hop[] },
): MappedText {
  if (text === '') return { text, segments: [] };
  return {
    text,
    segments: [{ start: 0, end: text.length, at: origin.at, exact: origin.exact, trail: origin.trail ?? [] }],
  };
}

/** A piece that cannot be known, with the reason. */
export function mappedUnknown(why: string, origin: { at: Location; trail?: readonly Hop[] }): MappedText {
  return {
    text: unknownMark,
    segments: [{ start: 0, end: 1, at: origin.at, exact: false, trail: origin.trail ?? [], unknown: why }],
  };
}

/** Joins pieces in order. */
export function concatMapped(pieces: readonly MappedText[]): MappedText {
  let text = '';
  const segments: MappedSegment[] = [];
  for (const piece of pieces) {
    for (const segment of piece.segments) {
      segments.push({ ...segment, start: segment.start + text.length, end: segment.end + text.length });
    }
    text += piece.text;
  }
  return { text, segments };
}

/** The part of a mapped text in `span`, with its segments cut to size. */
export function sliceMapped(mapped: MappedText, span: Span): MappedText {
  const segments: MappedSegment[] = [];
  for (const segment of mapped.segments) {
    const start = Math.max(segment.start, span.start);
    const end = Math.min(segment.end, span.end);
    if (start >= end) continue;
    segments.push({ ...segment, start: start - span.start, end: end - span.start, at: cut(segment, start, end) });
  }
  return { text: mapped.text.slice(span.start, span.end), segments };
}

/** Where the text of `span` is written; for text from several files, the place of its first piece. */
export function locateMapped(mapped: MappedText, span: Span): Location | undefined {
  const pieces = sliceMapped(mapped, span).segments;
  const first = pieces[0];
  const last = pieces.at(-1);
  if (!first || !last)
    return mapped.segments.find((segment) => segment.end >= span.start)?.at ?? mapped.segments.at(-1)?.at;
  if (first.at.source !== last.at.source || last.at.span.end < first.at.span.start) return first.at;
  return { source: first.at.source, span: { start: first.at.span.start, end: last.at.span.end } };
}

/** Why a mapped text is not wholly known, or undefined when it is. */
export function unknownReason(mapped: MappedText): string | undefined {
  return mapped.segments.find((segment) => segment.unknown !== undefined)?.unknown;
}

/** The hops of every piece, in order, without repetition. */
export function trailOf(mapped: MappedText): readonly Hop[] {
  const hops: Hop[] = [];
  for (const segment of mapped.segments) for (const hop of segment.trail) if (!hops.includes(hop)) hops.push(hop);
  return hops;
}

function cut(segment: MappedSegment, start: number, end: number): Location {
  if (!segment.exact) return segment.at;
  const offset = segment.at.span.start - segment.start;
  return { source: segment.at.source, span: { start: start + offset, end: end + offset } };
}
