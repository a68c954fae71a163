import { carriedLoad, type LoadedStack, type LoadTarget, simulateLoads } from '../../capacity/load-plan.ts';

/** A question to the worker: the loads to simulate for each of several stacks. */
export interface SimulationRequest {
  readonly revision: number;
  readonly stacks: readonly { readonly name: 'today' | 'plan'; readonly stack: LoadedStack }[];
  readonly loads: readonly number[];
  readonly target: LoadTarget;
}

/** The answer for one stack; it comes as soon as that stack is done. */
export interface SimulationAnswer {
  readonly revision: number;
  readonly name: 'today' | 'plan';
  readonly rows: ReturnType<typeof simulateLoads>;
  /** The largest load that keeps the target. */
  readonly carried: number;
}

addEventListener('message', ({ data }: MessageEvent<SimulationRequest>) => {
  for (const { name, stack } of data.stacks) {
    const answer: SimulationAnswer = {
      revision: data.revision,
      name,
      rows: simulateLoads(stack, data.loads),
      carried: carriedLoad(stack, data.target),
    };
    postMessage(answer);
  }
});
