import { documentedDefaults } from '../capacity/defaults.ts';
import * as sizing from '../capacity/pool-sizing.ts';
import { type Edits, joinEdits } from '../model/fix.ts';
import { replaceExpression } from '../model/fixes/replace-expression.ts';
import { replaceNumber } from '../model/fixes/replace-text.ts';
import { setCallKeyword } from '../model/fixes/set-call-keyword.ts';
import { type DictEntry, setDictEntries } from '../model/fixes/set-dict-entry.ts';
import type { Pool } from '../model/pool.ts';
import { alternatives, isDefault, knownValue, upperBound, type Value } from '../model/value.ts';
import { type Location, textAt } from '../text/span.ts';
import type { Hop } from '../text/trail.ts';
import { explain } from './explain.ts';
import { headOf } from './pool-use.ts';

export type PoolSize = sizing.PoolSize;

/** A size with which `connections` requests find a connection each; overflow only where the library has it. */
export function sizeForConnections(pool: Pool, connections: number): PoolSize {
  const overflows = pool.overflowName !== undefined;
  return sizing.sizeForConnections(connections, { overflows, current: knownValue(pool.size) ?? 0 });
}

/** A size for a process that works on `requests` at once, with room for a second connection in a request. */
export function sizeForRequests(pool: Pool, requests: number): PoolSize {
  return sizing.sizeForRequests(requests, { overflows: pool.overflowName !== undefined });
}

/** The most connections that the library takes in one pool; Infinity where it has no bound of its own. */
export function largestPool(pool: Pool): number {
  return pool.library === 'mysql.connector'
    ? documentedDefaults['mysql.connector.pool_size_limit'].value
    : Number.POSITIVE_INFINITY;
}

/** Writes a pool's size: where its numbers stand, else as arguments of the call (or dict) that creates it. */
export function setPoolSize(pool: Pool, wanted: PoolSize): Edits {
  if (pool.sizeName === undefined) return { refused: 'the size of this pool is not written in the code' };
  const settings: { name: string; value: Value<number>; wanted: number }[] = [
    { name: pool.sizeName, value: pool.size, wanted: wanted.size },
  ];
  if (pool.overflowName !== undefined)
    settings.push({ name: pool.overflowName, value: pool.overflow, wanted: wanted.overflow });
  const changed = settings.filter((setting) => knownValue(setting.value) !== setting.wanted);
  const missing = changed.filter((setting) => isDefault(setting.value));
  return joinEdits([
    ...changed
      .filter((setting) => !isDefault(setting.value))
      .map((setting) => replaceNumber(setting.value, setting.wanted)),
    ...(missing.length === 0
      ? []
      : [
          setPoolSettings(
            pool,
            missing.map(({ name, wanted: number }) => ({ key: name, text: String(number) })),
          ),
        ]),
  ]);
}

/**
 * Writes settings where the pool is made: as arguments of its call, into the dict of its options, in the place of
 * Django's `"pool": True`, or as `engine_options` of Flask-SQLAlchemy's extension, which takes no pool settings of its own.
 */
export function setPoolSettings(pool: Pool, settings: readonly DictEntry[]): Edits {
  if (pool.library === 'django') return setDjangoPool(pool, settings);
  const isExtension = pool.library === 'flask-sqlalchemy' && !/^(\{|dict\s*\()/.test(textAt(pool.at));
  if (!isExtension) return setDictEntries(pool.at, settings);
  const options = settings.map(({ key, text }) => `"${key}": ${text}`).join(', ');
  return setCallKeyword(pool.at, 'engine_options', `{${options}}`);
}

// psycopg_pool takes no max_size below its min_size.
function setDjangoPool(pool: Pool, settings: readonly DictEntry[]): Edits {
  const { at } = pool.size;
  const [setting, other] = settings;
  if (setting?.key !== 'max_size' || other) return { refused: 'Django keeps this setting outside its pool' };
  if (textAt(at) !== 'True') return setDictEntries(at, settings);
  const least = Math.min(documentedDefaults['psycopg_pool.min_size'].value, Number(setting.text));
  return replaceExpression(at, `{"min_size": ${least}, "max_size": ${setting.text}}`);
}

/** Writes the size into the call that leaves it to a default argument; undefined when no call passes it on. */
export function setSizeAtCall(pool: Pool, wanted: PoolSize): Edits | undefined {
  const call = pool.size.trail.find((hop) => hop.says === 'called from here')?.at;
  const parameter = parameterOf(pool.size.at);
  if (!call || 'default' in call || parameter === undefined) return undefined;
  return setCallKeyword(call, parameter, String(wanted.size));
}

/** The parameter whose default argument stands at this place of a `def`. */
function parameterOf(at: Location): string | undefined {
  const before = at.source.text.slice(Math.max(0, at.span.start - 1000), at.span.start);
  return /def\s+\w+\s*\([^)]*?(\w+)\s*(?::[^=,()]*)?=\s*$/.exec(before)?.[1];
}

/** True for a pool that its library does not create: that is a finding of its own, and nobody waits for it. */
export function isRefused(pool: Pool): boolean {
  return pool.faults.some(({ kind }) => kind !== 'setting-ignored');
}

/** The text that decides a pool's size; the call that creates it when no number is written. */
export function placeOfSize(pool: Pool): Location {
  if (pool.size.known && !isDefault(pool.size)) return pool.size.at;
  if (pool.overflow.known && pool.overflowName !== undefined && !isDefault(pool.overflow)) return pool.overflow.at;
  return headOf(pool.at);
}

/** "5 + 10 = 15", or the one number of a library without overflow. */
export function describeSize(pool: Pool, capacity: number): string {
  const size = knownValue(pool.size);
  const overflow = knownValue(pool.overflow);
  if (pool.overflowName === undefined || size === undefined || overflow === undefined) return String(capacity);
  return `${size} + ${overflow} = ${capacity}`;
}

/** "pool_size 20 and max_overflow 20", as the library names them. */
export function describeSettings(pool: Pool, wanted: PoolSize): string {
  const size = `${pool.sizeName ?? 'size'} ${wanted.size}`;
  return pool.overflowName === undefined ? size : `${size} and ${pool.overflowName} ${wanted.overflow}`;
}

/** Where the pool's size and overflow come from. */
export function sizeHops(pool: Pool): readonly Hop[] {
  const size = knownValue(pool.size);
  const overflow = knownValue(pool.overflow);
  return [
    ...explain(`${pool.sizeName ?? 'size'} ${nameNumber(size)}`, pool.size),
    ...(pool.overflowName === undefined ? [] : explain(`${pool.overflowName} ${nameNumber(overflow)}`, pool.overflow)),
  ];
}

function nameNumber(number: number | undefined): string {
  return number === undefined ? 'of several' : Number.isFinite(number) ? String(number) : 'without limit';
}

/** The sizes that the pool may have; for a sum of alternatives the most it can be. */
export function judgedSizes(pool: Pool): readonly { readonly capacity: number; readonly written: string }[] {
  const sizes = alternatives(pool.capacity).map(({ value }) => ({
    capacity: value,
    written: describeSize(pool, value),
  }));
  const most = upperBound(pool.capacity);
  return sizes.length > 0 || most === undefined ? sizes : [{ capacity: most, written: `at most ${most}` }];
}
