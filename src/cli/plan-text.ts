import type { PlanRow, ServerConnections } from '../capacity/capacity-plan.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import type { Figure, Unit } from '../capacity/figure.ts';
import type { LoadRow } from '../capacity/load-plan.ts';
import { describeInputs } from '../engine/plan-inputs.ts';
import type { PlanLanguage } from '../engine/plan-language.ts';
import { chosenRows, type PlanReport, refusedRows } from '../engine/plan-report.ts';
import {
  describeLoad,
  loadOf,
  rowAt,
  sayChange,
  sayConnections,
  sayFree,
  sayPart,
  sayPlace,
  sayReason,
  sayTimes,
  unitOf,
  verdictOf,
} from '../engine/plan-words.ts';
import { paint, printable } from './terminal.ts';

/** The plan for people at a terminal. */
export function formatPlanText(report: PlanReport, colors: boolean): string {
  const { plan, loads, others, language } = report;
  const { say } = language;
  const title = (text: string) => paint(text, { color: 'bold', on: colors });
  const { project, inputs } = plan;
  const lines = [
    ...(project ? [title(`${project.name}: ${project.service} (${project.server})`)] : []),
    ...verdictOf(report),
    '',
    title(say('At {load}', { load: describeLoad(inputs, language) })),
    ...table(comparison(report)),
    '',
    title(say('What this rests on')),
    ...table(describeInputs(report).map(({ name, value, origin }) => [name, value, origin])),
    '',
    title(say('Settings')),
    ...(project ? settingRows(report) : table(figureRows(report))),
    '',
    title(say('Memory')),
    ...table(memoryRows(report)),
    ...plan.connections.flatMap((server) => {
      const rows = connectionRows(server, language);
      return rows.length === 0
        ? []
        : ['', title(say('Connections to {store}', { store: server.store })), ...table(rows)];
    }),
    '',
    title(say('Under load ({unit})', { unit: say(unitOf(inputs)) })),
    ...table([
      ['load', 'a second', 'p50', 'p95', 'p99', 'errors'].map((name) => say(name)),
      ...loads.planned.rows.map((row) => loadCells(row, language)),
    ]),
    ...(others.length > 0 ? ['', say('Other web servers: {names} (--service).', { names: others.join(', ') })] : []),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function comparison({ plan, loads, language }: PlanReport): string[][] {
  const { say, load, time, share } = language;
  const today = loads.today && rowAt(loads.today, plan.inputs);
  const planned = rowAt(loads.planned, plan.inputs);
  const cells = (name: string, show: (row: LoadRow) => string) => [
    name,
    ...(loads.today ? [today ? show(today) : ''] : []),
    planned ? show(planned) : '',
  ];
  const carried = say('{unit} carried (p95 <= {time}, errors <= {errors})', {
    unit: say(unitOf(plan.inputs)),
    time: time(loads.target.p95Seconds * 1000),
    errors: share(loads.target.errorShare),
  });
  return [
    ['', ...(loads.today ? [say('today')] : []), say('plan')],
    [carried, ...(loads.today ? [load(loads.today.carried)] : []), load(loads.planned.carried)],
    cells(say('throughput'), (row) => `${load(row.throughput)} /s`),
    cells(say('response p50 / p95'), (row) => {
      const { p50, p95 } = sayTimes(row, language);
      return `${p50} / ${p95}`;
    }),
    cells(say('errors'), (row) => share(row.errorShare)),
  ];
}

function settingRows({ plan, language }: PlanReport): string[] {
  const { say } = language;
  if (plan.rows.length === 0) return [`  ${say('None to change.')}`];
  const change = (row: PlanRow) => {
    const { today, planned } = sayChange(row, language);
    return `  ${row.setting} (${row.subject}): ${today} -> ${planned}`;
  };
  const byHand = refusedRows(plan);
  return [
    ...chosenRows(plan).flatMap((row) => [`${change(row)}  ${sayPlace(row)}`, `      ${sayReason(row, language)}`]),
    ...(byHand.length === 0 ? [] : [`  ${say('By hand:')}`]),
    ...byHand.flatMap((row) => [`${change(row)}  ${sayPlace(row)}`, `      ${row.refused}`]),
  ];
}

/** The settings of a stack that nobody has written yet. */
function figureRows({ plan, language }: PlanReport): string[][] {
  const { recommended } = plan;
  const rows: readonly (readonly [string, Figure<number | string> | undefined, Unit?])[] = [
    ['workers', recommended.workers],
    ['threads', recommended.threads],
    ['worker class', recommended.workerClass],
    ['pool_size', recommended.poolSize],
    ['max_overflow', recommended.maxOverflow],
    ['connections', recommended.reachableConnections],
    ['max_connections', recommended.maxConnections],
    ['memory limit', recommended.memoryLimitBytes, 'bytes'],
    ['memory reservation', recommended.memoryReservationBytes, 'bytes'],
    ['database cache', recommended.databaseCacheBytes, 'bytes'],
    ['work_mem', recommended.workMemoryBytes, 'bytes'],
    ['Redis maxmemory', recommended.redisMaxMemoryBytes, 'bytes'],
    ['pool time-out', recommended.poolTimeoutSeconds, 'seconds'],
    ['worker time-out', recommended.workerTimeoutSeconds, 'seconds'],
    ['proxy read time-out', recommended.proxyTimeoutSeconds, 'seconds'],
    ['stop_grace_period', recommended.stopGracePeriodSeconds, 'seconds'],
  ];
  return rows.flatMap(([name, figure, unit = 'count']) => {
    if (!figure) return [];
    const { value, formula } = figure;
    const cells =
      typeof value === 'number' ? [language.quantity(value, unit), language.explain(figure, unit)] : [value, formula];
    return [[language.say(name), ...cells]];
  });
}

function memoryRows({ plan, language }: PlanReport): (readonly string[])[] {
  const { memory } = plan.recommended;
  const { bytes, explain } = language;
  return [
    ...memory.parts.map((part) => [sayPart(part, language), bytes(part.bytes.value), explain(part.bytes, 'bytes')]),
    sayFree(memory, language),
  ];
}

function connectionRows(server: ServerConnections, language: PlanLanguage): (readonly string[])[] {
  const { say, number, share } = language;
  const { usable, plannedUsable } = server;
  const parts = sayConnections(server, language);
  if (parts.length === 0) return [];
  const alertShare = documentedDefaults['headroom.connection_alert_share'].value;
  const limit = (count: number | undefined) => (count === undefined ? say('unknown') : number(count));
  const alert = (count: number | undefined) => limit(count === undefined ? undefined : Math.floor(count * alertShare));
  return [
    ['', say('today'), say('plan')],
    ...parts,
    [say('usable'), limit(usable), limit(plannedUsable)],
    [say('alert from ({share})', { share: share(alertShare) }), alert(usable), alert(plannedUsable)],
  ];
}

function loadCells(row: LoadRow, language: PlanLanguage): string[] {
  const { say, number, load, share } = language;
  const { p50, p95, p99 } = sayTimes(row, language);
  return [
    number(loadOf(row)),
    load(row.throughput),
    p50,
    p95,
    p99,
    share(row.errorShare) + (row.stable ? '' : ` (${say('overloaded')})`),
  ];
}

/** Columns side by side, indented by two. */
function table(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd());
}
