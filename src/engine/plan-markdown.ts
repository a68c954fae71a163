import { documentedDefaults } from '../capacity/defaults.ts';
import type { LoadRow } from '../capacity/load-plan.ts';
import { requestsADay } from '../capacity/summarise-loads.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import { describeInputs } from './plan-inputs.ts';
import { fenceOf, listOf, plainText, tableOf } from './plan-markup.ts';
import { type PlanReport, refusedRows } from './plan-report.ts';
import { withoutSecrets } from './plan-secrets.ts';
import { planAlerts, planChecklist, planSteps } from './plan-steps.ts';
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
  sayTypicalTimes,
  unitOf,
  verdictOf,
} from './plan-words.ts';

/** The plan as the tuning report that a team files: before and after, diffs, steps, checks, alerts, load steps. */
export function formatPlanMarkdown(report: PlanReport): string {
  const { plan, language } = report;
  const { say } = language;
  const { project } = plan;
  const parts = [
    `# ${plainText(project ? say('Capacity plan of {name}', { name: project.name }) : say('Capacity plan'))}`,
    verdictOf(report).map(plainText).join(' '),
    ...beforeAndAfter(report),
    `## ${say('What the figures rest on')}`,
    tableOf(
      ['input', 'value', 'origin'].map((name) => say(name)),
      describeInputs(report).map(({ name, value, origin }) => [name, value, origin]),
    ),
    ...settings(report),
    ...memory(report),
    ...connections(report),
    ...changes(report),
    ...planSteps(report),
    ...planChecklist(report),
    ...planAlerts(report),
    ...loadSteps(report),
  ];
  return `${parts.join('\n\n')}\n`;
}

function beforeAndAfter({ plan, loads, language }: PlanReport): string[] {
  const { say, load, share, time } = language;
  const before = loads.today;
  const today = before && rowAt(before, plan.inputs);
  const planned = rowAt(loads.planned, plan.inputs);
  const cells = (name: string, of: { today: string; planned: string }) => [
    name,
    ...(before ? [of.today] : []),
    of.planned,
  ];
  const row = (name: string, show: (row: LoadRow) => string) =>
    cells(say(name), { today: today ? show(today) : '', planned: planned ? show(planned) : '' });
  const { p95Seconds, errorShare } = loads.target;
  const carried = say('{unit} carried (p95 within {time}, errors at most {errors})', {
    unit: say(unitOf(plan.inputs)),
    time: time(p95Seconds * 1000),
    errors: share(errorShare),
  });
  const at = { load: describeLoad(plan.inputs, language) };
  return [
    before ? `## ${say('Before and after, at {load}', at)}` : `## ${say('At {load}', at)}`,
    tableOf(before ? ['', say('before'), say('after')] : ['', say('plan')], [
      cells(carried, { today: before ? load(before.carried) : '', planned: load(loads.planned.carried) }),
      row('requests a second', ({ throughput }) => load(throughput)),
      row('requests a day', ({ throughput }) => load(requestsADay(throughput))),
      row('response time p50 / p95', (load) => sayTypicalTimes(load, language)),
      row('errors', ({ errorShare: errors }) => share(errors)),
    ]),
    say('Figures of the model; requests a day count the busiest hour as {share} of the day.', {
      share: share(documentedDefaults['headroom.busiest_hour_share'].value),
    }),
  ];
}

function settings({ plan, language }: PlanReport): string[] {
  const { say, number, explain } = language;
  const { rows, recommended } = plan;
  if (rows.length > 0) {
    const head = ['setting', 'of', 'before', 'after', 'place', 'because'].map((name) => say(name));
    const cells = rows.map((row) => {
      const { today, planned } = sayChange(row, language);
      return [row.setting, row.subject, today, planned, sayPlace(row), sayReason(row, language)];
    });
    return [`## ${say('Settings')}`, tableOf(head, cells)];
  }
  const hasDatabase = plan.planned.pool !== null;
  const figures = [
    ['workers', recommended.workers],
    ['threads', recommended.threads],
    ['pool_size', hasDatabase ? recommended.poolSize : undefined],
    ['max_overflow', hasDatabase ? recommended.maxOverflow : undefined],
    ['max_connections', recommended.maxConnections],
  ] as const;
  const cells = figures.flatMap(([name, figure]) =>
    figure ? [[name, number(figure.value), explain(figure), figure.source]] : [],
  );
  const head = ['setting', 'value', 'arithmetic', 'source'].map((name) => say(name));
  return [`## ${say('Settings')}`, tableOf(head, cells)];
}

function memory({ plan, language }: PlanReport): string[] {
  const { say, bytes, explain } = language;
  const budget = plan.recommended.memory;
  const rows = [
    ...budget.parts.map((part) => [sayPart(part, language), bytes(part.bytes.value), explain(part.bytes, 'bytes')]),
    sayFree(budget, language),
  ];
  const head = ['part', 'memory', 'arithmetic'].map((name) => say(name));
  return [`## ${say('Memory')}`, tableOf(head, rows)];
}

function connections({ plan, language }: PlanReport): string[] {
  const { say, number } = language;
  const limit = (count: number | undefined) => (count === undefined ? say('unknown') : number(count));
  return plan.connections.flatMap((server) => {
    const parts = sayConnections(server, language);
    if (parts.length === 0) return [];
    const usable = [say('usable'), limit(server.usable), limit(server.plannedUsable)];
    const title = plainText(say('Connections to {store}', { store: server.store }));
    return [`## ${title}`, tableOf(['', say('before'), say('after')], [...parts, usable])];
  });
}

function changes({ plan, changes: files, language }: PlanReport): string[] {
  const { say } = language;
  const byHand = refusedRows(plan).map((row) =>
    say('{setting} of {subject}: {planned} ({why})', {
      setting: row.setting,
      subject: row.subject,
      planned: row.planned,
      why: row.refused ?? '',
    }),
  );
  const diffs = [...files]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([path, texts]) => [
      `### ${plainText(path)}`,
      fenceOf('diff', withoutSecrets(unifiedDiff(path, texts)).trimEnd()),
    ]);
  return [
    ...(diffs.length === 0 ? [] : [`## ${say('Changes')}`, ...diffs]),
    ...(byHand.length === 0 ? [] : [`## ${say('Changes by hand')}`, listOf(byHand)]),
  ];
}

function loadSteps({ plan, loads, language }: PlanReport): string[] {
  const { say, number, load, share } = language;
  const before = loads.today?.rows ?? [];
  const rows = loads.planned.rows.map((row, index) => {
    const today = before[index];
    const { p50, p95 } = sayTimes(row, language);
    return [
      number(loadOf(row)),
      ...(today ? [sayTimes(today, language).p95, share(today.errorShare)] : []),
      load(row.throughput),
      p50,
      p95,
      share(row.errorShare),
      row.stable ? '' : say('more than it can answer'),
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
  ].map((name) => say(name));
  return [`## ${say('Load steps')}`, tableOf(head, rows)];
}
