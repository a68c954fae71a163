import { documentedDefaults } from './defaults.ts';

/** What a stack is sized from: the machine, the load, a request, and how the machine is shared out. */
export interface CapacityInputs {
  /** CPU cores of the machine, or of the container that has it to itself. */
  readonly cpus: number;
  readonly memoryBytes: number;
  /** `shared`: database, cache and background workers run on the same machine. */
  readonly profile: 'dedicated' | 'shared';
  /** Containers of the web server. */
  readonly replicas: number;
  /** People using the application at once; ignored when `requestsPerSecond` is given. */
  readonly users: number;
  /** Seconds from a reply to the same user's next request. */
  readonly thinkSeconds: number;
  /** Requests that arrive each second, whoever sends them; null for users who wait for their replies. */
  readonly requestsPerSecond: number | null;
  /** CPU time of a request in the web server. */
  readonly cpuSeconds: number;
  /** Time of a request spent waiting for the database. */
  readonly databaseSeconds: number;
  /** The part of it that the database computes; during the rest it waits, for disks, locks or the network. */
  readonly databaseCpuSeconds: number;
  /** CPU cores of the database; null for its share of a shared machine, or, on another machine, for as many as it needs. */
  readonly databaseCpus: number | null;
  /** Memory of one web worker process. */
  readonly workerBytes: number;
  /** Memory limit of one container of the web server; null without one. */
  readonly webLimitBytes: number | null;
  /** Background worker processes (Celery and others) on the same machine. */
  readonly taskWorkers: number;
  readonly taskWorkerBytes: number;
  /** Worker processes of the other web servers on the same machine, as they run today. */
  readonly otherWebWorkers: number;
  /** Containers of other services that start the web server by the same command: its workers change with the plan. */
  readonly sameCommandReplicas: number;
  /** Memory of the operating system. */
  readonly systemBytes: number;
  /** What Redis may take: its `maxmemory`, else the data that it is expected to hold; 0 without Redis. */
  readonly redisBytes: number;
  /** True when Redis writes its data to disk. */
  readonly redisPersists: boolean;
  readonly database: 'postgresql' | 'mysql' | 'mariadb' | 'none';
  /** Connections that other programs than the web server want from the database. */
  readonly otherConnections: number;
  /** Connection pools in each web process; 0 for a process without a database. */
  readonly poolsPerProcess: number;
  /** Threads that share a process, or an event loop for each process. */
  readonly concurrency: 'threads' | 'event-loop';
  /** Shares of a shared machine's cores; together at most 1. */
  readonly webCpuShare: number;
  readonly databaseCpuShare: number;
  readonly tasksCpuShare: number;
  readonly cacheCpuShare: number;
  /** Share of a shared machine's memory for the database. */
  readonly databaseMemoryShare: number;
  /** Database servers on that machine: they share its part of the memory. */
  readonly databaseServers: number;
}

/** The names of the inputs that are numbers. */
export type NumberField = {
  [Key in keyof CapacityInputs]: CapacityInputs[Key] extends number | null ? Key : never;
}[keyof CapacityInputs];

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** What is assumed of a machine and a load of which nothing is known: case by case replaced by files, flags, fields. */
export const typicalInputs: CapacityInputs = {
  cpus: 4,
  memoryBytes: 8 * gibibyte,
  profile: 'shared',
  replicas: 1,
  users: documentedDefaults['headroom.users'].value,
  thinkSeconds: documentedDefaults['headroom.think_seconds'].value,
  requestsPerSecond: null,
  ...splitResponse(documentedDefaults['headroom.response_seconds'].value),
  databaseCpuSeconds: documentedDefaults['headroom.database_cpu_seconds'].value,
  databaseCpus: null,
  workerBytes: documentedDefaults['heroku.worker_memory'].value,
  webLimitBytes: null,
  taskWorkers: 2,
  taskWorkerBytes: documentedDefaults['heroku.worker_memory'].value,
  otherWebWorkers: 0,
  sameCommandReplicas: 0,
  systemBytes: systemBytes(8 * gibibyte),
  redisBytes: documentedDefaults['headroom.redis_data_bytes'].value,
  redisPersists: false,
  database: 'postgresql',
  otherConnections: 0,
  poolsPerProcess: 1,
  concurrency: 'threads',
  webCpuShare: documentedDefaults['headroom.shared.web_cpu_share'].value,
  databaseCpuShare: documentedDefaults['headroom.shared.database_cpu_share'].value,
  tasksCpuShare: documentedDefaults['headroom.shared.tasks_cpu_share'].value,
  cacheCpuShare: documentedDefaults['headroom.shared.cache_cpu_share'].value,
  databaseMemoryShare: documentedDefaults['headroom.shared.database_memory_share'].value,
  databaseServers: 1,
};

/** Memory that the operating system of a shared machine keeps: an eighth, at most 1 GiB. */
export function systemBytes(memoryBytes: number): number {
  const most = documentedDefaults['headroom.system_memory_bytes'].value;
  return Math.min(most, memoryBytes * documentedDefaults['headroom.system_memory_share'].value);
}

/** Splits a response time: by the share that the database takes, or with the CPU time that is assumed of a page. */
export function splitResponse(
  responseSeconds: number,
  databaseShare?: number,
): Pick<CapacityInputs, 'cpuSeconds' | 'databaseSeconds'> {
  const cpuSeconds =
    databaseShare === undefined
      ? Math.min(
          documentedDefaults['headroom.request_cpu_seconds'].value,
          responseSeconds * documentedDefaults['headroom.request_cpu_share'].value,
        )
      : responseSeconds * (1 - databaseShare);
  return { cpuSeconds, databaseSeconds: responseSeconds - cpuSeconds };
}

/** Seconds that a request takes when nothing waits. */
export function responseSeconds(inputs: Pick<CapacityInputs, 'cpuSeconds' | 'databaseSeconds'>): number {
  return inputs.cpuSeconds + inputs.databaseSeconds;
}

/** Why a number cannot be used. */
export interface NumberProblem {
  readonly kind: 'missing' | 'not-a-number' | 'too-small' | 'too-large' | 'not-whole';
  /** The bound that was passed. */
  readonly bound?: number;
}

/** Why a field cannot be used; hosts put it into words. */
export interface FieldProblem {
  readonly field: keyof CapacityInputs;
  readonly kind: NumberProblem['kind'] | 'not-a-choice' | 'over-one';
  /** The bound that was passed; for `over-one` what the shares add up to. */
  readonly bound?: number;
}

export type CheckedInputs =
  | { readonly ok: true; readonly inputs: CapacityInputs }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Checks every field; the inputs are there only when nothing is wrong with any of them. */
export function checkInputs(fields: Readonly<Partial<Record<keyof CapacityInputs, unknown>>>): CheckedInputs {
  const problems: FieldProblem[] = [];
  for (const field of numberFields) {
    const value = fields[field];
    if (value === null && optionalFields.has(field)) continue;
    const problem = checkNumber(value, fieldRanges[field]);
    if (problem) problems.push({ field, ...problem });
  }
  for (const [field, allowed] of choices) {
    if (!allowed.includes(fields[field])) problems.push({ field, kind: 'not-a-choice' });
  }
  if (problems.length > 0) return { ok: false, problems };
  const inputs = Object.fromEntries(allFields.map((field) => [field, fields[field]])) as unknown as CapacityInputs;
  const shares = inputs.webCpuShare + inputs.databaseCpuShare + inputs.tasksCpuShare + inputs.cacheCpuShare;
  if (shares > 1.000001) problems.push({ field: 'webCpuShare', kind: 'over-one', bound: shares });
  if (inputs.databaseCpuSeconds > inputs.databaseSeconds) {
    problems.push({ field: 'databaseCpuSeconds', kind: 'too-large', bound: inputs.databaseSeconds });
  }
  if (responseSeconds(inputs) <= 0) problems.push({ field: 'cpuSeconds', kind: 'too-small', bound: 0 });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, inputs };
}

/** Bounds of a number: `above` is excluded, `least` and `most` are allowed. */
export interface Range {
  readonly above?: number;
  readonly least?: number;
  readonly most: number;
  readonly whole?: true;
}

const tebibyte = 2 ** 40;

/** The bounds of each number; beyond them a mistyped unit is likelier than such a machine. */
export const fieldRanges: Readonly<Record<NumberField, Range>> = {
  cpus: { least: 0.01, most: 1024 },
  memoryBytes: { least: mebibyte, most: 64 * tebibyte },
  replicas: { least: 1, most: 1000, whole: true },
  users: { least: 1, most: 100_000, whole: true },
  thinkSeconds: { least: 0, most: 86_400 },
  requestsPerSecond: { least: 0.001, most: 100_000 },
  cpuSeconds: { least: 0, most: 3600 },
  databaseSeconds: { least: 0, most: 3600 },
  databaseCpuSeconds: { least: 0, most: 3600 },
  databaseCpus: { least: 0.01, most: 1024 },
  workerBytes: { least: mebibyte, most: tebibyte },
  webLimitBytes: { least: mebibyte, most: 64 * tebibyte },
  taskWorkers: { least: 0, most: 10_000, whole: true },
  taskWorkerBytes: { least: 0, most: tebibyte },
  otherWebWorkers: { least: 0, most: 10_000, whole: true },
  sameCommandReplicas: { least: 0, most: 1000, whole: true },
  systemBytes: { least: 0, most: tebibyte },
  redisBytes: { least: 0, most: 64 * tebibyte },
  otherConnections: { least: 0, most: 1_000_000, whole: true },
  poolsPerProcess: { least: 0, most: 100, whole: true },
  webCpuShare: { above: 0, most: 1 },
  databaseCpuShare: { least: 0, most: 1 },
  tasksCpuShare: { least: 0, most: 1 },
  cacheCpuShare: { least: 0, most: 1 },
  databaseMemoryShare: { least: 0, most: 1 },
  databaseServers: { least: 1, most: 100, whole: true },
};

const numberFields = Object.keys(fieldRanges) as NumberField[];
const allFields = Object.keys(typicalInputs) as (keyof CapacityInputs)[];

const choices: readonly (readonly [keyof CapacityInputs, readonly unknown[]])[] = [
  ['profile', ['dedicated', 'shared']],
  ['database', ['postgresql', 'mysql', 'mariadb', 'none']],
  ['concurrency', ['threads', 'event-loop']],
  ['redisPersists', [true, false]],
];

/** Null has a meaning of its own there. */
const optionalFields: ReadonlySet<NumberField> = new Set([
  'requestsPerSecond',
  'webLimitBytes',
  'databaseCpus',
] as const);

/** What is wrong with a number; undefined when it can be used. */
export function checkNumber(value: unknown, { above, least, most, whole }: Range): NumberProblem | undefined {
  if (value === undefined || value === null || value === '') return { kind: 'missing' };
  if (typeof value !== 'number' || !Number.isFinite(value)) return { kind: 'not-a-number' };
  if (above !== undefined && value <= above) return { kind: 'too-small', bound: above };
  if (least !== undefined && value < least) return { kind: 'too-small', bound: least };
  if (value > most) return { kind: 'too-large', bound: most };
  return whole && !Number.isInteger(value) ? { kind: 'not-whole' } : undefined;
}
