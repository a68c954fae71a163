import {
  type CapacityInputs,
  checkInputs,
  type FieldProblem,
  splitResponse,
  typicalInputs,
} from '../capacity/capacity-inputs.ts';
import { formatQuantity } from '../capacity/figure.ts';
import { readBytes, readSeconds } from '../engine/quantities.ts';
import type { GivenInputs } from '../plan/capacity-inputs.ts';
import { suggest } from './suggest.ts';
import { UsageError } from './terminal.ts';

/** The options of `headroom plan` that take a value, for the parser of the command line. */
export const planOptions = {
  profile: { type: 'string' },
  cpus: { type: 'string' },
  memory: { type: 'string' },
  replicas: { type: 'string' },
  users: { type: 'string' },
  think: { type: 'string' },
  rate: { type: 'string' },
  response: { type: 'string' },
  'database-share': { type: 'string' },
  'worker-memory': { type: 'string' },
  'web-cpu-share': { type: 'string' },
  'database-cpu-share': { type: 'string' },
  'tasks-cpu-share': { type: 'string' },
  'cache-cpu-share': { type: 'string' },
  'database-memory-share': { type: 'string' },
  service: { type: 'string' },
  'load-test': { type: 'string' },
  output: { type: 'string' },
} as const;

type Flag = keyof typeof planOptions;

/** Reads the flags that replace inputs; throws a UsageError for a value that cannot be used. */
export function readGiven(values: Readonly<Partial<Record<Flag, string | undefined>>>): GivenInputs {
  const number = (flag: Flag) => readFlag(values, { flag, read: readNumber, example: 'a number, such as 4' });
  const seconds = (flag: Flag) => readFlag(values, { flag, read: readSeconds, example: 'a time, such as 200ms or 1s' });
  const bytes = (flag: Flag) =>
    readFlag(values, { flag, read: readBytes, example: 'an amount of memory, such as 512MiB or 8GiB' });
  const response = seconds('response');
  const share = (flag: Flag) => readFlag(values, { flag, read: readShare, example: 'a share, such as 0.8 or 80%' });
  const databaseShare = share('database-share');
  if (databaseShare !== undefined && response === undefined) {
    throw new UsageError('--database-share needs --response, the time of which it is a share');
  }
  const given = {
    profile: readProfile(values.profile),
    cpus: number('cpus'),
    memoryBytes: bytes('memory'),
    replicas: number('replicas'),
    users: number('users'),
    thinkSeconds: seconds('think'),
    requestsPerSecond: number('rate'),
    workerBytes: bytes('worker-memory'),
    webCpuShare: share('web-cpu-share'),
    databaseCpuShare: share('database-cpu-share'),
    tasksCpuShare: share('tasks-cpu-share'),
    cacheCpuShare: share('cache-cpu-share'),
    databaseMemoryShare: share('database-memory-share'),
    ...(response !== undefined && databaseShare !== undefined && splitResponse(response, databaseShare)),
  };
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  const typed = Object.fromEntries(entries) as Partial<CapacityInputs>;
  const times = response === undefined || databaseShare !== undefined ? {} : splitResponse(response);
  const checked = checkInputs({ ...typicalInputs, ...times, ...typed });
  if (!checked.ok) throw new UsageError(describeProblem(checked.problems[0]));
  return { ...typed, ...(response !== undefined && databaseShare === undefined && { responseSeconds: response }) };
}

/** One line that says which value cannot be used and why. */
export function describeProblem(problem: FieldProblem | undefined): string {
  if (!problem) return 'a value cannot be used';
  const name = flags[problem.field] ?? problem.field;
  const bound = problem.bound === undefined ? '' : formatQuantity(problem.bound, unitOf(problem.field));
  switch (problem.kind) {
    case 'missing':
      return `${name} needs a value`;
    case 'too-small':
      return problem.bound === 0 ? `${name} must be above 0` : `${name} must be at least ${bound}`;
    case 'too-large':
      return `${name} must be at most ${bound}`;
    case 'not-whole':
      return `${name} must be a whole number`;
    case 'over-one':
      return `the CPU shares add up to ${bound}, more than 1`;
    default:
      return `${name} cannot be used`;
  }
}

const flags: Readonly<Partial<Record<keyof CapacityInputs, string>>> = {
  profile: '--profile',
  cpus: '--cpus',
  memoryBytes: '--memory',
  replicas: '--replicas',
  users: '--users',
  thinkSeconds: '--think',
  requestsPerSecond: '--rate',
  cpuSeconds: '--response',
  databaseSeconds: '--response',
  workerBytes: '--worker-memory',
  webCpuShare: '--web-cpu-share',
};

function unitOf(field: string): 'bytes' | 'seconds' | 'count' {
  return field.endsWith('Bytes') ? 'bytes' : field.endsWith('Seconds') ? 'seconds' : 'count';
}

function readFlag(
  values: Readonly<Partial<Record<Flag, string | undefined>>>,
  how: { readonly flag: Flag; readonly read: (text: string) => number | undefined; readonly example: string },
): number | undefined {
  const text = values[how.flag];
  if (text === undefined) return undefined;
  const value = how.read(text);
  if (value === undefined) throw new UsageError(`--${how.flag} takes ${how.example}, not "${text}"`);
  return value;
}

function readNumber(text: string): number | undefined {
  return /^[-+]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

function readShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
  const share = match && Number(match[1]) / (match[2] === '%' ? 100 : 1);
  return share !== null && share <= 1 ? share : undefined;
}

function readProfile(text: string | undefined): CapacityInputs['profile'] | undefined {
  if (text === undefined || text === 'shared' || text === 'dedicated') return text;
  throw new UsageError(`--profile takes shared, dedicated, not "${text}"${suggest(text, ['shared', 'dedicated'])}`);
}
