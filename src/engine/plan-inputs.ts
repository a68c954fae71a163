import type { CapacityInputs } from '../capacity/capacity-inputs.ts';
import type { Origin } from '../capacity/capacity-plan.ts';
import { databaseCores, fullDatabaseCpuSeconds } from '../capacity/database-cpu.ts';
import { findDefault } from '../capacity/defaults.ts';
import type { GivenSettingName } from '../capacity/given-settings.ts';
import type { StackSettings } from '../capacity/stack-settings.ts';
import type { PlanLanguage } from './plan-language.ts';
import type { PlanReport } from './plan-report.ts';

/** What a plan rests on: a name, its value and where that comes from. */
interface DescribedInput {
  readonly name: string;
  readonly value: string;
  readonly origin: string;
  readonly certainty: Certainty;
}

/** What nobody knows comes first in a list, then what is assumed, and last what somebody wrote. */
type Certainty = 'unknown' | 'assumed' | 'stated';
const certainties: readonly Certainty[] = ['unknown', 'assumed', 'stated'];

/**
 * The inputs that matter to a reader, and the settings of today that the files leave open, each with its value and where
 * it comes from; what has to be confirmed comes first, and of that the times of a request, which matter most.
 */
export function describeInputs(report: PlanReport): readonly DescribedInput[] {
  const entries = [...openSettings(report), ...ownInputs(report)];
  const rank = ({ certainty }: DescribedInput) => certainties.indexOf(certainty);
  return entries.sort((left, right) => rank(left) - rank(right));
}

/** Names of today's settings that decide what the stack carries and that the files do not say. */
export function unknownSettings({ plan, language }: PlanReport): readonly string[] {
  const decisive: readonly GivenSettingName[] = ['workers', 'threads', 'poolSize'];
  return decisive
    .filter((name) => plan.todayOrigins[name]?.kind === 'unknown')
    .map((name) => language.say(settingNames[name]));
}

function openSettings({ plan, language }: PlanReport): readonly DescribedInput[] {
  const { todayOrigins, today } = plan;
  return plan.openSettings.flatMap(({ name, assumed, origin: unstated }) => {
    const origin = todayOrigins[name] ?? unstated;
    const value = origin.kind === 'given' ? settingOf(today, name) : assumed;
    const isTime = name.endsWith('Seconds');
    const written = (number: number) => (isTime ? language.time(number * 1000) : language.number(number));
    return [
      {
        name: language.say(settingNames[name]),
        value: value === null ? language.say('no limit') : written(value),
        origin: sayOrigin(origin, language),
        certainty: certaintyOf(origin),
      },
    ];
  });
}

function settingOf(today: StackSettings | undefined, name: GivenSettingName): number | null {
  switch (name) {
    case 'poolSize':
      return today?.pool?.size ?? null;
    case 'maxOverflow':
      return today?.pool?.overflow ?? null;
    case 'poolTimeoutSeconds':
      return today?.pool?.timeoutSeconds ?? null;
    default:
      return today?.[name] ?? null;
  }
}

const settingNames: Readonly<Record<GivenSettingName, string>> = {
  workers: 'workers today',
  threads: 'threads of a worker today',
  poolSize: 'pool size today',
  maxOverflow: 'pool overflow today',
  poolTimeoutSeconds: 'pool time-out today',
  maxConnections: 'connections that the database takes today',
  workerTimeoutSeconds: 'worker time-out today',
  proxyTimeoutSeconds: 'proxy time-out today',
};

function ownInputs({ plan, language }: PlanReport): readonly DescribedInput[] {
  const { inputs, origins } = plan;
  const areAllAssumed = inputs.profile === 'shared' && cpuShares.every((field) => origins[field].kind === 'assumed');
  const entries = inputNames.flatMap(([field, name]) => {
    const value = inputs[field];
    const isOther = inputs.requestsPerSecond !== null && (field === 'users' || field === 'thinkSeconds');
    const isUnshared = inputs.profile === 'dedicated' && ofSharedMachine.test(field);
    // Few stacks have several web servers.
    const isAbsent = value === 0 && (field === 'otherWebWorkers' || field === 'sameCommandReplicas');
    const isOfNoDatabase = inputs.database === 'none' && field.startsWith('databaseCpu');
    const isInOne = areAllAssumed && cpuShares.some((share) => share === field);
    if (value === null || isOther || isUnshared || isAbsent || isOfNoDatabase || isInOne) return [];
    return [
      {
        name: language.say(field === 'databaseSeconds' && inputs.database === 'none' ? 'waiting of a request' : name),
        value: sayInput(field, { value, language }),
        origin: [sayOrigin(origins[field], language), ...sayLimit(field, { plan, language })].join('; '),
        // It is a part of the time that stands before it.
        certainty: certaintyOf(origins[field === 'databaseCpuSeconds' ? 'databaseSeconds' : field]),
      },
    ];
  });
  return areAllAssumed ? [...entries, assumedShares(inputs, language)] : entries;
}

/** The shares of the CPUs in one line: whoever has not given any reads them once. */
function assumedShares(inputs: CapacityInputs, { say, share }: PlanLanguage): DescribedInput {
  return {
    name: say('CPUs for web / database / tasks / cache'),
    value: cpuShares.map((field) => share(inputs[field])).join(' / '),
    origin: say('assumed'),
    certainty: 'assumed',
  };
}

const cpuShares = ['webCpuShare', 'databaseCpuShare', 'tasksCpuShare', 'cacheCpuShare'] as const;

function certaintyOf({ kind }: Origin): Certainty {
  return kind === 'unknown' || kind === 'assumed' ? kind : 'stated';
}

/** What queries compute has to be measured; how much of it the database's cores can do is known without. */
function sayLimit(field: keyof CapacityInputs, of: Pick<PlanReport, 'plan' | 'language'>): readonly string[] {
  const { plan, language } = of;
  const full = fullDatabaseCpuSeconds(plan.inputs);
  if (field !== 'databaseCpuSeconds' || plan.origins[field].kind !== 'assumed' || full === undefined) return [];
  if (full > plan.inputs.databaseSeconds) return [];
  const cores = databaseCores(plan.inputs);
  const says = cores === 1 ? '{time} would fill its core' : '{time} would fill its {cores} cores';
  return [language.say(says, { time: language.time(full * 1000), cores })];
}

const ofSharedMachine = /Share$|^otherWebWorkers$|^sameCommandReplicas$/;

const inputNames: readonly (readonly [keyof CapacityInputs, string])[] = [
  ['cpuSeconds', 'CPU of a request'],
  ['databaseSeconds', 'database time of a request'],
  ['databaseCpuSeconds', 'of it computing in the database'],
  ['users', 'users'],
  ['requestsPerSecond', 'requests a second'],
  ['thinkSeconds', 'think time'],
  ['cpus', 'CPU cores'],
  ['memoryBytes', 'memory'],
  ['workerBytes', 'memory of a worker'],
  ['profile', 'machine'],
  ['databaseCpus', 'CPU cores of the database'],
  ['replicas', 'web containers'],
  ['otherWebWorkers', 'workers of other web servers'],
  ['sameCommandReplicas', 'containers of the same command'],
  ['taskWorkers', 'background workers'],
  ['database', 'database'],
  ['webCpuShare', 'share of the CPUs: web servers'],
  ['databaseCpuShare', 'share of the CPUs: database'],
  ['tasksCpuShare', 'share of the CPUs: background workers'],
  ['cacheCpuShare', 'share of the CPUs: cache'],
  ['databaseMemoryShare', 'share of the memory: database'],
];

function sayInput(
  field: keyof CapacityInputs,
  of: { readonly value: string | number | boolean; readonly language: PlanLanguage },
): string {
  const { value, language } = of;
  if (typeof value !== 'number') return language.say(String(value));
  if (field.endsWith('Share')) return language.share(value);
  if (field.endsWith('Bytes')) return language.bytes(value);
  return field.endsWith('Seconds') ? language.time(value * 1000) : language.number(value);
}

/** "headroom.yaml:2", "Gunicorn's default", "assumed: ...". */
export function sayOrigin(origin: Origin, { say }: PlanLanguage): string {
  switch (origin.kind) {
    case 'file':
      return `${origin.place.path}:${origin.place.line}`;
    case 'default': {
      const entry = findDefault(origin.id);
      return entry ? say("{program}'s default", { program: entry.program }) : say('default');
    }
    case 'assumed':
      return origin.place ? `${say('assumed')} (${origin.place.path}:${origin.place.line})` : say('assumed');
    case 'given':
      return say('given');
    case 'unknown':
      return say('unknown, assumed ({why})', { why: origin.why });
    case 'computed':
      return say(origin.says);
  }
}
