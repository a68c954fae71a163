import { unknownMark } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import { type Known, known, unknown, type Value } from '../value.ts';
import type { PythonData, PythonText } from './python-data.ts';
import type { PythonValue } from './python-value.ts';

const maximumLength = 100_000;
const maximumHops = 200;

/** Concatenation of strings; with unknown pieces a text that keeps the known ones. Undefined when nothing is a string. */
export function joinText(parts: readonly PythonValue[], at: Location): PythonValue | undefined {
  if (!parts.some(isTextual)) return undefined;
  const pieces = parts.flatMap((part) => piecesOf(part));
  const trail = parts.flatMap((part) => part.trail).slice(0, maximumHops);
  const length = pieces.reduce((total, piece) => total + (piece.known ? piece.value.length : 1), 0);
  if (length > maximumLength || pieces.length > maximumHops) return unknown('a text that is too long to follow', at);
  const texts = pieces.map((piece) => (piece.known ? piece.value : undefined));
  if (!texts.includes(undefined)) return known(texts.join(''), at, trail);
  return known<PythonData>({ type: 'text', pieces }, at, trail);
}

/** The string as it stands, unknown pieces replaced by the unknown mark; undefined for anything but strings. */
export function markedText(data: PythonData): string | undefined {
  if (typeof data === 'string') return data;
  if (typeof data !== 'object' || data === null || data.type !== 'text') return undefined;
  return data.pieces.map((piece) => (piece.known ? piece.value : unknownMark)).join('');
}

/** Whether a text holds `part`; undefined when an unknown piece may hold it. */
export function textContains(container: PythonData, part: string): boolean | undefined {
  const text = markedText(container);
  if (text === undefined) return undefined;
  return text.includes(part) ? true : text.includes(unknownMark) ? undefined : false;
}

/** Python's `%` formatting of a string with known or unknown arguments. */
export function formatPercent(template: string, value: Known<PythonData>): PythonValue {
  const data = value.value;
  const isStructure = typeof data === 'object' && data !== null;
  const items = isStructure && data.type === 'sequence' ? data.items : [value];
  const named = isStructure && data.type === 'map' ? data.entries : undefined;
  let next = 0;
  return fill(template, {
    at: value.at,
    pattern: /%(?:\((\w+)\))?[-+ #0]*\d*(?:\.\d+)?[sdifr]|%%/g,
    literal: (match) => (match === '%%' ? '%' : undefined),
    pick: (name) => (name === undefined ? items[next++] : named?.get(name)),
  });
}

/** Python's `str.format` with known or unknown arguments. */
export function formatBraces(
  template: string,
  call: { positional: readonly PythonValue[]; keywords: ReadonlyMap<string, PythonValue>; at: Location },
): PythonValue {
  let next = 0;
  return fill(template, {
    at: call.at,
    pattern: /\{\{|\}\}|\{(\w*)(?:![rsa])?(?::[^{}]*)?\}/g,
    literal: (match) => (match === '{{' ? '{' : match === '}}' ? '}' : undefined),
    pick: (name) => {
      if (name === undefined || name === '') return call.positional[next++];
      return /^\d+$/.test(name) ? call.positional[Number(name)] : call.keywords.get(name);
    },
  });
}

/** How `str()` writes a plain datum; undefined for structures. */
export function textOf(data: PythonData): string | undefined {
  if (data === null) return 'None';
  if (typeof data === 'boolean') return data ? 'True' : 'False';
  return typeof data === 'object' ? undefined : String(data);
}

interface Filling {
  readonly at: Location;
  readonly pattern: RegExp;
  readonly literal: (match: string) => string | undefined;
  readonly pick: (name: string | undefined) => PythonValue | undefined;
}

function fill(template: string, filling: Filling): PythonValue {
  const parts: PythonValue[] = [];
  let done = 0;
  for (const match of template.matchAll(filling.pattern)) {
    parts.push(known(template.slice(done, match.index), filling.at));
    const literal = filling.literal(match[0]);
    if (literal !== undefined) parts.push(known(literal, filling.at));
    else parts.push(filling.pick(match[1]) ?? unknown('a format argument is missing', filling.at));
    done = match.index + match[0].length;
  }
  parts.push(known(template.slice(done), filling.at));
  return joinText(parts, filling.at) ?? unknown('a format is not known', filling.at);
}

function isTextual(part: PythonValue): boolean {
  return part.known && (typeof part.value === 'string' || isPythonText(part.value));
}

function piecesOf(part: PythonValue): readonly Value<string>[] {
  if (!part.known) return [unknown(part.why, part.at, { trail: part.trail })];
  if (isPythonText(part.value)) return part.value.pieces;
  const text = textOf(part.value);
  return [text === undefined ? unknown('it is no plain text', part.at) : { ...part, value: text }];
}

function isPythonText(data: PythonData): data is PythonText {
  return typeof data === 'object' && data !== null && data.type === 'text';
}
