import type { LoadRow } from '../../capacity/load-plan.ts';
import type { RequestError, SimulationResult } from '../../capacity/simulate-configuration.ts';
import { formatCarried, formatNumber, formatShare, formatTime, formatTimes } from './numbers.ts';
import type { Simulated } from './simulation.ts';
import { say, withWholeAmounts } from './texts.ts';

/** Today beside the plan, under the planned load or the chosen scenario. */
export function ResultsTable({ simulated, locale }: { readonly simulated: Simulated; readonly locale: string }) {
  const { plan, answers, target } = simulated;
  const wanted = plan.inputs.requestsPerSecond ?? plan.inputs.users;
  const columns = (['today', 'plan'] as const).flatMap((name): readonly Column[] => {
    const answer = answers[name];
    if (!answer) return [];
    const row = answer.rows.find((one) => (one.users ?? one.requestsPerSecond) === wanted);
    const figures: Figures | undefined = answer.scenario ? figuresOfScenario(answer.scenario) : row;
    return figures ? [{ name, carried: answer.carried, figures }] : [];
  });
  const carriedMeans = say('{share} of requests within {time}, at most {errors} errors', {
    share: formatShare(0.95, locale),
    time: formatTime(target.p95Seconds * 1000, locale),
    errors: formatShare(target.errorShare, locale),
  });
  const lines: readonly Line[] = [
    {
      label: plan.inputs.requestsPerSecond === null ? say('Users carried') : say('Requests a second carried'),
      means: carriedMeans,
      show: ({ carried }) => say('about {count}', { count: formatCarried(carried, locale) }),
    },
    { label: say('Throughput'), show: ({ figures }) => `${formatNumber(figures.throughput, locale)} /s` },
    {
      label: say('Response, p50 / p95 / p99'),
      show: ({ figures }) =>
        figures.stable
          ? say('about {times}', { times: formatTimes([figures.p50, figures.p95, figures.p99], locale) })
          : say('longer and longer'),
    },
    {
      label: say('Errors'),
      show: ({ figures }) => {
        const share = formatShare(figures.errorShare, locale);
        return figures.stable ? share : say('in the end {share}', { share });
      },
    },
    { label: say('Causes of errors'), show: ({ figures }) => sayCauses(figures.errors, locale) },
  ];
  return (
    <table class="results">
      <caption class="hidden">{say('Today and the plan under this load')}</caption>
      <thead>
        <tr>
          <td />
          {columns.map(({ name }) => (
            <th key={name} scope="col">
              <LineSample name={name} /> {name === 'today' ? say('Today') : say('Plan')}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ label, means, show }) => (
          <tr key={label}>
            <th scope="row">
              {label}
              {means && <small>{withWholeAmounts(means)}</small>}
            </th>
            {columns.map((column) => (
              <td key={column.name}>{show(column)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Column {
  readonly name: 'today' | 'plan';
  readonly carried: number;
  readonly figures: Figures;
}

interface Line {
  readonly label: string;
  /** What the label means, where it is no common term. */
  readonly means?: string;
  readonly show: (column: Column) => string;
}

/** The line that a column has in the charts. */
function LineSample({ name }: { readonly name: Column['name'] }) {
  return (
    <svg class={`sample ${name}`} viewBox="0 0 18 8" aria-hidden="true">
      <polyline points="0,4 18,4" />
    </svg>
  );
}

const causes: readonly (readonly [RequestError, string])[] = [
  ['poolTimeout', 'pool {share}'],
  ['workerTimeout', 'worker timeout {share}'],
  ['proxyTimeout', 'proxy timeout {share}'],
  ['refused', 'refused {share}'],
];

/** The causes that come; a share of less than the table can show is none. */
function sayCauses(errors: LoadRow['errors'], locale: string): string {
  const shown = causes.filter(([cause]) => errors[cause] >= 0.0005);
  const said = shown.map(([cause, says]) => withWholeAmounts(say(says, { share: formatShare(errors[cause], locale) })));
  return said.join(', ') || say('none');
}

type Figures = Pick<LoadRow, 'throughput' | 'p50' | 'p95' | 'p99' | 'errors' | 'errorShare' | 'stable'>;

function figuresOfScenario(result: SimulationResult): Figures {
  const { throughputPerSecond, responseSeconds, errors, errorShare, stable } = result;
  const { p50, p95, p99 } = responseSeconds;
  const times = { p50: p50 * 1000, p95: p95 * 1000, p99: p99 * 1000 };
  return { throughput: throughputPerSecond, ...times, errors, errorShare, stable };
}
