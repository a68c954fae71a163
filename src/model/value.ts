import type { Location } from '../text/span.ts';
import type { Hop } from '../text/trail.ts';

/** A setting's value with the way it came: either known, or unknown with the reason and what can still be said of it. */
export type Value<T> = Known<T> | Unknown<T>;

/** A value with the place a user would edit and the steps that led to it. */
export interface Known<T> {
  readonly known: true;
  readonly value: T;
  /** The text a user would edit to change the value; for a default, the place where the setting would be written. */
  readonly at: Location;
  readonly trail: readonly Hop[];
  /** The same setting as it is written elsewhere, where it does not count; the nearest rival first. */
  readonly overridden?: readonly Hop[];
}

/** A value that the files do not decide, with the reason and what can still be said of it. */
export interface Unknown<T> {
  readonly known: false;
  readonly why: string;
  readonly at: Location;
  readonly trail: readonly Hop[];
  readonly overridden?: readonly Hop[];
  /** Alternatives of which one holds (the branches of a conditional); each is judged on its own. */
  readonly oneOf?: readonly Value<T>[];
  readonly atLeast?: T;
  readonly atMost?: T;
  /** Set when the value is computed from the number of CPUs that the program sees at run time. */
  readonly fromCpuCount?: true;
}

/** A known value. */
export function known<T>(value: T, at: Location, trail: readonly Hop[] = []): Known<T> {
  return { known: true, value, at, trail };
}

/** An unknown value; `bounds` says what can be known all the same. */
export function unknown<T>(
  why: string,
  at: Location,
  bounds: Partial<Pick<Unknown<T>, 'trail' | 'oneOf' | 'atLeast' | 'atMost' | 'fromCpuCount'>> = {},
): Unknown<T> {
  return { known: false, why, at, trail: [], ...bounds };
}

/** The value if it is known, else undefined. */
export function knownValue<T>(value: Value<T> | undefined): T | undefined {
  return value?.known ? value.value : undefined;
}

/** True when a hop of the value's trail rests on an example file or an overridable code default. */
export function isAssumed(value: Value<unknown>): boolean {
  return value.trail.some((hop) => hop.assumed === true);
}

/** True when the value is a documented default: nobody wrote it. */
export function isDefault(value: Value<unknown>): boolean {
  const last = value.trail.at(-1);
  return value.known && last !== undefined && 'default' in last.at;
}

/** Applies `change` to a known value and to the bounds and alternatives of an unknown one (`change` must be increasing). */
export function mapValue<T, U>(value: Value<T>, change: (value: T) => U): Value<U> {
  if (value.known) return { ...value, value: change(value.value) };
  const { oneOf, atLeast, atMost, ...rest } = value;
  return {
    ...rest,
    ...(oneOf && { oneOf: oneOf.map((option) => mapValue(option, change)) }),
    ...(atLeast !== undefined && { atLeast: change(atLeast) }),
    ...(atMost !== undefined && { atMost: change(atMost) }),
  };
}

/** Adds a hop to the front of the trail (the step nearest to the reader comes first). */
export function withHop<T>(value: Value<T>, hop: Hop): Value<T> {
  return { ...value, trail: [hop, ...value.trail] };
}

/**
 * The value with a weaker writing of the same setting that it wins over, and whatever that had won over. A default and a
 * writing at the same place are no rivals. `why` says what decides: "the command line wins over the file".
 */
export function winsOver<T>(value: Value<T>, weaker: Value<unknown> | undefined, why: string): Value<T> {
  if (!weaker || isDefault(weaker) || isSamePlace(value.at, weaker.at)) return value;
  const rivals = [{ at: weaker.at, says: why }, ...(weaker.overridden ?? [])];
  return { ...value, overridden: [...(value.overridden ?? []), ...rivals] };
}

/** Sum of the terms; with unknown terms it has the lower bound of the known part (all terms must be non-negative). */
export function sum(terms: readonly Value<number>[], at: Location): Value<number> {
  return combine(terms, at, (numbers) => numbers.reduce((total, term) => total + term, 0));
}

/** Product of the factors; an unknown factor counts with its bounds (all factors must be non-negative). */
export function product(factors: readonly Value<number>[], at: Location): Value<number> {
  return combine(factors, at, (numbers) => numbers.reduce((total, factor) => total * factor, 1));
}

/** The smallest of the values; one known value bounds it from above whatever the others are. */
export function least(values: readonly Value<number>[], at: Location): Value<number> {
  const combined = combine(values, at, (numbers) => Math.min(...numbers));
  if (combined.known) return combined;
  const ceilings = values.map(upperBound).filter((bound) => bound !== undefined);
  return ceilings.length === 0 ? combined : { ...combined, atMost: Math.min(...ceilings) };
}

/** The largest of the values; one known value bounds it from below whatever the others are. */
export function greatest(values: readonly Value<number>[], at: Location): Value<number> {
  const combined = combine(values, at, (numbers) => Math.max(...numbers));
  if (combined.known) return combined;
  const floors = values.map(lowerBound).filter((bound) => bound !== undefined);
  return floors.length === 0 ? combined : { ...combined, atLeast: Math.max(...floors) };
}

/** What the value is at least: its value, its lower bound, or the least of its alternatives. */
export function lowerBound(value: Value<number>): number | undefined {
  return bound(value, { side: 'atLeast', pick: Math.min });
}

/** What the value is at most: its value, its upper bound, or the greatest of its alternatives. */
export function upperBound(value: Value<number>): number | undefined {
  return bound(value, { side: 'atMost', pick: Math.max });
}

/** The values to judge one by one: the value itself when known, its alternatives when it has some, else nothing. */
export function alternatives<T>(value: Value<T>): readonly Known<T>[] {
  if (value.known) return [value];
  return (value.oneOf ?? []).flatMap((option) => alternatives(option));
}

function bound(
  value: Value<number>,
  how: { side: 'atLeast' | 'atMost'; pick: (...numbers: number[]) => number },
): number | undefined {
  if (value.known) return value.value;
  if (value[how.side] !== undefined) return value[how.side];
  const options = value.oneOf?.map((option) => bound(option, how));
  if (!options || options.length === 0 || options.includes(undefined)) return undefined;
  return how.pick(...options.filter((option) => option !== undefined));
}

function combine(
  values: readonly Value<number>[],
  at: Location,
  arithmetic: (numbers: readonly number[]) => number,
): Value<number> {
  const trail = values.flatMap((value) => value.trail);
  const missing = values.filter((value) => !value.known);
  const numbers = values.flatMap((value) => (value.known ? [value.value] : []));
  if (missing.length === 0) return known(arithmetic(numbers), at, trail);
  const why = [...new Set(missing.map((value) => (value.known ? '' : value.why)))].join('; ');
  const floor = arithmetic(values.map((value) => lowerBound(value) ?? 0));
  const ceilings = values.map(upperBound);
  const fromCpuCount = missing.some((value) => !value.known && value.fromCpuCount);
  return unknown(why, at, {
    trail,
    atLeast: floor,
    ...(!ceilings.includes(undefined) && { atMost: arithmetic(ceilings.filter((ceiling) => ceiling !== undefined)) }),
    ...(fromCpuCount && { fromCpuCount: true as const }),
  });
}

function isSamePlace(left: Location, right: Location): boolean {
  return left.source === right.source && left.span.start === right.span.start && left.span.end === right.span.end;
}
