import { formatPlanJson } from '../engine/plan-json.ts';
import { formatPlanMarkdown } from '../engine/plan-markdown.ts';
import { createPlanReport, type PlanReport } from '../engine/plan-report.ts';
import type { PanelState } from '../panel/protocol.ts';
import type { PlannedCapacity } from '../plan/plan-capacity.ts';
import type { PanelPlan } from './panel-plans.ts';

/** The plan as text: the report and the JSON of `headroom plan`, or its rows and loads as CSV. */
export function writePlan(
  { planned, chosen }: PanelPlan,
  how: { readonly format: 'json' | 'csv' | 'markdown'; readonly state: PanelState },
): string {
  const { format, state } = how;
  const report = createPlanReport(chooseRows(planned, state), {
    others: [],
    target: state.target ?? undefined,
    project: chosen?.target.project,
    broken: chosen?.folder.result?.analysis.reading.broken,
  });
  switch (format) {
    case 'json':
      return formatPlanJson(report);
    case 'csv':
      return formatPlanCsv(report);
    case 'markdown':
      return formatPlanMarkdown(report);
  }
}

/** The plan with the rows that the user left in it. */
function chooseRows({ plan, recommendations }: PlannedCapacity, { chosen }: PanelState): PlannedCapacity {
  const rows = plan.rows.map((row) => ({
    ...row,
    selected: row.refused === undefined && (chosen[row.id] ?? row.selected),
  }));
  return { plan: { ...plan, rows }, recommendations };
}

function formatPlanCsv({ plan, loads }: PlanReport): string {
  const settings = plan.rows
    .filter(({ selected }) => selected)
    .map((row) => [row.setting, row.subject, row.today, row.planned, row.place?.path, row.place?.line]);
  const steps = [
    { name: 'today', of: loads.today?.rows ?? [] },
    { name: 'plan', of: loads.planned.rows },
  ].flatMap(({ name, of }) =>
    of.map((row) => [
      row.users ?? row.requestsPerSecond,
      name,
      ...[row.throughput, row.p50, row.p95, row.p99].map((value) => Math.round(value * 10) / 10),
      Math.round(row.errorShare * 10_000) / 10_000,
    ]),
  );
  return toCsv([
    ['setting', 'subject', 'today', 'plan', 'file', 'line'],
    ...settings,
    [],
    ['load', 'settings', 'throughput_per_second', 'p50_ms', 'p95_ms', 'p99_ms', 'error_share'],
    ...steps,
  ]);
}

function toCsv(lines: readonly (readonly (string | number | null | undefined)[])[]): string {
  const cell = (value: string | number | null | undefined) => {
    const text = value === null || value === undefined ? '' : String(value);
    // A spreadsheet takes a cell that starts like a formula for one.
    const safe = typeof value === 'string' && /^[=+\-@]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}
