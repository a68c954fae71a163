import type { CapacityPlan } from '../../capacity/capacity-plan.ts';
import { type LoadTarget, standardTarget } from '../../capacity/load-plan.ts';
import { scenarios } from '../../capacity/simulate-scenarios.ts';
import type { PanelState } from '../protocol.ts';
import { chartLoads } from './chart-loads.ts';
import { createLine } from './line.ts';
import type { SimulationAnswer, SimulationRequest, StackName } from './simulate-worker.ts';

/** The simulated figures of a plan. */
export interface Simulated {
  /** The plan that the figures belong to; an older one than that on the page while its figures are computed. */
  readonly plan: CapacityPlan;
  readonly target: LoadTarget;
  readonly answers: Readonly<Partial<Record<StackName, SimulationAnswer>>>;
}

/** Runs simulations in workers, one plan at a time. */
export interface Simulator {
  /** Simulates a plan unless it was asked already. Of plans that come during a run only the last is simulated next. */
  ask(plan: CapacityPlan, state: PanelState): void;
}

/** Creates the simulator; `onChange` hears of the start of each run, and of its figures when all of them are there. */
export function createSimulator(
  workerUrl: Promise<string>,
  onChange: (change: { readonly simulated?: Simulated; readonly computing: boolean }) => void,
): Simulator {
  let revision = 0;
  let asked = '';
  const idle: Worker[] = [];
  const line = createLine<Wish>({ patienceMs: 400, start });
  return {
    ask(plan, state) {
      const assumed = (['cpuSeconds', 'databaseSeconds'] as const).map((field) => isAssumed(plan, field));
      const wish = JSON.stringify([
        plan.inputs,
        assumed,
        plan.today,
        plan.planned,
        plan.plannedByHand,
        state.scenario,
        state.target,
      ]);
      if (wish === asked) return;
      asked = wish;
      line.put({ plan, state });
    },
  };

  function start({ plan, state }: Wish, end: () => void): () => void {
    const target = state.target ?? standardTarget(plan.inputs);
    const questions = questionsOf(plan, { revision: ++revision, target, scenario: state.scenario });
    const answers: Partial<Record<StackName, SimulationAnswer>> = {};
    const busy = new Set<Worker>();
    let isOver = false;
    const cancel = () => {
      isOver = true;
      for (const worker of busy) worker.terminate();
    };
    const give = (simulated?: Simulated) => {
      cancel();
      onChange({ ...(simulated && { simulated }), computing: false });
      end();
    };
    const ask = (question: SimulationRequest, url: string) => {
      const worker = idle.pop() ?? new Worker(url);
      busy.add(worker);
      worker.onerror = () => give();
      worker.onmessage = ({ data }: MessageEvent<SimulationAnswer>) => {
        // What a run that was given up had already sent.
        if (isOver || data.revision !== question.revision) return;
        answers[data.name] = data;
        busy.delete(worker);
        idle.push(worker);
        // All at once: figures that come one after the other would flicker, and be read out several times.
        if (busy.size === 0) give({ plan, target, answers });
      };
      worker.postMessage(question);
    };
    onChange({ computing: true });
    workerUrl.then(
      (url) => {
        // One for each question: they run beside each other on machines of several cores.
        if (!isOver) for (const question of questions) ask(question, url);
      },
      () => give(),
    );
    return cancel;
  }
}

interface Wish {
  readonly plan: CapacityPlan;
  readonly state: PanelState;
}

/** The worker's script as an address in memory: a webview may start no other. */
export async function loadWorker(url: string): Promise<string> {
  const response = await fetch(url);
  return URL.createObjectURL(new Blob([await response.text()], { type: 'text/javascript' }));
}

function questionsOf(
  plan: CapacityPlan,
  how: { readonly revision: number; readonly target: LoadTarget; readonly scenario: string },
): readonly SimulationRequest[] {
  const { inputs, today, planned, plannedByHand } = plan;
  const scenario = scenarios.find(({ id }) => id === how.scenario);
  const loads = chartLoads(inputs, [...(today ? [today] : []), planned]);
  const rest = { revision: how.revision, target: how.target, scenario };
  const times = (factor: number) => ({
    ...inputs,
    cpuSeconds: inputs.cpuSeconds * (isAssumed(plan, 'cpuSeconds') ? factor : 1),
    databaseSeconds: inputs.databaseSeconds * (isAssumed(plan, 'databaseSeconds') ? factor : 1),
  });
  const range = isAssumed(plan, 'cpuSeconds') || isAssumed(plan, 'databaseSeconds');
  return [
    ...(today ? [{ ...rest, name: 'today' as const, stack: { inputs, settings: today }, loads }] : []),
    { ...rest, name: 'plan', stack: { inputs, settings: planned }, loads },
    ...(plannedByHand
      ? [{ ...rest, name: 'plan-by-hand' as const, stack: { inputs, settings: plannedByHand }, loads: [] }]
      : []),
    ...(range
      ? [
          { ...rest, name: 'plan-slow' as const, stack: { inputs: times(2), settings: planned }, loads: [] },
          { ...rest, name: 'plan-fast' as const, stack: { inputs: times(0.5), settings: planned }, loads: [] },
        ]
      : []),
  ];
}

/** True when nobody said or measured the value: the verdict then gives a range. */
export function isAssumed(plan: CapacityPlan, field: 'cpuSeconds' | 'databaseSeconds'): boolean {
  return plan.origins[field].kind === 'assumed';
}
