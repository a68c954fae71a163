import { formatBytes } from '../capacity/bytes.ts';
import type { CapacityPlan, PlanRow } from '../capacity/capacity-plan.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import { explainFigure } from '../capacity/figure.ts';
import type { LoadRow } from '../capacity/load-plan.ts';
import { type LoadSummary, requestsADay } from '../capacity/summarise-loads.ts';
import { formatChanges } from '../text/unified-diff.ts';
import { chosenRows, type PlanReport, refusedRows } from './plan-report.ts';
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
} from './plan-words.ts';

/** The plan as the tuning report that a team files: before and after, diffs, steps, checks, alerts, load steps. */
export function formatPlanMarkdown(report: PlanReport): string {
  const { plan, loads } = report;
  const { project } = plan;
  const parts = [
    `# Capacity plan${project ? ` of ${plain(project.name)}` : ''}`,
    verdictOf(plan, loads).map(plain).join(' '),
    beforeAndAfter(plan, loads),
    '## What the figures rest on',
    table(
      ['input', 'value', 'origin'],
      describeInputs(plan).map(({ name, value, origin }) => [name, value, origin]),
    ),
    ...settings(plan),
    '## Memory',
    memory(plan),
    ...connections(plan),
    ...changes(report),
    ...steps(plan),
    '## Alerts',
    list(alerts(plan, loads)),
    `## Load steps`,
    loadSteps(loads, plan),
  ];
  return `${parts.join('\n\n')}\n`;
}

function beforeAndAfter(plan: CapacityPlan, loads: LoadSummary): string {
  const today = loads.today && rowAt(loads.today, plan.inputs);
  const planned = rowAt(loads.planned, plan.inputs);
  const row = (name: string, say: (row: LoadRow) => string) => [
    name,
    today ? say(today) : '',
    planned ? say(planned) : '',
  ];
  const { p95Seconds, errorShare } = loads.target;
  const carried = `${unitOf(plan.inputs)} carried (p95 within ${formatMilliseconds(p95Seconds * 1000)}, errors at most ${formatShare(errorShare)})`;
  const rows = [
    [carried, loads.today ? countLoad(loads.today.carried) : '', countLoad(loads.planned.carried)],
    row('requests a second', ({ throughput }) => countLoad(throughput)),
    row('requests a day', ({ throughput }) => countLoad(requestsADay(throughput))),
    row('response time p50 / p95', ({ p50, p95 }) => `${formatMilliseconds(p50)} / ${formatMilliseconds(p95)}`),
    row('errors', (load) => formatShare(load.errorShare)),
  ];
  const share = formatShare(documentedDefaults['headroom.busiest_hour_share'].value);
  return [
    `## Before and after, at ${describeLoad(plan.inputs)}`,
    table(['', 'before', 'after'], rows),
    `Figures of the model; requests a day count the busiest hour as ${share} of the day.`,
  ].join('\n\n');
}

function settings({ rows, recommended }: CapacityPlan): string[] {
  const head = ['setting', 'of', 'before', 'after', 'place', 'because'];
  if (rows.length > 0) {
    const cells = rows.map((row) => [
      row.setting,
      row.subject,
      row.today ?? 'not set',
      row.planned,
      sayPlace(row),
      `${sayReason(row)}; ${explainFigure(row.figure, row.unit)}`,
    ]);
    return ['## Settings', table(head, cells)];
  }
  const figures = [
    ['workers', recommended.workers],
    ['threads', recommended.threads],
    ['pool_size', recommended.poolSize],
    ['max_overflow', recommended.maxOverflow],
    ['max_connections', recommended.maxConnections],
  ] as const;
  const cells = figures.flatMap(([name, figure]) =>
    figure ? [[name, String(figure.value), explainFigure(figure), figure.source]] : [],
  );
  return ['## Settings', table(['setting', 'value', 'arithmetic', 'source'], cells)];
}

function memory({ recommended }: CapacityPlan): string {
  const { parts, freeBytes, totalBytes } = recommended.memory;
  return table(
    ['part', 'memory', 'arithmetic'],
    [
      ...parts.map(({ part, bytes }) => [part, formatBytes(bytes.value), explainFigure(bytes, 'bytes')]),
      ['free', formatBytes(Math.max(0, freeBytes)), `of ${formatBytes(totalBytes)}`],
    ],
  );
}

function connections({ connections: servers }: CapacityPlan): string[] {
  return servers.flatMap(({ store, usable, plannedUsable, parts }) => {
    const sum = (of: 'today' | 'planned') => String(parts.reduce((total, part) => total + part[of], 0));
    const rows = [
      ...parts.map((part) => [part.service, String(part.today), String(part.planned)]),
      ['in all', sum('today'), sum('planned')],
      ['usable', String(usable ?? 'unknown'), String(plannedUsable ?? 'unknown')],
    ];
    return [`## Connections to ${plain(store)}`, table(['', 'before', 'after'], rows)];
  });
}

function changes({ plan, changes: files }: PlanReport): string[] {
  const byHand = refusedRows(plan).map((row) => `${row.setting} of ${row.subject}: ${row.planned} (${row.refused})`);
  return [
    ...(files.size === 0
      ? []
      : ['## Changes', fence('diff', withoutSecrets(formatChanges(files, (path) => path)).trimEnd())]),
    ...(byHand.length === 0 ? [] : ['### By hand', list(byHand)]),
  ];
}

function steps(plan: CapacityPlan): string[] {
  const rows = chosenRows(plan);
  if (rows.length === 0) return [];
  const rebuilt = servicesOf(rows, 'rebuild');
  const restarted = servicesOf(rows, 'restart').filter((name) => !rebuilt.includes(name));
  const steps = [
    'Take a backup, and note the response times and errors of today.',
    ...(rebuilt.length > 0 ? [`Build and start anew: ${rebuilt.join(', ')} (${settingsOf(rows, 'rebuild')}).`] : []),
    ...(restarted.length > 0 ? [`Start anew: ${restarted.join(', ')} (${settingsOf(rows, 'restart')}).`] : []),
    'Run the load test with 1, 10 and the planned users; compare with the load steps below.',
    'Watch connections, queues, memory and slow queries for a day.',
    'If errors rise, revert this change and start the same services again.',
  ];
  return ['## Steps', steps.map((item, index) => `${index + 1}. [ ] ${plain(item)}`).join('\n')];
}

function servicesOf(rows: readonly PlanRow[], kind: PlanRow['needs']['kind']): readonly string[] {
  return [...new Set(rows.filter(({ needs }) => needs.kind === kind).flatMap(({ needs }) => needs.services))];
}

function settingsOf(rows: readonly PlanRow[], kind: PlanRow['needs']['kind']): string {
  return [...new Set(rows.filter(({ needs }) => needs.kind === kind).map(({ setting }) => setting))].join(', ');
}

function alerts(plan: CapacityPlan, loads: LoadSummary): readonly string[] {
  const { pool } = plan.planned;
  const share = documentedDefaults['headroom.connection_alert_share'].value;
  const percent = formatShare(share);
  return [
    ...(pool
      ? [
          `Pool: ${Math.floor((pool.size + pool.overflow) * share)} of ${pool.size + pool.overflow} connections of a process in use (${percent}).`,
        ]
      : []),
    ...plan.connections.flatMap(({ store, plannedUsable }) =>
      plannedUsable === undefined
        ? []
        : [`${store}: ${Math.floor(plannedUsable * share)} of ${plannedUsable} connections in use (${percent}).`],
    ),
    ...plan.rows
      .filter(({ setting }) => setting === 'memory limit')
      .map(({ subject, planned }) => `${subject}: ${percent} of ${planned} memory.`),
    `95 % of responses above ${formatMilliseconds(loads.target.p95Seconds * 1000)}, or more than ${formatShare(loads.target.errorShare)} of errors, for 5 minutes.`,
  ];
}

function loadSteps(loads: LoadSummary, plan: CapacityPlan): string {
  const before = loads.today?.rows ?? [];
  const rows = loads.planned.rows.map((row, index) => {
    const today = before[index];
    return [
      countLoad(row.users ?? row.requestsPerSecond ?? 0),
      ...(today ? [formatMilliseconds(today.p95), formatShare(today.errorShare)] : []),
      countLoad(row.throughput),
      formatMilliseconds(row.p50),
      formatMilliseconds(row.p95),
      formatShare(row.errorShare),
      row.stable ? '' : 'more than it can answer',
    ];
  });
  const head = [
    unitOf(plan.inputs),
    ...(before.length > 0 ? ['p95 before', 'errors before'] : []),
    'answered a second',
    'p50',
    'p95',
    'errors',
    '',
  ];
  return table(head, rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${plain(item)}`).join('\n');
}

/** Lines around a change may hold passwords, and reports are passed on. */
function withoutSecrets(diff: string): string {
  const named =
    /^(.*(?:PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|PRIVATE|_KEY)\w*["']?\s*[:=]\s*)(?!\s*$|["']?\$\{).+$/gim;
  return diff.replace(named, '$1***').replace(/(:\/\/[^:/@\s'"]*:)[^@\s'"]+@/g, '$1***@');
}

/** A fence that no line of the text can close. */
function fence(language: string, text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(Math.max(3, longest + 1));
  return `${ticks}${language}\n${text}\n${ticks}`;
}

/** Names of the user's files stay text. */
function plain(text: string): string {
  return text.replace(/[\\|<>`*[\]]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}
