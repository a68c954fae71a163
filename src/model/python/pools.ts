import type { SourceText } from '../../text/source-text.ts';
import type { Hop } from '../../text/trail.ts';
import { mapPausing, type Pausable } from '../pausable.ts';
import type { Pool } from '../pool.ts';
import { type FlaskConfig, readFlaskConfig } from './flask-config.ts';
import type { CallRecord } from './frame.ts';
import { aiohttpPool, httpxPool, isLimits, isRedisClient, limitsPool, redisPool } from './pools/client-pools.ts';
import { driverPools } from './pools/driver-pools.ts';
import { flaskPools, isFlaskSqlalchemy } from './pools/flask-pools.ts';
import { markImportConnections } from './pools/import-connections.ts';
import { joinExclusive, joinRuns } from './pools/join-pools.ts';
import { isPerCall } from './pools/per-call.ts';
import type { Arguments } from './pools/pool-setting.ts';
import { boundName, type CallPlace, type CallRun, findPlacesPausing, runPlace } from './pools/pool-sites.ts';
import { engineCalls, isEngineCall, sqlalchemyPool } from './pools/sqlalchemy-pools.ts';
import type { PythonObject } from './python-data.ts';
import type { PythonProgram } from './python-program.ts';
import { asObject, optionsOf } from './python-value.ts';

/**
 * The connection pools that the given files create, one per process. Engines of tests, migrations, scripts and examples,
 * those under a main guard and those without a pool are left out; an engine made by a function counts once, a
 * mysql.connector pool once per call site.
 */
export function* findPools(program: PythonProgram, sources: readonly SourceText[]): Pausable<readonly Pool[]> {
  const counted = sources.filter((source) => !isAside(source.path));
  const mentionsFlask = counted.some(({ text }) => /\bflask\b/.test(text) && /\.config\b/.test(text));
  const config = mentionsFlask ? yield* readFlaskConfig(program, counted) : undefined;
  if (config) program.runtime.flaskConfig = config.get;
  const places = yield* findPlacesPausing(program, { sources: counted, names: poolCalls });
  const search: Search = { program, sources: counted, config, usedLimits: new Set() };
  const clients = places.filter((place) => lastNameIs(place, 'Limits') === false);
  const found = yield* mapPausing(clients, (place) => foundAt(place, search));
  const limits = places.filter((place) => lastNameIs(place, 'Limits'));
  const unused = yield* mapPausing(limits, (place) => foundAt(place, search));
  const all = [...found, ...unused].filter(({ pools }) => pools.length > 0);
  return joinExclusive(yield* markImportConnections(all, search));
}

function* foundAt(place: CallPlace, search: Search): Pausable<{ place: CallPlace; pools: readonly Pool[] }> {
  return { place, pools: yield* poolsOf(place, search) };
}

/** True for files whose code a server process does not run: tests, migrations, scripts, examples. */
export function isAside(path: string): boolean {
  return (
    /(^|\/)(tests?|testing|migrations|alembic|scripts|examples?|benchmarks?|management\/commands)\//.test(path) ||
    /(^|\/)(conftest|test_[^/]*|[^/]*_test|tests)\.py$/.test(path)
  );
}

interface Search {
  readonly program: PythonProgram;
  readonly sources: readonly SourceText[];
  readonly config: FlaskConfig | undefined;
  /** `httpx.Limits` calls that a client uses. */
  readonly usedLimits: Set<PythonObject['call']>;
}

const poolCalls: ReadonlySet<string> = new Set([
  ...engineCalls,
  'MySQLConnectionPool',
  'connect',
  'ConnectionPool',
  'AsyncConnectionPool',
  'BlockingConnectionPool',
  'from_url',
  'Redis',
  'StrictRedis',
  'SimpleConnectionPool',
  'ThreadedConnectionPool',
  'PersistentConnectionPool',
  'create_pool',
  'PooledDB',
  'Database',
  'SQLAlchemy',
  'Client',
  'AsyncClient',
  'Limits',
  'TCPConnector',
]);

function lastNameIs({ call }: CallPlace, name: string): boolean {
  const { callee } = call;
  return (callee.kind === 'name' || callee.kind === 'attribute') && callee.name === name;
}

function* poolsOf(place: CallPlace, search: Search): Pausable<readonly Pool[]> {
  const runs = yield* runPlace(place, search);
  const isInLoop = place.ancestors.some((node) => node.kind === 'for');
  const perRun = yield* mapPausing(runs, function* (run): Pausable<readonly Pool[]> {
    const pools = yield* mapPausing(run.records, (record) => poolsOfRecord(record, { place, run, search }));
    // Outside a loop the same call met twice (two instances of one class) is one more way to the same pool.
    return isInLoop ? pools.flat() : joinRuns(pools);
  });
  const isPerCaller = perRun.some((pools) => pools.some((pool) => pool.library === 'mysql.connector'));
  const pools = isPerCaller ? perRun.flat() : joinRuns(perRun);
  const perCall = isPerCall(place, { ...search, runs });
  return perCall ? pools.map((pool) => ({ ...pool, perCall })) : pools;
}

function* poolsOfRecord(
  record: CallRecord,
  from: { place: CallPlace; run: CallRun; search: Search },
): Pausable<readonly Pool[]> {
  const object = (optionsOf(record.value) ?? []).map(asObject).find((option) => option !== undefined);
  if (!object) return [];
  const { place, search } = from;
  const args: Arguments = { object, trail: callerHops(from.run) };
  const alias = boundName(place);
  const { callee } = object;
  if (isEngineCall(callee)) return present(sqlalchemyPool(args, { program: search.program, alias }));
  if (isFlaskSqlalchemy(callee, search.program)) {
    const config = search.config ?? (yield* readFlaskConfig(search.program, search.sources));
    return flaskPools(args, { program: search.program, config, alias });
  }
  const reader = driverPools.get(callee);
  if (reader) return present(reader(args, alias));
  if (isRedisClient(callee)) return present(redisPool(args, { program: search.program, alias }));
  if (/^httpx\.(_client\.)?(Async)?Client$/.test(callee)) return httpPools(args, { alias, place, search });
  if (isLimits(object))
    return search.usedLimits.has(object.call) ? [] : [limitsPool(args, { alias, client: undefined })];
  return /^aiohttp\.(connector\.)?TCPConnector$/.test(callee) ? [aiohttpPool(args, alias)] : [];
}

function httpPools(
  args: Arguments,
  use: { alias: string | undefined; place: CallPlace; search: Search },
): readonly Pool[] {
  const { object } = args;
  const limits = asObject(object.keywords.get('limits'));
  if (limits) use.search.usedLimits.add(limits.call);
  // A client made for one block keeps nothing: only what is written about it matters.
  const isBrief = use.place.statement.kind === 'with' && !object.keywords.has('limits');
  return isBrief ? [] : [httpxPool(args, use.alias)];
}

function callerHops({ calledFrom }: CallRun): readonly Hop[] {
  if (!calledFrom) return [];
  return [{ at: { source: calledFrom.source, span: calledFrom.call.span }, says: 'called from here' }];
}

function present(pool: Pool | undefined): readonly Pool[] {
  return pool ? [pool] : [];
}
