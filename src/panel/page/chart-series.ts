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
