import { bottleneckSentence } from '../capacity/bottleneck-sentence.ts';
import type { CapacityInputs } from '../capacity/capacity-inputs.ts';
import type { PlanRow, ServerConnections } from '../capacity/capacity-plan.ts';
import type { LoadRow } from '../capacity/load-plan.ts';
import { describePart, type MemoryBudget } from '../capacity/memory-sizing.ts';
import type { StackSettings } from '../capacity/stack-settings.ts';
import type { SettingsLoads } from '../capacity/summarise-loads.ts';
import { unknownSettings } from './plan-inputs.ts';
import type { PlanLanguage } from './plan-language.ts';
import type { PlanReport } from './plan-report.ts';

/** The verdict in sentences: what is carried today, what breaks first, what the plan carries. */
export function verdictOf(report: PlanReport): readonly string[] {
  const { plan, unread, language } = report;
  return [
    ...sayToday(report),
    ...sayShortConnections(report),
    ...sayShortMemory(report),
    ...sayPlan(report),
    ...(plan.project?.sharesCpusWith === undefined
      ? []
      : [
          language.say('The same CPUs also serve {names}, whose requests are not counted.', {
            names: plan.project.sharesCpusWith,
          }),
        ]),
    ...unread.map(({ place, why }) =>
      language.say('{file} is not part of this plan: {why}.', { file: `${place.path}:${place.line}`, why }),
    ),
  ];
}

function sayToday(report: PlanReport): string[] {
  const { plan, loads, others, language } = report;
  const { today } = loads;
  if (!today || !plan.today) return [];
  const { say } = language;
  const row = rowAt(today, plan.inputs);
  // Beside other web servers it is one of them that is planned.
  const subject = others.length > 0 && plan.project ? plan.project.service : say('this stack');
  const values = { subject, carried: language.load(today.carried), unit: say(unitOf(plan.inputs)) };
  const unknown = unknownSettings(report);
  const names = unknown.join(', ');
  return [
    say(
      today.carried > 0
        ? 'Today {subject} carries about {carried} {unit}.'
        : 'Today {subject} carries no {unit} within the target.',
      values,
    ),
    ...(unknown.length > 0 ? [say('The files do not say these, so they are assumed: {names}.', { names })] : []),
    ...(row ? [sayBottleneck(row, { settings: plan.today, language })] : []),
    ...(row && !row.stable ? [say('More requests arrive than it can ever answer.')] : []),
    ...(isDevelopmentServer(plan) ? [say('Its web server is made for development, not for production.')] : []),
  ];
}

/** Flask and Django say so in their documentation. */
function isDevelopmentServer({ project }: PlanReport['plan']): boolean {
  return project?.server === 'flask-run' || project?.server === 'django-runserver';
}

/** Databases and poolers that take fewer connections than the services use together. */
function sayShortConnections({ plan, language }: PlanReport): string[] {
  return plan.connections.flatMap(({ store, usable, parts }) => {
    const used = parts.reduce((sum, { today }) => sum + Math.max(0, today), 0);
    if (usable === undefined || used <= usable) return [];
    const values = { store, usable, used };
    return [language.say('{store} takes {usable} connections, and the services can use {used} at once.', values)];
  });
}

function sayShortMemory({ plan, language }: PlanReport): string[] {
  const { fits, memory } = plan.recommended;
  const { totalBytes, freeBytes } = memory;
  if (fits || freeBytes >= 0) return [];
  return [
    language.say('The parts need {need} of memory, more than the {total} of the machine.', {
      need: language.bytes(totalBytes - freeBytes),
      total: language.bytes(totalBytes),
    }),
  ];
}

function sayPlan(report: PlanReport): string[] {
  const { plan, loads, language } = report;
  const { say, load } = language;
  const { planned, plannedRange: range, carriedByHand: byHand = 0 } = loads;
  const isCarried = planned.carried >= wantedLoad(plan.inputs);
  const row = rowAt(planned, plan.inputs);
  const values = {
    carried: load(planned.carried),
    unit: say(unitOf(plan.inputs)),
    load: describeLoad(plan.inputs, language),
  };
  return [
    say(planVerdict(report), values),
    ...sayByHand(report),
    ...(isCarried || !row ? [] : [sayBottleneck(row, { settings: plan.planned, language })]),
    ...(isCarried || byHand > planned.carried || plan.recommended.carries || unknownSettings(report).length > 0
      ? []
      : [say('This load needs more CPUs or shorter requests.')]),
    ...(range && planned.carried > 0
      ? [
          say('Were requests twice as long as assumed, it would be {double}; half as long, {half}.', {
            double: load(range.double),
            half: load(range.half),
          }),
        ]
      : []),
  ];
}

/** What is carried with the rows that can be applied, as a template. */
function planVerdict({ plan, loads }: PlanReport): string {
  const wanted = wantedLoad(plan.inputs);
  const { planned, today } = loads;
  if (plan.today !== undefined && plan.rows.length === 0) {
    return planned.carried >= wanted
      ? 'No setting has to change.'
      : 'No setting that can be changed here carries more of {load}.';
  }
  if (planned.carried < wanted) {
    if (planned.carried <= 0) return 'Even with the plan it carries none of {load} within the target.';
    return 'Even with the plan it carries about {carried} of {load}.';
  }
  if (!plan.recommended.fits) return 'With the plan and that memory it would carry about {carried} {unit}.';
  const isAsToday = today !== undefined && today.carried >= wanted && planned.carried <= today.carried * sameLoad;
  if (isAsToday)
    return 'What runs today is enough for {load}; the plan guards it against outages, and carries about {carried} {unit}.';
  return 'With the plan it carries about {carried} {unit}.';
}

/** Loads that differ by less than the model is exact. */
const sameLoad = 1.05;

function sayBottleneck(
  row: LoadRow,
  of: { readonly settings: StackSettings; readonly language: PlanLanguage },
): string {
  const { says, with: values } = bottleneckSentence(row, of.settings);
  return of.language.say(says, values);
}

/** What the changes by hand would add to what the plan carries. */
function sayByHand({ plan, loads, language }: PlanReport): string[] {
  const { carriedByHand, planned } = loads;
  if (carriedByHand === undefined || carriedByHand <= planned.carried) return [];
  const values = { carried: language.load(carriedByHand), unit: language.say(unitOf(plan.inputs)) };
  return [language.say('With its changes by hand as well it would carry about {carried} {unit}.', values)];
}

/** The planned load: users, or requests a second. */
export function wantedLoad({ requestsPerSecond, users }: CapacityInputs): number {
  return requestsPerSecond ?? users;
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

/** The response times of a row; none where hardly a request is answered. */
export function sayTimes(row: LoadRow, { time }: PlanLanguage): Readonly<Record<'p50' | 'p95' | 'p99', string>> {
  const show = (milliseconds: number) => (row.errorShare > 0.99 ? '-' : time(milliseconds));
  return { p50: show(row.p50), p95: show(row.p95), p99: show(row.p99) };
}

/** The median and the 95th percentile of a row's response times. */
export function sayTypicalTimes(row: LoadRow, language: PlanLanguage): string {
  const { p50, p95 } = sayTimes(row, language);
  return p50 === p95 ? p50 : `${p50} / ${p95}`;
}

/** True for a setting that prevents outages and is not seen in what a stack carries. */
export function isSafeguard({ setting }: PlanRow): boolean {
  return safeguards.has(setting);
}

const safeguards: ReadonlySet<string> = new Set([
  'memory limit',
  'memory reservation',
  'CPU limit',
  'exec',
  'stop_grace_period',
  'stopwaitsecs',
]);

/** Where a row is written. */
export function sayPlace({ place }: PlanRow): string {
  return place ? `${place.path}:${place.line}` : '';
}

/** The reason of a row as a sentence part, and its arithmetic where there is any. */
export function sayReason({ reason, figure, unit }: PlanRow, { say, explain }: PlanLanguage): string {
  const arithmetic = explain(figure, unit);
  return [say(reason.says, reason.with), ...(arithmetic === '' ? [] : [arithmetic])].join('; ');
}

/** What a row changes, from and to. */
export function sayChange(
  { today, planned }: PlanRow,
  { say, amounts }: PlanLanguage,
): { readonly today: string; readonly planned: string } {
  return { today: today === undefined ? say('not set') : amounts(today), planned: amounts(planned) };
}

/** The name of a part of the memory. */
export function sayPart(part: MemoryBudget['parts'][number], { say }: PlanLanguage): string {
  const { says, with: values } = describePart(part);
  return say(says, values);
}

/** What the parts leave of the machine's memory, or what they lack. */
export function sayFree({ freeBytes, totalBytes }: MemoryBudget, { say, bytes }: PlanLanguage): readonly string[] {
  const name = freeBytes < 0 ? 'missing' : 'free';
  return [say(name), bytes(Math.abs(freeBytes)), say('of {total}', { total: bytes(totalBytes) })];
}

/** What the services take of a database's connections, in all last; empty where nothing is known of any. */
export function sayConnections(
  { parts }: ServerConnections,
  { say, number }: PlanLanguage,
): readonly (readonly string[])[] {
  if (parts.every(({ today, planned }) => today === 0 && planned === 0)) return [];
  // A service that connects takes some: none means that the files do not say how many.
  const count = (value: number) => (value > 0 ? number(value) : say('unknown'));
  const sum = (when: 'today' | 'planned') => {
    const total = number(parts.reduce((sofar, part) => sofar + part[when], 0));
    return parts.every((part) => part[when] > 0) ? total : say('at least {total}', { total });
  };
  return [
    ...parts.map(({ service, today, planned }) => [service, count(today), count(planned)]),
    [say('in all'), sum('today'), sum('planned')],
  ];
}
