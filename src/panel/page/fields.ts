import type {
  CapacityInputs,
  FieldProblem,
  NumberField,
  NumberProblem,
  Range,
} from '../../capacity/capacity-inputs.ts';
import { fieldRanges } from '../../capacity/capacity-inputs.ts';
import { type FieldUnit, units, withUnit } from './numbers.ts';
import { say } from './texts.ts';

/** A number that the user can change. */
export interface Field {
  readonly name: NumberField;
  readonly label: string;
  readonly unit: FieldUnit;
  /** Slider from and to, in the field's unit; fields without one take numbers that nobody slides. */
  readonly slider?: { readonly least: number; readonly most: number; readonly step: number };
  readonly hint?: string;
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly Field[];
  /** Shown on request only. */
  readonly folded?: true;
}

/** The fields in reading order. */
export const fieldGroups: readonly FieldGroup[] = [
  {
    title: 'Machine',
    fields: [
      { name: 'cpus', label: 'CPU cores', unit: units.count, slider: { least: 1, most: 32, step: 1 } },
      { name: 'memoryBytes', label: 'Memory', unit: units.gibibytes, slider: { least: 1, most: 64, step: 1 } },
      { name: 'replicas', label: 'Replicas', unit: units.whole, slider: { least: 1, most: 10, step: 1 } },
    ],
  },
  {
    title: 'Load',
    fields: [
      { name: 'users', label: 'Users', unit: units.whole, slider: { least: 1, most: 500, step: 1 } },
      {
        name: 'thinkSeconds',
        label: 'Think time',
        unit: units.seconds,
        slider: { least: 0, most: 30, step: 0.5 },
        hint: 'From a reply to the next request of the same user.',
      },
      {
        name: 'requestsPerSecond',
        label: 'Requests per second',
        unit: units.count,
        slider: { least: 1, most: 500, step: 1 },
        hint: 'They come at random moments and wait for no reply.',
      },
    ],
  },
  {
    title: 'A request',
    fields: [
      { name: 'cpuSeconds', label: 'CPU', unit: units.milliseconds, slider: { least: 1, most: 500, step: 1 } },
      {
        name: 'databaseSeconds',
        label: 'Database',
        unit: units.milliseconds,
        slider: { least: 0, most: 1000, step: 5 },
      },
      {
        name: 'databaseCpuSeconds',
        label: 'Of it computing there',
        unit: units.milliseconds,
        slider: { least: 0, most: 200, step: 1 },
      },
      {
        name: 'workerBytes',
        label: 'Worker memory',
        unit: units.mebibytes,
        slider: { least: 32, most: 1024, step: 16 },
      },
    ],
  },
  {
    title: 'Other programs and shares',
    folded: true,
    fields: [
      { name: 'taskWorkers', label: 'Task workers', unit: units.whole },
      { name: 'taskWorkerBytes', label: 'Task worker memory', unit: units.mebibytes },
      { name: 'redisBytes', label: 'Redis data', unit: units.mebibytes },
      { name: 'otherWebWorkers', label: 'Workers of other web servers', unit: units.whole },
      { name: 'systemBytes', label: 'Operating system', unit: units.mebibytes },
      { name: 'otherConnections', label: 'Other connections', unit: units.whole },
      { name: 'webCpuShare', label: 'CPU for the web server', unit: units.percent },
      { name: 'databaseCpuShare', label: 'CPU for the database', unit: units.percent },
      { name: 'tasksCpuShare', label: 'CPU for tasks', unit: units.percent },
      { name: 'cacheCpuShare', label: 'CPU for the cache', unit: units.percent },
      { name: 'databaseMemoryShare', label: 'Memory for the database', unit: units.percent },
      { name: 'databaseCpus', label: 'CPU cores of the database', unit: units.count },
    ],
  },
];

/** True for a field that means something with these inputs. */
export function isShown(name: NumberField, { profile, requestsPerSecond, database }: CapacityInputs): boolean {
  if (name === 'databaseCpuSeconds' || name === 'databaseCpus') return database !== 'none';
  if (name === 'requestsPerSecond') return requestsPerSecond !== null;
  if (name === 'users' || name === 'thinkSeconds') return requestsPerSecond === null;
  return profile === 'shared' || !sharedFields.has(name);
}

/** Fields that mean something on a shared machine only. */
const sharedFields: ReadonlySet<keyof CapacityInputs> = new Set([
  'otherWebWorkers',
  'taskWorkers',
  'taskWorkerBytes',
  'redisBytes',
  'systemBytes',
  'webCpuShare',
  'databaseCpuShare',
  'tasksCpuShare',
  'cacheCpuShare',
  'databaseMemoryShare',
] as const);

/** What is wrong with a field, and what it takes. */
export function describeProblem(problem: FieldProblem, { name, unit }: Field, typed: number | undefined): string {
  const { kind, bound, field } = problem;
  const range = fieldRanges[name];
  if (field === 'databaseCpuSeconds' && kind === 'too-large' && bound !== fieldRanges[field].most) {
    return name === field
      ? say('At most {bound}, the time in the database.', { bound: withUnit(bound ?? 0, unit) })
      : say('The database computes for longer than that.');
  }
  if (kind === 'not-a-choice') return say('A number is needed here.');
  if (kind === 'over-one') {
    return say('The shares add up to {sum} %; at most 100 % can be shared out.', {
      sum: Math.round((bound ?? 0) * 100),
    });
  }
  // Each of them may be zero, both may not.
  if (kind === 'too-small' && typed === 0 && range.least === 0) {
    return say('CPU and database take more than 0 ms together.');
  }
  return describeNumberProblem(kind, { range, unit });
}

/** What is wrong with a number, and what its field takes. */
export function describeNumberProblem(
  kind: NumberProblem['kind'],
  { range, unit }: { readonly range: Range; readonly unit: FieldUnit },
): string {
  const { least = 0, above, most } = range;
  switch (kind) {
    case 'missing':
    case 'not-a-number':
      return say('A number is needed here.');
    case 'not-whole':
      return say('A whole number is needed here.');
    case 'too-small':
      return above === undefined
        ? say('At least {bound}.', { bound: withUnit(least, unit) })
        : say('More than {bound} is needed.', { bound: withUnit(above, unit) });
    case 'too-large':
      return say('At most {bound}.', { bound: withUnit(most, unit) });
  }
}
