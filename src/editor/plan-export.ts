import { summariseLoads } from '../capacity/summarise-loads.ts';
import type { PanelState } from '../panel/protocol.ts';
import type { PlannedCapacity } from '../plan/plan-capacity.ts';

/** The plan as text: a Markdown report, the whole plan as JSON, or its rows and loads as CSV. */
export function writePlan(
  { plan }: PlannedCapacity,
  how: { readonly format: 'json' | 'csv' | 'markdown'; readonly state: PanelState },
): string {
  const { format, state } = how;
  const rows = plan.rows.filter((row) => state.chosen[row.id] ?? row.selected);
  const loads = summariseLoads({ ...plan, rows }, state.target ?? undefined);
  switch (format) {
    case 'json':
      return `${JSON.stringify({ version: 1, ...plan, rows, loads }, undefined, 2)}\n`;
    case 'csv':
      return toCsv([
        ['setting', 'subject', 'today', 'plan', 'file', 'line'],
        ...rows.map((row) => [row.setting, row.subject, row.today, row.planned, row.place?.path, row.place?.line]),
        [],
        ['load', 'settings', 'throughput_per_second', 'p50_ms', 'p95_ms', 'p99_ms', 'error_share'],
        ...[
          { name: 'today', of: loads.today?.rows ?? [] },
          { name: 'plan', of: loads.planned.rows },
        ].flatMap(({ name, of }) =>
          of.map((row) => [
            row.users ?? row.requestsPerSecond,
            name,
            ...[row.throughput, row.p50, row.p95, row.p99].map((value) => Math.round(value * 10) / 10),
            Math.round(row.errorShare * 10_000) / 10_000,
          ]),
        ),
      ]);
    case 'markdown':
      return [
        '| Setting | Today | Plan | Place |',
        '|---|---|---|---|',
        ...rows.map(({ setting, subject, today, planned, place }) => {
          const where = place ? `${place.path}:${place.line}` : '';
          return `| ${setting} (${subject}) | ${today ?? ''} | ${planned} | ${where} |`;
        }),
        '',
      ].join('\n');
  }
}

function toCsv(lines: readonly (readonly (string | number | null | undefined)[])[]): string {
  const cell = (value: string | number | null | undefined) => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}
