import { unknownReason } from '../../text/mapped-text.ts';
import type { UnknownNote } from '../stack.ts';
import { composeShape, type ScalarShape, type Shape } from './compose-shape.ts';
import { parseBytes, parseDecimal, parseDurationSeconds, parseWhole } from './compose-units.ts';
import type { ConfigMapping, ConfigNode, ConfigScalar } from './config-node.ts';
import { textOf } from './config-text.ts';

/** What Compose's schema refuses in a merged configuration; keys that begin with `x-` may hold anything. */
export function checkShape(root: ConfigMapping): readonly UnknownNote[] {
  return check(root, { shape: composeShape, path: '' }).slice(0, maximumNotes);
}

const maximumNotes = 20;

interface Place {
  readonly shape: Shape;
  readonly path: string;
}

function check(node: ConfigNode, { shape, path }: Place): readonly UnknownNote[] {
  if (node.kind === 'reset' || shape === 'any') return [];
  if (typeof shape === 'string') {
    return isScalarOf(node, shape)
      ? []
      : [refusal(node, { path, why: `Compose refuses this value, which is no ${names[shape]}` })];
  }
  if ('anyOf' in shape) return checkChoice(node, { options: shape.anyOf, path });
  if ('items' in shape) {
    if (node.kind !== 'sequence') return [refusal(node, { path, why: 'Compose wants a list here' })];
    return node.items.flatMap((item, index) => check(item, { shape: shape.items, path: `${path}[${index}]` }));
  }
  if (node.kind !== 'mapping') return [refusal(node, { path, why: 'Compose wants a mapping here' })];
  return 'values' in shape ? checkValues(node, { shape: shape.values, path }) : checkRecord(node, { ...shape, path });
}

function checkChoice(
  node: ConfigNode,
  { options, path }: { options: readonly Shape[]; path: string },
): readonly UnknownNote[] {
  const results = options.map((shape) => check(node, { shape, path }));
  if (results.some((result) => result.length === 0)) return [];
  // The option that got furthest says most.
  return results.find((result) => result.some((note) => note.at !== node.at)) ?? results.slice(-1).flat();
}

function checkValues(node: ConfigMapping, { shape, path }: Place): readonly UnknownNote[] {
  return [...node.entries.values()].flatMap(({ key, value }) =>
    key.startsWith('x-') ? [] : check(value, { shape, path: join(path, key) }),
  );
}

function checkRecord(
  node: ConfigMapping,
  record: { keys: Readonly<Record<string, Shape>>; required?: string; path: string },
): readonly UnknownNote[] {
  const { keys, required, path } = record;
  // A dependency in list form stands as an empty mapping that overrides.
  const lacks = required !== undefined && !node.entries.has(required) && !node.overrides;
  const missing = lacks ? [refusal(node, { path, why: `Compose wants ${required} here` })] : [];
  const inside = [...node.entries.values()].flatMap(({ key, keyAt, value }): readonly UnknownNote[] => {
    if (key.startsWith('x-') || value.kind === 'reset') return [];
    const shape = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (shape) return check(value, { shape, path: join(path, key) });
    return [{ what: join(path, key), why: 'Compose knows no such key here', at: keyAt }];
  });
  return [...missing, ...inside];
}

function refusal(node: ConfigNode, { path, why }: { path: string; why: string }): UnknownNote {
  return { what: path, why, at: node.at };
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function isScalarOf(node: ConfigNode, shape: ScalarShape): boolean {
  if (node.kind === 'null') return shape === 'null' || shape === 'scalar';
  if (node.kind !== 'scalar') return false;
  const mapped = textOf(node);
  if (unknownReason(mapped) !== undefined) return shape !== 'null';
  return accepts[shape](mapped.text, typeOf(node));
}

type ScalarType = 'text' | 'whole' | 'fraction' | 'flag' | 'time';

const isNumber = (type: ScalarType): boolean => type === 'whole' || type === 'fraction';

/** A plain number may be written with a fraction of zero. */
function isWhole(text: string, type: ScalarType): boolean {
  if (isNumber(type)) return Number.isInteger(Number(text));
  return type === 'text' && parseWhole(text) !== undefined;
}

const accepts: Readonly<Record<ScalarShape, (text: string, type: ScalarType) => boolean>> = {
  any: () => true,
  null: () => false,
  text: (_, type) => type === 'text',
  'number-or-text': (_, type) => type === 'text' || isNumber(type),
  scalar: () => true,
  flag: (text, type) => type === 'flag' || (type === 'text' && /^(?:true|false|y|n|yes|no|on|off)$/i.test(text)),
  whole: isWhole,
  replicas: (text, type) => isWhole(text, type) && !text.startsWith('-'),
  count: (text, type) => isNumber(type) || (type === 'text' && parseWhole(text) !== undefined),
  number: (text, type) => isNumber(type) || (type === 'text' && parseDecimal(text) !== undefined),
  decimal: (text, type) => isNumber(type) || (type === 'text' && parseDecimal(text) !== undefined),
  size: (text, type) => isNumber(type) || (type === 'text' && parseBytes(text) !== undefined),
  'text-size': (text, type) => type === 'text' && parseBytes(text) !== undefined,
  duration: (text, type) => type === 'text' && parseDurationSeconds(text.replace(/^-/, '')) !== undefined,
  port: (_, type) => type === 'text' || isNumber(type),
};

const names: Readonly<Record<ScalarShape, string>> = {
  any: 'value',
  null: 'null',
  text: 'text',
  'number-or-text': 'number or text',
  scalar: 'text, number or flag',
  flag: 'flag',
  whole: 'whole number',
  replicas: 'whole number from zero on',
  count: 'whole number',
  number: 'number',
  decimal: 'number',
  size: 'size',
  'text-size': 'size in text',
  duration: 'duration',
  port: 'port',
};

/** The type that go-yaml gives the scalar; interpolation makes text of it. */
function typeOf({ scalar }: ConfigScalar): ScalarType {
  const { style, value, text } = scalar;
  if (style !== 'plain' || text.includes('$')) return 'text';
  if (typeof value === 'boolean') return 'flag';
  if (/^\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?$/.test(text)) return 'time';
  if (/^[-+]?(?:0[xX][\da-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|\d[\d_]*)$/.test(text)) return 'whole';
  return typeof value === 'number' ? 'fraction' : 'text';
}
