import type { TimeDistribution } from './simulate-configuration.ts';

/** What a random number decides; each purpose draws from numbers of its own. */
export const purposes = { think: 1, cpu: 2, database: 3, write: 4, process: 5, arrival: 6, check: 7, keep: 8 } as const;

/**
 * An even random number strictly between 0 and 1 that depends on nothing but its arguments. Two configurations therefore
 * meet the same users with the same requests, whatever happens in between (common random numbers).
 */
export function randomShare(seed: number, purpose: number, stream: number, index: number): number {
  let hash = mix(seed ^ 0x9e3779b9);
  hash = mix(hash ^ Math.imul(purpose, 0x85ebca6b));
  hash = mix(hash ^ Math.imul(stream + 1, 0xc2b2ae35));
  hash = mix(hash ^ Math.imul(index + 1, 0x27d4eb2f));
  return ((hash >>> 0) + 0.5) / 4294967296;
}

/** A function from an even share (0 to 1) to seconds, prepared once because it is called for every request. */
export function timeSampler(distribution: TimeDistribution): (share: number) => number {
  switch (distribution.kind) {
    case 'fixed': {
      const { seconds } = distribution;
      return () => seconds;
    }
    case 'exponential': {
      const { meanSeconds } = distribution;
      return (share) => -meanSeconds * Math.log(1 - share);
    }
    case 'lognormal': {
      const { meanSeconds, variation } = distribution;
      const variance = Math.log1p(variation * variation);
      const deviation = Math.sqrt(variance);
      return (share) => meanSeconds * Math.exp(deviation * normalQuantile(share) - variance / 2);
    }
    case 'percentiles':
      return percentileSampler(distribution.points.map((point) => [point.percentile / 100, point.seconds] as const));
  }
}

/** The mean of a distribution in seconds. */
export function meanTime(distribution: TimeDistribution): number {
  if (distribution.kind === 'fixed') return distribution.seconds;
  if (distribution.kind !== 'percentiles') return distribution.meanSeconds;
  const sample = timeSampler(distribution);
  const steps = 1000;
  let sum = 0;
  for (let step = 0; step < steps; step++) sum += sample((step + 0.5) / steps);
  return sum / steps;
}

/** Straight lines between the points, from half of the first time; nothing is longer than the last. */
function percentileSampler(points: readonly (readonly [number, number])[]): (share: number) => number {
  const corners = [[0, (points[0]?.[1] ?? 0) / 2] as const, ...points];
  return (share) => {
    let low = 0;
    let high = corners.length - 1;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((corners[middle]?.[0] ?? 0) < share) low = middle;
      else high = middle;
    }
    const [lower, below] = corners[low] ?? [0, 0];
    const [upper, above] = corners[high] ?? [1, 0];
    return below + (above - below) * Math.min(1, (share - lower) / (upper - lower));
  };
}

/** The normal distribution's quantile, by Acklam's rational approximation (relative error below 1.2e-9). */
function normalQuantile(share: number): number {
  if (share > 1 - tail) return -normalQuantile(1 - share);
  if (share < tail) {
    const q = Math.sqrt(-2 * Math.log(share));
    return polynomial(tailNumerator, q) / (polynomial(tailDenominator, q) * q + 1);
  }
  const q = share - 0.5;
  const r = q * q;
  return (polynomial(centreNumerator, r) * q) / (polynomial(centreDenominator, r) * r + 1);
}

const tail = 0.02425;
const centreNumerator = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const centreDenominator = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
];
const tailNumerator = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const tailDenominator = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

/** Spreads every bit of a whole number over all 32 (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
