import type { CapacityInputs } from '../capacity/capacity-inputs.ts';
import type { Origin } from '../capacity/capacity-plan.ts';
import type { StackSizing } from '../capacity/size-stack.ts';
import type { StackSettings } from '../capacity/stack-settings.ts';
import type { Project } from '../model/stack.ts';
import type { CapacityTarget } from './capacity-target.ts';
import type { Goal } from './goal.ts';

/** A web server with its sizing. */
export interface SizedStack {
  readonly target: CapacityTarget;
  readonly inputs: CapacityInputs;
  readonly origins: Readonly<Record<keyof CapacityInputs, Origin>>;
  readonly today: StackSettings;
  readonly sizing: StackSizing;
  /** The goal as the inputs state it, for the sizing of single services. */
  readonly goal: Goal;
}

/** What recommendations are made from. */
export interface PlannedStack extends SizedStack {
  /** The project as it is once the planned workers, threads and pools are written. */
  readonly after: Project;
}
