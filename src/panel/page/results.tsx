import type { CapacityPlan, Place, ServerConnections } from '../../capacity/capacity-plan.ts';
import type { LoadRow } from '../../capacity/load-plan.ts';
import { describePart } from '../../capacity/memory-sizing.ts';
import type { Series } from './chart-series.ts';
import { CurrentSettings } from './current-settings.tsx';
import { LineChart } from './line-chart.tsx';
import { formatMemory, formatNumber, formatShare, formatTime, timeTicks } from './numbers.ts';
import { PlanRows } from './plan-rows.tsx';
import { ResultsTable } from './results-table.tsx';
import type { Simulated } from './simulation.ts';
import { SizedSettings } from './sized-settings.tsx';
import { StackedBar } from './stacked-bar.tsx';
import { say } from './texts.ts';
import { Reasons } from './verdict.tsx';

/** The answers below the verdict, top to bottom: how much it carries, what it costs, what to change. */
export function Results(props: {
  readonly plan: CapacityPlan;
  readonly simulated: Simulated | undefined;
  readonly locale: string;
  readonly chosen: Readonly<Record<string, boolean>>;
  readonly onChoose: (chosen: Readonly<Record<string, boolean>>) => void;
  readonly onOpen: (place: Place) => void;
}) {
  const { plan, simulated, locale, chosen, onChoose, onOpen } = props;
  return (
    <>
      {simulated && Object.values(simulated.answers).some(({ rows }) => rows.length > 0) && (
        <>
          <div class="overview">
            <ResultsTable simulated={simulated} locale={locale} />
            <Reasons simulated={simulated} locale={locale} />
          </div>
          <Charts simulated={simulated} locale={locale} />
        </>
      )}
      <h2>{say('What it costs')}</h2>
      <Budgets plan={plan} locale={locale} />
      {plan.today ? (
        <PlanRows plan={plan} locale={locale} chosen={chosen} onChoose={onChoose} onOpen={onOpen} />
      ) : (
        <SizedSettings plan={plan} locale={locale} />
      )}
      <CurrentSettings plan={plan} locale={locale} onOpen={onOpen} />
    </>
  );
}

function Charts({ simulated, locale }: { readonly simulated: Simulated; readonly locale: string }) {
  const { answers, plan, target } = simulated;
  const labels = { today: say('today'), plan: say('plan') };
  const lines = (pick: (row: LoadRow) => number | undefined): readonly Series[] =>
    (['today', 'plan'] as const).flatMap((name) => {
      const rows = answers[name]?.rows;
      const points = rows?.map((row) => ({ x: row.users ?? row.requestsPerSecond ?? 0, y: pick(row) }));
      return points && points.length > 0 ? [{ name, label: labels[name], points }] : [];
    });
  // Where the queue grows without end, a time would only say how long the simulation took.
  const times = lines((row) => (row.stable ? row.p95 : undefined));
  const errors = lines((row) => row.errorShare);
  const most = (of: readonly Series[]) => of.flatMap(({ points }) => points.map(({ y }) => y ?? 0));
  const marker = plan.inputs.requestsPerSecond ?? plan.inputs.users;
  const xMost = Math.max(marker, ...times.flatMap(({ points }) => points.map(({ x }) => x)));
  const slowest = Math.max(1, ...most(times));
  const worst = Math.max(0.01, ...most(errors));
  const isRate = plan.inputs.requestsPerSecond !== null;
  const targetTime = 1000 * target.p95Seconds;
  const shared = {
    xLabel: isRate ? say('requests a second') : say('users'),
    marker,
    xMost,
    locale,
    empty: say('no errors up to {load} {unit}', {
      load: formatNumber(xMost, locale),
      unit: isRate ? say('requests a second') : say('users'),
    }),
  };
  return (
    <div class="charts">
      <LineChart
        {...shared}
        title={say('Response time, 95 % of requests')}
        series={times}
        // The target is seen; beyond some times of it the height of a line says nothing more.
        yMost={Math.min(Math.max(slowest, 1.2 * targetTime), 5 * targetTime)}
        yTarget={{ at: targetTime, label: say('target: {bound}', { bound: formatTime(targetTime, locale) }) }}
        showY={(value) => formatTime(value, locale)}
        showTicks={(ticks) => timeTicks(ticks, locale)}
      />
      <LineChart
        {...shared}
        title={say('Share of errors')}
        series={errors}
        yMost={Math.max(worst, 1.2 * target.errorShare)}
        yTarget={{
          at: target.errorShare,
          label: say('target: {bound}', { bound: formatShare(target.errorShare, locale) }),
        }}
        showY={(value) => formatShare(value, locale)}
        showTicks={(ticks) => ticks.map((tick) => (tick === 0 ? '0' : formatShare(tick, locale)))}
      />
    </div>
  );
}

function Budgets({ plan, locale }: { readonly plan: CapacityPlan; readonly locale: string }) {
  const { parts, totalBytes } = plan.recommended.memory;
  const used = parts.reduce((sum, { bytes }) => sum + bytes.value, 0);
  const show = (bytes: number) => formatMemory(bytes, locale);
  return (
    <div class="budgets">
      <StackedBar
        title={say('Memory with the plan')}
        total={totalBytes}
        summary={sayUse(used, totalBytes, show)}
        free={used < totalBytes ? show(totalBytes - used) : undefined}
        parts={parts.map((part) => {
          const { says, with: values } = describePart(part);
          return { label: say(says, values), amount: part.bytes.value, shown: show(part.bytes.value) };
        })}
      />
      {plan.connections.map((server) => (
        <Connections key={server.store} server={server} own={plan.project?.service} locale={locale} />
      ))}
    </div>
  );
}

/** The connections of a server; nothing where the files do not say of any program how many it takes. */
function Connections(props: {
  readonly server: ServerConnections;
  readonly own: string | undefined;
  readonly locale: string;
}) {
  const { server, own, locale } = props;
  const { store, plannedUsable, usable } = server;
  const total = plannedUsable ?? usable;
  const sum = server.parts.reduce((count, { planned }) => count + planned, 0);
  if (sum === 0) return null;
  // A program that connects takes some: none means that the files do not say how many.
  const isKnown = server.parts.every(({ planned }) => planned > 0);
  const show = (count: number) => formatNumber(count, locale);
  const use = sayUse(sum, total, show);
  // The planned web server comes first, so that its colour is the same in every bar.
  const parts = [...server.parts].sort((left, right) => Number(right.service === own) - Number(left.service === own));
  return (
    <StackedBar
      title={say('Connections of {store} with the plan', { store })}
      total={total ?? sum}
      summary={isKnown ? use : say('at least {use}', { use })}
      free={isKnown && total !== undefined && sum < total ? show(total - sum) : undefined}
      alert={
        total === undefined
          ? undefined
          : { at: total * 0.8, label: say('{share} of the limit', { share: formatShare(0.8, locale) }) }
      }
      parts={parts.map(({ service, planned }) => ({
        label: service,
        amount: planned,
        shown: planned > 0 ? show(planned) : say('unknown'),
      }))}
    />
  );
}

/** "3 GiB of 8 GiB"; what does not fit is said in words as well. */
function sayUse(used: number, total: number | undefined, show: (amount: number) => string): string {
  if (total === undefined) return say('{used}, the limit is not known', { used: show(used) });
  const values = { used: show(used), total: show(total) };
  return used > total ? say('{used} of {total}: more than there is', values) : say('{used} of {total}', values);
}
