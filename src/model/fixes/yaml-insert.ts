import type { YamlEntry, YamlMapping, YamlNode } from '../../parse/yaml-tree.ts';
import { lineEnding, positionAt, type SourceText } from '../../text/source-text.ts';
import type { TextEdit } from '../../text/span.ts';
import { endOfLine } from './line-places.ts';

/** What a new entry holds: a scalar as it is to be written, items of a list, or entries of its own. */
export type NewValue =
  | { readonly kind: 'scalar'; readonly source: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'mapping'; readonly entries: readonly NewEntry[] };

export interface NewEntry {
  readonly key: string;
  readonly value: NewValue;
}

/** How the file is written around the insertion. */
export interface YamlStyle {
  /** Blanks of one level. */
  readonly step: string;
}

/** Adds entries to a mapping, block or flow, behind one of its entries (the last one unless given). */
export function insertEntries(
  place: { source: SourceText; mapping: YamlMapping; behind?: YamlEntry | undefined },
  entries: readonly NewEntry[],
  style: YamlStyle,
): TextEdit {
  const { source, mapping } = place;
  const behind = place.behind ?? mapping.entries.at(-1);
  if (mapping.flow) return insertFlow({ source, mapping }, entries);
  const column = positionAt(source, mapping.span.start).column;
  const lines = renderBlock(entries, { indentation: ' '.repeat(column), step: style.step });
  return insertLines(source, lines, { at: lineBehind(source, { entry: behind, column }) });
}

/** Writes entries below a key that has no value yet. */
export function insertBelowKey(
  place: { source: SourceText; entry: YamlEntry },
  entries: readonly NewEntry[],
  style: YamlStyle,
): TextEdit {
  const { source, entry } = place;
  const column = positionAt(source, entry.key.span.start).column;
  const indentation = ' '.repeat(column) + style.step;
  const at = endOfLine(source.text, entry.key.span.end);
  return insertLines(source, renderBlock(entries, { indentation, step: style.step }), { at });
}

/** A word as an item of a list: in quotes where YAML would not take it for a string as it is. */
export function listItem(word: string, quote: '"' | "'"): string {
  const plain =
    /^(--?[A-Za-z]|[A-Za-z/])[\w@%+=:./-]*$/.test(word) && !/^(true|false|null|yes|no|on|off|y|n)$|:$/i.test(word);
  return plain ? word : `${quote}${word}${quote}`;
}

/** Where an entry's text ends: its value's end, or the colon behind its key. */
export function endOfEntry(source: SourceText, entry: YamlEntry): number {
  if (entry.value) return entry.value.span.end;
  const colon = /^\s*:/.exec(source.text.slice(entry.key.span.end))?.[0].length ?? 0;
  return entry.key.span.end + colon;
}

/** The blanks that the file puts in front of each level, read from the way to a node. */
export function stepAlong(source: SourceText, ancestors: readonly YamlNode[]): string {
  const columns = ancestors
    .filter((node) => node.kind === 'mapping' && !node.flow)
    .map((node) => positionAt(source, node.span.start).column);
  const steps = columns.map((column, index) => column - (columns[index - 1] ?? 0)).filter((step) => step > 0);
  return ' '.repeat(steps.at(-1) ?? 2);
}

function insertLines(source: SourceText, lines: readonly string[], place: { at: number }): TextEdit {
  const eol = lineEnding(source);
  return {
    source,
    span: { start: place.at, end: place.at },
    newText: lines.map((line) => `${eol}${line}`).join(''),
  };
}

/** The end of the entry's last line; comments indented deeper than the entry belong to it. */
function lineBehind(source: SourceText, place: { entry: YamlEntry | undefined; column: number }): number {
  const { text } = source;
  const { entry, column } = place;
  if (!entry) return text.length;
  let end = endOfLine(text, endOfEntry(source, entry));
  for (;;) {
    const next = text.indexOf('\n', end) + 1;
    const line = next === 0 ? '' : text.slice(next, endOfLine(text, next));
    const comment = /^( *)#/.exec(line)?.[1];
    if (comment === undefined || comment.length <= column) return end;
    end = endOfLine(text, next);
  }
}

function renderBlock(entries: readonly NewEntry[], place: { indentation: string; step: string }): string[] {
  const { indentation, step } = place;
  const deeper = { indentation: indentation + step, step };
  return entries.flatMap(({ key, value }) => {
    if (value.kind === 'scalar') return [`${indentation}${key}: ${value.source}`];
    const inner =
      value.kind === 'list'
        ? value.items.map((item) => `${deeper.indentation}- ${item}`)
        : renderBlock(value.entries, deeper);
    return [`${indentation}${key}:`, ...inner];
  });
}

function insertFlow(place: { source: SourceText; mapping: YamlMapping }, entries: readonly NewEntry[]): TextEdit {
  const { source, mapping } = place;
  const last = mapping.entries.at(-1);
  const json = mapping.entries[0]?.key.style === 'double';
  const text = entries.map((entry) => renderFlow(entry, json)).join(', ');
  const at = last ? endOfEntry(source, last) : mapping.span.start + 1;
  return { source, span: { start: at, end: at }, newText: last ? `, ${text}` : text };
}

function renderFlow({ key, value }: NewEntry, json: boolean): string {
  const name = json ? `"${key}"` : key;
  if (value.kind === 'scalar') return `${name}: ${json ? jsonScalar(value.source) : value.source}`;
  if (value.kind === 'list')
    return `${name}: [${value.items.map((item) => (json ? jsonScalar(item) : item)).join(', ')}]`;
  return `${name}: {${value.entries.map((entry) => renderFlow(entry, json)).join(', ')}}`;
}

function jsonScalar(source: string): string {
  if (/^(true|false|-?\d+(\.\d+)?)$/.test(source)) return source;
  return JSON.stringify(source.replace(/^(['"])(.*)\1$/, '$2'));
}
