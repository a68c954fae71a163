import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import { type Known, known, unknown, type Value } from '../value.ts';
import type {
  PythonData,
  PythonMap,
  PythonObject,
  PythonReference,
  PythonSequence,
  PythonText,
} from './python-data.ts';

export type PythonValue = Value<PythonData>;

const maximumAlternatives = 12;

/** Reason of the alternative in which a keyword argument is not passed at all. */
export const notPassed = 'not passed';

/** Joins values of which one holds: equal ones collapse, nested alternatives are flattened, too many become unknown. */
export function joinAlternatives<T>(values: readonly Value<T>[], at: Location): Value<T> {
  const options: Value<T>[] = [];
  for (const value of values) {
    const parts = !value.known && value.oneOf ? value.oneOf : [value];
    for (const part of parts) if (!options.some((option) => isSame(option, part))) options.push(part);
  }
  const first = options[0];
  if (first === undefined) return unknown('no value reaches this place', at);
  if (options.length === 1) return first;
  if (options.length > maximumAlternatives) return unknown('too many alternatives', at);
  return unknown('depends on a condition that is not known', at, { oneOf: options });
}

/** Applies `change` to a known value and to each alternative of an unknown one. */
export function mapAlternatives<T, U>(value: Value<T>, change: (value: Known<T>) => Value<U>): Value<U> {
  if (value.known) return change(value);
  if (value.oneOf)
    return joinAlternatives(
      value.oneOf.map((option) => mapAlternatives(option, change)),
      value.at,
    );
  return unknown(value.why, value.at, { trail: value.trail });
}

/** Combines two values, alternative by alternative; undefined when one is unknown without alternatives. */
export function combineAlternatives(
  pair: { left: PythonValue; right: PythonValue; at: Location },
  change: (left: Known<PythonData>, right: Known<PythonData>) => PythonValue,
): PythonValue | undefined {
  const lefts = optionsOf(pair.left);
  const rights = optionsOf(pair.right);
  if (!lefts || !rights || lefts.length * rights.length > maximumAlternatives * 2) return undefined;
  const results = lefts.flatMap((left) =>
    rights.map((right) => (left.known && right.known ? change(left, right) : left.known ? right : left)),
  );
  return joinAlternatives(results, pair.at);
}

/** Python's truth of a known datum; undefined where it cannot be told. */
export function truthOf(data: PythonData): boolean | undefined {
  if (data === null) return false;
  if (typeof data === 'object') {
    if (data.type === 'map') return data.entries.size > 0 ? true : data.complete ? false : undefined;
    if (data.type === 'sequence') return data.items.length > 0 ? true : data.complete ? false : undefined;
    if (data.type === 'text') return data.pieces.some((piece) => piece.known && piece.value !== '') ? true : undefined;
    if (data.type === 'reference') return data.name.includes(':') ? true : undefined;
    return undefined;
  }
  return typeof data === 'string' ? data !== '' : Boolean(data);
}

/** Adds hops to the end of a value's trail when there are any. */
export function withAssumptions(value: PythonValue, assumptions: readonly Hop[]): PythonValue {
  return assumptions.length === 0 ? value : { ...value, trail: [...value.trail, ...assumptions] };
}

/** The value as a number; anything else is unknown. Booleans count as Python counts them. */
export function asNumber(value: PythonValue): Value<number> {
  if (!value.known) return narrow(value, asNumber, (data) => (typeof data === 'number' ? data : undefined));
  if (typeof value.value === 'number') return { ...value, value: value.value };
  if (typeof value.value === 'boolean') return { ...value, value: Number(value.value) };
  return unknown('is not a number that the files tell', value.at, { trail: value.trail });
}

/** The value as a number or None. */
export function asNumberOrNone(value: PythonValue): Value<number | null> {
  if (value.known && value.value === null) return { ...value, value: null };
  if (!value.known && value.oneOf) return mapAlternatives(value, asNumberOrNone);
  return asNumber(value);
}

/** The value as a string without unknown pieces. */
export function asText(value: PythonValue): Value<string> {
  if (!value.known) return narrow(value, asText, () => undefined);
  if (typeof value.value === 'string') return { ...value, value: value.value };
  return unknown(value.value === null ? 'no file sets it' : 'it is no plain text', value.at, { trail: value.trail });
}

/** Python's truth of the value. */
export function asTruth(value: PythonValue): Value<boolean> {
  if (!value.known) return narrow(value, asTruth, () => undefined);
  const truth = truthOf(value.value);
  return truth === undefined
    ? unknown('its truth is not known', value.at, { trail: value.trail })
    : known(truth, value.at, value.trail);
}

/** The known dict, or undefined. */
export function asMap(value: PythonValue | undefined): PythonMap | undefined {
  return isOfType(value, 'map') ? value.value : undefined;
}

/** The known list or tuple, or undefined. */
export function asSequence(value: PythonValue | undefined): PythonSequence | undefined {
  return isOfType(value, 'sequence') ? value.value : undefined;
}

/** The known object, or undefined. */
export function asObject(value: PythonValue | undefined): PythonObject | undefined {
  return isOfType(value, 'object') ? value.value : undefined;
}

/** The dotted name of a known reference, or undefined. */
export function referenceName(value: PythonValue | undefined): string | undefined {
  return isOfType(value, 'reference') ? value.value.name : undefined;
}

/** Splits a value into its alternatives; a value without any is its own. */
export function optionsOf(value: PythonValue): readonly PythonValue[] | undefined {
  if (value.known) return [value];
  return value.oneOf;
}

type Structure = PythonMap | PythonSequence | PythonText | PythonObject | PythonReference;

function isOfType<K extends Structure['type']>(
  value: PythonValue | undefined,
  type: K,
): value is Known<Extract<Structure, { type: K }>> {
  return value?.known === true && typeof value.value === 'object' && value.value !== null && value.value.type === type;
}

function narrow<U>(
  value: PythonValue & { known: false },
  change: (value: PythonValue) => Value<U>,
  bound: (data: PythonData) => U | undefined,
): Value<U> {
  const atLeast = value.atLeast === undefined ? undefined : bound(value.atLeast);
  const atMost = value.atMost === undefined ? undefined : bound(value.atMost);
  return unknown(value.why, value.at, {
    trail: value.trail,
    ...(value.oneOf && { oneOf: value.oneOf.map(change) }),
    ...(atLeast !== undefined && { atLeast }),
    ...(atMost !== undefined && { atMost }),
    ...(value.fromCpuCount && { fromCpuCount: true as const }),
  });
}

function isSame<T>(left: Value<T>, right: Value<T>): boolean {
  if (left === right) return true;
  if (!left.known || !right.known) return !left.known && !right.known && isSameGap(left, right);
  if (left.value === right.value) return true;
  const [one, other] = [left.value as unknown, right.value as unknown];
  return isReference(one) && isReference(other) && one.name === other.name;
}

function isSameGap<T>(left: Value<T> & { known: false }, right: Value<T> & { known: false }): boolean {
  return left.why === right.why && left.atLeast === right.atLeast && left.atMost === right.atMost;
}

function isReference(data: unknown): data is PythonReference {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'reference';
}
