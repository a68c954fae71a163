import type { CapacityInputs } from '../capacity/capacity-inputs.ts';
import type { StackSizing } from '../capacity/size-stack.ts';
import type { StackSettings } from '../capacity/stack-settings.ts';
import type { CapacityTarget } from './capacity-target.ts';
import type { Goal } from './goal.ts';

/** What recommendations are made from. */
export interface PlannedStack {
  readonly target: CapacityTarget;
  readonly inputs: CapacityInputs;
  readonly today: StackSettings;
  readonly sizing: StackSizing;
  /** The goal as the inputs state it, for the sizing of single services. */
  readonly goal: Goal;
}
