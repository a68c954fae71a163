import { axisTicks } from './numbers.ts';

/** One line of a chart. */
export interface Series {
  /** `today` is dashed in the foreground colour, `plan` solid in blue. */
  readonly name: 'today' | 'plan';
  readonly label: string;
  /** Ascending in `x`; `y` is undefined where it grows without end. */
  readonly points: readonly { readonly x: number; readonly y: number | undefined }[];
}

export interface ChartProps {
  readonly title: string;
  readonly xLabel: string;
  readonly series: readonly Series[];
  /** Where the planned load is. */
  readonly marker: number;
  readonly xMost: number;
  /** Larger values leave the chart at its top. */
  readonly yMost: number;
  /** What the lines are held against: a line across the chart. */
  readonly yTarget: { readonly at: number; readonly label: string };
  readonly showY: (value: number) => string;
  /** The numbers of the axis, in one unit. */
  readonly showTicks: (ticks: readonly number[]) => readonly string[];
  /** Said in the drawing where every value is zero. */
  readonly empty: string;
  readonly locale: string;
}

/** All loads for which some line has a point, ascending. */
export function loadsOf(series: readonly Series[]): readonly number[] {
  return [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((one, other) => one - other);
}

/** Where a load stands on its axis: 0 at the left end, 1 at the right. */
export interface LoadScale {
  readonly shareOf: (load: number) => number;
  /** Numbers to write below the axis. */
  readonly ticks: (count: number) => readonly number[];
}

/**
 * An even axis from zero, or one on which each step multiplies: that one where most loads would stand in the first tenth of
 * the even one, because what is carried is far below what is planned.
 */
export function loadScale(loads: readonly number[], most: number): LoadScale {
  const least = Math.min(most, ...loads);
  const small = loads.filter((load) => load < most / 10).length;
  if (small <= loads.length / 2 || least <= 0) {
    return { shareOf: (load) => load / most, ticks: (count) => axisTicks(most, count) };
  }
  return {
    shareOf: (load) => Math.log(load / least) / Math.log(most / least),
    ticks: (count) => {
      const first = Math.ceil(Math.log10(least));
      const powers = Array.from(
        { length: Math.floor(Math.log10(most)) - first + 1 },
        (_, index) => 10 ** (first + index),
      );
      const every = Math.max(1, Math.ceil(powers.length / count));
      return powers.filter((_, index) => index % every === 0);
    },
  };
}
