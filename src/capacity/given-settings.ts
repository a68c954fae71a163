import { checkNumber, type NumberProblem, type Range } from './capacity-inputs.ts';
import type { Origin, SettingName } from './capacity-plan.ts';

/** A setting of today that a user may state where the files do not; replicas are an input of their own. */
export type GivenSettingName = Exclude<SettingName, 'replicas'>;

/** Settings of today as the user states them. */
export type GivenSettings = Readonly<Partial<Record<GivenSettingName, number>>>;

/** A setting of today that the files leave open, and what stands in for it until the user says better. */
export interface OpenSetting {
  readonly name: GivenSettingName;
  /** Null where nothing is assumed: no limit, no time-out. */
  readonly assumed: number | null;
  readonly origin: Extract<Origin, { readonly kind: 'unknown' | 'assumed' }>;
}

/** The bounds of each setting that a user may state; beyond them a mistyped number is likelier than such a stack. */
export const settingRanges: Readonly<Record<GivenSettingName, Range>> = {
  workers: { least: 1, most: 1000, whole: true },
  threads: { least: 1, most: 1000, whole: true },
  poolSize: { least: 1, most: 10_000, whole: true },
  maxOverflow: { least: 0, most: 10_000, whole: true },
  poolTimeoutSeconds: { least: 0, most: 86_400 },
  maxConnections: { least: 1, most: 100_000, whole: true },
  workerTimeoutSeconds: { least: 0, most: 86_400 },
  proxyTimeoutSeconds: { least: 0.1, most: 86_400 },
};

/** True for the name of a setting that may be stated. */
export function isGivenSetting(name: string): name is GivenSettingName {
  return Object.hasOwn(settingRanges, name);
}

/** What is wrong with a setting's number; undefined when it can be used. */
export function checkSetting(name: GivenSettingName, value: unknown): NumberProblem | undefined {
  return checkNumber(value, settingRanges[name]);
}
