import { type CapacityInputs, splitResponse, typicalInputs } from '../capacity/capacity-inputs.ts';
import type { Origin, ReplacedInputs } from '../capacity/capacity-plan.ts';
import { type DefaultId, documentedDefaults } from '../capacity/defaults.ts';
import type { Process, Service, Store } from '../model/stack.ts';
import { knownValue } from '../model/value.ts';
import type { CapacityTarget } from './capacity-target.ts';
import { boundOf, certainPart, connectionDemand } from './connection-demand.ts';
import type { Goal } from './goal.ts';
import { readMemory } from './memory-inputs.ts';
import { assumed, computed, originOf, placeOf, type Sourced, sourced, stated, typical } from './origin.ts';
import { storeOfPool } from './pool-store.ts';
import { runningDatabases } from './store-memory.ts';
import { runningService } from './store-service.ts';

/** The inputs of the capacity model with the origin of each. */
export interface SourcedInputs {
  readonly inputs: CapacityInputs;
  readonly origins: Readonly<Record<keyof CapacityInputs, Origin>>;
  /** What the files, or an assumption, have in place of what the user typed. */
  readonly replaced: ReplacedInputs;
}

type Fields = { readonly [Key in keyof CapacityInputs]: Sourced<CapacityInputs[Key]> };

/**
 * What the files and `headroom.yaml` say of machine, load and stack; without a target typical values. The memory of the
 * parts follows from that of the machine, also from a typed one.
 */
export function readCapacityInputs(
  target: CapacityTarget | undefined,
  from: { readonly goal: Goal; readonly given: GivenInputs },
): SourcedInputs {
  const { goal, given } = from;
  const machine = readMachine(target, goal);
  const fields: Fields = {
    ...machine,
    ...readLoad(goal),
    ...readMemory(target, {
      goal,
      cpus: given.cpus ?? machine.cpus.value,
      memoryBytes: given.memoryBytes ?? machine.memoryBytes.value,
    }),
    ...readDatabase(target),
    concurrency: target ? { value: concurrencyOf(target.process), origin: ofServer(target) } : typical('concurrency'),
    webCpuShare: readWebCpuShare(target, { ...machineOf(machine), ...given }),
    databaseCpuShare: share('databaseCpuShare', 'headroom.shared.database_cpu_share'),
    tasksCpuShare: share('tasksCpuShare', 'headroom.shared.tasks_cpu_share'),
    cacheCpuShare: share('cacheCpuShare', 'headroom.shared.cache_cpu_share'),
  };
  return splitSourced(fields);
}

/** What a user typed: fields, or a whole response time of which the CPU time is assumed. */
export type GivenInputs = Partial<CapacityInputs> & { readonly responseSeconds?: number };

/** Replaces fields by what the user typed. */
export function withGiven(read: SourcedInputs, given: GivenInputs): SourcedInputs {
  const { responseSeconds, ...fields } = given;
  const split = responseSeconds === undefined ? {} : splitResponse(responseSeconds);
  const cpu = fields.cpuSeconds === undefined && 'cpuSeconds' in split && assumed('headroom.request_cpu_seconds');
  const names = Object.keys({ ...split, ...fields }) as (keyof CapacityInputs)[];
  const replaced = names.map((name) => [name, { value: read.inputs[name], origin: read.origins[name] }]);
  const typed = names.map((name) => [name, { kind: 'given' } satisfies Origin]);
  return {
    replaced: Object.fromEntries(replaced),
    inputs: { ...read.inputs, ...split, ...fields },
    origins: { ...read.origins, ...Object.fromEntries(typed), ...(cpu && { cpuSeconds: cpu }) },
  };
}

function splitSourced(fields: Fields): SourcedInputs {
  const entries = Object.entries(fields);
  return {
    inputs: Object.fromEntries(entries.map(([name, { value }]) => [name, value])) as unknown as CapacityInputs,
    origins: Object.fromEntries(entries.map(([name, { origin }]) => [name, origin])) as SourcedInputs['origins'],
    replaced: {},
  };
}

function share<Key extends keyof CapacityInputs>(field: Key, id: DefaultId): Sourced<CapacityInputs[Key]> {
  return { value: typicalInputs[field], origin: assumed(id) };
}

/** A thread for each request takes what comes, as an event loop does; a known bound makes threads of both. */
function concurrencyOf({ concurrency, concurrencyKind }: Process): CapacityInputs['concurrency'] {
  const isBounded = concurrency.known || (concurrencyKind !== 'async' && concurrencyKind !== 'unbounded-threads');
  return isBounded ? 'threads' : 'event-loop';
}

function ofServer({ process }: CapacityTarget): Origin {
  return { kind: 'file', place: placeOf(process.at), says: process.server };
}

/**
 * The host that `headroom.yaml` shares out stays the machine; else the container's limits make a machine of its own. Without
 * both the host is shared where its stores run in the project.
 */
function readMachine(target: CapacityTarget | undefined, goal: Goal) {
  const limits = target?.service.limits;
  const cpuLimit = limits && knownValue(limits.cpus);
  const memoryLimit = limits && knownValue(limits.memoryBytes);
  const host = goal.host;
  const fromHost = <T>(value: T | undefined, otherwise: Sourced<T>) =>
    stated(value, { at: goal.hostAt, else: otherwise });
  const isShared = host?.shared === true && host.cpus !== undefined;
  const hasLimit = limits !== undefined && typeof cpuLimit === 'number' && !isShared;
  const runsStores = target?.project.stores.some((store) => runningService(target.project, store));
  const hostMemory = fromHost(host?.memoryBytes, unknownMachine(target, 'memoryBytes'));
  const ownMemory = hasLimit && limits && typeof memoryLimit === 'number';
  return {
    cpus: hasLimit
      ? (sourced(limits.cpus, cpuLimit) as Sourced<number>)
      : fromHost(host?.cpus, unknownMachine(target, 'cpus')),
    memoryBytes: ownMemory ? (sourced(limits.memoryBytes, memoryLimit) as Sourced<number>) : hostMemory,
    profile: hasLimit
      ? { value: 'dedicated' as const, origin: computed('the container has a CPU limit') }
      : host
        ? stated(host.shared ? ('shared' as const) : ('dedicated' as const), {
            at: goal.hostAt,
            else: typical('profile'),
          })
        : target
          ? {
              value: runsStores ? ('shared' as const) : ('dedicated' as const),
              origin: computed(runsStores ? 'the stack runs its own stores' : 'the stack runs no stores'),
            }
          : typical('profile'),
    webLimitBytes: limits ? sourced(limits.memoryBytes, null) : typical('webLimitBytes'),
    replicas: target ? readReplicas(target.service) : typical('replicas'),
  };
}

function machineOf({ cpus, profile, replicas }: ReturnType<typeof readMachine>) {
  return { cpus: cpus.value, profile: profile.value, replicas: replicas.value };
}

/** The web server's share of a shared machine's cores, no more than the limits of its containers. */
function readWebCpuShare(
  target: CapacityTarget | undefined,
  machine: Pick<GivenInputs, 'cpus' | 'profile' | 'replicas'>,
): Sourced<number> {
  const usual = share('webCpuShare', 'headroom.shared.web_cpu_share');
  const limit = target && knownValue(target.service.limits.cpus);
  const { cpus = 0, profile, replicas = 1 } = machine;
  // The limit that a plan writes is this share, in hundredths of a core.
  if (!target || typeof limit !== 'number' || profile !== 'shared') return usual;
  const isBound = limit < Math.floor((cpus * usual.value * 100) / replicas) / 100;
  return isBound ? { value: (limit * replicas) / cpus, origin: originOf(target.service.limits.cpus) } : usual;
}

/** Only Compose's files say how many containers run; what starts without it is taken for one program. */
function readReplicas({ replicas, compose }: Service): Sourced<number> {
  return compose ? sourced(replicas, 1) : { value: 1, origin: { kind: 'assumed', says: 'one copy of the program' } };
}

function unknownMachine(target: CapacityTarget | undefined, field: 'cpus' | 'memoryBytes'): Sourced<number> {
  if (!target) return typical(field);
  const what = field === 'cpus' ? 'CPU cores' : 'memory';
  return {
    value: typicalInputs[field],
    origin: {
      kind: 'unknown',
      why: `no file says how much ${what} the machine has`.replace('much CPU', 'many CPU'),
      place: undefined,
    },
  };
}

function readLoad(goal: Goal) {
  const load = goal.load;
  const given = <T>(value: T | undefined, otherwise: Sourced<T>) => stated(value, { at: goal.loadAt, else: otherwise });
  const seconds = load?.responseSeconds ?? documentedDefaults['headroom.response_seconds'].value;
  const split = splitResponse(seconds);
  const cpuSeconds = load?.cpuSeconds ?? split.cpuSeconds;
  const databaseSeconds = seconds - cpuSeconds;
  return {
    users: given(load?.users, { value: typicalInputs.users, origin: assumed('headroom.users') }),
    thinkSeconds: given(load?.thinkSeconds, {
      value: typicalInputs.thinkSeconds,
      origin: assumed('headroom.think_seconds'),
    }),
    requestsPerSecond: { value: null, origin: computed('users wait for their replies') },
    cpuSeconds: given(load?.cpuSeconds, { value: cpuSeconds, origin: assumed('headroom.request_cpu_seconds') }),
    databaseCpuSeconds: given(load?.databaseCpuSeconds, {
      value: typicalInputs.databaseCpuSeconds,
      origin: assumed('headroom.database_cpu_seconds'),
    }),
    databaseSeconds: given(load && databaseSeconds, {
      value: databaseSeconds,
      origin: assumed('headroom.response_seconds'),
    }),
  };
}

function readDatabase(target: CapacityTarget | undefined) {
  const memoryShare = share('databaseMemoryShare', 'headroom.shared.database_memory_share');
  if (!target) {
    return {
      database: typical('database'),
      otherConnections: typical('otherConnections'),
      poolsPerProcess: typical('poolsPerProcess'),
      databaseMemoryShare: memoryShare,
      databaseServers: typical('databaseServers'),
      databaseCpus: typical('databaseCpus'),
    };
  }
  const { project, store, process } = target;
  const others = store ? connectionDemand(project, store).terms.filter((term) => term.process !== process) : [];
  const otherConnections = others.reduce((sum, term) => sum + certainPart(boundOf(term)), 0);
  const servers = runningDatabases(project);
  const runsHere = servers.length > 0;
  return {
    database: store ? { value: engineOf(store), origin: atStore(store) } : none('no database server is known'),
    otherConnections: {
      value: Math.round(Math.min(1_000_000, otherConnections)),
      origin: computed(`other programs of ${project.name}`),
    },
    poolsPerProcess: {
      value: Math.max(1, poolsTo(store, target)),
      origin: computed('pools of the web server to this database'),
    },
    databaseCpus: store ? readDatabaseCpus(project, store) : typical('databaseCpus'),
    databaseMemoryShare: runsHere ? memoryShare : { value: 0, origin: computed('no database runs in this stack') },
    databaseServers: {
      value: Math.max(1, servers.length),
      origin: computed(
        runsHere
          ? `the stack runs ${servers.map(({ store: { name } }) => name).join(', ')}`
          : 'no database runs in this stack',
      ),
    },
  };
}

/** The cores that the container of a database may use; null without a limit that is known. */
function readDatabaseCpus(project: CapacityTarget['project'], store: Store): Sourced<number | null> {
  const limit = runningService(project, store)?.limits?.cpus;
  const isKnown = limit !== undefined && typeof knownValue(limit) === 'number';
  return isKnown ? sourced(limit, null) : { value: null, origin: computed('no CPU limit of the database is known') };
}

/** Pools to the web server's own database; those whose host is not known are taken for that. */
function poolsTo(store: Store | undefined, { project, pools }: CapacityTarget): number {
  return pools.filter((pool) => (storeOfPool(project, pool) ?? store) === store).length;
}

function none(says: string): Sourced<'none'> {
  return { value: 'none', origin: computed(says) };
}

function atStore(store: Store): Origin {
  return { kind: 'file', place: placeOf(store.at), says: store.name };
}

function engineOf(store: Store): CapacityInputs['database'] {
  const { engine } = store;
  return engine === 'postgresql' || engine === 'mysql' || engine === 'mariadb' ? engine : 'none';
}
