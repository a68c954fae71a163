import type { SimulationResult } from '../../src/capacity/simulate-configuration.ts';
import type { Case } from './cases.ts';
import type { Observation } from './load.ts';

/** A configuration, what was predicted of it and what was measured. */
export interface Comparison {
  readonly given: Case;
  readonly predicted: SimulationResult;
  readonly measured: Observation;
  /** Share of the machine that other programs used while it was measured. */
  readonly othersShare: number;
}

/** Errors of one comparison: shares of the measured value, and points for the share of failed requests. */
export interface ComparisonErrors {
  readonly throughput: number;
  readonly p50: number;
  readonly p95: number;
  readonly errorPoints: number;
}

/** How far a prediction is off. */
export function errorsOf({ predicted, measured }: Comparison): ComparisonErrors {
  const off = (guess: number, truth: number) => (truth > 0 ? guess / truth - 1 : guess > 0 ? 1 : 0);
  return {
    throughput: off(predicted.throughputPerSecond, measured.throughputPerSecond),
    p50: off(predicted.responseSeconds.p50, measured.p50Seconds),
    p95: off(predicted.responseSeconds.p95, measured.p95Seconds),
    errorPoints: 100 * (predicted.errorShare - measured.errorShare),
  };
}

/** A figure over all comparisons beside its target. */
export interface Verdict {
  readonly figure: string;
  readonly unit: '%' | 'points';
  readonly value: number;
  /** Undefined where no target was set. */
  readonly target: number | undefined;
}

/** Median and 90th percentile of the absolute errors. */
export function verdicts(comparisons: readonly Comparison[]): readonly Verdict[] {
  const errors = comparisons.map(errorsOf);
  const percent = (name: 'throughput' | 'p50' | 'p95') => errors.map((error) => 100 * Math.abs(error[name]));
  const points = errors.map(({ errorPoints }) => Math.abs(errorPoints));
  return [
    { figure: 'throughput, median error', unit: '%', value: quantile(percent('throughput'), 0.5), target: 5 },
    {
      figure: 'throughput, 90th percentile of errors',
      unit: '%',
      value: quantile(percent('throughput'), 0.9),
      target: 15,
    },
    { figure: 'p50, median error', unit: '%', value: quantile(percent('p50'), 0.5), target: 10 },
    { figure: 'p50, 90th percentile of errors', unit: '%', value: quantile(percent('p50'), 0.9), target: 25 },
    { figure: 'p95, median error', unit: '%', value: quantile(percent('p95'), 0.5), target: undefined },
    { figure: 'p95, 90th percentile of errors', unit: '%', value: quantile(percent('p95'), 0.9), target: undefined },
    { figure: 'share of failed requests, largest error', unit: 'points', value: Math.max(...points), target: 5 },
  ];
}

/** The smallest value that this share of all values does not exceed. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
