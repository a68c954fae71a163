import { carriedLoad } from '../../capacity/carried-load.ts';
import { type LoadedStack, type LoadRow, type LoadTarget, simulateCurve } from '../../capacity/load-plan.ts';
import { simulate } from '../../capacity/simulate.ts';
import type { RequestLoad, SimulationResult } from '../../capacity/simulate-configuration.ts';
import { toStackConfiguration } from '../../capacity/stack-settings.ts';

/** A question to the worker about one stack. */
export interface SimulationRequest {
  readonly revision: number;
  readonly name: StackName;
  readonly stack: LoadedStack;
  readonly loads: readonly number[];
  readonly target: LoadTarget;
  /** A load of its own to try, besides the users. */
  readonly scenario: { readonly load: RequestLoad; readonly writeShare: number; readonly seconds: number } | undefined;
}

export type StackName = 'today' | 'plan' | 'plan-by-hand' | 'plan-slow' | 'plan-fast';

/** What became of a question. */
export interface SimulationAnswer {
  readonly revision: number;
  readonly name: StackName;
  readonly rows: readonly LoadRow[];
  /** The largest load that keeps the target. */
  readonly carried: number;
  readonly scenario: SimulationResult | undefined;
}

addEventListener('message', ({ data }: MessageEvent<SimulationRequest>) => {
  const { revision, name, stack, loads, target, scenario } = data;
  const answer: SimulationAnswer = {
    revision,
    name,
    rows: simulateCurve(stack, { loads, target }),
    carried: carriedLoad(stack, target),
    scenario: scenario && runScenario(stack, scenario),
  };
  postMessage(answer);
});

function runScenario(
  { inputs, settings }: LoadedStack,
  scenario: NonNullable<SimulationRequest['scenario']>,
): SimulationResult | undefined {
  const configuration = toStackConfiguration(inputs, settings);
  const { load, writeShare, seconds } = scenario;
  const run = simulate({ ...configuration, load, request: { ...configuration.request, writeShare } }, { seconds });
  return run.ok ? run.result : undefined;
}
