/** One immutable version of one file. Caches are keyed by its identity, so a changed file is a new object. */
export interface SourceText {
  /** Path relative to the workspace root, with forward slashes. */
  readonly path: string;
  /** Decoded text without a byte order mark; every offset counts UTF-16 units of this string. */
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[];
  /** What was derived from this text (trees, scans), kept for as long as the text lives; see `derive`. */
  readonly derived: Map<string, unknown>;
}

/** A pure function of a text; `kind` tells the derivations of one text apart. */
export interface Derivation<T> {
  readonly kind: string;
  readonly from: (text: string) => T;
}

/** A place in a text: zero-based line, zero-based column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const byteOrderMark = '\uFEFF';

/** Wraps a file's text; a leading byte order mark is dropped (editors do not count it either). */
export function createSourceText(path: string, text: string): SourceText {
  const body = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  return { path, text: body, lineStarts: findLineStarts(body), derived: new Map() };
}

/** The result of `derivation` for this text, computed once. */
export function derive<T>(source: SourceText, derivation: Derivation<T>): T {
  if (!source.derived.has(derivation.kind)) source.derived.set(derivation.kind, derivation.from(source.text));
  return source.derived.get(derivation.kind) as T;
}

/** Position of an offset; offsets outside the text are moved to its nearest end. */
export function positionAt(source: SourceText, offset: number): Position {
  const bounded = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= bounded) low = middle;
    else high = middle - 1;
  }
  return { line: low, column: bounded - (source.lineStarts[low] ?? 0) };
}

/** The line ending this file uses (that of its first line), so that an edit can keep it. */
export function lineEnding(source: SourceText): '\r\n' | '\n' {
  const first = source.text.indexOf('\n');
  return first > 0 && source.text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** Text of a zero-based line, without its line ending. */
export function lineText(source: SourceText, line: number): string {
  const start = source.lineStarts[line];
  if (start === undefined) return '';
  const end = source.lineStarts[line + 1] ?? source.text.length;
  return source.text.slice(start, end).replace(/\r?\n$/, '');
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}
