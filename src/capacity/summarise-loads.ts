import type { CapacityInputs } from './capacity-inputs.ts';
import type { CapacityPlan } from './capacity-plan.ts';
import { carriedLoad } from './carried-load.ts';
import { documentedDefaults } from './defaults.ts';
import { type LoadRow, type LoadTarget, simulateLoads, standardTarget } from './load-plan.ts';
import type { StackSettings } from './stack-settings.ts';

/** What a stack carries today and with the plan. */
export interface LoadSummary {
  readonly target: LoadTarget;
  readonly today: SettingsLoads | undefined;
  readonly planned: SettingsLoads;
  /** The largest load with the changes by hand as well; undefined where they make no difference. */
  readonly carriedByHand: number | undefined;
  /**
   * What the plan carries when a request takes twice or half the time that was assumed; undefined where both times were
   * stated.
   */
  readonly plannedRange: { readonly double: number; readonly half: number } | undefined;
}

export interface SettingsLoads {
  /** The largest load that keeps the target: users, or requests per second. */
  readonly carried: number;
  readonly rows: readonly LoadRow[];
}

/** Simulates today's and the planned settings under the same loads, the planned load among them. */
export function summariseLoads(plan: CapacityPlan, target: LoadTarget = standardTarget(plan.inputs)): LoadSummary {
  const loads = loadSteps(plan.inputs);
  const under = (settings: StackSettings): SettingsLoads => ({
    carried: carriedLoad({ inputs: plan.inputs, settings }, target),
    rows: simulateLoads({ inputs: plan.inputs, settings }, loads),
  });
  const planned = under(plan.planned);
  const isSame = JSON.stringify(plan.today) === JSON.stringify(plan.planned);
  return {
    target,
    today: isSame ? planned : plan.today && under(plan.today),
    planned,
    carriedByHand: plan.plannedByHand && carriedLoad({ inputs: plan.inputs, settings: plan.plannedByHand }, target),
    plannedRange: rangeOf(plan, target),
  };
}

/** 1, 10, 100 and on to 1,000 users, with the planned number among them; for a rate its tenth up to its double. */
export function loadSteps(inputs: CapacityInputs): readonly number[] {
  const { requestsPerSecond, users } = inputs;
  if (requestsPerSecond !== null) return [0.1, 0.5, 1, 1.5, 2].map((factor) => requestsPerSecond * factor);
  return [...new Set([1, 10, 50, 100, 200, 500, 1000, users])].sort((left, right) => left - right);
}

/** Requests a day when so many are answered each second of the busiest hour. */
export function requestsADay(throughputPerSecond: number): number {
  return (throughputPerSecond * 3600) / documentedDefaults['headroom.busiest_hour_share'].value;
}

function rangeOf(plan: CapacityPlan, target: LoadTarget): LoadSummary['plannedRange'] {
  const { inputs, origins, planned: settings } = plan;
  const isAssumed = (field: 'cpuSeconds' | 'databaseSeconds') => origins[field].kind === 'assumed';
  if (!isAssumed('cpuSeconds') && !isAssumed('databaseSeconds')) return undefined;
  const times = (factor: number): CapacityInputs => ({
    ...inputs,
    cpuSeconds: inputs.cpuSeconds * (isAssumed('cpuSeconds') ? factor : 1),
    databaseSeconds: inputs.databaseSeconds * (isAssumed('databaseSeconds') ? factor : 1),
  });
  const carried = (factor: number) => carriedLoad({ inputs: times(factor), settings }, target);
  return { double: carried(2), half: carried(0.5) };
}
