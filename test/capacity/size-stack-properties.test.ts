import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CapacityInputs, checkInputs, fieldRanges, typicalInputs } from '../../src/capacity/capacity-inputs.ts';
import type { Figure } from '../../src/capacity/figure.ts';
import { reservedConnections } from '../../src/capacity/pool-sizing.ts';
import { type StackSizing, sizeStack } from '../../src/capacity/size-stack.ts';
import type { StackSettings } from '../../src/capacity/stack-settings.ts';
import { mostWorkersPerCpu } from '../../src/capacity/worker-sizing.ts';

const wholeFields = /bytes$/i;

/** Any machine and load that the fields take; bytes are whole. */
const anyInputs = fc
  .record(
    Object.fromEntries(
      Object.entries(fieldRanges).map(([name, { least, above, most, whole }]) => {
        const low = least ?? (above ?? 0) + 1e-6;
        const isWhole = whole === true || wholeFields.test(name);
        const near = Math.min(most, low + 64);
        const number = fc.oneof(
          fc.double({ min: low, max: most, noNaN: true }),
          fc.double({ min: low, max: near, noNaN: true }),
        );
        return [name, isWhole ? number.map((value) => Math.max(low, Math.floor(value))) : number];
      }),
    ),
  )
  .chain((numbers) =>
    fc.record({
      numbers: fc.constant(numbers),
      webLimitBytes: fc.constantFrom(null, numbers.webLimitBytes ?? null),
      requestsPerSecond: fc.constantFrom(null, numbers.requestsPerSecond ?? null),
      profile: fc.constantFrom('shared' as const, 'dedicated' as const),
      database: fc.constantFrom('postgresql' as const, 'mysql' as const, 'mariadb' as const, 'none' as const),
      concurrency: fc.constantFrom('threads' as const, 'event-loop' as const),
      redisPersists: fc.boolean(),
    }),
  )
  .map(({ numbers, ...others }): CapacityInputs => ({ ...typicalInputs, ...numbers, ...others }));

/** Machines that people have, with shares that can hold: most random shares add up to more than one. */
const usualInputs = fc
  .record({
    cpus: fc.oneof(fc.integer({ min: 1, max: 64 }), fc.constantFrom(0.25, 0.5, 1.5, 2.5)),
    memoryBytes: fc.integer({ min: 512, max: 65_536 }).map((mebibytes) => mebibytes * 2 ** 20),
    profile: fc.constantFrom('shared' as const, 'dedicated' as const),
    replicas: fc.integer({ min: 1, max: 8 }),
    users: fc.integer({ min: 1, max: 2000 }),
    thinkSeconds: fc.constantFrom(0, 0.5, 1, 10),
    cpuSeconds: fc.constantFrom(0, 0.002, 0.02, 0.3),
    databaseSeconds: fc.constantFrom(0.001, 0.05, 0.48),
    workerBytes: fc.integer({ min: 64, max: 700 }).map((mebibytes) => mebibytes * 2 ** 20),
    webLimitBytes: fc.constantFrom(null, 256 * 2 ** 20, 2 ** 30),
    taskWorkers: fc.integer({ min: 0, max: 16 }),
    otherConnections: fc.integer({ min: 0, max: 300 }),
    poolsPerProcess: fc.integer({ min: 0, max: 3 }),
    database: fc.constantFrom('postgresql' as const, 'mysql' as const, 'mariadb' as const, 'none' as const),
    concurrency: fc.constantFrom('threads' as const, 'event-loop' as const),
    redisPersists: fc.boolean(),
  })
  .map((fields): CapacityInputs => ({ ...typicalInputs, ...fields }));

const anyRunning: fc.Arbitrary<StackSettings | undefined> = fc.option(
  fc.record({
    replicas: fc.constant(1),
    workers: fc.integer({ min: 1, max: 40 }),
    threads: fc.constantFrom(null, 1, 2, 8, 40),
    pool: fc.option(
      fc.record({
        size: fc.integer({ min: 1, max: 60 }),
        overflow: fc.integer({ min: 0, max: 60 }),
        timeoutSeconds: fc.constantFrom(null, 0, 5, 30, 300),
      }),
    ),
    maxConnections: fc.constantFrom(null, 20, 100, 151, 1000),
    workerTimeoutSeconds: fc.constantFrom(0, 1, 30, 120, 7.5),
    proxyTimeoutSeconds: fc.constantFrom(null, 1, 60, 300),
    fixed: fc.constantFrom([], ['workers' as const], ['threads' as const]),
  }),
  { nil: undefined },
);

const anyStack = fc
  .tuple(fc.oneof(usualInputs, anyInputs), anyRunning)
  .map(([inputs, running]) => {
    const threads = inputs.concurrency === 'event-loop' ? null : (running?.threads ?? 1);
    return { inputs, running: running && { ...running, replicas: inputs.replicas, threads } };
  })
  .filter(({ inputs }) => checkInputs({ ...inputs }).ok);

function holds(check: (sizing: StackSizing, inputs: CapacityInputs) => void): void {
  fc.assert(
    fc.property(anyStack, ({ inputs, running }) => check(sizeStack(inputs, running), inputs)),
    { numRuns: 1000 },
  );
}

function figuresOf(sizing: StackSizing): readonly (readonly [string, Figure<number | string>])[] {
  const { memory, carries: _, fits: __, ...figures } = sizing;
  return [
    ...Object.entries(figures).flatMap(([name, figure]) => (figure ? [[name, figure] as const] : [])),
    ...memory.parts.map(({ part, bytes }) => [`memory of ${part}`, bytes] as const),
  ];
}

const countsOnly = /^(workers|threads|requestsAtOnce|poolSize|maxOverflow|reachable|ceiling|maxConnections)|Bytes$/;

describe('whatever the machine, the load and the settings of today', () => {
  it('every figure is a number at least 0, whole where it counts something, with inputs and a source', () => {
    holds((sizing) => {
      for (const [name, { value, inputs, source }] of figuresOf(sizing)) {
        expect(source, name).not.toBe('');
        for (const number of Object.values(inputs)) expect(Number.isFinite(number), name).toBe(true);
        if (typeof value !== 'number') continue;
        expect(Number.isFinite(value) && value >= 0, `${name} ${value}`).toBe(true);
        if (countsOnly.test(name)) expect(Number.isInteger(value), `${name} ${value}`).toBe(true);
      }
    });
  });

  it('every formula with its inputs gives the figure', () => {
    holds((sizing) => {
      for (const [name, figure] of figuresOf(sizing)) {
        if (typeof figure.value !== 'number') continue;
        const [expression = '', ...notes] = figure.formula.split(', ').reduce<string[]>(joinArguments, []);
        const exact = evaluate(expression, figure.inputs);
        const note = notes.join(', ');
        const slack = 1e-6 * Math.max(1, Math.abs(exact));
        const label = `${name}: ${figure.formula} ${JSON.stringify(figure.inputs)} = ${figure.value}`;
        if (/^between/.test(note)) continue;
        if (note.startsWith('rounded up')) expect(figure.value, label).toBeGreaterThanOrEqual(exact - slack);
        else if (note.startsWith('rounded down')) expect(figure.value, label).toBeLessThanOrEqual(exact + slack);
        else expect(Math.abs(figure.value - exact), label).toBeLessThanOrEqual(slack);
      }
    });
  });

  it('the parts of the memory stay within the machine unless the plan says that they do not fit', () => {
    holds(({ memory, fits, workers }, inputs) => {
      const used = memory.parts.reduce((sum, { bytes }) => sum + bytes.value, 0);
      expect(fits).toBe(used <= inputs.memoryBytes);
      expect(memory.freeBytes).toBeCloseTo(inputs.memoryBytes - used, 0);
      // One worker is the least that serves anybody; more must find their memory, unless no edit can change them.
      const isOurs = workers.source !== 'as it is: not for the plan to change';
      if (!fits && isOurs) expect(workers.value).toBe(1);
    });
  });
});

describe('the recommended settings', () => {
  it('break none of the rules about them', () => {
    holds((sizing, inputs) => {
      const { workers, threads, poolSize, maxOverflow, memoryLimitBytes, memoryReservationBytes } = sizing;
      expect(memoryReservationBytes.value).toBeLessThanOrEqual(memoryLimitBytes.value);
      const isFixed = workers.source === 'as it is: not for the plan to change';
      const perProcess = sizing.requestsAtOnce.value / (inputs.replicas * workers.value);
      expect(poolSize.value + maxOverflow.value).toBeGreaterThanOrEqual(perProcess);
      if (inputs.concurrency === 'threads') {
        expect(perProcess).toBe(threads.value);
        const isKept = poolSize.source.startsWith('as it is');
        if (!isKept) expect(poolSize.value + maxOverflow.value).toBeLessThanOrEqual(2 * perProcess);
      }
      if (!isFixed) {
        expect(workers.value).toBeLessThanOrEqual(Math.max(2, mostWorkersPerCpu * inputs.cpus));
        const limit = Math.min(memoryLimitBytes.value, inputs.webLimitBytes ?? Number.POSITIVE_INFINITY);
        if (workers.value > 1) expect(workers.value * inputs.workerBytes).toBeLessThanOrEqual(limit);
      }
      expect(sizing.poolTimeoutSeconds.value).toBeLessThanOrEqual(Math.max(1, sizing.workerTimeoutSeconds.value));
      expect(sizing.proxyTimeoutSeconds.value).toBeGreaterThan(sizing.workerTimeoutSeconds.value);
    });
  });

  it('fill no more than 80 % of the connections that the database takes', () => {
    holds(({ reachableConnections, ceilingConnections, maxConnections }, { concurrency, database }) => {
      if (!maxConnections) return;
      const used = concurrency === 'event-loop' ? ceilingConnections : reachableConnections;
      const usable = maxConnections.value - reservedConnections(database);
      expect(used.value).toBeLessThanOrEqual(0.8 * usable + 1e-6);
    });
  });
});

it('more cores never lower the share of the load that finds a worker at once', () => {
  const served = (inputs: CapacityInputs) => {
    const { inFlight, requestsAtOnce } = sizeStack(inputs);
    return Math.min(inFlight.value, requestsAtOnce.value);
  };
  fc.assert(
    fc.property(usualInputs, fc.double({ min: 1, max: 8, noNaN: true }), (inputs, times) => {
      expect(served({ ...inputs, cpus: inputs.cpus * times })).toBeGreaterThanOrEqual(served(inputs) - 1e-9);
    }),
    { numRuns: 1000 },
  );
});

/** `max(a, b) / c`: the comma inside the brackets is no note. */
function joinArguments(parts: string[], part: string): string[] {
  const last = parts.at(-1);
  const isOpen = last !== undefined && last.split('(').length > last.split(')').length;
  return isOpen ? [...parts.slice(0, -1), `${last}, ${part}`] : [...parts, part];
}

/** The value of a formula: names, numbers, x, +, -, /, brackets, min and max. */
function evaluate(formula: string, inputs: Readonly<Record<string, number>>): number {
  const tokens = formula.match(/[a-z]\w*|\d+(?:\.\d+)?|[-+/(),]/gi) ?? [];
  let next = 0;
  const sum = (): number => {
    let value = product();
    while (tokens[next] === '+' || tokens[next] === '-') value += tokens[next++] === '+' ? product() : -product();
    return value;
  };
  const product = (): number => {
    let value = operand();
    while (tokens[next] === 'x' || tokens[next] === '/') {
      if (tokens[next++] === 'x') value *= operand();
      else value /= operand();
    }
    return value;
  };
  const operand = (): number => {
    const token = tokens[next++] ?? '';
    if (token === '(') return group()[0] ?? Number.NaN;
    if (token === 'min' || token === 'max') {
      next++;
      return Math[token](...group());
    }
    return /^\d/.test(token) ? Number(token) : (inputs[token] ?? Number.NaN);
  };
  const group = (): readonly number[] => {
    const values = [sum()];
    while (tokens[next] === ',') {
      next++;
      values.push(sum());
    }
    next++;
    return values;
  };
  return sum();
}
