import { type CapacityInputs, responseSeconds } from './capacity-inputs.ts';
import { documentedDefaults } from './defaults.ts';
import { meanTime } from './random.ts';
import { stackCapacity } from './simulate-bottleneck.ts';
import type { SimulationOptions, StackConfiguration } from './simulate-configuration.ts';

/** Users of whom a simulation takes noticeably long. */
export const crowd = 1000;

/**
 * Long enough for some thousand requests and for each user to ask many times. As many requests as make the figures steady
 * suffice: of a high rate they take a moment, which still has to be several response times, and of a crowd as well. No run
 * takes more than some tenths of a second of computing, whatever the inputs.
 */
export function runLength(
  configuration: StackConfiguration,
  of: { readonly inputs: CapacityInputs; readonly isCrowd: boolean; readonly isRough?: boolean },
): SimulationOptions {
  const { inputs, isCrowd, isRough } = of;
  const { load } = configuration;
  const isRate = load.kind === 'arrivals';
  const response = responseSeconds(inputs);
  const cycle = response + (isRate ? 0 : inputs.thinkSeconds);
  const offered = load.kind === 'users' ? load.users / cycle : isRate ? load.requestsPerSecond : 1;
  const most = stackCapacity(configuration).requestsPerSecond;
  const answered = Math.min(offered, most);
  const queueSeconds = load.kind === 'users' ? load.users / most : 0;
  const limit = { answered, requests: mostRequests(configuration), leastSeconds: leastResponses * response };
  if (isCrowd && !isRate) {
    // Requests that hardly wait are steady after some response times, others when the queue has grown.
    const waits = offered > busyShare * most;
    const settled = waits ? Math.max(2 * cycle, queueSeconds) : Math.min(2 * cycle, 5 * response);
    return within(
      limit,
      Math.max(waits ? queueSeconds / 2 : 0, (isRough ? enoughRequests : crowdRequests) / answered),
      settled,
    );
  }
  const long = Math.max(10, 20 * cycle, 5 * queueSeconds, fewestRequests / answered);
  const short = Math.max(3 * cycle, 3 * queueSeconds, (isRate ? enoughRequests : manyRequests) / answered);
  if (long <= short) return within(limit, long, long / 10);
  return within(limit, short, Math.max(short / 10, 2 * cycle, queueSeconds));
}

/**
 * Shortens a run, its warm-up in the same measure, to a number of requests, but not below some times the response time: a
 * shorter run could not see how long requests wait.
 */
function within(
  limit: { readonly answered: number; readonly requests: number; readonly leastSeconds: number },
  seconds: number,
  warmUpSeconds: number,
): SimulationOptions {
  const most = Math.max(limit.requests / limit.answered, limit.leastSeconds);
  const share = Math.min(1, most / (seconds + warmUpSeconds));
  return {
    seconds: Math.min(longestSeconds, share * seconds),
    warmUpSeconds: Math.min(longestSeconds, share * warmUpSeconds),
    maxEvents,
  };
}

/** Threads that compute for long hand over to each other all the time, and every time is an event. */
function mostRequests({ web, request }: StackConfiguration): number {
  const turns =
    web.kind === 'threads' ? meanTime(request.cpu) / documentedDefaults['cpython.switch_interval'].value : 0;
  return Math.min(50_000, usualEvents / (eventsPerRequest + turns));
}

/** Requests that percentiles rest on at least, where they fit. */
const fewestRequests = 2000;
/** Requests after which more of them do not change the second digit. */
const enoughRequests = 4000;
/** The same for a crowd, some of whom wait longer than others. */
const crowdRequests = 20_000;
/** The same for users, each of whom should have asked several times. */
const manyRequests = 20_000;
/** Share of the capacity from which on queues matter. */
const busyShare = 0.7;
const eventsPerRequest = 10;
const usualEvents = 500_000;
/** Where a request takes more events than expected. */
const maxEvents = 2_000_000;
/** Response times that a run takes at least: three times the target of a slow request. */
const leastResponses = 12;
const longestSeconds = 100_000;
