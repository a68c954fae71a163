import { useId } from 'preact/hooks';
import { type ChartProps, loadScale, loadsOf, type Series } from './chart-series.ts';
import { axisTicks, formatNumber } from './numbers.ts';

/** Where the axes of a chart end, in pixels. */
interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const height = 200;
/** How far above the chart a line leads that grows without end, in heights of the chart. */
const endless = 4;
/** How far apart the numbers of an axis stay. */
const tickRoom = 34;

/** The axes of a drawing that is so wide; beside them is room for numbers and the names of lines. */
export function frameOf(width: number): Frame {
  return { left: 52, right: Math.max(120, width - 64), top: 12, bottom: height - 38 };
}

/** The drawing of a line chart. Each line carries its name; what the lines are held against is drawn as well. */
export function Plot(props: ChartProps & { readonly read: number | undefined; readonly frame: Frame }) {
  const { xLabel, series, marker, xMost, yMost, yTarget, showTicks, empty, locale, read, frame } = props;
  const { left, right, top, bottom } = frame;
  const clip = useId();
  const yTicks = axisTicks(yMost, 4);
  const yTop = yTicks.at(-1) ?? yMost;
  const scale = loadScale(loadsOf(series), xMost);
  const x = (value: number) => left + scale.shareOf(value) * (right - left);
  const y = (value = endless * yTop) => bottom - (value / yTop) * (bottom - top);
  const yTexts = showTicks(yTicks);
  const labels = labelPlaces(series, { x, y, yTop, frame });
  // Nearer to the axis the line would be taken for it.
  const target = yTarget.at <= yTop && bottom - y(yTarget.at) > 12 ? y(yTarget.at) : undefined;
  const isEmpty = series.every(({ points }) => points.every((point) => point.y === 0));
  return (
    <svg width={right + 64} height={height} aria-hidden="true">
      <clipPath id={clip}>
        <rect x={left} y={top - 1} width={right - left} height={bottom - top + 2} />
      </clipPath>
      {yTicks.map((tick, index) => (
        <g key={tick} class="tick">
          <line x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
          <text x={left - 6} y={y(tick) + 4} text-anchor="end">
            {yTexts[index]}
          </text>
        </g>
      ))}
      {scale
        .ticks(Math.min(5, Math.floor((right - left) / 50)))
        .filter((tick) => tick <= xMost && Math.abs(x(tick) - x(marker)) >= tickRoom)
        .map((tick) => (
          <text key={tick} class="tick-label" x={x(tick)} y={bottom + 15} text-anchor="middle">
            {formatNumber(tick, locale)}
          </text>
        ))}
      <text class="tick-label" x={(left + right) / 2} y={height - 4} text-anchor="middle">
        {xLabel}
      </text>
      <line class="marker" x1={x(marker)} x2={x(marker)} y1={top} y2={bottom + 3} />
      <text class="tick-label marked" x={x(marker)} y={bottom + 15} text-anchor="middle">
        {formatNumber(marker, locale)}
      </text>
      {target !== undefined && <line class="target" x1={left} x2={right} y1={target} y2={target} />}
      {read !== undefined && <line class="read" x1={x(read)} x2={x(read)} y1={top} y2={bottom} />}
      {series.map(({ name, points }) => (
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
        </g>
      ))}
      {target !== undefined && (
        <text class="target-label" {...targetPlace(series, { target, frame, x, y })}>
          {yTarget.label}
        </text>
      )}
      {isEmpty && (
        <text class="empty" x={left + 12} y={bottom - 16}>
          {empty}
        </text>
      )}
      {series.map(({ name, label }) => (
        <text key={name} class={`series-label ${name}`} x={labels[name]?.x} y={labels[name]?.y}>
          {label}
        </text>
      ))}
    </svg>
  );
}

/** Above the line of the target, at the side where fewer points are. */
function targetPlace(
  series: readonly Series[],
  of: {
    readonly target: number;
    readonly frame: Frame;
    readonly x: Scales['x'];
    readonly y: Scales['y'];
  },
) {
  const { target, frame, x, y } = of;
  const middle = (frame.left + frame.right) / 2;
  const near = series.flatMap(({ points }) => points.filter((point) => y(point.y) < target + 6));
  const leftOnes = near.filter((point) => x(point.x) < middle).length;
  const isLeft = leftOnes <= near.length - leftOnes;
  return isLeft
    ? ({ x: frame.left + 6, y: target - 5, 'text-anchor': 'start' } as const)
    : ({ x: frame.right - 4, y: target - 5, 'text-anchor': 'end' } as const);
}

interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number | undefined) => number;
  readonly yTop: number;
  readonly frame: Frame;
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
    const below = placed.find((other) => Math.abs(other.x - x) < 60 && other.y - y < 14);
    placed.push({ name, x, y: below ? below.y - 14 : y });
  }
  const lift = Math.max(0, scales.frame.top - 2 - Math.min(...placed.map(({ y }) => y)));
  return Object.fromEntries(placed.map(({ name, x, y }) => [name, { x, y: y + lift }]));
}

function endOf(points: Series['points'], { x, y, yTop, frame }: Scales): { readonly x: number; readonly y: number } {
  const heights = points.map((point) => point.y ?? endless * yTop);
  const out = heights.findIndex((value) => value > yTop);
  // Above the numbers of the axis, which a line at zero would bring it to.
  if (out < 0) return { x: frame.right + 6, y: Math.min(y(heights.at(-1)) + 4, frame.bottom - 2) };
  const [before, after] = [points[out - 1], points[out]];
  const [low = 0, high = 0] = [heights[out - 1], heights[out]];
  const leaves =
    before && after ? x(before.x) + ((yTop - low) / (high - low)) * (x(after.x) - x(before.x)) : x(after?.x ?? 0);
  return { x: leaves + 6, y: frame.top + 10 };
}
