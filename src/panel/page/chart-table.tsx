import { type ChartProps, loadsOf } from './chart-series.ts';
import { formatNumber } from './numbers.ts';
import { say } from './texts.ts';

/** The numbers of a chart, for those who cannot see it or want to copy them. */
export function ChartTable(props: Pick<ChartProps, 'title' | 'xLabel' | 'series' | 'showY' | 'locale'>) {
  const { title, xLabel, series, showY, locale } = props;
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
          {loadsOf(series).map((load) => (
            <tr key={load}>
              <th scope="row">{formatNumber(load, locale)}</th>
              {series.map(({ name, points }) => {
                const point = points.find((one) => one.x === load);
                return <td key={name}>{point && (point.y === undefined ? say('without end') : showY(point.y))}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
