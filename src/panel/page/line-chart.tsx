import { useId } from 'preact/hooks';
import { axisTicks, formatNumber } from './numbers.ts';
import { say } from './texts.ts';

/** One line of a chart. */
export interface Series {
  /** `today` is dashed in the foreground colour, `plan` solid in blue. */
  readonly name: 'today' | 'plan';
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

interface ChartProps {
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

const width = 460;
const height = 200;
const left = 62;
const right = 58;
const top = 12;
const bottom = 38;

/** A line chart with direct labels and values on hover; the table below it has the same numbers for keyboard and reader. */
export function LineChart(props: ChartProps) {
  const { title, xLabel, series, marker, xMost, yMost, showY, locale } = props;
  const clip = useId();
  const yTicks = axisTicks(yMost, 4);
  const yTop = yTicks.at(-1) ?? yMost;
  const x = (value: number) => left + (value / xMost) * (width - left - right);
  const y = (value: number) => top + (1 - value / yTop) * (height - top - bottom);
  const labels = labelPlaces(series, { x, y, yTop });
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        <clipPath id={clip}>
          <rect x={left} y={top} width={width - left - right} height={height - top - bottom} />
        </clipPath>
        {yTicks.map((tick) => (
          <g key={tick} class="tick">
            <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
            <text x={left - 6} y={y(tick) + 4} text-anchor="end">
              {showY(tick)}
            </text>
          </g>
        ))}
        {axisTicks(xMost, 5).map((tick) => (
          <text key={tick} class="tick-label" x={x(tick)} y={height - bottom + 15} text-anchor="middle">
            {tick <= xMost ? formatNumber(tick, locale) : ''}
          </text>
        ))}
        <text class="tick-label" x={(left + width - right) / 2} y={height - 6} text-anchor="middle">
          {xLabel}
        </text>
        <line class="marker" x1={x(marker)} x2={x(marker)} y1={top} y2={height - bottom} />
        {series.map(({ name, label, points }) => (
          <g key={name} class={`series ${name}`}>
            <polyline
              clip-path={`url(#${clip})`}
              points={points.map((point) => `${x(point.x)},${y(point.y)}`).join(' ')}
            />
            {points
              .filter((point) => point.y <= yTop)
              .map((point) => (
                <circle key={point.x} cx={x(point.x)} cy={y(point.y)} r="3">
                  <title>{`${label}: ${showY(point.y)} · ${formatNumber(point.x, locale)} ${xLabel}`}</title>
                </circle>
              ))}
            <text class="series-label" x={labels[name]?.x} y={labels[name]?.y}>
              {label}
            </text>
          </g>
        ))}
      </svg>
      <ChartTable {...props} />
    </figure>
  );
}

function ChartTable({ title, xLabel, series, showY, locale }: ChartProps) {
  const loads = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))].sort((a, b) => a - b);
  return (
    <details class="table">
      <summary>{say('Show as table')}</summary>
      <table>
        <caption class="hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{xLabel}</th>
            {series.map(({ name, label }) => (
              <th key={name} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {loads.map((load) => (
            <tr key={load}>
              <th scope="row">{formatNumber(load, locale)}</th>
              {series.map(({ name, points }) => {
                const point = points.find((one) => one.x === load);
                return <td key={name}>{point ? showY(point.y) : ''}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly yTop: number;
}

/** Labels stand where the lines end or leave the chart, moved apart where they would touch. */
function labelPlaces(
  series: readonly Series[],
  scales: Scales,
): Readonly<Partial<Record<string, { readonly x: number; readonly y: number }>>> {
  const ends = series.map(({ name, points }) => ({ name, ...endOf(points, scales) }));
  ends.sort((first, second) => second.y - first.y);
  const placed: { readonly name: string; readonly x: number; readonly y: number }[] = [];
  for (const { name, x, y } of ends) {
    const below = placed.find((other) => Math.abs(other.x - x) < 60 && other.y - y < 13);
    placed.push({ name, x, y: below ? below.y - 13 : y });
  }
  return Object.fromEntries(placed.map((place) => [place.name, place]));
}

function endOf(points: Series['points'], { x, y, yTop }: Scales): { readonly x: number; readonly y: number } {
  const out = points.findIndex((point) => point.y > yTop);
  const [before, after] = [points[out - 1], points[out]];
  if (before && after) {
    const share = (yTop - before.y) / (after.y - before.y);
    return { x: x(before.x + share * (after.x - before.x)) + 6, y: top + 10 };
  }
  const last = points.at(-1);
  return { x: width - right + 6, y: last ? y(last.y) + 4 : top };
}
