import { describe, expect, it } from 'vitest';
import { erlangC, erlangWait, meanValueAnalysis } from '../../src/capacity/queueing.ts';
import { estimate } from '../../src/capacity/queueing-estimate.ts';
import { simulate } from '../../src/capacity/simulate.ts';
import type { SimulationOptions, StackConfiguration } from '../../src/capacity/simulate-configuration.ts';
import { stack } from './stack-example.ts';

const endless = Number.POSITIVE_INFINITY;
const long: SimulationOptions = { warmUpSeconds: 100, maxEvents: 1e9 };

it("gives the textbook's values of Erlang C", () => {
  expect(erlangC(1, 0.5)).toBeCloseTo(0.5, 10);
  expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 10);
  expect(erlangC(10, 8)).toBeCloseTo(0.4092, 4);
  expect(erlangC(3, 3)).toBe(1);
  expect(erlangWait(4, { demandSeconds: 0.2, servers: 1 })).toBeCloseTo(0.8, 10);
});

it('gives the machine-repair result for one station', () => {
  // One server of 1 s, two users who think 1 s: states 0, 1, 2 with weights 1, 2, 2.
  const found = meanValueAnalysis([{ demandSeconds: 1, servers: 1 }], { users: 2, thinkSeconds: 1 });
  expect(found.throughputPerSecond).toBeCloseTo(4 / 5, 10);
  expect(found.responseSeconds).toBeCloseTo(1.5, 10);
});

describe('a simulated stack whose workers wait only for the database', () => {
  const cases = [
    { servers: 1, load: 0.5 },
    { servers: 1, load: 0.8 },
    { servers: 2, load: 0.7 },
    { servers: 4, load: 0.85 },
    { servers: 16, load: 0.8 },
  ];
  it.each(cases)('agrees with Erlang C: $servers workers, load $load', ({ servers, load }) => {
    const service = 0.1;
    const requestsPerSecond = (servers * load) / service;
    const measured = result(
      stack({
        web: { kind: 'sync', processes: servers, concurrency: 1, timeoutSeconds: 0, cpus: 1000, backlog: 1e6 },
        pool: null,
        database: { concurrency: endless, writers: endless },
        request: { cpu: fixed(0), database: { kind: 'exponential', meanSeconds: service } },
        load: { kind: 'arrivals', requestsPerSecond },
      }),
      { ...long, seconds: 400_000 / requestsPerSecond },
    );
    const expected = service + erlangWait(requestsPerSecond, { demandSeconds: service, servers });
    expectWithin(measured.responseSeconds.mean, expected, 0.02);
    expectWithin(measured.requestsInSystem, requestsPerSecond * expected, 0.02);
  });
});

describe('a simulated stack of CPU and database', () => {
  const cases = [
    { users: 1, cpus: 1, databases: 1 },
    { users: 8, cpus: 1, databases: 2 },
    { users: 20, cpus: 2, databases: 4 },
    { users: 60, cpus: 4, databases: 3 },
  ];
  it.each(cases)('agrees with mean value analysis: $users users, $cpus cores, $databases queries at once', (given) => {
    const [cpuSeconds, databaseSeconds, thinkSeconds] = [0.05, 0.08, 0.5];
    const configuration = stack({
      web: { kind: 'sync', processes: 100, concurrency: 1, timeoutSeconds: 0, cpus: given.cpus },
      pool: null,
      database: { concurrency: given.databases, writers: given.databases },
      request: { cpu: exponential(cpuSeconds), database: exponential(databaseSeconds), writeShare: 0 },
      load: { kind: 'users', users: given.users, think: exponential(thinkSeconds) },
    });
    const stations = [
      { demandSeconds: cpuSeconds, servers: given.cpus },
      { demandSeconds: databaseSeconds, servers: given.databases },
    ];
    const expected = meanValueAnalysis(stations, { users: given.users, thinkSeconds });
    const measured = result(configuration, { ...long, seconds: 100_000 / expected.throughputPerSecond });
    expectWithin(measured.throughputPerSecond, expected.throughputPerSecond, 0.02);
    expectWithin(measured.responseSeconds.mean, expected.responseSeconds, 0.02);
    const instant = estimate(configuration);
    if (!instant.ok) throw new Error('The example is valid.');
    expectWithin(instant.result.throughputPerSecond, expected.throughputPerSecond, 1e-6);
    expectWithin(instant.result.responseSeconds, expected.responseSeconds, 1e-6);
  });
});

describe('a simulated stack whose database computes on its own cores', () => {
  const cases = [
    { users: 1, databaseCores: 1, cpuShare: 1 },
    { users: 12, databaseCores: 1, cpuShare: 0.5 },
    { users: 30, databaseCores: 2, cpuShare: 0.8 },
    { users: 60, databaseCores: 4, cpuShare: 1 },
  ];
  it.each(cases)(
    'agrees with mean value analysis: $users users, $databaseCores cores, $cpuShare computing',
    (given) => {
      const [cpuSeconds, databaseSeconds, thinkSeconds] = [0.02, 0.1, 0.5];
      const waitSeconds = databaseSeconds * (1 - given.cpuShare);
      const configuration = stack({
        web: { kind: 'sync', processes: 100, concurrency: 1, timeoutSeconds: 0, cpus: 4 },
        pool: null,
        database: { concurrency: endless, writers: endless, cpus: given.databaseCores, cpuShare: given.cpuShare },
        request: { cpu: exponential(cpuSeconds), database: exponential(databaseSeconds), writeShare: 0 },
        load: { kind: 'users', users: given.users, think: exponential(thinkSeconds) },
      });
      const stations = [
        { demandSeconds: cpuSeconds, servers: 4 },
        { demandSeconds: databaseSeconds * given.cpuShare, servers: given.databaseCores },
      ];
      // Nobody waits for what waits: it is as good as thinking.
      const around = { users: given.users, thinkSeconds: thinkSeconds + waitSeconds };
      const expected = meanValueAnalysis(stations, around);
      const measured = result(configuration, { ...long, seconds: 100_000 / expected.throughputPerSecond });
      expectWithin(measured.throughputPerSecond, expected.throughputPerSecond, 0.02);
      expectWithin(measured.responseSeconds.mean, expected.responseSeconds + waitSeconds, 0.02);
    },
  );
});

describe('the instant estimate', () => {
  it('is near the simulation where requests share one queue', () => {
    for (const users of [5, 20, 40, 80]) {
      const configuration = stack({
        web: { kind: 'sync', processes: 6, concurrency: 1 },
        load: { kind: 'users', users, think: exponential(1) },
      });
      const instant = estimate(configuration);
      if (!instant.ok) throw new Error('The example is valid.');
      expectWithin(
        instant.result.throughputPerSecond,
        result(configuration, { seconds: 600 }).throughputPerSecond,
        0.05,
      );
    }
  });

  it('says when arrivals are more than the stack can answer', () => {
    const load = { kind: 'arrivals', requestsPerSecond: 1000 } as const;
    const instant = estimate(stack({ load }));
    expect(instant).toMatchObject({ ok: true, result: { stable: false, bottleneck: 'cpus', capacityPerSecond: 100 } });
  });
});

function result(configuration: StackConfiguration, options: SimulationOptions) {
  const found = simulate(configuration, options);
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found.result;
}

function fixed(seconds: number) {
  return { kind: 'fixed', seconds } as const;
}

function exponential(meanSeconds: number) {
  return { kind: 'exponential', meanSeconds } as const;
}

function expectWithin(actual: number, expected: number, share: number): void {
  expect(Math.abs(actual - expected) / expected, `${actual} instead of ${expected}`).toBeLessThanOrEqual(share);
}
