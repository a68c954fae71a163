import type { QueueUse, RedisWrite } from '../model/code-facts.ts';
import { storeOfHost } from '../model/link-stores.ts';
import type { Process, Project, Service, Store } from '../model/stack.ts';
import type { Hop } from '../text/trail.ts';

/** How the processes of a project use one Redis server. */
export interface RedisUse {
  readonly uses: readonly {
    readonly use: QueueUse;
    readonly process: Process;
    readonly service: Service;
    readonly hop: Hop;
  }[];
  readonly writes: readonly { readonly write: RedisWrite; readonly service: Service }[];
}

/**
 * The queues, brokers, results and caches that live on a Redis server. A use whose address is unknown counts for the
 * only Redis of the project, as an assumption; with several servers it counts for none.
 */
export function redisUse(project: Project, store: Store): RedisUse {
  const servers = project.stores.filter((candidate) => candidate.redis !== undefined);
  const processes = project.services
    .filter((service) => service.active)
    .flatMap((service) => service.processes.map((process) => ({ service, process })));
  const uses = processes.flatMap(({ service, process }) =>
    process.code.queues.flatMap((use) => {
      const hop = placeUse(use, { store, onlyServer: servers.length === 1, project, service });
      return hop ? [{ use, process, service, hop }] : [];
    }),
  );
  const writes =
    servers.length === 1
      ? processes.flatMap(({ service, process }) => process.code.redisWrites.map((write) => ({ write, service })))
      : [];
  return { uses, writes };
}

/** True for uses that lose work when a key is evicted. */
export function isQueueing(use: QueueUse): boolean {
  return use.purpose === 'queue' || use.purpose === 'broker';
}

/** What the server is for, as far as the code shows: a queue among other things, nothing but a cache, or not known. */
export function redisPurpose(use: RedisUse): 'queue' | 'cache' | 'unknown' {
  if (use.uses.some((entry) => isQueueing(entry.use))) return 'queue';
  return use.uses.length > 0 && use.uses.every((entry) => entry.use.purpose === 'cache') ? 'cache' : 'unknown';
}

function placeUse(
  use: QueueUse,
  where: { store: Store; onlyServer: boolean; project: Project; service: Service },
): Hop | undefined {
  const { address } = use;
  const { store, onlyServer, project } = where;
  if (address?.known) {
    const isHere =
      storeOfHost(address.value.host, project) === store || (onlyServer && reachesPublishedPort(address.value, where));
    return isHere ? { at: use.at, says: use.says } : undefined;
  }
  // A broker that cannot be known may as well be the project's RabbitMQ.
  const otherBroker = project.stores.some(({ engine }) => engine === 'rabbitmq') && use.purpose === 'broker';
  if (!onlyServer || otherBroker) return undefined;
  return { at: use.at, says: `${use.says} (the only Redis of the project)`, assumed: true };
}

/** A program on the host reaches a container of the project through the port that it publishes. */
function reachesPublishedPort(
  address: { readonly host: string },
  where: { store: Store; project: Project; service: Service },
): boolean {
  const { store, project, service } = where;
  if (service.compose || !/^(localhost|127\.0\.0\.1)$/.test(address.host)) return false;
  return project.services.some((other) => other.name === store.service && other.publishedPorts.length > 0);
}
