import { type CapacityInputs, typicalInputs } from '../capacity/capacity-inputs.ts';
import type { Origin, Place } from '../capacity/capacity-plan.ts';
import { type DefaultId, documentedDefaults, findDefault } from '../capacity/defaults.ts';
import { isDefault, type Value } from '../model/value.ts';
import { positionAt } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';

/** A value with its origin. */
export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** The place of a location, counted from 1. */
export function placeOf({ source, span }: Location): Place {
  const { line, column } = positionAt(source, span.start);
  return { path: source.path, line: line + 1, column: column + 1 };
}

/** A value of the files with its origin; what cannot be known holds `assume`. */
export function sourced<T>(value: Value<T>, assume: T): Sourced<T> {
  return { value: value.known ? value.value : assume, origin: originOf(value) };
}

/** Where a value of the files comes from. */
export function originOf(value: Value<unknown>): Origin {
  if (!value.known) return { kind: 'unknown', why: value.why, place: placeOf(value.at) };
  const last = value.trail.at(-1);
  if (isDefault(value) && last && 'default' in last.at && findDefault(last.at.default)) {
    return { kind: 'default', id: last.at.default as DefaultId, place: placeOf(value.at) };
  }
  const assumed = value.trail.find((hop) => hop.assumed === true);
  const place = placeOf(value.at);
  return assumed ? { kind: 'assumed', place, says: assumed.says } : { kind: 'file', place, says: last?.says ?? '' };
}

/** An input of which nothing is known. */
export function typical<Key extends keyof CapacityInputs>(field: Key): Sourced<CapacityInputs[Key]> {
  return { value: typicalInputs[field], origin: { kind: 'assumed', says: 'a typical value' } };
}

/** The origin of what follows from other values. */
export function computed(says: string): Origin {
  return { kind: 'computed', says };
}

/** A number that nobody wrote: the catalogue's assumption. */
export function assumed(id: DefaultId): Origin {
  return { kind: 'assumed', id, says: documentedDefaults[id].setting };
}

/** A number as `headroom.yaml` states it at `at`, else the given assumption. */
export function stated<T>(value: T | undefined, from: { at: Location | undefined; else: Sourced<T> }): Sourced<T> {
  if (value === undefined) return from.else;
  if (!from.at) return { value, origin: { kind: 'given' } };
  return { value, origin: { kind: 'file', place: placeOf(from.at), says: 'stated in the configuration' } };
}
