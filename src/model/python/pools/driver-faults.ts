import { documentedDefaults } from '../../../capacity/defaults.ts';
import type { PoolFault } from '../../pool.ts';
import { isDefault, type Known, type Value } from '../../value.ts';
import { refusedArgument, textFaults } from './argument-faults.ts';
import { type Arguments, argumentLocation, writtenSetting } from './pool-setting.ts';

/** The fault of a maximum below the minimum; where the maximum is a default, the minimum is what is written. */
export function smallMaximum(pool: {
  library: string;
  minimum: Known<number>;
  size: Known<number>;
  names: readonly [string, string];
}): PoolFault {
  const { library, minimum, size } = pool;
  const [least, most] = pool.names;
  return isDefault(size)
    ? {
        kind: 'size-refused',
        setting: least,
        says: `${library} takes no ${least} above ${most}, by default ${size.value}`,
        at: minimum.at,
        replacement: String(size.value),
      }
    : {
        kind: 'size-refused',
        setting: most,
        says: `${library} takes no ${most} below ${least}`,
        at: size.at,
        replacement: String(minimum.value),
      };
}

/** The fault of a size that MySQL Connector/Python refuses. */
export function refusedSizes(size: Value<number>, { object }: Arguments): readonly PoolFault[] {
  const limit = documentedDefaults['mysql.connector.pool_size_limit'].value;
  if (!size.known || (size.value >= 1 && size.value <= limit)) return [];
  return [
    {
      kind: 'size-refused',
      setting: 'pool_size',
      says: `MySQL Connector/Python takes 1 to ${limit}`,
      at:
        size.at.source === object.at.source || size.trail.length > 0 ? size.at : argumentLocation(object, 'pool_size'),
      replacement: String(size.value > limit ? limit : 1),
    },
  ];
}

/** What psycopg_pool refuses, but for a maximum below the minimum. */
export function psycopgFaults(
  args: Arguments,
  sizes: { readonly minimum: Value<number>; readonly size: Value<number> },
): readonly PoolFault[] {
  const { minimum, size } = sizes;
  const texts = textFaults(args, { library: 'psycopg_pool', names: ['min_size', 'max_size'] });
  const others = [...args.object.keywords.keys()]
    .filter((name) => !psycopgArguments.has(name))
    .map((setting) => refusedArgument(args, { setting, says: `psycopg_pool takes no ${setting}` }));
  const helpers = writtenSetting(args, { names: ['num_workers'] });
  const idle = helpers?.known && typeof helpers.value === 'number' && helpers.value < 1;
  if (idle) others.push(refusedArgument(args, { setting: 'num_workers', says: 'psycopg_pool needs 1 num_workers' }));
  const isEmpty = minimum.known && minimum.value === 0 && size.known && size.value === 0;
  const empty: PoolFault[] = isEmpty ? [emptyPool('psycopg_pool', size)] : [];
  return [...texts, ...others, ...empty, ...negativeMinimum({ library: 'psycopg_pool', name: 'min_size', minimum })];
}

// psycopg_pool 3.1 to 3.3, psycopg_pool/pool.py and pool_async.py
const psycopgArguments: ReadonlySet<string> = new Set([
  ...['conninfo', 'connection_class', 'kwargs', 'min_size', 'max_size', 'open', 'configure', 'check', 'reset', 'name'],
  ...['close_returns', 'timeout', 'max_waiting', 'max_lifetime', 'max_idle', 'reconnect_timeout', 'reconnect_failed'],
  'num_workers',
]);

/** The fault of a pool that could hold no connection. */
export function emptyPool(library: string, size: Value<number>): PoolFault {
  const says = `${library} takes no pool of 0 connections`;
  return { kind: 'size-refused', setting: 'max_size', says, at: size.at };
}

/** The fault of a minimum below 0. */
export function negativeMinimum(pool: {
  readonly library: string;
  readonly name: string;
  readonly minimum: Value<number>;
}): readonly PoolFault[] {
  const { library, name, minimum } = pool;
  if (!minimum.known || minimum.value >= 0) return [];
  const says = `${library} takes no ${name} below 0`;
  return [{ kind: 'size-refused', setting: name, says, at: minimum.at, replacement: '0' }];
}
