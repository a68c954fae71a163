import { type DefaultId, type DocumentedDefault, documentedDefaults } from '../../../capacity/defaults.ts';
import type { Location } from '../../../text/span.ts';
import type { Hop } from '../../../text/trail.ts';
import { known, unknown, type Value } from '../../value.ts';
import type { PythonObject } from '../python-data.ts';
import {
  asNumber,
  asNumberOrNone,
  asTruth,
  joinAlternatives,
  mapAlternatives,
  notPassed,
  type PythonValue,
} from '../python-value.ts';

/** How a setting of a pool is written: the names it has, its place among positional arguments, the library's default. */
export interface SettingRequest {
  readonly names: readonly string[];
  readonly position?: number;
  readonly fallback: DefaultId;
}

/** The arguments of the call that makes a pool, or of the dict that stands for them. */
export interface Arguments {
  readonly object: PythonObject;
  /** Steps from the code that passes the arguments to the call. */
  readonly trail: readonly Hop[];
}

/** The written value of a setting, undefined when the call does not have it. */
export function writtenSetting(args: Arguments, request: Omit<SettingRequest, 'fallback'>): PythonValue | undefined {
  const { object } = args;
  for (const name of request.names) {
    const value = object.keywords.get(name);
    if (value) return withUse(value, { args, name });
  }
  const positional = request.position === undefined ? undefined : object.positional[request.position];
  return positional && withUse(positional, { args, name: request.names[0] ?? '' });
}

/** A number of a pool; the library's documented default where none is written. */
export function numberSetting(args: Arguments, request: SettingRequest): Value<number> {
  const fallback = defaultNumber(args, request.fallback);
  const value = settingOr(args, request);
  if (!value) return fallback;
  return replaceNotPassed(value, { fallback, convert: asNumber, name: request.names[0] ?? '' });
}

/** A number of a pool that may be None. */
export function optionalNumberSetting(args: Arguments, request: SettingRequest): Value<number | null> {
  const documented = documentedDefaults[request.fallback].value;
  const fallback: Value<number | null> =
    documented === null ? defaultValue(null, args, request.fallback) : defaultNumber(args, request.fallback);
  const value = settingOr(args, request);
  if (!value) return fallback;
  return replaceNotPassed(value, { fallback, convert: asNumberOrNone, name: request.names[0] ?? '' });
}

/** A switch of a pool. */
export function switchSetting(args: Arguments, request: SettingRequest): Value<boolean> {
  const documented: DocumentedDefault = documentedDefaults[request.fallback];
  const fallback = defaultValue(documented.value === true || documented.value === 1, args, request.fallback);
  const value = settingOr(args, request);
  if (!value) return fallback;
  return replaceNotPassed(value, { fallback, convert: asTruth, name: request.names[0] ?? '' });
}

/** The documented default of a setting; its place is the call where the setting would be written. */
export function defaultNumber(args: Arguments, id: DefaultId): Value<number> {
  const { value } = documentedDefaults[id];
  return defaultValue(typeof value === 'number' ? value : Number.POSITIVE_INFINITY, args, id);
}

/** A known value that nobody wrote. */
export function defaultValue<T>(value: T, args: Arguments, id: DefaultId): Value<T> {
  const { program } = documentedDefaults[id];
  return known(value, args.object.at, [...args.trail, { at: { default: id }, says: `${program}'s default` }]);
}

/** The place of an argument of the call, or the call itself. */
export function argumentLocation(object: PythonObject, name: string): Location {
  const argument = object.call.arguments.find((candidate) => candidate.name === name);
  return argument ? { source: object.at.source, span: argument.span } : object.at;
}

function settingOr(args: Arguments, request: SettingRequest): PythonValue | undefined {
  const written = writtenSetting(args, request);
  if (written) return written;
  return args.object.complete
    ? undefined
    : unknown('may be among arguments that the files do not show', args.object.at);
}

// A value that stands elsewhere gets a hop for the argument that passes it on.
function withUse(value: PythonValue, use: { args: Arguments; name: string }): PythonValue {
  const at = argumentLocation(use.args.object, use.name);
  const isInPlace =
    value.at.source === at.source && value.at.span.start >= at.span.start && value.at.span.end <= at.span.end;
  const hops: Hop[] = isInPlace ? [] : [{ at, says: `passed as ${use.name}` }];
  return { ...value, trail: [...hops, ...use.args.trail, ...value.trail] };
}

function replaceNotPassed<T>(
  value: PythonValue,
  how: { fallback: Value<T>; convert: (value: PythonValue) => Value<T>; name: string },
): Value<T> {
  const named = (converted: Value<T>): Value<T> =>
    converted.known || converted.oneOf ? converted : { ...converted, why: `${how.name}: ${converted.why}` };
  if (value.known || !value.oneOf) return named(how.convert(value));
  const options = value.oneOf.map((option) =>
    !option.known && option.why === notPassed ? how.fallback : named(how.convert(option)),
  );
  return joinAlternatives(options, value.at);
}

/** Applies a change that is not increasing to a value and its alternatives. */
export function changeEach<T, U>(value: Value<T>, change: (value: T) => U): Value<U> {
  return mapAlternatives(value, (option) => ({ ...option, value: change(option.value) }));
}
