import { systemBytes, typicalInputs } from '../capacity/capacity-inputs.ts';
import type { Origin } from '../capacity/capacity-plan.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import { sizeRedisMemory } from '../capacity/memory-sizing.ts';
import type { Service } from '../model/stack.ts';
import { upperBound } from '../model/value.ts';
import type { CapacityTarget } from './capacity-target.ts';
import { readWorkers } from './current-settings.ts';
import type { Goal } from './goal.ts';
import { type WebProcess, webProcesses } from './load.ts';
import { memoryNeed } from './memory-sizing.ts';
import { assumed, computed, originOf, placeOf, type Sourced, sourced, stated, typical } from './origin.ts';
import { runsTarget } from './planned-project.ts';
import { redisShare, sizeMaxMemory } from './redis-memory.ts';
import { redisUse } from './redis-use.ts';
import { type RunningStore, runningStores } from './store-service.ts';

/** What runs beside the web server on its machine, in memory; without a target typical values. */
export function readMemory(
  target: CapacityTarget | undefined,
  from: { readonly goal: Goal; readonly cpus: number; readonly memoryBytes: number },
) {
  const { goal, cpus, memoryBytes } = from;
  const worker = { value: typicalInputs.workerBytes, origin: assumed('heroku.worker_memory') };
  const workerBytes = stated(goal.memory?.perWorkerBytes, { at: goal.memoryAt, else: worker });
  const system = { value: systemBytes(memoryBytes), origin: assumed('headroom.system_memory_bytes') };
  if (!target) {
    const redis = sizeRedisMemory({
      share: documentedDefaults['redis.cache_share'].value,
      limitBytes: undefined,
      memoryBytes,
    });
    const redisBytes = { value: redis.value, origin: computed('maxmemory with the plan') };
    return { ...typicalFields, workerBytes, systemBytes: system, redisBytes };
  }
  const others = [readTasks(target, goal), readRedis(target, memoryBytes), readOtherWeb(target, cpus)] as const;
  return { workerBytes, systemBytes: system, ...others[0], ...others[1], ...others[2] };
}

const typicalFields = {
  taskWorkers: typical('taskWorkers'),
  taskWorkerBytes: typical('taskWorkerBytes'),
  otherWebWorkers: typical('otherWebWorkers'),
  sameCommandReplicas: typical('sameCommandReplicas'),
  redisPersists: typical('redisPersists'),
};

/** Worker processes of the project's task queues, and what one of them is counted with. */
function readTasks({ project }: CapacityTarget, goal: Goal) {
  const services = project.services.filter((service) => service.active && service.role === 'worker');
  const [first] = services;
  if (!first) {
    const none: Origin = computed('the stack has no background workers');
    return { taskWorkers: { value: 0, origin: none }, taskWorkerBytes: { value: 0, origin: none } };
  }
  const processes = (service: Service) =>
    Math.max(
      1,
      service.processes.reduce((sum, { workers }) => sum + (upperBound(workers) ?? 1), 0),
    );
  const count = services.reduce((sum, service) => sum + replicasOf(service) * processes(service), 0);
  const bytes = services.reduce(
    (sum, service) => sum + replicasOf(service) * (memoryNeed(service, { project, goal })?.bytes ?? 0),
    0,
  );
  const origin: Origin = { kind: 'file', place: placeOf(first.at), says: 'background workers' };
  return {
    taskWorkers: { value: count, origin },
    taskWorkerBytes: { value: Math.round(bytes / count), origin: assumed('heroku.worker_memory') },
  };
}

/** Today's workers of the project's other web servers, and the containers whose workers change with the plan's. */
function readOtherWeb(target: CapacityTarget, cpus: number) {
  const others = otherWebServers(target);
  const isTwin = ({ process }: WebProcess) => runsTarget(process, target.process);
  const own = others.filter((other) => !isTwin(other));
  const twins = others.filter(isTwin);
  const workers = own.reduce(
    (sum, { service, process }) => sum + replicasOf(service) * readWorkers(process, cpus).value,
    0,
  );
  const replicas = twins.reduce((sum, { service }) => sum + replicasOf(service), 0);
  return {
    otherWebWorkers: {
      value: workers,
      origin: computed(own.length === 0 ? 'the stack has no other web server' : `workers of ${namesOf(own)} today`),
    },
    sameCommandReplicas: {
      value: replicas,
      origin: computed(
        twins.length === 0
          ? 'no other service starts it'
          : `containers of ${namesOf(twins)}, started by the same command`,
      ),
    },
  };
}

/** The web servers that run beside the planned one; of a script's alternatives the first. */
export function otherWebServers({ project, process: target }: CapacityTarget): readonly WebProcess[] {
  const runs = ({ service, process }: WebProcess) => {
    if (!process.alternative) return true;
    const alternatives = service.processes.filter(({ alternative }) => alternative);
    return !alternatives.includes(target) && alternatives[0] === process;
  };
  return webProcesses(project).filter((other) => other.process !== target && runs(other));
}

/** The names of their services, each once: "admin, api"; undefined for none. */
export function namesOf(servers: readonly WebProcess[]): string | undefined {
  return servers.length === 0 ? undefined : [...new Set(servers.map(({ service }) => service.name))].join(', ');
}

function replicasOf(service: Service): number {
  return upperBound(service.replicas) ?? 1;
}

/** What the servers may take together: their `maxmemory`, written or planned; else what they are expected to hold. */
function readRedis({ project }: CapacityTarget, memoryBytes: number) {
  const servers = runningStores(project, ({ redis }) => redis !== undefined);
  const [first] = servers;
  if (!first?.store.redis) {
    const none: Origin = computed('the stack runs no Redis');
    return { redisBytes: { value: 0, origin: none }, redisPersists: { value: false, origin: none } };
  }
  const sizes = servers.map((server) => readMaxMemory(server, { project, memoryBytes }));
  const [own] = sizes;
  const { persists } = first.store.redis;
  const isPersistent = redisShare({ persists, use: redisUse(project, first.store) }) < 0.8;
  return {
    redisBytes: {
      value: sizes.reduce((sum, { value }) => sum + value, 0),
      origin:
        own && sizes.length === 1
          ? own.origin
          : computed(`maxmemory of ${servers.map(({ store }) => store.name).join(', ')}`),
    },
    redisPersists: { value: isPersistent, origin: sourced(persists, isPersistent).origin },
  };
}

function readMaxMemory(
  server: RunningStore,
  on: { readonly project: CapacityTarget['project']; readonly memoryBytes: number },
): Sourced<number> {
  const most = server.store.redis?.maxMemoryBytes;
  if (!most?.known) return { value: typicalInputs.redisBytes, origin: assumed('headroom.redis_data_bytes') };
  if (most.value !== null) return { value: most.value, origin: originOf(most) };
  return { value: sizeMaxMemory(server, on).value, origin: computed('maxmemory with the plan') };
}
