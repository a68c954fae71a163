import type { Edits } from '../model/fix.ts';
import { replaceText } from '../model/fixes/replace-text.ts';
import { storeOfHost } from '../model/link-stores.ts';
import { mayReach, runsNothingElse } from '../model/service/container-network.ts';
import type { Process, Project, Service, Store, StoreEngine } from '../model/stack.ts';
import { isAssumed, type Known, known, type Value } from '../model/value.ts';
import { textAt } from '../text/span.ts';

/** A store that a process names and cannot reach. */
export interface UnreachableStore {
  readonly service: Service;
  readonly store: Store;
  /** The host as the process has it. */
  readonly host: Known<string>;
  /** The two share no network, or the host is the container itself, where nothing listens. */
  readonly why: 'no-network' | 'own-container';
}

/** The connections of a compose project that cannot come about, each service and store once. */
export function findUnreachableStores(project: Project): readonly UnreachableStore[] {
  if (project.kind !== 'compose') return [];
  const services = project.services.filter((service) => service.active);
  const found = new Map<string, UnreachableStore>();
  for (const service of services) {
    for (const process of service.processes) {
      for (const connection of connectionsOf(process)) {
        const unreachable = judge(connection, { project, service, services, process });
        if (!unreachable) continue;
        const key = `${service.name} ${unreachable.store.name}`;
        if (!found.has(key)) found.set(key, unreachable);
      }
    }
  }
  return [...found.values()];
}

/** Writes the store's own name where the host stands, as part of a URL or alone. */
export function nameStore({ host, store }: UnreachableStore): Edits {
  const { source, span } = host.at;
  const text = textAt(host.at);
  const offset = text.indexOf(host.value);
  if (offset === -1 || text.includes(host.value, offset + 1))
    return { refused: 'the host is not written as one text there' };
  const start = span.start + offset;
  return replaceText({ source, span: { start, end: start + host.value.length } }, store.name);
}

interface Connection {
  readonly host: Known<string>;
  readonly family: string | undefined;
}

/** Pools, brokers and caches whose host is certain: not one that an example file or a guess names. */
function connectionsOf(process: Process): readonly Connection[] {
  const pools = process.pools
    .filter((pool) => pool.kind !== 'http')
    .map((pool) => ({
      host: pool.store,
      family: pool.kind === 'redis' ? 'redis' : pool.engine.known ? familyOf(pool.engine.value) : undefined,
    }));
  const addresses = [
    process.django?.celeryBrokerUrl,
    ...(process.django?.caches ?? []).map((cache) => cache.address),
    ...process.code.queues.map((use) => use.address),
  ].flatMap((address) =>
    address?.known
      ? [{ host: known(address.value.host, address.at, address.trail) as Value<string>, family: 'redis' }]
      : [],
  );
  return [...pools, ...addresses].flatMap(({ host, family }) =>
    host.known && !isAssumed(host) ? [{ host, family }] : [],
  );
}

function judge(
  { host, family }: Connection,
  at: { project: Project; service: Service; services: readonly Service[]; process: Process },
): UnreachableStore | undefined {
  const { project, service, services, process } = at;
  const runs = (store: Store) => services.find((candidate) => candidate.name === store.service);
  const named = storeOfHost(host.value, project);
  if (named) {
    const other = runs(named);
    const isApart = other !== undefined && other !== service && !mayReach(service, other);
    return isApart ? { service, store: named, host, why: 'no-network' } : undefined;
  }
  if (!/^(localhost|127\.0\.0\.1|::1)$/.test(host.value)) return undefined;
  // A container that shares another's network may listen for it.
  const shared = services.some((candidate) => candidate.networks.length === 0);
  const certain = process.environment.complete && !readsEnvironment(host) && runsNothingElse(service);
  if (shared || !certain) return undefined;
  const store = project.stores.find(
    (candidate) =>
      runs(candidate) !== undefined && familyOf(candidate.engine) === family && candidate.engine !== 'unknown',
  );
  return store ? { service, store, host, why: 'own-container' } : undefined;
}

/** A value in code beside reads of the environment may be a default that the container never sees. */
function readsEnvironment(host: Known<string>): boolean {
  const { source } = host.at;
  return /\.py$/.test(source.path) && /environ|getenv|dotenv|Settings\b|\benv\b|\bconfig\(/.test(source.text);
}

function familyOf(engine: StoreEngine): string {
  if (engine === 'mariadb') return 'mysql';
  return engine === 'valkey' || engine === 'keydb' ? 'redis' : engine;
}
