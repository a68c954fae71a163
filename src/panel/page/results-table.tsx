import type { LoadRow } from '../../capacity/load-plan.ts';
import type { SimulationResult } from '../../capacity/simulate-configuration.ts';
import { formatCarried, formatNumber, formatShare, formatTimes } from './numbers.ts';
import type { Simulated } from './simulation.ts';
import { say } from './texts.ts';

/** Today beside the plan, under the planned load or the chosen scenario. */
export function ResultsTable({ simulated, locale }: { readonly simulated: Simulated; readonly locale: string }) {
  const { plan, answers } = simulated;
  const wanted = plan.inputs.requestsPerSecond ?? plan.inputs.users;
  const columns = (['today', 'plan'] as const).flatMap((name) => {
    const answer = answers[name];
    if (!answer) return [];
    const row = answer.rows.find((one) => (one.users ?? one.requestsPerSecond) === wanted);
    const figures: Figures | undefined = answer.scenario ? figuresOfScenario(answer.scenario) : row;
    return figures ? [{ name, carried: answer.carried, figures }] : [];
  });
  const lines: readonly (readonly [string, (column: (typeof columns)[number]) => string])[] = [
    [
      plan.inputs.requestsPerSecond === null ? say('Users carried') : say('Requests a second carried'),
      ({ carried }) => say('about {count}', { count: formatCarried(carried, locale) }),
    ],
    [say('Throughput'), ({ figures }) => `${formatNumber(figures.throughput, locale)} /s`],
    [
      say('Response, p50 / p95 / p99'),
      ({ figures }) =>
        figures.stable
          ? say('about {times}', { times: formatTimes([figures.p50, figures.p95, figures.p99], locale) })
          : say('longer and longer'),
    ],
    [
      say('Errors'),
      ({ figures }) => {
        const share = formatShare(figures.errorShare, locale);
        return figures.stable ? share : say('in the end {share}', { share });
      },
    ],
    [
      say('of these: pool, worker, proxy, refused'),
      ({ figures }) =>
        [figures.errors.poolTimeout, figures.errors.workerTimeout, figures.errors.proxyTimeout, figures.errors.refused]
          // Number and unit stay on one line.
          .map((share) => formatShare(share, locale).replace(' ', '\u00a0'))
          .join(' / '),
    ],
  ];
  return (
    <table class="results">
      <caption class="hidden">{say('Today and the plan under this load')}</caption>
      <thead>
        <tr>
          <td />
          {columns.map(({ name }) => (
            <th key={name} scope="col">
              {name === 'today' ? say('today') : say('plan')}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map(([label, show]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {columns.map((column) => (
              <td key={column.name}>{show(column)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Figures = Pick<LoadRow, 'throughput' | 'p50' | 'p95' | 'p99' | 'errors' | 'errorShare' | 'stable'>;

function figuresOfScenario(result: SimulationResult): Figures {
  const { throughputPerSecond, responseSeconds, errors, errorShare, stable } = result;
  const { p50, p95, p99 } = responseSeconds;
  const times = { p50: p50 * 1000, p95: p95 * 1000, p99: p99 * 1000 };
  return { throughput: throughputPerSecond, ...times, errors, errorShare, stable };
}
