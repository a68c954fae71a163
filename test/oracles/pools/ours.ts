import { finish } from '../../../src/model/pausable.ts';
import type { Pool } from '../../../src/model/pool.ts';
import { djangoPools, readDjangoSettings } from '../../../src/model/python/django-settings.ts';
import { findPools } from '../../../src/model/python/pools.ts';
import type { Value } from '../../../src/model/value.ts';
import { openProgram } from '../../model/python/python-test-program.ts';
import type { OracleCase, Ours, OurValue } from '../agreement.ts';

/** What Headroom reads from the case's module: the pool's values, or that its library refuses it. */
export function ours({ files }: OracleCase): Ours {
  const program = openProgram(files);
  const main = program.find('main.py');
  const django = files['main.py']?.startsWith('DATABASES') ? readDjangoSettings(program, 'main') : undefined;
  const [pool] = django ? djangoPools(django, django.at) : main ? finish(findPools(program, [main])) : [];
  if (!pool || (pool.library === 'django' && pool.sizeName === undefined))
    return { refused: false, values: { pool: { known: true, value: false } } };
  const refused = pool.faults.some(({ kind }) => kind === 'size-refused' || kind === 'arguments-refused');
  return { refused, values: refused ? {} : valuesOf(pool) };
}

function valuesOf(pool: Pool): Ours['values'] {
  const size = toOurs(pool.size);
  switch (pool.library) {
    case 'sqlalchemy':
    case 'flask-sqlalchemy': {
      const isBounded = !size.known || size.value !== 'unlimited';
      // Pools of one connection have no time-out.
      const isQueue = pool.timeoutSeconds.known || !/does not wait/.test(pool.timeoutSeconds.why);
      return {
        pool: { known: true, value: true },
        size,
        ...(isBounded && { overflow: toOurs(pool.overflow) }),
        ...(isQueue && { timeout: toOurs(pool.timeoutSeconds) }),
        recycle: toOurs(pool.recycleSeconds),
        prePing: toOurs(pool.prePing),
      };
    }
    case 'django':
    case 'psycopg_pool':
      return {
        size,
        eager: toOurs(pool.opensEagerly),
        timeout: toOurs(pool.timeoutSeconds),
        recycle: toOurs(pool.recycleSeconds),
      };
    case 'asyncpg':
    case 'dbutils':
      return { size, eager: toOurs(pool.opensEagerly) };
    case 'aiomysql':
      return { size, eager: toOurs(pool.opensEagerly), recycle: toOurs(pool.recycleSeconds) };
    case 'httpx':
      return { size, keepAlive: toOurs(pool.keepAlive), timeout: toOurs(pool.timeoutSeconds) };
    default:
      return { size };
  }
}

function toOurs(value: Value<number | boolean | null> | undefined): OurValue {
  if (!value?.known) return { known: false, why: value?.why ?? 'not read' };
  return { known: true, value: value.value === Number.POSITIVE_INFINITY ? 'unlimited' : value.value };
}
