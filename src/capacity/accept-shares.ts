import { documentedDefaults } from './defaults.ts';

/**
 * Shares (0 to 1, largest first) of the connections that each of some sleeping processes accepts: a geometric series,
 * because Linux wakes one of them first most of the time. The shares add up to 1.
 */
export function acceptShares(processes: number): Float64Array {
  const ratio = documentedDefaults['gunicorn.accept_ratio'].value;
  const weights = Float64Array.from({ length: processes }, (_, index) => ratio ** index);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
