import type { DjangoPoolSizes } from '../../django.ts';
import type { PoolFault } from '../../pool.ts';
import { listedPackages } from '../dependencies.ts';
import type { PythonObject } from '../python-data.ts';
import type { PythonProgram } from '../python-program.ts';
import { asMap, type PythonValue } from '../python-value.ts';
import { refusedArgument } from './argument-faults.ts';
import { psycopgFaults, smallMaximum } from './driver-faults.ts';

/** What Django and psycopg_pool refuse of `OPTIONS.pool` (django/db/backends/postgresql/base.py, since Django 5.1). */
export function djangoPoolFaults(
  pool: PythonValue,
  database: {
    readonly sizes: DjangoPoolSizes;
    readonly backend: PythonValue | undefined;
    readonly program: PythonProgram;
  },
): readonly PoolFault[] {
  const { sizes, backend, program } = database;
  if (!backend?.known || !isPostgresqlBackend(backend.value)) return sizeFaults(sizes);
  return [...driverFault(pool, program), ...optionFaults(pool, sizes), ...sizeFaults(sizes)];
}

// Backends that other packages derive from these may treat the option in their own way.
function isPostgresqlBackend(value: unknown): boolean {
  return value === 'django.db.backends.postgresql' || value === 'django.contrib.gis.db.backends.postgis';
}

function driverFault(pool: PythonValue, program: PythonProgram): readonly PoolFault[] {
  const packages = listedPackages(program);
  if (!packages || packages.has('psycopg')) return [];
  const old = ['psycopg2', 'psycopg2-binary'].find((name) => packages.has(name));
  if (old === undefined) return [];
  const says = `Django's pool needs psycopg 3, and the dependencies have only ${old}`;
  return [{ kind: 'arguments-refused', setting: 'pool', says, at: pool.at, removable: true }];
}

function optionFaults(pool: PythonValue, { minimum, maximum }: DjangoPoolSizes): readonly PoolFault[] {
  const map = asMap(pool);
  if (!map) return [];
  const object: PythonObject = {
    type: 'object',
    callee: 'psycopg_pool.ConnectionPool',
    positional: [],
    keywords: map.entries,
    complete: map.complete,
    at: pool.at,
    call: {
      kind: 'call',
      span: pool.at.span,
      callee: { kind: 'name', span: pool.at.span, name: 'ConnectionPool' },
      arguments: [],
      argumentsSpan: pool.at.span,
    },
  };
  const args = { object, trail: [] };
  const own = djangoArguments
    .filter((setting) => map.entries.has(setting))
    .map((setting) => refusedArgument(args, { setting, says: `Django sets ${setting} of psycopg_pool itself` }));
  return [...own, ...psycopgFaults(args, { minimum, size: maximum })];
}

const djangoArguments = ['kwargs', 'open', 'configure', 'check'] as const;

function sizeFaults({ minimum, maximum }: DjangoPoolSizes): readonly PoolFault[] {
  if (!minimum.known || !maximum.known || maximum.value >= minimum.value) return [];
  return [smallMaximum({ library: 'psycopg_pool', minimum, size: maximum, names: ['min_size', 'max_size'] })];
}
