import { describe, expect, it } from 'vitest';
import { type CapacityInputs, typicalInputs } from '../../src/capacity/capacity-inputs.ts';
import { carriedLoad } from '../../src/capacity/carried-load.ts';
import { fullDatabaseCpuSeconds } from '../../src/capacity/database-cpu.ts';
import { type LoadedStack, simulateLoad, standardTarget } from '../../src/capacity/load-plan.ts';
import { stackCapacity } from '../../src/capacity/simulate-bottleneck.ts';
import { type StackSettings, toStackConfiguration } from '../../src/capacity/stack-settings.ts';

/** One sync worker: it answers at most two requests of half a second each second. */
const settings: StackSettings = {
  replicas: 1,
  workers: 1,
  threads: 1,
  pool: null,
  maxConnections: null,
  workerTimeoutSeconds: 30,
  proxyTimeoutSeconds: null,
};
const inputs = { ...typicalInputs, requestsPerSecond: 1 };
const stack: LoadedStack = { inputs, settings };
const capacityOf = (of: LoadedStack) => stackCapacity(toStackConfiguration(of.inputs, of.settings)).requestsPerSecond;

describe('a database that computes', () => {
  const threads: StackSettings = { ...settings, workers: 4, threads: 16, maxConnections: 200 };
  const carried = (changes: Partial<CapacityInputs>) => {
    const given = { ...typicalInputs, ...changes };
    return carriedLoad({ inputs: given, settings: threads }, standardTarget(given));
  };

  it('carries no more than its cores can compute, and says so', () => {
    // A quarter of 4 cores: one second of CPU a second, 25 ms a request.
    const computing = { ...typicalInputs, databaseCpuSeconds: 0.025, users: 100 };
    expect(carried({ databaseCpuSeconds: 0.025 })).toBeLessThan(carried({}));
    const row = simulateLoad({ inputs: computing, settings: threads }, 100);
    expect(row?.throughput).toBeLessThanOrEqual(41);
    expect(row?.bottleneck).toBe('database-cpu');
  });

  it('carries more with more cores of its own', () => {
    const computing = { databaseCpuSeconds: 0.025, cpus: 16 };
    expect(carried({ ...computing, databaseCpus: 4 })).toBeGreaterThan(2 * carried({ ...computing, databaseCpus: 1 }));
  });

  it('would fill its cores with so much of each request', () => {
    // 50 users each send a request every 1.5 s; a quarter of 4 cores.
    expect(fullDatabaseCpuSeconds(typicalInputs)).toBeCloseTo(1 / (50 / 1.5), 10);
    expect(fullDatabaseCpuSeconds({ ...typicalInputs, profile: 'dedicated' })).toBeUndefined();
    expect(fullDatabaseCpuSeconds({ ...typicalInputs, database: 'none' })).toBeUndefined();
  });
});

describe('a rate beyond what the stack can answer', () => {
  it.each([1.5, 20, 5000, 100_000])('of %d times its capacity: what is not answered fails in the end', (factor) => {
    const capacity = capacityOf(stack);
    const rate = factor * capacity;
    const row = simulateLoad(stack, rate);
    expect(row).toMatchObject({ requestsPerSecond: rate, stable: false, bottleneck: 'workers' });
    expect(row?.throughput).toBeGreaterThan(0.9 * capacity);
    expect(row?.throughput).toBeLessThan(1.1 * capacity);
    expect(row?.errorShare).toBeCloseTo(1 - (row?.throughput ?? 0) / rate, 6);
    const shares: readonly number[] = row ? Object.values(row.errors) : [];
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(row?.errorShare ?? 0, 6);
  });

  it('fails no less when still more come', () => {
    const shares = [3, 10, 100, 1000].map((rate) => simulateLoad(stack, rate)?.errorShare ?? 0);
    expect([...shares].sort((left, right) => left - right)).toEqual(shares);
  });

  it('counts the requests that time out on their way as what they are', () => {
    const row = simulateLoad({ inputs, settings: { ...settings, proxyTimeoutSeconds: 2 } }, 10);
    expect(row?.errors.proxyTimeout).toBeGreaterThan(0.1);
    expect(row?.errorShare).toBeGreaterThan(0.8);
    expect(row?.errorShare).toBeLessThanOrEqual(1);
  });
});

describe('a high rate that the stack can answer', () => {
  const large: LoadedStack = {
    inputs: { ...typicalInputs, profile: 'dedicated', cpus: 64, cpuSeconds: 0.001, requestsPerSecond: 1 },
    settings: { ...settings, workers: 64, threads: 100 },
  };

  it('takes the time of the requests themselves while nothing waits', () => {
    const row = simulateLoad(large, 5000);
    expect(row).toMatchObject({ stable: true, errorShare: 0, bottleneck: 'none' });
    expect(row?.throughput).toBe(5000);
    // Lognormal around 0.48 s with half of that as deviation: median 0.43 s, 95 % within 0.93 s.
    expect(row?.p50).toBeGreaterThan(400);
    expect(row?.p50).toBeLessThan(460);
    expect(row?.p95).toBeGreaterThan(850);
    expect(row?.p95).toBeLessThan(1000);
  });
});

describe('the rate that is carried', () => {
  it('does not depend on the rate that is planned', () => {
    const target = standardTarget(inputs);
    const [few, many] = [1, 5000].map((requestsPerSecond) =>
      carriedLoad({ inputs: { ...inputs, requestsPerSecond }, settings }, target),
    );
    expect(few).toBe(many);
    expect(few).toBeLessThan(capacityOf(stack));
  });

  it('is found below one request a second', () => {
    const slow = { ...inputs, cpuSeconds: 1, databaseSeconds: 3 };
    const carried = carriedLoad({ inputs: slow, settings }, standardTarget(slow));
    expect(carried).toBeGreaterThan(0.02);
    expect(carried).toBeLessThan(0.25);
  });
});
