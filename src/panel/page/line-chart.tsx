import { useId, useState } from 'preact/hooks';
import { type ChartProps, loadsOf, type Series } from './chart-series.ts';
import { ChartTable } from './chart-table.tsx';
import { axisTicks, formatNumber } from './numbers.ts';
import { say } from './texts.ts';

const width = 460;
const height = 200;
const left = 62;
const right = 58;
const top = 12;
const bottom = 38;
/** How far above the chart a line leads that grows without end, in heights of the chart. */
const endless = 4;

/** A line chart with direct labels; pointer and arrow keys read its values, and the table below it has them all. */
export function LineChart(props: ChartProps) {
  const { title, xLabel, series, marker, xMost, locale } = props;
  const [read, setRead] = useState<number>();
  const loads = loadsOf(series);
  // The loads change with the inputs.
  const load = read !== undefined && loads.includes(read) ? read : marker;
  const step = (by: number) => {
    const at = loads.indexOf(load);
    setRead(loads[Math.min(loads.length - 1, Math.max(0, at + by))]);
  };
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowUp: 1,
    ArrowLeft: -1,
    ArrowDown: -1,
    Home: -loads.length,
    End: loads.length,
  };
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div
        class="plot"
        role="slider"
        tabIndex={0}
        aria-label={say('{title}: read the values', { title })}
        aria-valuemin={loads[0]}
        aria-valuemax={loads.at(-1)}
        aria-valuenow={load}
        aria-valuetext={valuesAt(load, props)}
        onFocus={() => setRead(load)}
        onBlur={() => setRead(undefined)}
        onKeyDown={(event) => {
          const by = moves[event.key];
          if (by === undefined) return;
          event.preventDefault();
          step(by);
        }}
        onPointerMove={({ currentTarget, clientX }) => {
          const box = currentTarget.getBoundingClientRect();
          const pointed = ((((clientX - box.left) / box.width) * width - left) / (width - left - right)) * xMost;
          setRead(nearest(loads, pointed));
        }}
        onPointerLeave={() => setRead(undefined)}
      >
        <Plot {...props} read={read} />
      </div>
      <p class="readout quiet" aria-hidden="true">
        {valuesAt(load, props)}
      </p>
      <ChartTable xLabel={xLabel} title={title} series={series} showY={props.showY} locale={locale} />
    </figure>
  );
}

function nearest(loads: readonly number[], to: number): number | undefined {
  const [first, ...rest] = loads;
  return rest.reduce<number | undefined>(
    (best, load) => (best === undefined || Math.abs(load - to) < Math.abs(best - to) ? load : best),
    first,
  );
}

/** "50 users: today 820 ms, plan 190 ms". */
function valuesAt(load: number, { series, xLabel, showY, locale }: ChartProps): string {
  const values = series.flatMap(({ label, points }) => {
    const point = points.find(({ x }) => x === load);
    return point ? [`${label} ${point.y === undefined ? say('without end') : showY(point.y)}`] : [];
  });
  return `${formatNumber(load, locale)} ${xLabel}: ${values.join(', ')}`;
}

function Plot(props: ChartProps & { readonly read: number | undefined }) {
  const { xLabel, series, marker, xMost, yMost, showY, locale, read } = props;
  const clip = useId();
  const yTicks = axisTicks(yMost, 4);
  const yTop = yTicks.at(-1) ?? yMost;
  const x = (value: number) => left + (value / xMost) * (width - left - right);
  const y = (value = endless * yTop) => top + (1 - value / yTop) * (height - top - bottom);
  const labels = labelPlaces(series, { x, y, yTop });
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <clipPath id={clip}>
        <rect x={left} y={top} width={width - left - right} height={height - top - bottom} />
      </clipPath>
      {yTicks.map((tick) => (
        <g key={tick} class="tick">
          <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
          <text x={left - 6} y={y(tick) + 4} text-anchor="end">
            {tick === 0 ? '0' : showY(tick)}
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
      {read !== undefined && <line class="read" x1={x(read)} x2={x(read)} y1={top} y2={height - bottom} />}
      {series.map(({ name, label, points }) => (
        <g key={name} class={`series ${name}`}>
          <polyline
            clip-path={`url(#${clip})`}
            points={points.map((point) => `${x(point.x)},${y(point.y)}`).join(' ')}
          />
          {points
            .filter((point) => point.y !== undefined && point.y <= yTop)
            .map((point) => (
              <circle key={point.x} cx={x(point.x)} cy={y(point.y)} r={point.x === read ? 5 : 3} />
            ))}
          <text class="series-label" x={labels[name]?.x} y={labels[name]?.y}>
            {label}
          </text>
        </g>
      ))}
    </svg>
  );
}

interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number | undefined) => number;
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
  const lift = Math.max(0, top - 2 - Math.min(...placed.map(({ y }) => y)));
  return Object.fromEntries(placed.map(({ name, x, y }) => [name, { x, y: y + lift }]));
}

function endOf(points: Series['points'], { x, y, yTop }: Scales): { readonly x: number; readonly y: number } {
  const heights = points.map((point) => point.y ?? endless * yTop);
  const out = heights.findIndex((value) => value > yTop);
  // Above the numbers of the axis, which a line at zero would bring it to.
  if (out < 0) return { x: width - right + 6, y: Math.min(y(heights.at(-1)) + 4, height - bottom - 2) };
  const [before, after] = [points[out - 1], points[out]];
  const [low = 0, high = 0] = [heights[out - 1], heights[out]];
  const leaves = before && after ? before.x + ((yTop - low) / (high - low)) * (after.x - before.x) : (after?.x ?? 0);
  return { x: x(leaves) + 6, y: top + 10 };
}
