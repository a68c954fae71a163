import { bottleneckSentence } from '../capacity/bottleneck-sentence.ts';
import type { CapacityInputs } from '../capacity/capacity-inputs.ts';
import type { Origin, PlanRow, ServerConnections } from '../capacity/capacity-plan.ts';
import { findDefault } from '../capacity/defaults.ts';
import type { LoadRow } from '../capacity/load-plan.ts';
import type { MemoryBudget } from '../capacity/memory-sizing.ts';
import type { SettingsLoads } from '../capacity/summarise-loads.ts';
import type { PlanLanguage } from './plan-language.ts';
import type { PlanReport } from './plan-report.ts';

/** The verdict in sentences: what is carried today, what breaks first, what the plan carries. */
export function verdictOf(report: PlanReport): readonly string[] {
  const { plan, unread, language } = report;
  return [
    ...sayToday(report),
    ...sayPlan(report),
    ...(plan.recommended.fits ? [] : [language.say('The parts need more memory than the machine has.')]),
    ...unread.map(({ place, why }) =>
      language.say('{file} is not part of this plan: {why}.', { file: `${place.path}:${place.line}`, why }),
    ),
  ];
}

function sayToday({ plan, loads, language }: PlanReport): string[] {
  const { today } = loads;
  if (!today || !plan.today) return [];
  const { say } = language;
  const row = rowAt(today, plan.inputs);
  const values = { carried: language.load(today.carried), unit: say(unitOf(plan.inputs)) };
  const bottleneck = row && bottleneckSentence(row, plan.today);
  return [
    say(
      today.carried > 0
        ? 'Today this stack carries about {carried} {unit}.'
        : 'Today this stack carries no {unit} within the target.',
      values,
    ),
    ...(bottleneck ? [say(bottleneck.says, bottleneck.with)] : []),
    ...(row && !row.stable ? [say('More requests arrive than it can ever answer.')] : []),
  ];
}

function sayPlan({ plan, loads, language }: PlanReport): string[] {
  const { say, load } = language;
  const { planned, plannedRange: range } = loads;
  const wanted = plan.inputs.requestsPerSecond ?? plan.inputs.users;
  const rests = range
    ? say(' ({double} to {half} if requests take twice or half the assumed time)', {
        double: load(range.double),
        half: load(range.half),
      })
    : '';
  const values = {
    carried: load(planned.carried),
    unit: say(unitOf(plan.inputs)),
    load: describeLoad(plan.inputs, language),
    rests,
  };
  const isUnchanged = plan.today !== undefined && plan.rows.length === 0;
  const isCarried = planned.carried >= wanted;
  const verdict = isCarried
    ? 'With the plan it carries about {carried} {unit}{rests}.'
    : 'Even with the plan it carries about {carried} of {load}{rests}.';
  return [
    isUnchanged && isCarried
      ? say('There is nothing to improve{rests}.', values)
      : say(isUnchanged ? 'No setting suits {load} better{rests}.' : verdict, values),
    ...(plan.recommended.carries ? [] : [say('This load needs more CPUs or shorter requests.')]),
  ];
}

/** The row of the planned load. */
export function rowAt({ rows }: SettingsLoads, inputs: CapacityInputs): LoadRow | undefined {
  const { requestsPerSecond, users } = inputs;
  return rows.find((row) =>
    requestsPerSecond === null ? row.users === users : row.requestsPerSecond === requestsPerSecond,
  );
}

/** "50 users", "100 requests a second". */
export function describeLoad(inputs: CapacityInputs, { say }: PlanLanguage): string {
  const { requestsPerSecond, users } = inputs;
  if (requestsPerSecond !== null) return say('{rate} requests a second', { rate: requestsPerSecond });
  return say(users === 1 ? '{users} user' : '{users} users', { users });
}

/** What loads are counted in, as a template. */
export function unitOf(inputs: CapacityInputs): string {
  return inputs.requestsPerSecond === null ? 'users' : 'requests a second';
}

/** The load of a row: users, or requests a second. */
export function loadOf({ users, requestsPerSecond }: LoadRow): number {
  return users ?? requestsPerSecond ?? 0;
}

/** The inputs that matter to a reader, each with its value and where it comes from; what has to be confirmed first. */
export function describeInputs({
  plan,
  language,
}: PlanReport): readonly { readonly name: string; readonly value: string; readonly origin: string }[] {
  const { inputs, origins } = plan;
  const entries = inputNames.flatMap(([field, name]) => {
    const value = inputs[field];
    const isOther = inputs.requestsPerSecond !== null && (field === 'users' || field === 'thinkSeconds');
    const isUnshared = inputs.profile === 'dedicated' && field.endsWith('Share');
    if (value === null || isOther || isUnshared) return [];
    return [
      {
        name: language.say(field === 'databaseSeconds' && inputs.database === 'none' ? 'waiting of a request' : name),
        value: sayInput(field, { value, language }),
        origin: sayOrigin(origins[field], language),
        isUnknown: origins[field].kind === 'unknown',
      },
    ];
  });
  return entries.sort((left, right) => Number(right.isUnknown) - Number(left.isUnknown));
}

const inputNames: readonly (readonly [keyof CapacityInputs, string])[] = [
  ['cpus', 'CPU cores'],
  ['memoryBytes', 'memory'],
  ['profile', 'machine'],
  ['replicas', 'web containers'],
  ['users', 'users'],
  ['thinkSeconds', 'think time'],
  ['requestsPerSecond', 'requests a second'],
  ['cpuSeconds', 'CPU of a request'],
  ['databaseSeconds', 'database time of a request'],
  ['workerBytes', 'memory of a worker'],
  ['taskWorkers', 'background workers'],
  ['database', 'database'],
  ['webCpuShare', 'share of the CPUs: web'],
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

/** Where a row is written. */
export function sayPlace({ place }: PlanRow): string {
  return place ? `${place.path}:${place.line}` : '';
}

/** The reason of a row as a sentence part, and its arithmetic where there is any. */
export function sayReason({ reason, figure, unit }: PlanRow, { say, explain }: PlanLanguage): string {
  const hasArithmetic = Object.keys(figure.inputs).length > 0 && figure.formula.includes(' ');
  return [say(reason.says, reason.with), ...(hasArithmetic ? [explain(figure, unit)] : [])].join('; ');
}

/** What a row changes, from and to. */
export function sayChange(
  { today, planned }: PlanRow,
  { say, amounts }: PlanLanguage,
): { readonly today: string; readonly planned: string } {
  return { today: today === undefined ? say('not set') : amounts(today), planned: amounts(planned) };
}

/** What the parts leave of the machine's memory, or what they lack. */
export function sayFree({ freeBytes, totalBytes }: MemoryBudget, { say, bytes }: PlanLanguage): readonly string[] {
  const name = freeBytes < 0 ? 'missing' : 'free';
  return [say(name), bytes(Math.abs(freeBytes)), say('of {total}', { total: bytes(totalBytes) })];
}

/** Connections of all services together. */
export function sumOf({ parts }: ServerConnections, when: 'today' | 'planned'): number {
  return parts.reduce((total, part) => total + part[when], 0);
}
