import { meanTime } from './random.ts';
import { resourceCapacities, stackCapacity } from './simulate-bottleneck.ts';
import { checkSimulation } from './simulate-check.ts';
import type { Bottleneck, Checked, StackConfiguration } from './simulate-configuration.ts';

/** A stack's steady state from a formula. */
export interface Estimate {
  /** Requests answered, or failed for want of a connection, per second. */
  readonly throughputPerSecond: number;
  /** Mean response time, timeouts not counted. */
  readonly responseSeconds: number;
  /** The most that the stack can answer; Infinity when a request costs nothing. */
  readonly capacityPerSecond: number;
  readonly bottleneck: Bottleneck;
  /** False when more requests arrive than can be answered; then throughput is the capacity and response the bound. */
  readonly stable: boolean;
}

/** Longest response time that an estimate gives, in seconds: beyond it a stack has failed whatever the number. */
const longestSeconds = 600;
/** Requests at once up to which throughput is calculated exactly; beyond, it no longer changes noticeably. */
const largestPopulation = 400;

/**
 * An instant answer for a stack, without simulating: the database within the pool, the pool within the workers and the
 * workers among the users, each replaced by what it answers with 1, 2, ... requests inside (flow-equivalent servers).
 * Takes milliseconds. Knows averages only: no percentiles, no timeouts, and requests spread evenly over the processes.
 */
export function estimate(configuration: StackConfiguration): Checked<Estimate> {
  const problems = checkSimulation(configuration);
  if (problems.length > 0) return { ok: false, problems };
  const { resource, requestsPerSecond } = stackCapacity(configuration);
  const rates = workerRates(configuration);
  const { throughput, response, stable } = withLoad(configuration, rates, requestsPerSecond);
  const unhindered = 1 / Math.max(rates[0] ?? 0, 1e-9);
  return {
    ok: true,
    result: {
      throughputPerSecond: throughput,
      responseSeconds: Math.min(longestSeconds, response),
      capacityPerSecond: requestsPerSecond,
      bottleneck: response > 1.1 * unhindered ? resource : 'none',
      stable,
    },
  };
}

/** Requests per second that the workers answer with 1, 2, ... requests among them. */
function workerRates(configuration: StackConfiguration): readonly number[] {
  const { web, pool, request } = configuration;
  const slots = Math.min(web.processes * web.concurrency, largestPopulation);
  const capacities = resourceCapacities(configuration);
  const capacity = (name: Bottleneck) =>
    capacities.find(({ resource }) => resource === name)?.requestsPerSecond ?? Number.POSITIVE_INFINITY;
  const databaseSeconds = request.queries > 0 ? meanTime(request.database) : 0;
  const cpuSeconds = meanTime(request.cpu) + request.frontCpuSeconds;
  const connections = pool === null ? slots : Math.min(slots, web.processes * (pool.size + pool.overflow));
  const databaseCapacity = Math.min(capacity('database'), capacity('database-cpu'), capacity('writers'));
  const inDatabase = (count: number) => Math.min(Math.min(count, connections) / databaseSeconds, databaseCapacity);
  const cpuCapacity = Math.min(capacity('cpus'), capacity('process-cpu'));
  const inCpu = (count: number) => Math.min(count / cpuSeconds, cpuCapacity);
  return twoStations(slots, cpuSeconds > 0 ? inCpu : undefined, databaseSeconds > 0 ? inDatabase : undefined);
}

type Rate = (count: number) => number;

/** Throughput of two stations in a cycle with 1 to `most` requests, by Buzen's convolution, scaled against overflow. */
function twoStations(most: number, first: Rate | undefined, second: Rate | undefined): readonly number[] {
  const only = first === undefined ? second : second === undefined ? first : undefined;
  const counts = Array.from({ length: most }, (_, index) => index + 1);
  if (only !== undefined) return counts.map(only);
  if (first === undefined || second === undefined) return counts.map(() => 1e9);
  const scale = Math.min(first(most), second(most));
  const weights = [first, second].map((rate) => {
    const found = [1];
    for (const count of counts) found.push(((found[count - 1] ?? 0) * scale) / rate(count));
    return found;
  });
  const constants = [0, ...counts].map((count) => {
    let sum = 0;
    for (let inFirst = 0; inFirst <= count; inFirst++)
      sum += (weights[0]?.[inFirst] ?? 0) * (weights[1]?.[count - inFirst] ?? 0);
    return sum;
  });
  return counts.map((count) => (scale * (constants[count - 1] ?? 0)) / (constants[count] ?? 1));
}

/** The users (or arrivals) around the workers: a birth and death process, whose steady state is a product. */
function withLoad(configuration: StackConfiguration, rates: readonly number[], capacity: number) {
  const { load } = configuration;
  const rateWith = (count: number) => rates[Math.min(count, rates.length) - 1] ?? 1e9;
  if (load.kind === 'users') {
    const think = meanTime(load.think);
    if (think <= 0) return closed(load.users, rateWith(load.users));
    const mean = steadyMean(load.users, (count) => (load.users - count + 1) / think / rateWith(count));
    const throughput = (load.users - mean) / think;
    return { throughput, response: throughput > 0 ? mean / throughput : longestSeconds, stable: true };
  }
  const offered = load.kind === 'arrivals' ? load.requestsPerSecond : load.requests / load.everySeconds;
  if (offered >= Math.min(capacity, rates.at(-1) ?? 0))
    return { throughput: Math.min(offered, capacity), response: longestSeconds, stable: false };
  const mean = steadyMean(100_000, (count) => offered / rateWith(count));
  return { throughput: offered, response: mean / offered, stable: true };
}

function closed(users: number, throughput: number) {
  return { throughput, response: users / throughput, stable: true };
}

/** Mean of a distribution over 0 to `most` whose neighbours have this ratio. Scaled, so that nothing overflows. */
function steadyMean(most: number, ratio: (count: number) => number): number {
  let [weight, total, sum] = [1, 1, 0];
  for (let count = 1; count <= most; count++) {
    weight *= ratio(count);
    total += weight;
    sum += count * weight;
    if (weight > 1e100) [weight, total, sum] = [1, total / weight, sum / weight];
    else if (weight < 1e-15 * total && ratio(count + 1) < 1) break;
  }
  return sum / total;
}
