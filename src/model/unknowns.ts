import type { Pool } from './pool.ts';
import type { Process, Project, Service, UnknownNote } from './stack.ts';
import { isDatabaseServer } from './store/database-engines.ts';
import type { Value } from './value.ts';

/** Settings of a project that matter and could not be known, with the reasons. */
export function collectUnknowns(project: Project): readonly UnknownNote[] {
  const notes: UnknownNote[] = [];
  const note = (what: string, value: Value<unknown>) => {
    if (!value.known) notes.push({ what, why: value.why, at: value.at });
  };
  for (const service of project.services) {
    if (!service.active) continue;
    for (const entry of [service, ...service.processes].flatMap((part) => part.missing ?? []))
      notes.push({ ...entry, what: `${service.name}: ${entry.what}` });
    note(`${service.name}: replicas`, service.replicas);
    note(`${service.name}: memory limit`, service.limits.memoryBytes);
    note(`${service.name}: CPU limit`, service.limits.cpus);
    for (const process of service.processes) {
      if (['gunicorn', 'uvicorn', 'hypercorn', 'celery', 'uwsgi', 'granian'].includes(process.server)) {
        note(`${service.name}: workers of ${process.server}`, process.workers);
        if (process.concurrencyKind === 'unknown')
          note(`${service.name}: concurrency of ${process.server}`, process.concurrency);
      }
      for (const pool of process.pools)
        if (!isPerThread(pool, process)) note(`${service.name}: size of the ${pool.library} pool`, pool.size);
    }
  }
  for (const store of project.stores)
    if (store.service !== undefined && isDatabaseServer(store.engine))
      note(`${store.name}: max_connections`, store.maxConnections);
  return notes;
}

/** True for Django without a pool: that each thread has a connection of its own is all there is to know. */
function isPerThread(pool: Pool, { django }: Process): boolean {
  const database = django?.databases.find(({ alias }) => alias === pool.alias);
  return pool.library === 'django' && database?.pool.known === true && !database.pool.value;
}

/** Why no process of an active service is known, where only an image of others knows what it starts; else undefined. */
export function whyNothingRuns(service: Service): string | undefined {
  const { image, build, baseImage, processes, role } = service;
  if (!service.active || role !== 'unknown' || processes.length > 0) return undefined;
  if (build?.dockerfile) {
    const base = baseImage === undefined ? 'its base image' : `the image ${baseImage}`;
    return `${build.dockerfile.path} names no command, and ${base} is not built in this workspace`;
  }
  if (build || !image) return undefined;
  return image.known ? `the image ${image.value} is not built in this workspace` : `the image's name: ${image.why}`;
}
