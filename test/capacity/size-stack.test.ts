import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CapacityInputs, checkInputs, fieldRanges, typicalInputs } from '../../src/capacity/capacity-inputs.ts';
import { carriedLoad } from '../../src/capacity/carried-load.ts';
import { explainFigure } from '../../src/capacity/figure.ts';
import { standardTarget } from '../../src/capacity/load-plan.ts';
import { sizeHttpMemory } from '../../src/capacity/memory-sizing.ts';
import { sizeStack } from '../../src/capacity/size-stack.ts';
import { recommendedSettings } from '../../src/capacity/stack-settings.ts';
import { sharedWorkers } from '../../src/capacity/worker-sizing.ts';

const megabyte = 1e6;
const gibibyte = 2 ** 30;

/** One server for Django, Celery, MySQL and Redis, with the memory figures that its team measured. */
const oneServer: CapacityInputs = {
  ...typicalInputs,
  cpus: 4,
  memoryBytes: 8 * gibibyte,
  profile: 'shared',
  database: 'mysql',
  workerBytes: 150 * megabyte,
  taskWorkers: 2,
  taskWorkerBytes: 200 * megabyte,
};

describe('a host shared with database, cache and Celery', () => {
  it.each([
    { cpus: 4, memory: 8, fewest: 2, most: 3 },
    { cpus: 8, memory: 16, fewest: 4, most: 6 },
    { cpus: 16, memory: 32, fewest: 8, most: 12 },
  ])('of $cpus cores and $memory GB runs $fewest to $most workers', ({ cpus, memory, fewest, most }) => {
    const { workers } = sizeStack({ ...oneServer, cpus, memoryBytes: memory * gibibyte });
    expect(workers.value).toBeGreaterThanOrEqual(fewest);
    expect(workers.value).toBeLessThanOrEqual(most);
    expect(sharedWorkers(cpus)).toEqual({ fewest, most });
  });

  it('spends 3 to 4 of 8 GB, as its team budgeted', () => {
    const { memory } = sizeStack(oneServer);
    const bytes = Object.fromEntries(memory.parts.map(({ part, bytes }) => [part, bytes.value / megabyte]));
    expect(bytes.web).toBe(3 * 150);
    expect(bytes.tasks).toBe(2 * 200);
    expect(bytes.database).toBeGreaterThanOrEqual(1000);
    expect(bytes.database).toBeLessThanOrEqual(2000);
    expect(bytes.cache).toBeGreaterThanOrEqual(100);
    expect(bytes.cache).toBeLessThanOrEqual(200);
    const used = (memory.totalBytes - memory.freeBytes) / megabyte;
    expect(used).toBeGreaterThanOrEqual(3000);
    expect(used).toBeLessThanOrEqual(4000);
  });

  it('follows the shares that its owner edits', () => {
    expect(sizeStack({ ...oneServer, webCpuShare: 0.25 }).workers.value).toBe(2);
    expect(sizeStack({ ...oneServer, cpus: 16, webCpuShare: 0.25 }).workers.value).toBe(6);
  });

  it('says so when the parts do not fit', () => {
    const small = sizeStack({ ...oneServer, memoryBytes: gibibyte, taskWorkers: 8 });
    expect(small.fits).toBe(false);
    expect(small.workers.value).toBe(1);
  });
});

describe('a machine of its own', () => {
  const alone: CapacityInputs = { ...oneServer, profile: 'dedicated' };

  it('runs 2 x cores + 1 workers', () => {
    expect(sizeStack(alone).workers).toMatchObject({ value: 9, formula: 'max(2, 2 x cpus + 1)', inputs: { cpus: 4 } });
  });

  it('runs no more workers than its memory holds', () => {
    const { workers } = sizeStack({ ...alone, memoryBytes: 1000 * megabyte });
    expect(workers.value).toBe(6);
    expect(explainFigure(workers)).toBe('953.67 MiB / 143.05 MiB, rounded down = 6');
  });
});

describe('sync workers that carry the load', () => {
  const inputs: CapacityInputs = { ...oneServer, cpus: 16, memoryBytes: 32 * gibibyte, users: 50 };
  const running = {
    ...{ replicas: 1, workers: 12, threads: 1, pool: null, maxConnections: null },
    ...{ workerTimeoutSeconds: 30, proxyTimeoutSeconds: null },
  };

  it('stay sync although more requests would be in flight if nobody waited: threads accept unevenly', () => {
    const sizing = sizeStack(inputs, running);
    expect(sizing.inFlight.value).toBeGreaterThan(12);
    expect([sizing.workers.value, sizing.threads.value, sizing.workerClass.value]).toEqual([12, 1, 'sync']);
  });

  it('get threads where they do not carry it, or where a rate needs room', () => {
    expect(sizeStack({ ...inputs, users: 70 }, running).threads.value).toBeGreaterThan(1);
    expect(sizeStack({ ...inputs, requestsPerSecond: 30 }, running).threads.value).toBeGreaterThan(1);
  });
});

describe('the load', () => {
  it('decides threads, pool and connections', () => {
    const sizing = sizeStack({ ...oneServer, cpuSeconds: 0.02, databaseSeconds: 0.48 });
    expect(explainFigure(sizing.inFlight)).toBe('50 x 0.5 s / (0.5 s + 1 s) = 16.67');
    expect(explainFigure(sizing.threads)).toBe('16.67 x 0.41, rounded up = 7');
    expect(sizing.workerClass.value).toBe('gthread');
    expect([sizing.poolSize.value, sizing.maxOverflow.value]).toEqual([7, 7]);
    expect(sizing.reachableConnections.value).toBe(21);
    expect(sizing.maxConnections?.value).toBe(151);
  });

  it('raises max_connections before 80 % of it are in use', () => {
    const sizing = sizeStack({ ...oneServer, database: 'postgresql', otherConnections: 70 });
    expect(sizing.reachableConnections.value).toBe(91);
    expect(explainFigure(sizing.maxConnections ?? sizing.workers)).toBe('(91 / 0.75 + 3), rounded up to 50 = 150');
  });

  it('of a rate leaves room, because requests keep coming while others wait', () => {
    const rate = { ...oneServer, cpus: 8, requestsPerSecond: 30, cpuSeconds: 0.02, databaseSeconds: 0.18 };
    const sizing = sizeStack(rate);
    expect(sizing.inFlight.value).toBeCloseTo(6);
    expect(sizing.threads.inputs).toMatchObject({ busyShare: 0.8 });
    expect(sizing.workers.value * sizing.threads.value * 0.8).toBeGreaterThanOrEqual(6);
    const settings = recommendedSettings(sizing, {
      ...{ replicas: 1, workers: 1, threads: 1, pool: null, maxConnections: null },
      ...{ workerTimeoutSeconds: 30, proxyTimeoutSeconds: null },
    });
    expect(carriedLoad({ inputs: rate, settings }, standardTarget(rate))).toBeGreaterThan(30);
  });

  it('that is beyond the machine is named, not hidden', () => {
    const { carries, threads } = sizeStack({ ...oneServer, users: 100_000, thinkSeconds: 0 });
    expect(carries).toBe(false);
    expect(threads.value).toBe(16);
  });
});

it('adds up the memory of a gateway as its team did', () => {
  const gateway = { processes: 1, baseBytes: 200 * megabyte, connectionBytes: 50_000 };
  expect(sizeHttpMemory({ ...gateway, connections: 150 }).value).toBe(207.5 * megabyte);
  expect(sizeHttpMemory({ ...gateway, connections: 300 }).value).toBe(215 * megabyte);
});

it('fits the time-outs into each other', () => {
  const sizing = sizeStack(oneServer);
  expect(sizing.poolTimeoutSeconds.value).toBeLessThan(sizing.workerTimeoutSeconds.value);
  expect(sizing.workerTimeoutSeconds.value).toBeLessThan(sizing.proxyTimeoutSeconds.value);
  expect(sizing.stopGracePeriodSeconds.value).toBeGreaterThan(30);
});

describe('inputs that cannot be used', () => {
  it.each([
    [{ cpus: 0 }, { field: 'cpus', kind: 'too-small', bound: 0.01 }],
    [{ users: -5 }, { field: 'users', kind: 'too-small', bound: 1 }],
    [{ users: 1.5 }, { field: 'users', kind: 'not-whole' }],
    [{ memoryBytes: Number.NaN }, { field: 'memoryBytes', kind: 'not-a-number' }],
    [{ memoryBytes: '8 GiB' }, { field: 'memoryBytes', kind: 'not-a-number' }],
    [{ thinkSeconds: Number.POSITIVE_INFINITY }, { field: 'thinkSeconds', kind: 'not-a-number' }],
    [{ cpus: 1e9 }, { field: 'cpus', kind: 'too-large', bound: 1024 }],
    [{ workerBytes: undefined }, { field: 'workerBytes', kind: 'missing' }],
    [{ profile: 'cloud' }, { field: 'profile', kind: 'not-a-choice' }],
    [
      { cpuSeconds: 0, databaseSeconds: 0 },
      { field: 'cpuSeconds', kind: 'too-small', bound: 0 },
    ],
    [{ webCpuShare: 0.9 }, { field: 'webCpuShare', kind: 'over-one', bound: 1.4 }],
  ])('%j are refused by field', (change, problem) => {
    expect(checkInputs({ ...oneServer, ...change })).toEqual({ ok: false, problems: [problem] });
  });

  it('never lead to a figure that is no number', () => {
    const field = ([name, { least, above, most, whole }]: [string, (typeof fieldRanges)['cpus']]) => {
      const low = least ?? (above ?? 0) + 1e-6;
      const number = fc.double({ min: low, max: most, noNaN: true });
      return [name, whole ? number.map(Math.floor) : number] as const;
    };
    const numbers = fc.record(Object.fromEntries(Object.entries(fieldRanges).map(field)));
    fc.assert(
      fc.property(numbers, fc.constantFrom('shared', 'dedicated'), (values, profile) => {
        const checked = checkInputs({ ...oneServer, ...values, profile });
        if (!checked.ok) return;
        const flat = JSON.stringify(sizeStack(checked.inputs), (_, value) =>
          typeof value === 'number' && !Number.isFinite(value) ? 'not a number' : value,
        );
        expect(flat).not.toContain('not a number');
      }),
    );
  });
});
