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
  readonly showY: (value: number) => string;
  readonly locale: string;
}

/** All loads for which some line has a point, ascending. */
export function loadsOf(series: readonly Series[]): readonly number[] {
  return [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((one, other) => one - other);
}
