import type { PlanRow, ServerConnections } from '../capacity/capacity-plan.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import type { Figure, Unit } from '../capacity/figure.ts';
import type { LoadRow } from '../capacity/load-plan.ts';
import { describeInputs } from '../engine/plan-inputs.ts';
import type { PlanLanguage } from '../engine/plan-language.ts';
import { chosenRows, type PlanReport, refusedRows } from '../engine/plan-report.ts';
import {
  describeLoad,
  isSafeguard,
  loadOf,
  rowAt,
  sayChange,
  sayConnections,
  sayFree,
  sayPart,
  sayPlace,
  sayReason,
  sayTimes,
  sayTypicalTimes,
  unitOf,
  verdictOf,
} from '../engine/plan-words.ts';
import { paint, printable } from './terminal.ts';
import { textTable } from './text-table.ts';

/** A part of the report under its title. */
interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The plan for people at a terminal; `hints` name options that would say more, each with what it says. */
export function formatPlanText(
  report: PlanReport,
  how: { readonly colors: boolean; readonly hints: readonly (readonly string[])[] },
): string {
  const { plan, language } = report;
  const { say } = language;
  const { project } = plan;
  // Colours come last: no character of the files is to reach the terminal as it is.
  const title = (text: string) => paint(printable(text), { color: 'bold', on: how.colors });
  const sections: readonly Section[] = [
    { title: say('At {load}', { load: describeLoad(plan.inputs, language) }), lines: textTable(comparison(report)) },
    settings(report),
    { title: say('Memory'), lines: textTable(memoryRows(report)) },
    ...connections(report),
    ...loadSteps(report),
    {
      title: say('What this rests on'),
      lines: textTable(describeInputs(report).map(({ name, value, origin }) => [name, value, origin])),
    },
    { title: say('More with'), lines: textTable(how.hints) },
  ];
  const lines = [
    ...(project ? [title(`${project.name}: ${project.service} (${project.server})`)] : []),
    ...verdictOf(report).map(printable),
    ...sections
      .filter((section) => section.lines.length > 0)
      .flatMap((section) => ['', title(section.title), ...section.lines.map(printable)]),
  ];
  return `${lines.join('\n')}\n`;
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
    cells(say('response p50 / p95'), (row) => sayTypicalTimes(row, language)),
    cells(say('errors'), (row) => share(row.errorShare)),
  ];
}

function settings(report: PlanReport): Section {
  const { plan, changes, language } = report;
  const { say } = language;
  if (!plan.project) return { title: say('Settings'), lines: textTable(figureRows(report)) };
  const chosen = chosenRows(plan);
  const byHand = refusedRows(plan);
  if (chosen.length + byHand.length === 0) return { title: say('Settings'), lines: [`  ${say('None to change.')}`] };
  const group = (name: string, rows: readonly PlanRow[], because: (row: PlanRow) => string) =>
    rows.length === 0 ? [] : [`  ${say(name)}`, ...rows.flatMap((row) => changeLines(row, { because, language }))];
  const reason = (row: PlanRow) => sayReason(row, language);
  return {
    title: titleOfSettings({ settings: chosen.length, files: changes.size }, language),
    lines: [
      ...group(
        'For the load',
        chosen.filter((row) => !isSafeguard(row)),
        reason,
      ),
      ...group('Against outages', chosen.filter(isSafeguard), reason),
      ...group('By hand', byHand, (row) => row.refused ?? ''),
    ],
  };
}

function titleOfSettings(count: { readonly settings: number; readonly files: number }, { say }: PlanLanguage): string {
  if (count.settings === 0) return say('Settings');
  const settings = say(count.settings === 1 ? '{count} setting' : '{count} settings', { count: count.settings });
  const files = say(count.files === 1 ? '{count} file' : '{count} files', { count: count.files });
  return say('Change {settings} in {files}', { settings, files });
}

function changeLines(
  row: PlanRow,
  of: { readonly because: (row: PlanRow) => string; readonly language: PlanLanguage },
): readonly string[] {
  const { today, planned } = sayChange(row, of.language);
  return [
    `    ${row.setting} (${row.subject}): ${today} -> ${planned}  ${sayPlace(row)}`.trimEnd(),
    `        ${of.because(row)}`,
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

function connections({ plan, language }: PlanReport): readonly Section[] {
  return plan.connections.map((server) => ({
    title: language.say('Connections to {store}', { store: server.store }),
    lines: textTable(connectionRows(server, language)),
  }));
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

function loadSteps({ plan, loads, language }: PlanReport): readonly Section[] {
  const { say } = language;
  const { rows } = loads.planned;
  if (rows.length === 0) return [];
  const head = ['load', 'a second', 'p50', 'p95', 'p99', 'errors'].map((name) => say(name));
  return [
    {
      title: say('With the plan, under load ({unit})', { unit: say(unitOf(plan.inputs)) }),
      lines: textTable([head, ...rows.map((row) => loadCells(row, language))]),
    },
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
