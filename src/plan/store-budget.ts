import type { ServerConnections } from '../capacity/capacity-plan.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import type { Figure } from '../capacity/figure.ts';
import { reservedConnections, sizeMaxConnections } from '../capacity/pool-sizing.ts';
import { storeOfHost } from '../model/link-stores.ts';
import type { Project, Store } from '../model/stack.ts';
import { knownValue } from '../model/value.ts';
import { boundOf, certainPart, connectionDemand, type DemandTerm } from './connection-demand.ts';
import type { PlannedStack } from './planned-stack.ts';
import { poolConcurrency } from './pool-use.ts';

/** What the programs of a project take of one server's connections, today and with the plan. */
export interface StoreBudget {
  readonly store: Store;
  /** Connections of each service that connects to it. */
  readonly parts: ServerConnections['parts'];
  /** Connections that the server takes, and keeps from programs; undefined for unknown servers. */
  readonly running: { readonly most: number; readonly reserved: number } | undefined;
  /** `max_connections` (`max_client_conn` of PgBouncer) that leaves room for the plan; undefined for unknown servers. */
  readonly limit: Figure | undefined;
}

/** The budget of every server that the project's programs or its poolers connect to, that of the web server first. */
export function storeBudgets(planned: PlannedStack): readonly StoreBudget[] {
  const { project, store: first } = planned.target;
  const stores = project.stores.filter(({ engine }) => limited.has(engine));
  return [...stores.filter((store) => store === first), ...stores.filter((store) => store !== first)].flatMap(
    (store) => readBudget(store, planned) ?? [],
  );
}

const limited: ReadonlySet<Store['engine']> = new Set(['postgresql', 'mysql', 'mariadb', 'pgbouncer'] as const);

/** The budget as a plan shows it. */
export function describeBudget({ store, parts, running, limit }: StoreBudget): ServerConnections {
  const usable = running && running.most - running.reserved;
  const alertShare = documentedDefaults['headroom.connection_alert_share'].value;
  return {
    store: store.name,
    engine: store.engine,
    usable,
    plannedUsable: running && limit && limit.value - running.reserved,
    alertAt: usable === undefined ? undefined : Math.floor(usable * alertShare),
    parts,
  };
}

function readBudget(store: Store, planned: PlannedStack): StoreBudget | undefined {
  const parts = [...ofPrograms(store, planned), ...ofPoolers(store, planned)];
  if (parts.length === 0) return undefined;
  const running = runningLimit(store, planned);
  return { store, parts, running, limit: running && sizeLimit(store, { parts, running, planned }) };
}

/** As the files have it; of the web server's own database also as the user states it. */
function runningLimit(store: Store, { target, today }: PlannedStack): StoreBudget['running'] {
  const { maxConnections, usableConnections } = store;
  if (maxConnections.known && usableConnections.known)
    return { most: maxConnections.value, reserved: maxConnections.value - usableConnections.value };
  if (store !== target.store || today.maxConnections === null) return undefined;
  return { most: today.maxConnections, reserved: reservedConnections(store.engine) };
}

function ofPrograms(store: Store, { target, after }: PlannedStack): ServerConnections['parts'] {
  const today = connectionDemand(target.project, store).terms;
  const planned = connectionDemand(after, store).terms;
  const names = [...new Set([...today, ...planned].map(({ service }) => service.name))];
  return names.map((name) => ({ service: name, today: sumOf(today, name), planned: sumOf(planned, name) }));
}

function sumOf(terms: readonly DemandTerm[], service: string): number {
  const own = terms.filter((term) => term.service.name === service);
  return own.reduce((sum, term) => sum + certainPart(boundOf(term)), 0);
}

/** The server connections of the poolers in front of a database: no more than their clients, and than their pools. */
function ofPoolers(store: Store, planned: PlannedStack): ServerConnections['parts'] {
  const { project } = planned.target;
  return project.stores.flatMap((pooler) => {
    const most = serverConnections(pooler, { store, project });
    if (most === undefined) return [];
    const clients = ofPrograms(pooler, planned);
    const sum = (of: 'today' | 'planned') => clients.reduce((count, part) => count + part[of], 0);
    return [{ service: pooler.name, today: Math.min(most, sum('today')), planned: Math.min(most, sum('planned')) }];
  });
}

/** What a pooler opens to a server at most, with one user for each of its databases; undefined where it is not known. */
function serverConnections(
  { pooler }: Store,
  to: { readonly store: Store; readonly project: Project },
): number | undefined {
  if (!pooler) return undefined;
  const { databases, defaultPoolSize, reservePoolSize, maxDatabaseConnections } = pooler;
  const own = databases.filter(({ host }) => host !== undefined && storeOfHost(host, to.project) === to.store);
  const reserve = knownValue(reservePoolSize);
  const most = knownValue(maxDatabaseConnections);
  const sizes = own.map(({ poolSize }) => knownValue(poolSize ?? defaultPoolSize));
  if (own.length === 0 || reserve === undefined || most === undefined || sizes.includes(undefined)) return undefined;
  const bound = most > 0 ? most : Number.POSITIVE_INFINITY;
  return sizes.reduce<number>((sum, size = 0) => sum + Math.min(bound, size + reserve), 0);
}

/** Room for the plan; of the web server's own database also for what the user counts besides. */
function sizeLimit(
  store: Store,
  of: Pick<StoreBudget, 'parts'> & {
    readonly running: NonNullable<StoreBudget['running']>;
    readonly planned: PlannedStack;
  },
): Figure | undefined {
  const { target, sizing } = of.planned;
  const { most, reserved } = of.running;
  const { engine } = store;
  if (!isLimited(engine)) return undefined;
  const connections = of.parts.reduce((sum, { planned }) => sum + planned, 0);
  const own = sizeMaxConnections(connections, { database: engine, running: most, reserved });
  const ofStack = store === target.store && usesThreads(target) ? sizing.maxConnections : undefined;
  return ofStack && ofStack.value > own.value ? ofStack : own;
}

/** False where coroutines take the connections although threads answer some requests. */
function usesThreads({ pool, process }: PlannedStack['target']): boolean {
  return !pool || !process.concurrency.known || poolConcurrency(pool, process).known;
}

function isLimited(engine: Store['engine']): engine is 'postgresql' | 'mysql' | 'mariadb' | 'pgbouncer' {
  return limited.has(engine);
}
