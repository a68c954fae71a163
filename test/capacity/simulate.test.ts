import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/capacity/queueing-estimate.ts';
import { simulate } from '../../src/capacity/simulate.ts';
import { checkSimulation } from '../../src/capacity/simulate-check.ts';
import type { SimulationOptions, StackConfiguration } from '../../src/capacity/simulate-configuration.ts';
import { scenarios } from '../../src/capacity/simulate-scenarios.ts';
import { type Changes, example, stack } from './stack-example.ts';

/** Pool 5+10 in one process with 50 threads, 50 users who do not think, queries of 100 ms: 15 / 0.1 s. */
const smallPool: Changes = {
  web: { processes: 1, concurrency: 50 },
  pool: { size: 5, overflow: 10, heldFor: 'query' },
  database: { concurrency: 1000, writers: 1000 },
  request: { cpu: { kind: 'fixed', seconds: 0.001 }, database: { kind: 'fixed', seconds: 0.1 } },
  load: { kind: 'users', users: 50, think: { kind: 'fixed', seconds: 0 } },
};

describe('what a stack does', () => {
  it('answers as fast as the pool allows, and names the pool', () => {
    const found = result(stack(smallPool));
    expect(found.throughputPerSecond).toBeGreaterThan(145);
    expect(found.throughputPerSecond).toBeLessThanOrEqual(150);
    expect(found).toMatchObject({ bottleneck: 'pool', errorShare: 0, stable: true });
    expect(found.utilisation.pool).toBeGreaterThan(0.95);
  });

  it('lets requests fail that wait too long for a connection', () => {
    const pool = { ...smallPool.pool, overflow: 0, timeoutSeconds: 0.3 } as Changes['pool'];
    const found = result(stack({ ...smallPool, pool: pool ?? null }));
    // 5 connections serve 50 of about 165 requests a second.
    expect(found.errors.poolTimeout).toBeGreaterThan(0.6);
    expect(found.errorShare).toBe(found.errors.poolTimeout);
    expect(found.responseSeconds.p99).toBeLessThan(0.5);
  });

  it('lets a thread whose time is up look once more, when it gets the lock of its process', () => {
    // Of two requests the second waits while the first asks for 100 ms and then computes for 50 ms: until about 152 ms.
    const failed = (timeoutSeconds: number) =>
      result(
        stack({
          web: { processes: 1, concurrency: 2 },
          pool: { size: 1, overflow: 0, timeoutSeconds, heldFor: 'request' },
          request: {
            cpu: { kind: 'fixed', seconds: 0.051 },
            lastCpuSeconds: 0.05,
            database: { kind: 'fixed', seconds: 0.1 },
          },
          load: { kind: 'bursts', requests: 2, everySeconds: 10 },
        } as Changes),
      ).errors.poolTimeout;
    expect(failed(0.155)).toBe(0);
    // The first computes on for up to 5 ms before the other notices.
    expect(failed(0.148)).toBe(0);
    expect(failed(0.14)).toBe(0.5);
  });

  it('spends no CPU on what a request without a connection does not reach', () => {
    const web = { processes: 1, concurrency: 50, cpus: 1 };
    const pool = { ...smallPool.pool, overflow: 0, timeoutSeconds: 0.3 } as NonNullable<Changes['pool']>;
    const answered = (failedCpuSeconds: number) => {
      const request = { ...smallPool.request, cpu: { kind: 'fixed', seconds: 0.02 }, failedCpuSeconds } as const;
      return result(stack({ ...smallPool, web, pool, request } as Changes)).throughputPerSecond;
    };
    expect(answered(0)).toBeGreaterThan(1.05 * answered(0.01));
  });

  it('kills sync workers that are busy longer than the timeout', () => {
    const web = { kind: 'sync', processes: 2, concurrency: 1, timeoutSeconds: 2 } as const;
    const found = result(stack({ web, request: { database: { kind: 'exponential', meanSeconds: 1.5 } } }));
    expect(found.errors.workerTimeout).toBeGreaterThan(0.1);
    expect(found.responseSeconds.p99).toBeLessThan(60);
    expect(result(stack({ web: { ...web, timeoutSeconds: 0 } })).errorShare).toBe(0);
  });

  it('kills a worker that waits in its driver one look later than one that computes', () => {
    const web = { kind: 'sync', processes: 4, concurrency: 1, timeoutSeconds: 1, cpus: 8 } as const;
    const hangs = { kind: 'fixed', seconds: 10 } as const;
    const load = { kind: 'users', users: 4, think: { kind: 'fixed', seconds: 3 } } as const;
    const killed = (request: Changes['request']) => {
      const { errors, responseSeconds } = result(stack({ web, load, request } as Changes));
      expect(errors.workerTimeout).toBe(1);
      return responseSeconds;
    };
    const computing = killed({ cpu: hangs });
    const waiting = killed({ database: hangs });
    expect(computing.p50).toBeGreaterThanOrEqual(1);
    expect(computing.p99).toBeLessThan(2.1);
    expect(waiting.p50).toBeGreaterThanOrEqual(2);
    expect(waiting.p99).toBeLessThan(3.1);
  });

  it('lets a thread take the connection again that others have waited for longer', () => {
    const found = result(
      stack({
        web: { processes: 1, concurrency: 8 },
        pool: { size: 2, overflow: 0, timeoutSeconds: 0.2, heldFor: 'query' },
        request: { cpu: { kind: 'fixed', seconds: 0.002 }, database: { kind: 'fixed', seconds: 0.06 } },
        load: { kind: 'users', users: 37, think: { kind: 'exponential', meanSeconds: 0.2 } },
      } as Changes),
    );
    // First come, first served would let 6 wait for 3 x 60 ms, and none fail.
    expect(found.errors.poolTimeout).toBeGreaterThan(0.05);
    expect(found.errors.poolTimeout).toBeLessThan(0.5);
  });

  it('answers 504 from the proxy while the worker goes on', () => {
    const request = { database: { kind: 'fixed', seconds: 3 } } as const;
    const found = result(stack({ proxyTimeoutSeconds: 1, request } as unknown as Changes));
    expect(found).toMatchObject({ errors: { proxyTimeout: 1 }, throughputPerSecond: 0 });
    expect(found.responseSeconds.p50).toBeCloseTo(1, 6);
    expect(found.utilisation.workers).toBeGreaterThan(0.5);
  });

  it('refuses connections that do not fit into the backlog', () => {
    const web = { kind: 'sync', processes: 1, concurrency: 1, backlog: 2 } as const;
    const load = { kind: 'users', users: 30, think: { kind: 'fixed', seconds: 0.1 } } as const;
    expect(result(stack({ web, load })).errors.refused).toBeGreaterThan(0.1);
  });

  it('lets one thread of a process compute at a time, but processes on cores of their own', () => {
    const request = { cpu: { kind: 'fixed', seconds: 0.02 }, queries: 0 } as const;
    const load = { kind: 'users', users: 16, think: { kind: 'fixed', seconds: 0 } } as const;
    const one = result(stack({ web: { processes: 1, concurrency: 16, cpus: 4 }, request, load }));
    const four = result(stack({ web: { processes: 4, concurrency: 16, cpus: 4 }, request, load }));
    expect(one.throughputPerSecond).toBeCloseTo(50, 0);
    expect(one.bottleneck).toBe('process-cpu');
    expect(four.throughputPerSecond).toBeGreaterThan(150);
  });

  it('carries less with threads than with as many sync workers, because processes accept unevenly', () => {
    const request = { cpu: { kind: 'fixed', seconds: 0.001 }, database: { kind: 'fixed', seconds: 0.1 } } as const;
    const load = { kind: 'arrivals', requestsPerSecond: 45 } as const;
    const threads = result(stack({ web: { processes: 4, concurrency: 2 }, request, load }));
    const sync = result(stack({ web: { kind: 'sync', processes: 8, concurrency: 1 }, request, load }));
    expect(sync.responseSeconds.p95).toBeLessThan(0.2);
    expect(threads.responseSeconds.p95).toBeGreaterThan(2 * sync.responseSeconds.p95);
    expect(threads.bottleneck).toBe('workers');
  });

  it('lets a CPU limit bind', () => {
    const request = { cpu: { kind: 'fixed', seconds: 0.02 }, queries: 0 } as const;
    const load = { kind: 'arrivals', requestsPerSecond: 100 } as const;
    const found = result(stack({ web: { processes: 4, cpus: 0.5 }, request, load }));
    expect(found.throughputPerSecond).toBeCloseTo(25, 0);
    expect(found).toMatchObject({ bottleneck: 'cpus', stable: false });
  });

  it('lets the cores of the database bind, however many connections it takes', () => {
    const request = { cpu: { kind: 'fixed', seconds: 0.001 }, database: { kind: 'fixed', seconds: 0.1 } } as const;
    const load = { kind: 'users', users: 30, think: { kind: 'fixed', seconds: 0 } } as const;
    const busy = (database: Partial<StackConfiguration['database']>) =>
      result(stack({ web: { concurrency: 20 }, pool: { size: 20 }, database, request, load }));
    // Each query computes for 40 ms: one core answers 25 a second.
    const found = busy({ concurrency: 100, writers: 100, cpuShare: 0.4, cpus: 1 });
    expect(found.throughputPerSecond).toBeCloseTo(25, 0);
    expect(found).toMatchObject({ bottleneck: 'database-cpu', errorShare: 0, stable: true });
    expect(found.utilisation.databaseCpu).toBeGreaterThan(0.98);
    expect(busy({ concurrency: 100, writers: 100, cpuShare: 0.4, cpus: 8 }).throughputPerSecond).toBeGreaterThan(150);
  });

  it('lets one writer write at a time', () => {
    const database = { concurrency: 8, writers: 1 };
    const request = { database: { kind: 'fixed', seconds: 0.1 }, writeShare: 0.7 } as const;
    const load = { kind: 'users', users: 30, think: { kind: 'fixed', seconds: 0 } } as const;
    const found = result(stack({ database, request, load }));
    expect(found.bottleneck).toBe('writers');
    expect(found.throughputPerSecond).toBeLessThan(10 / 0.7 + 1.5);
  });

  it('carries the lighter scenarios better than the heavier ones', () => {
    const database = { concurrency: 4, writers: 1 };
    const times = scenarios.slice(0, 4).map(({ load, writeShare, seconds }) => {
      const request = { database: { kind: 'exponential', meanSeconds: 0.15 }, writeShare } as const;
      return result(stack({ database, request, load }), { seconds }).responseSeconds.mean;
    });
    expect(times).toEqual([...times].sort((left, right) => left - right));
  });
});

describe('what always holds', () => {
  const runs = { numRuns: 60 };

  it("is Little's law: requests in the system = throughput x time", () => {
    fc.assert(
      fc.property(stacks, fc.integer({ min: 1, max: 60 }), (configuration, requests) => {
        // Each crowd is gone long before the next one, so nothing is cut off at the edges and the law is exact.
        const load = { kind: 'bursts', requests, everySeconds: 2000 } as const;
        const patient = { ...configuration, load, proxyTimeoutSeconds: null };
        const found = result(patient, { seconds: 6000, warmUpSeconds: 1000 });
        if (found.errorShare > 0) return;
        expect(found.finishedRequests).toBe(3 * requests);
        expect(found.requestsInSystem).toBeCloseTo(found.throughputPerSecond * found.responseSeconds.mean, 9);
      }),
      runs,
    );
  });

  it('is that numbers are numbers, shares are shares, and the same inputs give the same result', () => {
    fc.assert(
      fc.property(stacks, (configuration) => {
        const found = result(configuration);
        expect(numbersIn(found).filter((value) => !Number.isFinite(value) || value < 0)).toEqual([]);
        const shares = [...Object.values(found.utilisation), ...Object.values(found.errors), found.errorShare];
        expect(shares.filter((share) => share > 1 + 1e-9)).toEqual([]);
        const { p50, p95, p99 } = found.responseSeconds;
        expect([p50, p95, p99]).toEqual([p50, p95, p99].sort((left, right) => left - right));
        expect(result(configuration)).toEqual(found);
        const instant = estimate(configuration);
        expect(instant.ok && Number.isFinite(instant.result.responseSeconds + instant.result.throughputPerSecond)).toBe(
          true,
        );
      }),
      runs,
    );
  });

  it('is that more of anything does not make a stack without timeouts slower', () => {
    const more: readonly ((configuration: StackConfiguration) => StackConfiguration)[] = [
      (before) => ({ ...before, database: { ...before.database, concurrency: before.database.concurrency + 4 } }),
      (before) => ({ ...before, web: { ...before.web, cpus: before.web.cpus * 2 } }),
      (before) => ({ ...before, database: { ...before.database, cpus: 2 * (before.database.cpus ?? 1) } }),
      (before) => ({ ...before, pool: before.pool && { ...before.pool, size: before.pool.size + 4 } }),
    ];
    fc.assert(
      fc.property(stacks, fc.constantFrom(...more), (configuration, change) => {
        const patient = { ...configuration, proxyTimeoutSeconds: null };
        const [before, after] = [patient, change(patient)].map((given) => result(given, { seconds: 120 }));
        if (!before || !after || before.errorShare > 0) return;
        expect(after.throughputPerSecond).toBeGreaterThanOrEqual(0.9 * before.throughputPerSecond - 0.2);
      }),
      runs,
    );
  });

  it('is that more users wait longer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 5, max: 60 }), (users, further) => {
        const [few, many] = [users, users + further].map((count) => {
          const load = { kind: 'users', users: count, think: { kind: 'exponential', meanSeconds: 0.5 } } as const;
          return result(stack({ load }), { seconds: 120 }).responseSeconds.mean;
        });
        expect(many ?? 0).toBeGreaterThanOrEqual(0.97 * (few ?? 0));
      }),
      runs,
    );
  });
});

describe('inputs that cannot be used', () => {
  it.each([
    [{ web: { processes: 0 } }, 'web.processes', 'too-small'],
    [{ web: { processes: 2.5 } }, 'web.processes', 'not-whole'],
    [{ web: { processes: 1e9 } }, 'web.processes', 'too-large'],
    [{ web: { cpus: Number.NaN } }, 'web.cpus', 'not-a-number'],
    [{ web: { kind: 'sync', concurrency: 2 } }, 'web.concurrency', 'too-large'],
    [{ pool: { size: 0, overflow: 0 } }, 'pool.size', 'too-small'],
    [{ pool: { timeoutSeconds: -1 } }, 'pool.timeoutSeconds', 'too-small'],
    [{ database: { concurrency: Number.POSITIVE_INFINITY, writers: -3 } }, 'database.writers', 'too-small'],
    [{ request: { writeShare: 1.2 } }, 'request.writeShare', 'too-large'],
    [{ request: { cpu: { kind: 'percentiles', points: [] } } }, 'request.cpu.points', 'missing'],
    [
      {
        request: {
          cpu: {
            kind: 'percentiles',
            points: [
              { percentile: 95, seconds: 1 },
              { percentile: 50, seconds: 2 },
            ],
          },
        },
      },
      'request.cpu.points.1',
      'not-ascending',
    ],
    [{ load: { kind: 'arrivals', requestsPerSecond: -5 } }, 'load.requestsPerSecond', 'too-small'],
    [{ load: { kind: 'users', users: 1e7, think: { kind: 'fixed', seconds: 1 } } }, 'load.users', 'too-large'],
  ] as const)('%j', (changes, field, problem) => {
    const found = simulate(stack(changes as Changes));
    expect(found.ok ? [] : found.problems).toEqual([expect.objectContaining({ field, problem })]);
    expect(estimate(stack(changes as Changes)).ok).toBe(false);
  });

  it('are named in the options too', () => {
    expect(checkSimulation(example, { seconds: 0 })).toMatchObject([
      { field: 'options.seconds', problem: 'too-small' },
    ]);
    expect(checkSimulation(example, { seconds: Number.NaN })).toMatchObject([{ problem: 'not-a-number' }]);
  });

  it('do not hang a run that would never end', () => {
    const nothing = { kind: 'fixed', seconds: 0 } as const;
    const request = { cpu: nothing, database: nothing };
    const found = result(stack({ request, load: { kind: 'users', users: 1, think: nothing } }));
    expect(numbersIn(found).every(Number.isFinite)).toBe(true);
  });
});

const times = fc.double({ min: 0.001, max: 0.3, noNaN: true });
const stacks: fc.Arbitrary<StackConfiguration> = fc
  .record({
    kind: fc.constantFrom('sync', 'threads', 'async'),
    processes: fc.integer({ min: 1, max: 6 }),
    concurrency: fc.integer({ min: 1, max: 12 }),
    cpus: fc.double({ min: 0.5, max: 8, noNaN: true }),
    size: fc.integer({ min: 1, max: 8 }),
    timeoutSeconds: fc.constantFrom(null, 0, 0.2, 30),
    heldFor: fc.constantFrom('query', 'request'),
    queries: fc.integer({ min: 0, max: 4 }),
    databases: fc.integer({ min: 1, max: 10 }),
    databaseCores: fc.constantFrom(null, 0.5, 2, Number.POSITIVE_INFINITY),
    databaseCpuShare: fc.constantFrom(0, 0.3, 1),
    users: fc.integer({ min: 1, max: 40 }),
    cpuSeconds: times,
    databaseSeconds: times,
    proxyTimeoutSeconds: fc.constantFrom(null, 1),
  } as const)
  .map((given) =>
    stack({
      web: {
        kind: given.kind,
        processes: given.processes,
        concurrency: given.kind === 'sync' ? 1 : given.concurrency,
        cpus: given.cpus,
      },
      pool: { size: given.size, timeoutSeconds: given.timeoutSeconds, heldFor: given.heldFor },
      database: {
        concurrency: given.databases,
        writers: given.databases,
        cpus: given.databaseCores,
        cpuShare: given.databaseCpuShare,
      },
      request: {
        cpu: { kind: 'lognormal', meanSeconds: given.cpuSeconds, variation: 0.5 },
        database: { kind: 'exponential', meanSeconds: given.databaseSeconds },
        queries: given.queries,
      },
      load: { kind: 'users', users: given.users, think: { kind: 'exponential', meanSeconds: 0.5 } },
      proxyTimeoutSeconds: given.proxyTimeoutSeconds,
    } as Changes),
  );

function result(configuration: StackConfiguration, options: SimulationOptions = {}) {
  const found = simulate(configuration, options);
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found.result;
}

function numbersIn(value: object): readonly number[] {
  return Object.values(value).flatMap((part) =>
    typeof part === 'number' ? [part] : typeof part === 'object' && part !== null ? numbersIn(part) : [],
  );
}
