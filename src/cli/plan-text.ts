import { formatBytes } from '../capacity/bytes.ts';
import type { CapacityPlan } from '../capacity/capacity-plan.ts';
import { explainFigure } from '../capacity/figure.ts';
import type { LoadRow } from '../capacity/load-plan.ts';
import type { StackSizing } from '../capacity/size-stack.ts';
import { type PlanReport, refusedRows } from '../engine/plan-report.ts';
import {
  countLoad,
  describeInputs,
  describeLoad,
  formatMilliseconds,
  formatShare,
  rowAt,
  sayPlace,
  sayReason,
  unitOf,
  verdictOf,
} from '../engine/plan-words.ts';
import { paint, printable } from './terminal.ts';

/** The plan for people at a terminal. */
export function formatPlanText({ plan, loads, others }: PlanReport, colors: boolean): string {
  const title = (text: string) => paint(text, { color: 'bold', on: colors });
  const { project } = plan;
  const lines = [
    ...(project ? [title(`${project.name}: ${project.service} (${project.server})`)] : []),
    ...verdictOf(plan, loads),
    '',
    title(`At ${describeLoad(plan.inputs)}`),
    ...table(comparison(plan, loads)),
    '',
    title('What this rests on'),
    ...table(describeInputs(plan).map(({ name, value, origin }) => [name, value, origin])),
    '',
    title('Settings'),
    ...(project ? settingRows(plan) : table(figureRows(plan.recommended))),
    '',
    title('Memory'),
    ...table(memoryRows(plan)),
    ...connectionLines(plan, title),
    '',
    title(`Under load (${unitOf(plan.inputs)})`),
    ...table([['load', 'a second', 'p50', 'p95', 'p99', 'errors'], ...loads.planned.rows.map(loadCells)]),
    ...(others.length > 0 ? ['', `Other web servers: ${others.join(', ')} (--service).`] : []),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function comparison(plan: CapacityPlan, loads: PlanReport['loads']): string[][] {
  const today = loads.today && rowAt(loads.today, plan.inputs);
  const planned = rowAt(loads.planned, plan.inputs);
  const cells = (name: string, say: (row: LoadRow) => string) => [
    name,
    ...(loads.today ? [today ? say(today) : ''] : []),
    planned ? say(planned) : '',
  ];
  const target = `p95 <= ${formatMilliseconds(loads.target.p95Seconds * 1000)}, errors <= ${formatShare(loads.target.errorShare)}`;
  return [
    ['', ...(loads.today ? ['today'] : []), 'plan'],
    [
      `${unitOf(plan.inputs)} carried (${target})`,
      ...(loads.today ? [countLoad(loads.today.carried)] : []),
      countLoad(loads.planned.carried),
    ],
    cells('throughput', (row) => `${countLoad(row.throughput)} /s`),
    cells('response p50 / p95', (row) => `${formatMilliseconds(row.p50)} / ${formatMilliseconds(row.p95)}`),
    cells('errors', (row) => formatShare(row.errorShare)),
  ];
}

function settingRows(plan: CapacityPlan): string[] {
  if (plan.rows.length === 0) return ['  The settings suit this load and machine.'];
  const rows = plan.rows.filter((row) => row.refused === undefined);
  const byHand = refusedRows(plan);
  return [
    ...rows.flatMap((row) => [
      `  ${row.setting} (${row.subject}): ${row.today ?? 'not set'} -> ${row.planned}  ${sayPlace(row)}`,
      `      ${sayReason(row)}; ${explainFigure(row.figure, row.unit)}`,
    ]),
    ...(byHand.length === 0 ? [] : ['  By hand:']),
    ...byHand.map(
      (row) => `  ${row.setting} (${row.subject}): ${row.today ?? 'not set'} -> ${row.planned}: ${row.refused}`,
    ),
  ];
}

function figureRows(sizing: StackSizing): string[][] {
  const bytes = (figure: StackSizing['databaseCacheBytes']) =>
    figure ? [formatBytes(figure.value), explainFigure(figure, 'bytes')] : undefined;
  const count = (figure: StackSizing['maxConnections']) =>
    figure ? [String(figure.value), explainFigure(figure)] : undefined;
  const rows: (readonly [string, string[] | undefined])[] = [
    ['workers', count(sizing.workers)],
    ['threads', count(sizing.threads)],
    ['worker class', [sizing.workerClass.value, sizing.workerClass.formula]],
    ['pool_size', count(sizing.poolSize)],
    ['max_overflow', count(sizing.maxOverflow)],
    ['connections', count(sizing.reachableConnections)],
    ['max_connections', count(sizing.maxConnections)],
    ['memory limit', bytes(sizing.memoryLimitBytes)],
    ['memory reservation', bytes(sizing.memoryReservationBytes)],
    ['database cache', bytes(sizing.databaseCacheBytes)],
    ['work_mem', bytes(sizing.workMemoryBytes)],
    ['Redis maxmemory', bytes(sizing.redisMaxMemoryBytes)],
    ['pool time-out', [`${sizing.poolTimeoutSeconds.value} s`]],
    ['worker time-out', [`${sizing.workerTimeoutSeconds.value} s`]],
    ['proxy read time-out', [`${sizing.proxyTimeoutSeconds.value} s`]],
    ['stop_grace_period', [`${sizing.stopGracePeriodSeconds.value} s`]],
  ];
  return rows.flatMap(([name, cells]) => (cells ? [[name, ...cells]] : []));
}

function memoryRows({ recommended: { memory } }: CapacityPlan): string[][] {
  return [
    ...memory.parts.map(({ part, bytes }) => [part, formatBytes(bytes.value), explainFigure(bytes, 'bytes')]),
    ['free', formatBytes(Math.max(0, memory.freeBytes)), `of ${formatBytes(memory.totalBytes)}`],
  ];
}

function connectionLines({ connections }: CapacityPlan, title: (text: string) => string): string[] {
  return connections.flatMap(({ store, usable, plannedUsable, alertAt, parts }) => {
    const sum = (of: 'today' | 'planned') => parts.reduce((total, part) => total + part[of], 0);
    return [
      '',
      title(`Connections to ${store}`),
      ...table([
        ['', 'today', 'plan'],
        ...parts.map((part) => [part.service, String(part.today), String(part.planned)]),
        ['in all', String(sum('today')), String(sum('planned'))],
        [
          'usable',
          usable === undefined ? 'unknown' : String(usable),
          plannedUsable === undefined ? 'unknown' : String(plannedUsable),
        ],
        ['alert from (80 %)', alertAt === undefined ? 'unknown' : String(alertAt), ''],
      ]),
    ];
  });
}

function loadCells(row: LoadRow): string[] {
  return [
    countLoad(row.users ?? row.requestsPerSecond ?? 0),
    countLoad(row.throughput),
    formatMilliseconds(row.p50),
    formatMilliseconds(row.p95),
    formatMilliseconds(row.p99),
    formatShare(row.errorShare) + (row.stable ? '' : ' (overloaded)'),
  ];
}

/** Columns side by side, indented by two. */
function table(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd());
}
