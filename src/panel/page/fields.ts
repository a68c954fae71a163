import type { CapacityInputs, FieldProblem, NumberField } from '../../capacity/capacity-inputs.ts';
import { fieldRanges } from '../../capacity/capacity-inputs.ts';
import { type FieldUnit, fieldText, units } from './numbers.ts';
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
      { name: 'replicas', label: 'Replicas', unit: units.count, slider: { least: 1, most: 10, step: 1 } },
    ],
  },
  {
    title: 'Load',
    fields: [
      { name: 'users', label: 'Users', unit: units.count, slider: { least: 1, most: 500, step: 1 } },
      {
        name: 'thinkSeconds',
        label: 'Think time',
        unit: units.seconds,
        slider: { least: 0, most: 30, step: 0.5 },
        hint: 'From a reply to the next request of the same user.',
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
      { name: 'taskWorkers', label: 'Task workers', unit: units.count },
      { name: 'taskWorkerBytes', label: 'Task worker memory', unit: units.mebibytes },
      { name: 'redisBytes', label: 'Redis data', unit: units.mebibytes },
      { name: 'systemBytes', label: 'Operating system', unit: units.mebibytes },
      { name: 'otherConnections', label: 'Other connections', unit: units.count },
      { name: 'webCpuShare', label: 'CPU for the web server', unit: units.percent },
      { name: 'databaseCpuShare', label: 'CPU for the database', unit: units.percent },
      { name: 'tasksCpuShare', label: 'CPU for tasks', unit: units.percent },
      { name: 'cacheCpuShare', label: 'CPU for the cache', unit: units.percent },
      { name: 'databaseMemoryShare', label: 'Memory for the database', unit: units.percent },
    ],
  },
];

/** Fields that mean something on a shared machine only. */
export const sharedFields: ReadonlySet<keyof CapacityInputs> = new Set([
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
export function describeProblem({ kind, bound }: FieldProblem, field: Field, typed: number | undefined): string {
  const { least, above, most } = fieldRanges[field.name];
  const text = (value: number) => `${fieldText(value, field.unit)} ${field.unit.label}`.trim();
  switch (kind) {
    case 'missing':
    case 'not-a-number':
    case 'not-a-choice':
      return say('A number is needed here.');
    case 'not-whole':
      return say('A whole number is needed here.');
    case 'too-small':
      // Each of them may be zero, both may not.
      if (typed === 0 && least === 0) return say('CPU and database take more than 0 ms together.');
      return above !== undefined
        ? say('More than {bound} is needed.', { bound: text(above) })
        : say('At least {bound}.', { bound: text(least ?? bound ?? 0) });
    case 'too-large':
      return say('At most {bound}.', { bound: text(most) });
    case 'over-one':
      return say('The shares add up to {sum} %; at most 100 % can be shared out.', {
        sum: Math.round((bound ?? 0) * 100),
      });
  }
}
