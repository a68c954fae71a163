import { useState } from 'preact/hooks';
import { type ChartProps, loadScale, loadsOf } from './chart-series.ts';
import { ChartTable } from './chart-table.tsx';
import { frameOf, Plot } from './line-plot.tsx';
import { formatNumber } from './numbers.ts';
import { say } from './texts.ts';
import { useWidth } from './use-width.ts';

/** A line chart with direct labels; pointer and arrow keys read its values, and the table below it has them all. */
export function LineChart(props: ChartProps) {
  const { title, xLabel, series, marker, xMost, locale } = props;
  const [read, setRead] = useState<number>();
  const { width, ref } = useWidth<HTMLDivElement>(460);
  const frame = frameOf(width);
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
        ref={ref}
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
          const across = clientX - currentTarget.getBoundingClientRect().left - frame.left;
          const { shareOf } = loadScale(loads, xMost);
          setRead(nearest(loads, { shareOf, share: across / (frame.right - frame.left) }));
        }}
        onPointerLeave={() => setRead(undefined)}
      >
        <Plot {...props} read={read} frame={frame} />
      </div>
      <p class="readout quiet" aria-hidden="true">
        {valuesAt(load, props)}
      </p>
      <ChartTable xLabel={xLabel} title={title} series={series} showY={props.showY} locale={locale} />
    </figure>
  );
}

function nearest(
  loads: readonly number[],
  to: { readonly share: number; readonly shareOf: (load: number) => number },
): number | undefined {
  const distance = (load: number) => Math.abs(to.shareOf(load) - to.share);
  const [first, ...rest] = loads;
  return rest.reduce<number | undefined>(
    (best, load) => (best === undefined || distance(load) < distance(best) ? load : best),
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
