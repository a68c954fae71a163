import type {
  InputProblem,
  SimulationOptions,
  StackConfiguration,
  TimeDistribution,
} from './simulate-configuration.ts';

/** What is wrong with the inputs of a simulation, field by field; nothing when they can be used. */
export function checkSimulation(
  configuration: StackConfiguration,
  options: SimulationOptions = {},
): readonly InputProblem[] {
  const { web, pool, database, request, load, proxyTimeoutSeconds } = configuration;
  return [
    ...number('web.processes', web.processes, { least: 1, most: 10_000, whole: true }),
    ...number('web.concurrency', web.concurrency, { least: 1, most: 100_000, whole: true }),
    ...(web.kind === 'sync' ? number('web.concurrency', web.concurrency, { least: 1, most: 1 }) : []),
    ...number('web.cpus', web.cpus, { least: 0.001, most: 10_000 }),
    ...number('web.backlog', web.backlog, { least: 0, most: 1e9 }),
    ...number('web.timeoutSeconds', web.timeoutSeconds, duration),
    ...number('web.restartSeconds', web.restartSeconds, duration),
    ...(pool === null
      ? []
      : [
          ...number('pool.size', pool.size, { least: 0, most: 1e6, whole: true, endless: true }),
          ...number('pool.overflow', pool.overflow, { least: 0, most: 1e6, whole: true, endless: true }),
          ...number('pool.size', pool.size + pool.overflow, { least: 1, most: 2e6, endless: true }),
          ...optional('pool.timeoutSeconds', pool.timeoutSeconds, duration),
          ...number('pool.connectSeconds', pool.connectSeconds, duration),
          ...number('pool.heldCpuSeconds', pool.heldCpuSeconds ?? 0, duration),
          ...number('pool.connectCpuSeconds', pool.connectCpuSeconds, duration),
        ]),
    ...number('database.concurrency', database.concurrency, { least: 1, most: 1e6, whole: true, endless: true }),
    ...number('database.writers', database.writers, { least: 1, most: 1e6, whole: true, endless: true }),
    ...number('database.cpuShare', database.cpuShare, share),
    ...optional('database.cpus', database.cpus, { least: 0.001, most: 1e6, endless: true }),
    ...time('request.cpu', request.cpu),
    ...number('request.lastCpuSeconds', request.lastCpuSeconds ?? 0, duration),
    ...number('request.failedCpuSeconds', request.failedCpuSeconds ?? 0, duration),
    ...time('request.database', request.database),
    ...number('request.queries', request.queries, { least: 0, most: 1000, whole: true }),
    ...number('request.writeShare', request.writeShare, share),
    ...number('request.frontCpuSeconds', request.frontCpuSeconds, duration),
    ...checkLoad(load),
    ...optional('proxyTimeoutSeconds', proxyTimeoutSeconds, { least: 0.001, most: 1e6 }),
    ...number('options.seed', options.seed ?? 0, { least: -(2 ** 31), most: 2 ** 32, whole: true }),
    ...number('options.seconds', options.seconds ?? 60, { least: 0.001, most: 1e6 }),
    ...number('options.warmUpSeconds', options.warmUpSeconds ?? 0, duration),
    ...number('options.maxEvents', options.maxEvents ?? 1, { least: 1, most: 1e9 }),
  ];
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
  /** Infinity is a value of its own here: no limit. */
  readonly endless?: boolean;
}

const duration: Range = { least: 0, most: 1e6 };
const share: Range = { least: 0, most: 1 };

function checkLoad(load: StackConfiguration['load']): readonly InputProblem[] {
  switch (load.kind) {
    case 'users':
      return [
        ...number('load.users', load.users, { least: 1, most: 100_000, whole: true }),
        ...time('load.think', load.think),
      ];
    case 'arrivals':
      return number('load.requestsPerSecond', load.requestsPerSecond, { least: 0.001, most: 100_000 });
    case 'bursts':
      return [
        ...number('load.requests', load.requests, { least: 1, most: 100_000, whole: true }),
        ...number('load.everySeconds', load.everySeconds, { least: 0.01, most: 1e6 }),
      ];
  }
}

function time(field: string, distribution: TimeDistribution): readonly InputProblem[] {
  switch (distribution.kind) {
    case 'fixed':
      return number(`${field}.seconds`, distribution.seconds, duration);
    case 'exponential':
      return number(`${field}.meanSeconds`, distribution.meanSeconds, duration);
    case 'lognormal':
      return [
        ...number(`${field}.meanSeconds`, distribution.meanSeconds, duration),
        ...number(`${field}.variation`, distribution.variation, { least: 0, most: 100 }),
      ];
    case 'percentiles':
      return percentiles(`${field}.points`, distribution.points);
  }
}

function percentiles(
  field: string,
  points: readonly { readonly percentile: number; readonly seconds: number }[],
): readonly InputProblem[] {
  if (points.length === 0) return [{ field, problem: 'missing' }];
  const wrong = points.flatMap(({ percentile, seconds }, index) => [
    ...number(`${field}.${index}.percentile`, percentile, { least: 0.001, most: 100 }),
    ...number(`${field}.${index}.seconds`, seconds, duration),
  ]);
  const descends = points.findIndex((point, index) => {
    const before = points[index - 1];
    return before !== undefined && (point.percentile <= before.percentile || point.seconds < before.seconds);
  });
  return descends < 0 ? wrong : [...wrong, { field: `${field}.${descends}`, problem: 'not-ascending' }];
}

function optional(field: string, value: number | null, range: Range): readonly InputProblem[] {
  return value === null ? [] : number(field, value, range);
}

function number(field: string, value: number, range: Range): readonly InputProblem[] {
  if (range.endless && value === Number.POSITIVE_INFINITY) return [];
  if (typeof value !== 'number' || !Number.isFinite(value)) return [{ field, problem: 'not-a-number' }];
  if (value < range.least) return [{ field, problem: 'too-small', limit: range.least }];
  if (value > range.most) return [{ field, problem: 'too-large', limit: range.most }];
  return range.whole && !Number.isInteger(value) ? [{ field, problem: 'not-whole' }] : [];
}
