import { bottleneckSentence } from '../capacity/bottleneck-sentence.ts';
import type { CapacityInputs } from '../capacity/capacity-inputs.ts';
import type { CapacityPlan, Origin, PlanRow } from '../capacity/capacity-plan.ts';
import { findDefault } from '../capacity/defaults.ts';
import { formatQuantity } from '../capacity/figure.ts';
import type { LoadRow } from '../capacity/load-plan.ts';
import type { StackSettings } from '../capacity/stack-settings.ts';
import type { LoadSummary, SettingsLoads } from '../capacity/summarise-loads.ts';
import { fillTemplate } from './sentence.ts';

/** The verdict in sentences: what is carried today, what breaks first, what the plan carries. */
export function verdictOf(plan: CapacityPlan, loads: LoadSummary): readonly string[] {
  const { today, planned, plannedRange } = loads;
  const unit = unitOf(plan.inputs);
  const sentences: string[] = [];
  if (today && plan.today) {
    const row = rowAt(today, plan.inputs);
    const breaks = row ? ` ${bottleneckOf(row, plan.today)}` : '';
    sentences.push(`Today this stack carries about ${countLoad(today.carried)} ${unit}.${breaks}`);
  }
  const rests = plannedRange
    ? ` (${countLoad(plannedRange.double)} to ${countLoad(plannedRange.half)} if requests take twice or half the assumed time)`
    : '';
  const nothing = plan.today !== undefined && plan.rows.length === 0;
  sentences.push(
    nothing
      ? `There is nothing to improve${rests}.`
      : `With the plan it carries about ${countLoad(planned.carried)} ${unit}${rests}.`,
  );
  if (!plan.recommended.carries) {
    sentences.push(
      `${describeLoad(plan.inputs)} are more than this machine serves: it needs more CPUs or shorter requests.`,
    );
  }
  if (!plan.recommended.fits) sentences.push('The parts need more memory than the machine has.');
  return sentences;
}

/** Names what runs out first, or that nothing does. */
export function bottleneckOf(row: LoadRow, settings: StackSettings): string {
  const phrase = bottleneckSentence(row, settings);
  return fillTemplate(phrase.says, phrase.with);
}

/** The row of the planned load. */
export function rowAt({ rows }: SettingsLoads, inputs: CapacityInputs): LoadRow | undefined {
  const { requestsPerSecond, users } = inputs;
  return rows.find((row) =>
    requestsPerSecond === null ? row.users === users : row.requestsPerSecond === requestsPerSecond,
  );
}

/** "50 users", "100 requests a second". */
export function describeLoad(inputs: CapacityInputs): string {
  const { requestsPerSecond, users } = inputs;
  return requestsPerSecond === null ? `${users} users` : `${countLoad(requestsPerSecond)} requests a second`;
}

export function unitOf(inputs: CapacityInputs): string {
  return inputs.requestsPerSecond === null ? 'users' : 'requests a second';
}

/** Two significant digits from 100 on: the model is not more exact than that. */
export function countLoad(load: number): string {
  const rounded = load < 100 ? Math.round(load * 10) / 10 : Number(load.toPrecision(2));
  return new Intl.NumberFormat('en').format(rounded);
}

/** Milliseconds with at most three digits, seconds from 10 s on. */
export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${Math.round(milliseconds / 1000)} s`;
  return `${Math.round(milliseconds)} ms`;
}

/** "0 %", "5.3 %". */
export function formatShare(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

/** The inputs that matter to a reader, each with its value and where it comes from; what has to be confirmed first. */
export function describeInputs(
  plan: CapacityPlan,
): readonly { readonly name: string; readonly value: string; readonly origin: string }[] {
  const { inputs, origins } = plan;
  const entries = inputNames.flatMap(([field, name]) => {
    const value = inputs[field];
    const isOther = inputs.requestsPerSecond !== null && (field === 'users' || field === 'thinkSeconds');
    const isUnshared = inputs.profile === 'dedicated' && field.endsWith('Share');
    if (value === null || isOther || isUnshared) return [];
    return [{ name, value: sayValue(field, value), origin: sayOrigin(origins[field]), kind: origins[field].kind }];
  });
  return entries.sort((left, right) => Number(right.kind === 'unknown') - Number(left.kind === 'unknown'));
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

function sayValue(field: keyof CapacityInputs, value: string | number | boolean): string {
  if (typeof value !== 'number') return String(value);
  return formatQuantity(value, field.endsWith('Bytes') ? 'bytes' : field.endsWith('Seconds') ? 'seconds' : 'count');
}

/** "headroom.yaml:2", "Gunicorn's default", "assumed: ...". */
export function sayOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'file':
      return `${origin.place.path}:${origin.place.line}`;
    case 'default': {
      const entry = findDefault(origin.id);
      return entry ? `${entry.program}'s default` : 'default';
    }
    case 'assumed':
      return origin.place ? `assumed (${origin.place.path}:${origin.place.line})` : 'assumed';
    case 'given':
      return 'given';
    case 'unknown':
      return `unknown, assumed (${origin.why})`;
    case 'computed':
      return origin.says;
  }
}

/** Where a row is written. */
export function sayPlace({ place }: PlanRow): string {
  return place ? `${place.path}:${place.line}` : '';
}

/** The reason of a row as a sentence part. */
export function sayReason({ reason }: PlanRow): string {
  return fillTemplate(reason.says, reason.with);
}
