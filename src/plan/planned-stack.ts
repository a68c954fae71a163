import type { CapacityInputs } from '../capacity/capacity-inputs.ts';
import type { Origin } from '../capacity/capacity-plan.ts';
import type { StackSizing } from '../capacity/size-stack.ts';
import type { StackSettings } from '../capacity/stack-settings.ts';
import type { Process } from '../model/stack.ts';
import { known } from '../model/value.ts';
import type { CapacityTarget } from './capacity-target.ts';
import type { Goal } from './goal.ts';

/** What recommendations are made from. */
export interface PlannedStack {
  readonly target: CapacityTarget;
  readonly inputs: CapacityInputs;
  readonly origins: Readonly<Record<keyof CapacityInputs, Origin>>;
  readonly today: StackSettings;
  readonly sizing: StackSizing;
  /** The goal as the inputs state it, for the sizing of single services. */
  readonly goal: Goal;
}

/** The process as it runs once the plan is applied: the web server with its planned workers and threads, others as they are. */
export function asPlanned(process: Process, { target, sizing, today }: PlannedStack): Process {
  if (process !== target.process) return process;
  const workers = known(sizing.workers.value, process.workers.at);
  if (today.threads === null || sizing.threads.value === today.threads) return { ...process, workers };
  const threads = known(sizing.threads.value, process.threads.at);
  // Gunicorn runs sync workers with several threads as gthread.
  return { ...process, workers, threads, concurrency: threads, concurrencyKind: 'threads' };
}
