import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type CapacityInputs, typicalInputs } from '../../src/capacity/capacity-inputs.ts';
import { carriedLoad } from '../../src/capacity/carried-load.ts';
import { type LoadedStack, simulateLoad, simulateLoads, standardTarget } from '../../src/capacity/load-plan.ts';
import { simulate } from '../../src/capacity/simulate.ts';
import { type StackSettings, toStackConfiguration } from '../../src/capacity/stack-settings.ts';
import { loadSteps } from '../../src/capacity/summarise-loads.ts';

let simulatedRequests = 0;

vi.mock('../../src/capacity/simulate.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/capacity/simulate.ts')>();
  const counted: typeof original.simulate = (configuration, options = {}) => {
    const run = original.simulate(configuration, options);
    const { seconds = 60, warmUpSeconds = 0 } = options;
    if (run.ok) simulatedRequests += run.result.finishedRequests * (1 + warmUpSeconds / seconds);
    return run;
  };
  return { simulate: counted };
});

beforeEach(() => {
  simulatedRequests = 0;
});

/** Sync workers on 8 CPUs: they answer at most 160 requests a second, from one queue. */
const settings: StackSettings = {
  replicas: 1,
  workers: 16,
  threads: 1,
  pool: null,
  maxConnections: null,
  workerTimeoutSeconds: 0,
  proxyTimeoutSeconds: null,
};
const slowThinkers: CapacityInputs = {
  ...typicalInputs,
  profile: 'dedicated',
  cpus: 8,
  cpuSeconds: 0.02,
  databaseSeconds: 0.08,
  databaseCpuSeconds: 0,
  thinkSeconds: 40,
};

describe('the users that a stack carries, where they are thousands', () => {
  const stack: LoadedStack = { inputs: slowThinkers, settings };
  const target = standardTarget(slowThinkers);
  const carried = carriedLoad(stack, target);

  it('are those whom a simulation of every one of them finds', () => {
    expect(carried).toBeGreaterThan(6000);
    expect(p95OfAll(stack, 0.97 * carried)).toBeLessThan(target.p95Seconds);
    expect(p95OfAll(stack, 1.03 * carried)).toBeGreaterThan(target.p95Seconds);
  });

  it('do not depend on the number of users that is planned', () => {
    const planned = (users: number) => carriedLoad({ inputs: { ...slowThinkers, users }, settings }, target);
    expect(planned(100_000)).toBe(carried);
  });

  it('grow with the workers, without jumps', () => {
    const counts = [16, 17, 18, 19, 20].map((workers) =>
      carriedLoad({ inputs: slowThinkers, settings: { ...settings, workers } }, target),
    );
    for (const [index, count] of counts.entries()) {
      const expected = (carried * (16 + index)) / 16;
      expect(Math.abs(count / expected - 1), `${count} of about ${expected}`).toBeLessThan(0.03);
    }
  });

  it('are as many as can be asked for, where nobody waits', () => {
    const idle = { inputs: { ...slowThinkers, thinkSeconds: 86_400 }, settings };
    expect(carriedLoad(idle, standardTarget(idle.inputs))).toBe(100_000);
  });

  it('are not more because requests that compute for seconds were simulated for a moment only', () => {
    const slow = { ...slowThinkers, cpuSeconds: 3, databaseSeconds: 7, thinkSeconds: 0.3, cpus: 4.5, replicas: 19 };
    const busy: LoadedStack = { inputs: slow, settings: { ...settings, replicas: 19, workers: 10, threads: 16 } };
    const most = carriedLoad(busy, standardTarget(slow));
    expect(most).toBeGreaterThan(5);
    // The busiest worker accepts a fifth of the requests, and computes one every three seconds.
    expect(most).toBeLessThan(100);
  });

  it('are none where a single request takes longer than the target', () => {
    expect(carriedLoad(stack, { p95Seconds: 0.01, errorShare: 0.01 })).toBe(0);
  });
});

describe('a plan is simulated in moderation', () => {
  const fast = { cpuSeconds: 0.00004, databaseSeconds: 0.00096 };
  const cases: readonly (readonly [string, Partial<CapacityInputs>, Partial<StackSettings>])[] = [
    ['requests of a millisecond on 64 CPUs', { cpus: 64, thinkSeconds: 1, ...fast }, { workers: 32 }],
    [
      '1,024 CPUs and 50 containers',
      { profile: 'shared', cpus: 1024, replicas: 50, thinkSeconds: 1, ...fast },
      { replicas: 50, workers: 1 },
    ],
    ['100,000 users', { users: 100_000, thinkSeconds: 1 }, { threads: 8 }],
    [
      'an event loop for each of many CPUs',
      { cpus: 512, thinkSeconds: 0.1, ...fast },
      { workers: 1000, threads: null },
    ],
    ['requests that compute for seconds', { cpuSeconds: 4, databaseSeconds: 4, thinkSeconds: 0.2 }, { threads: 16 }],
    ['a day between two requests', { thinkSeconds: 86_400, users: 100_000 }, {}],
    ['no time between two requests', { thinkSeconds: 0, users: 100_000 }, { threads: 50 }],
    ['a high rate', { requestsPerSecond: 40_000, cpus: 512, ...fast }, { workers: 500, threads: 4 }],
  ];
  it.each(cases)('also for %s', (_, inputs, others) => {
    const stack: LoadedStack = { inputs: { ...slowThinkers, ...inputs }, settings: { ...settings, ...others } };
    carriedLoad(stack, standardTarget(stack.inputs));
    expect(simulatedRequests).toBeLessThan(400_000);
    simulatedRequests = 0;
    const steps = loadSteps(stack.inputs);
    expect(simulateLoads(stack, steps)).toHaveLength(steps.length);
    expect(simulatedRequests).toBeLessThan(250_000);
  });
});

describe('more users than the queues hold', () => {
  const inputs = { ...slowThinkers, thinkSeconds: 1 };
  const row = (users: number) => {
    const found = simulateLoad({ inputs, settings }, users);
    if (!found) throw new Error('The load is valid.');
    return found;
  };

  it('are refused, and make nobody else wait longer', () => {
    const [some, more, most] = [row(10_000), row(30_000), row(100_000)];
    // 2,048 wait in Gunicorn's queue, and 160 are answered each second.
    for (const { p95 } of [some, more, most]) expect(Math.abs(p95 / 1000 / (2048 / 160) - 1)).toBeLessThan(0.1);
    for (const { throughput } of [some, more, most]) expect(Math.abs(throughput / 160 - 1)).toBeLessThan(0.05);
    // All others ask every two seconds: one to think, one until a connection request is given up.
    expect(some.errors.refused).toBeCloseTo(1 - 160 / ((10_000 - 2048) / 2), 1);
    expect(most.errors.refused).toBeCloseTo(1 - 160 / ((100_000 - 2048) / 2), 2);
    expect(most.errorShare).toBeGreaterThan(more.errorShare);
  });
});

/** Seconds within which 95 % are answered when each user is simulated for long. */
function p95OfAll({ inputs, settings: given }: LoadedStack, users: number): number {
  const configuration = toStackConfiguration({ ...inputs, users: Math.round(users) }, given);
  const { thinkSeconds } = inputs;
  const run = simulate(configuration, { seconds: 10 * thinkSeconds, warmUpSeconds: 3 * thinkSeconds, maxEvents: 1e8 });
  if (!run.ok) throw new Error(JSON.stringify(run.problems));
  return run.result.responseSeconds.p95;
}
