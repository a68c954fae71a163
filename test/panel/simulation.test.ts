import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SimulationAnswer, SimulationRequest } from '../../src/panel/page/simulate-worker.ts';
import { createSimulator, type Simulated } from '../../src/panel/page/simulation.ts';
import { emptyState } from '../../src/panel/protocol.ts';
import { noGoal } from '../../src/plan/goal.ts';
import { planCapacity } from '../../src/plan/plan-capacity.ts';

const planFor = (users: number) => planCapacity(undefined, { goal: noGoal, given: { users } }).plan;

describe('the simulator', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('shows no figures of a plan that came before, even when they arrive late', async () => {
    const workers: FakeWorker[] = [];
    class FakeWorker {
      onmessage: ((event: { data: SimulationAnswer }) => void) | undefined;
      asked: SimulationRequest | undefined;
      constructor() {
        workers.push(this);
      }
      postMessage(question: SimulationRequest): void {
        this.asked = question;
      }
      terminate(): void {}
      answer(): void {
        if (!this.asked) throw new Error('Nothing was asked.');
        const { revision, name } = this.asked;
        this.onmessage?.({ data: { revision, name, rows: [], carried: revision, scenario: undefined } });
      }
    }
    vi.stubGlobal('Worker', FakeWorker);
    vi.useFakeTimers();
    const shown: (Simulated | undefined)[] = [];
    const simulator = createSimulator(Promise.resolve('worker.js'), ({ simulated }) => shown.push(simulated));
    simulator.ask(planFor(10), emptyState);
    await vi.advanceTimersByTimeAsync(1);
    const old = [...workers];
    simulator.ask(planFor(20), emptyState);
    await vi.advanceTimersByTimeAsync(1000);
    const fresh = workers.slice(old.length);
    for (const worker of [...fresh, ...old]) worker.answer();
    vi.useRealTimers();
    const figures = shown.filter((one) => one !== undefined);
    expect(figures.map(({ plan }) => plan.inputs.users)).toEqual([20]);
    expect(figures[0]?.answers.plan?.carried).toBe(2);
    // A worker that was given up is not asked again.
    simulator.ask(planFor(30), emptyState);
    await Promise.resolve();
    for (const worker of old) expect(worker.asked?.revision).toBe(1);
  });
});
