import { resolveScalar } from '../../parse/yaml-scalar.ts';
import type { YamlScalar } from '../../parse/yaml-tree.ts';
import { concatMapped, type MappedText, mappedLiteral } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import { textValue } from '../mapped-value.ts';
import type { Value } from '../value.ts';
import { type ConfigNode, type ConfigScalar, childOf } from './config-node.ts';
import { interpolate, type Lookup } from './interpolate.ts';

/** What Compose takes a scalar's text to be: strings after interpolation, other values as Go prints them. */
export function textOf(node: ConfigScalar): MappedText {
  const { scope, scalar } = node;
  return interpolateScalar({ source: scope.source, scalar }, scope.variables.lookup);
}

/** The text of a YAML scalar after interpolation; parts written in place keep their exact location. */
export function interpolateScalar(
  written: { readonly source: SourceText; readonly scalar: YamlScalar },
  lookup: Lookup,
): MappedText {
  const { source, scalar } = written;
  const at: Location = { source, span: scalar.span };
  const printed = isPlain(scalar) ? printPlain(scalar.text) : undefined;
  if (printed !== undefined) return mappedLiteral(printed, { at, exact: printed === scalar.text });
  const literal = (start: number, end: number): MappedText => sliceScalar(written, { start, end });
  if (!scalar.text.includes('$')) return literal(0, scalar.text.length);
  const locate = (start: number, end: number): Location => locateScalar(written, { start, end });
  return interpolate({ text: scalar.text, literal, locate }, lookup);
}

/** The scalar's text as a value; undefined when the node is absent or no scalar. */
export function stringValue(node: ConfigNode | undefined): Value<string> | undefined {
  if (node?.kind !== 'scalar') return undefined;
  const value = textValue(textOf(node), node.at);
  const { overridden } = node;
  return { ...value, trail: [...sharedHops(node), ...value.trail], ...(overridden && { overridden }) };
}

/** The scalar's text if it is known. */
export function knownText(node: ConfigNode | undefined): string | undefined {
  const value = stringValue(node);
  return value?.known ? value.value : undefined;
}

/** The text under a key of a mapping if it is known. */
export function knownChild(node: ConfigNode | undefined, key: string): string | undefined {
  return knownText(childOf(node, key));
}

/** Says that the text came through an anchor, so that other places change with it. */
export function sharedHops(node: ConfigNode): readonly Hop[] {
  return node.sharedThrough === undefined ? [] : [{ at: node.at, says: `merged from ${node.sharedThrough}` }];
}

function sliceScalar(
  { source, scalar }: { source: SourceText; scalar: YamlScalar },
  { start, end }: { start: number; end: number },
): MappedText {
  const { offsets, text } = scalar;
  if (!offsets) return mappedLiteral(text.slice(start, end), { at: { source, span: scalar.span }, exact: false });
  const pieces: MappedText[] = [];
  for (let from = start; from < end; ) {
    const offset = offsets[from] ?? scalar.span.start;
    let to = from;
    while (to < end && offsets[to] === offset + to - from && source.text[offset + to - from] === text[to]) to += 1;
    // A folded line break: a blank that stands where the break is written.
    const exact = to > from;
    if (!exact) to += 1;
    const at = { source, span: { start: offset, end: offset + to - from } };
    pieces.push(mappedLiteral(text.slice(from, to), { at, exact }));
    from = to;
  }
  return concatMapped(pieces);
}

function locateScalar(
  { source, scalar }: { source: SourceText; scalar: YamlScalar },
  { start, end }: { start: number; end: number },
): Location {
  const first = scalar.offsets?.[start];
  const last = scalar.offsets?.[end - 1];
  if (first === undefined || last === undefined || end <= start) return { source, span: scalar.span };
  return { source, span: { start: first, end: last + 1 } };
}

/** False for quoted text and where a tag (`!!str`) makes a string of what looks like a number. */
function isPlain({ style, text, value }: YamlScalar): boolean {
  if (style !== 'plain') return false;
  return typeof value !== 'string' || typeof resolveScalar(text, { plain: true, tag: undefined }) === 'string';
}

/** A plain scalar that go-yaml takes for a number or a boolean, as Go prints it; undefined for a string. */
function printPlain(text: string): string | undefined {
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return text.toLowerCase();
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? '-Inf' : '+Inf';
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return 'NaN';
  if (!/^[-+.\d]/.test(text)) return undefined;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `${text} 00:00:00 +0000 UTC`;
  const digits = text.replaceAll('_', '');
  const integer = readInteger(digits);
  if (integer !== undefined) return integer.toString();
  return /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(digits) ? printFloat(Number(digits)) : undefined;
}

function readInteger(text: string): bigint | undefined {
  const [, sign, body] = /^([-+]?)(0[xX][\da-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9]\d{0,19})$/.exec(text) ?? [];
  if (body === undefined || body.length > 24) return undefined;
  const size = BigInt(/^0[0-7]/.test(body) ? `0o${body.slice(1)}` : body);
  if (size > 0xffff_ffff_ffff_ffffn) return undefined;
  return sign === '-' ? -size : size;
}

/** Go's `%v`: with an exponent of at least two digits below 1e-4 and from 1e6 on. */
function printFloat(value: number): string {
  if (value === 0) return '0';
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
