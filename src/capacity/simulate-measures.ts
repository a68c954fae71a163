import type { RequestError, ResponseTimes } from './simulate-configuration.ts';

/** A level (requests, connections) whose average over time is wanted. */
export interface Tally {
  add(now: number, change: number): void;
  level(): number;
  reset(now: number): void;
  /** Level x seconds since `reset`. */
  area(now: number): number;
}

/** A tally that starts at zero. */
export function createTally(): Tally {
  let level = 0;
  let area = 0;
  let since = 0;
  const advance = (now: number) => {
    area += level * (now - since);
    since = now;
  };
  return {
    add(now, change) {
      advance(now);
      level += change;
    },
    level: () => level,
    reset(now) {
      advance(now);
      area = 0;
    },
    area(now) {
      advance(now);
      return area;
    },
  };
}

/** What happened to the requests that ended while measuring. */
export interface Outcomes {
  answered(seconds: number): void;
  failed(error: RequestError, seconds: number): void;
  reset(): void;
  readonly errors: Record<RequestError, number>;
  answeredCount(): number;
  failedCount(): number;
  /** Times of the answered requests, else of the failed ones, else `unfinished`. */
  responseTimes(unfinished: readonly number[]): ResponseTimes;
}

/** No outcomes yet. */
export function createOutcomes(): Outcomes {
  let good: number[] = [];
  let bad: number[] = [];
  const errors: Record<RequestError, number> = { refused: 0, poolTimeout: 0, workerTimeout: 0, proxyTimeout: 0 };
  return {
    errors,
    answered(seconds) {
      good.push(seconds);
    },
    failed(error, seconds) {
      errors[error]++;
      bad.push(seconds);
    },
    reset() {
      good = [];
      bad = [];
      for (const name of Object.keys(errors) as RequestError[]) errors[name] = 0;
    },
    answeredCount: () => good.length,
    failedCount: () => bad.length,
    responseTimes: (unfinished) => summarise(good.length > 0 ? good : bad.length > 0 ? bad : unfinished),
  };
}

function summarise(times: readonly number[]): ResponseTimes {
  const sorted = Float64Array.from(times).sort();
  const at = (percent: number) => sorted[Math.min(sorted.length - 1, Math.floor(percent * sorted.length))] ?? 0;
  const mean = sorted.reduce((sum, time) => sum + time, 0) / Math.max(1, sorted.length);
  return { mean, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
