import type { YamlScalar } from './yaml-tree.ts';

/** How a scalar is written: its source, where that starts in the file, and for blocks the indentation of the parent. */
export interface WrittenScalar {
  readonly style: YamlScalar['style'];
  /** Plain and quoted: with the quotes. Blocks: the lines below the header. */
  readonly source: string;
  readonly start: number;
  /** Columns to take from each line of a block: given by a digit in its header, else undefined. */
  readonly blockIndent?: number | undefined;
}

/** Decoded text with the offset in the file of each of its characters (a folded blank stands at its line break). */
export interface DecodedScalar {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** Decodes a scalar that needs no escapes; undefined where an escape or a missing quote makes the mapping inexact. */
export function decodeScalar(written: WrittenScalar): DecodedScalar | undefined {
  const { source, start, style } = written;
  if (style === 'literal' || style === 'folded') return decodeBlock(written);
  if (style === 'plain') return decodeFlow(source, start);
  const quote = style === 'single' ? "'" : '"';
  const inner = source.slice(1, -1);
  if (source.length < 2 || !source.endsWith(quote)) return undefined;
  if (style === 'single' ? inner.includes("'") : inner.includes('\\')) return undefined;
  return decodeFlow(inner, start + 1);
}

/** The value of a plain or tagged scalar by YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema). */
export function resolveScalar(text: string, options: { plain: boolean; tag: string | undefined }): YamlScalar['value'] {
  const core = options.tag?.startsWith(coreTagPrefix) ? options.tag.slice(coreTagPrefix.length) : undefined;
  if (core === 'str' || options.tag === '!' || (core === undefined && !options.plain)) return text;
  if (/^(?:~|null|Null|NULL)?$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text)) return Number(text);
  if (/^0o[0-7]+$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text)) return Number(text);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN;
  return text;
}

/** Tags that YAML itself defines (`!!str`) start with this. */
export const coreTagPrefix = 'tag:yaml.org,2002:';

/** Plain and quoted text: line breaks fold, blanks around them go. */
function decodeFlow(source: string, start: number): DecodedScalar {
  const lines = splitLines(source, start);
  const result = createBuilder();
  let breaks: number[] = [];
  lines.forEach((line, index) => {
    let from = 0;
    let to = line.text.length;
    if (index > 0) while (from < to && isBlank(line.text[from])) from += 1;
    if (index < lines.length - 1) while (to > from && isBlank(line.text[to - 1])) to -= 1;
    if (index > 0 && (to > from || index === lines.length - 1)) {
      foldBreaks(result, breaks);
      breaks = [];
    }
    addCharacters(result, line, { from, to });
    if (line.breakAt !== undefined) breaks.push(line.breakAt);
  });
  return finish(result);
}

/** Block text with all its trailing line breaks: what chomping leaves of it is a prefix. */
function decodeBlock({ style, source, start, blockIndent }: WrittenScalar): DecodedScalar {
  const lines = splitLines(source, start);
  const indent = blockIndent ?? indentOf(lines.find((line) => line.text.trim() !== '')?.text ?? '');
  const result = createBuilder();
  let breaks: number[] = [];
  let begun = false;
  let previousFolds = false;
  for (const line of lines) {
    if (line.text.length > indent) {
      const folds = style === 'folded' && !isBlank(line.text[indent]);
      if (begun && folds && previousFolds) foldBreaks(result, breaks);
      else keepBreaks(result, breaks);
      breaks = [];
      begun = true;
      previousFolds = folds;
      addCharacters(result, line, { from: indent, to: line.text.length });
    }
    if (line.breakAt !== undefined) breaks.push(line.breakAt);
  }
  keepBreaks(result, breaks);
  return finish(result);
}

interface Line {
  /** Without its line break. */
  readonly text: string;
  readonly start: number;
  /** Offset of the `\n`; undefined for the last line. */
  readonly breakAt: number | undefined;
}

function splitLines(source: string, start: number): Line[] {
  const lines: Line[] = [];
  for (let from = 0; ; ) {
    const newline = source.indexOf('\n', from);
    if (newline === -1) {
      lines.push({ text: source.slice(from), start: start + from, breakAt: undefined });
      return lines;
    }
    const to = newline > from && source[newline - 1] === '\r' ? newline - 1 : newline;
    lines.push({ text: source.slice(from, to), start: start + from, breakAt: start + newline });
    from = newline + 1;
  }
}

interface Builder {
  readonly pieces: string[];
  readonly offsets: number[];
}

function createBuilder(): Builder {
  return { pieces: [], offsets: [] };
}

function addCharacters(builder: Builder, line: Line, part: { from: number; to: number }): void {
  if (part.from >= part.to) return;
  builder.pieces.push(line.text.slice(part.from, part.to));
  for (let index = part.from; index < part.to; index += 1) builder.offsets.push(line.start + index);
}

/** One line break becomes a blank, more become one line feed fewer. */
function foldBreaks(builder: Builder, breaks: readonly number[]): void {
  const [first, ...rest] = breaks;
  keepBreaks(builder, rest);
  if (first === undefined || rest.length > 0) return;
  builder.pieces.push(' ');
  builder.offsets.push(first);
}

function keepBreaks(builder: Builder, breaks: readonly number[]): void {
  for (const at of breaks) {
    builder.pieces.push('\n');
    builder.offsets.push(at);
  }
}

function finish(builder: Builder): DecodedScalar {
  return { text: builder.pieces.join(''), offsets: builder.offsets };
}

function indentOf(text: string): number {
  let indent = 0;
  while (text[indent] === ' ') indent += 1;
  return indent;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
