import type { CapacityPlan, PlanRow } from '../capacity/capacity-plan.ts';
import type { LoadSummary } from '../capacity/summarise-loads.ts';
import type { TextChanges } from './apply-fixes.ts';

/** What every format of `headroom plan` is made from. */
export interface PlanReport {
  readonly plan: CapacityPlan;
  readonly loads: LoadSummary;
  /** Files that the selected rows change, with their text before and after. */
  readonly changes: TextChanges;
  /** Names of web servers that could be planned as well (`--service`). */
  readonly others: readonly string[];
}

/** Rows whose change is part of the plan. */
export function chosenRows(plan: CapacityPlan): readonly PlanRow[] {
  return plan.rows.filter((row) => row.selected);
}

/** Rows that somebody has to carry out by hand, with the reason. */
export function refusedRows(plan: CapacityPlan): readonly PlanRow[] {
  return plan.rows.filter((row) => row.refused !== undefined);
}
