import type { Pool } from './pool.ts';
import type { Service, Store, StoreEngine } from './stack.ts';
import { known, unknown, type Value } from './value.ts';

/**
 * Points each pool at the store its host names. A pool whose host is not known goes to the only store of its engine,
 * as an assumption; hosts outside the project become stores of their own, with unknown limits.
 */
export function linkStores(
  services: readonly Service[],
  stores: readonly Store[],
): { services: readonly Service[]; stores: readonly Store[] } {
  const outside = new Map<string, Store>();
  const linked = services.map((service) => ({
    ...service,
    processes: service.processes.map((process) => ({
      ...process,
      pools: process.pools.map((pool) => linkPool(pool, { service, services, stores, outside })),
    })),
  }));
  return { services: linked, stores: [...stores, ...outside.values()] };
}

/** The store that answers to a host name: the name of its service, its container's, or an alias on a network. */
export function storeOfHost(
  host: string,
  among: { readonly services: readonly Service[]; readonly stores: readonly Store[] },
): Store | undefined {
  const { services, stores } = among;
  const named = stores.find((store) => store.name === host);
  if (named) return named;
  const service = services.find(({ hostNames }) => hostNames?.includes(host));
  return service && stores.find((store) => store.service === service.name);
}

interface Linking {
  /** The service whose process has the pool. */
  readonly service: Service;
  readonly services: readonly Service[];
  readonly stores: readonly Store[];
  readonly outside: Map<string, Store>;
}

function linkPool(pool: Pool, work: Linking): Pool {
  if (pool.kind === 'http') return pool;
  const { store: host } = pool;
  const named = host.known ? storeOfHost(host.value, work) : undefined;
  if (named) return { ...pool, store: known(named.name, host.at, host.trail), engine: engineOf(pool, named) };
  const local = host.known && /^(localhost|127\.0\.0\.1|::1|)$/.test(host.value);
  if (host.known && !local) return { ...pool, store: outsideStore(pool, { host: host.value, outside: work.outside }) };
  if (host.known && local && host.value !== '') {
    const published = publishedStore(pool, work);
    const hop = published && { at: published.at, says: `${published.name} publishes its port on this host` };
    return hop ? { ...pool, store: known(published.name, host.at, [...host.trail, hop]) } : pool;
  }
  const engine = pool.engine.known ? pool.engine.value : undefined;
  const candidates = engine === undefined ? [] : work.stores.filter((store) => sameEngine(store.engine, engine));
  const [only] = candidates;
  if (!only || candidates.length > 1) return pool;
  const why = host.known ? 'the host is not written' : host.why;
  const hop = {
    at: only.at,
    says: `${only.name} is the only ${only.engine} server here (${why})`,
    assumed: true as const,
  };
  return { ...pool, store: known(only.name, host.at, [hop]) };
}

/** A program on the host reaches the only server of its kind that publishes a port; poolers count as PostgreSQL. */
function publishedStore(pool: Pool, { service, services, stores }: Linking): Store | undefined {
  if (service.compose || !pool.engine.known) return undefined;
  const engine = pool.engine.value;
  const publishes = (store: Store) =>
    services.some(({ name, active, publishedPorts }) => name === store.service && active && publishedPorts.length > 0);
  const isOfKind = (store: Store) =>
    sameEngine(store.engine, engine) || (engine === 'postgresql' && store.engine === 'pgbouncer');
  const candidates = stores.filter((store) => isOfKind(store) && publishes(store));
  return candidates.length === 1 ? candidates[0] : undefined;
}

function engineOf(pool: Pool, store: Store): Value<StoreEngine> {
  if (pool.engine.known || store.engine === 'pgbouncer') return pool.engine;
  return known(store.engine, pool.engine.at);
}

function outsideStore(pool: Pool, work: { host: string; outside: Map<string, Store> }): Value<string> {
  const { host, outside } = work;
  const at = pool.store.at;
  if (!outside.has(host)) {
    const why = `${host} runs outside the project`;
    outside.set(host, {
      name: host,
      engine: pool.engine.known ? pool.engine.value : 'unknown',
      at,
      service: undefined,
      maxConnections: unknown(why, at),
      usableConnections: unknown(why, at),
      slowQueryLog: undefined,
      memory: undefined,
      redis: undefined,
      pooler: undefined,
      command: undefined,
      unloadedFiles: [],
    });
  }
  return pool.store;
}

function sameEngine(left: StoreEngine, right: StoreEngine): boolean {
  const family = (engine: StoreEngine) =>
    engine === 'mariadb' ? 'mysql' : engine === 'valkey' || engine === 'keydb' ? 'redis' : engine;
  return family(left) === family(right);
}
