import {
  type CapacityInputs,
  checkInputs,
  type FieldProblem,
  splitResponse,
  typicalInputs,
} from '../capacity/capacity-inputs.ts';
import { formatQuantity } from '../capacity/figure.ts';
import { knownLocale, standardLocale } from '../capacity/format-number.ts';
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
  'database-cpu': { type: 'string' },
  'database-cpus': { type: 'string' },
  'worker-memory': { type: 'string' },
  'web-cpu-share': { type: 'string' },
  'database-cpu-share': { type: 'string' },
  'tasks-cpu-share': { type: 'string' },
  'cache-cpu-share': { type: 'string' },
  'database-memory-share': { type: 'string' },
  service: { type: 'string' },
  'load-test': { type: 'string' },
  output: { type: 'string' },
  locale: { type: 'string' },
} as const;

/** What `headroom plan --help` prints. */
export const planUsage = `Usage: headroom plan [path] [options]

Says what the stack in this folder carries, what breaks first and which settings carry the load. Without a path the figures
rest on the options alone; with one they replace what its files say. Nothing is written to the project.

The machine
  --profile shared|dedicated     database, cache and workers share it, or it is the web server's own
  --cpus NUMBER                  its CPU cores: 4, 0.5
  --memory SIZE                  its memory: 8GiB, 512MiB
  --replicas NUMBER              containers of the web server
  --worker-memory SIZE           memory of one worker process: 150MiB
  --web-cpu-share SHARE          who gets which share of a shared machine's CPUs, such as 0.5 or 50%: the web server,
  --database-cpu-share SHARE     the database,
  --tasks-cpu-share SHARE        background workers,
  --cache-cpu-share SHARE        the cache
  --database-cpus NUMBER         the database's CPU cores, when it has a machine or a limit of its own
  --database-memory-share SHARE  the database's share of a shared machine's memory

The load
  --users NUMBER                 people at once
  --think TIME                   from an answer to the same user's next request: 1s, 500ms
  --rate NUMBER                  requests a second, whoever sends them, instead of users
  --response TIME                a request when nothing waits: 200ms
  --database-share SHARE         the share of that time which waits for the database: 0.8 or 80%
  --database-cpu TIME            how much of it the database computes: 30ms; the rest waits for disks, locks, the network

The project
  --service NAME                 which web server, when there are several
  --assume NAME=VALUE            a setting of today that the files leave open, such as workers=4 (may be repeated): workers,
                                 threads, pool-size, max-overflow, pool-timeout, max-connections, worker-timeout,
                                 proxy-timeout
  --config FILE                  use this configuration instead of the folder's headroom.yaml
  --compose-file FILE            read this compose file as the project, as with docker compose -f (may be repeated)

The report
  --format text|json|markdown    a summary (default), everything for programs, or the tuning report with its diffs
  --locale TAG                   the numbers of text and Markdown as this language writes them: de, zh-CN (default en)
  --runbook                      print the commands to watch this stack with instead
  --load-test locust|k6          print a load test for 1, 10 and the planned users instead
  --output FOLDER                write runbook and load test there; no file is replaced
  --no-color                     no colours, as with NO_COLOR

Ends with 0, or with 2 after a usage or internal error or an invalid configuration.
`;

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
  if (values.users !== undefined && values.rate !== undefined) {
    throw new UsageError('--users and --rate are two ways to state the load: give one of them');
  }
  const given = {
    profile: readProfile(values.profile),
    cpus: number('cpus'),
    memoryBytes: bytes('memory'),
    replicas: number('replicas'),
    users: number('users'),
    thinkSeconds: seconds('think'),
    requestsPerSecond: number('rate'),
    databaseCpuSeconds: seconds('database-cpu'),
    databaseCpus: number('database-cpus'),
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
  if (!checked.ok)
    throw new UsageError(describeProblem(checked.problems[0]) + suggestUnit(checked.problems[0], values));
  return { ...typed, ...(response !== undefined && databaseShare === undefined && { responseSeconds: response }) };
}

/** `; did you mean 8GiB?` for an amount of memory that lacks its unit. */
function suggestUnit(problem: FieldProblem | undefined, values: Readonly<Partial<Record<Flag, string | undefined>>>) {
  const isSmall = problem?.kind === 'too-small';
  const text = problem?.field === 'memoryBytes' ? values.memory : values['worker-memory'];
  if (!isSmall || !problem.field.endsWith('Bytes') || !/^[\d.]+$/.test(text ?? '') || Number(text) === 0) return '';
  return `; did you mean "${text}${problem.field === 'memoryBytes' ? 'GiB' : 'MiB'}"?`;
}

/** The locale of `--locale`, English without it; throws a UsageError for a tag that no numbers can be written for. */
export function readLocale(tag: string | undefined): string {
  if (tag === undefined) return standardLocale;
  const locale = knownLocale(tag);
  if (locale !== undefined) return locale;
  // As the environment of a shell names it: de_DE.UTF-8.
  const meant = knownLocale(tag.replace(/\..*$/, '').replaceAll('_', '-'));
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  throw new UsageError(`--locale takes a language tag, such as de or zh-CN, not "${tag}"${hint}`);
}

/** One line that says which value cannot be used and why. */
export function describeProblem(problem: FieldProblem | undefined): string {
  if (!problem) return 'a value cannot be used';
  const name = flags[problem.field] ?? problem.field;
  const bound = problem.bound === undefined ? '' : formatQuantity(problem.bound, { unit: unitOf(problem.field) });
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
  databaseCpuSeconds: '--database-cpu',
  databaseCpus: '--database-cpus',
  workerBytes: '--worker-memory',
  webCpuShare: '--web-cpu-share',
  databaseCpuShare: '--database-cpu-share',
  tasksCpuShare: '--tasks-cpu-share',
  cacheCpuShare: '--cache-cpu-share',
  databaseMemoryShare: '--database-memory-share',
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
