import type { CapacityPlan, PlanRow } from '../capacity/capacity-plan.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import { quoteWord } from '../plan/compose-command.ts';
import { fenceOf, listOf } from './plan-markup.ts';
import { chosenRows, type PlanReport } from './plan-report.ts';
import { describeLoad } from './plan-words.ts';

/** What has to be built and started anew for the chosen changes, as Markdown; nothing without changes. */
export function planSteps({ plan, language, composeCommand: compose }: PlanReport): readonly string[] {
  const rows = chosenRows(plan);
  if (rows.length === 0) return [];
  const { say } = language;
  const { rebuilt, restarted } = servicesToStart(rows);
  const group = (title: string, of: { readonly services: readonly string[]; readonly command: string }) => {
    if (of.services.length === 0) return [];
    const settings = of.services.map((service) => `${service}: ${settingsOf(rows, service)}`);
    const words = of.services.map(quoteWord).join(' ');
    const command = compose === undefined ? [] : [fenceOf('sh', `${compose} ${of.command} ${words}`)];
    return [`### ${say(title)}`, listOf(settings), ...command];
  };
  return [
    `## ${say('Steps')}`,
    ...group('Build anew and start', { services: rebuilt, command: 'up -d --build' }),
    ...group('Start anew', { services: restarted, command: 'up -d --force-recreate' }),
  ];
}

/** What somebody ticks off while carrying out the plan, as Markdown. */
export function planChecklist({ plan, language }: PlanReport): readonly string[] {
  const { say } = language;
  const { rebuilt, restarted } = servicesToStart(chosenRows(plan));
  const names = (services: readonly string[]) => ({ services: services.join(', ') });
  const changes = rebuilt.length + restarted.length > 0;
  const items = [
    ...(changes
      ? [
          say('Back up the data, and note the response times and errors of today.'),
          say('Carry out the changes above, and have somebody else read them.'),
        ]
      : []),
    ...(rebuilt.length > 0 ? [say('Build anew and start: {services}.', names(rebuilt))] : []),
    ...(restarted.length > 0 ? [say('Start anew: {services}.', names(restarted))] : []),
    say('Run the load test with 1, 10 and the planned load ({load}), and compare with the load steps below.', {
      load: describeLoad(plan.inputs, language),
    }),
    say('Set the alerts below.'),
    say('Watch connections, queues, memory and slow queries for a day.'),
    ...(changes ? [say('If errors rise: revert the changes, and start the same services again.')] : []),
  ];
  return [`## ${say('Checklist')}`, listOf(items, '- [ ]')];
}

/** From where on somebody should be called, as Markdown. */
export function planAlerts({ plan, loads, language }: PlanReport): readonly string[] {
  const { say, number, share, time } = language;
  const alertShare = documentedDefaults['headroom.connection_alert_share'].value;
  const percent = share(alertShare);
  const { pool } = plan.planned;
  const capacity = pool && pool.size + pool.overflow;
  const connections = plan.connections.flatMap(({ store, plannedUsable }) =>
    plannedUsable === undefined ? [] : [{ store, usable: plannedUsable }],
  );
  const items = [
    ...(capacity
      ? [
          say('Pool: {used} of {capacity} connections of a process in use ({percent}).', {
            used: Math.max(1, Math.floor(capacity * alertShare)),
            capacity,
            percent,
          }),
        ]
      : []),
    ...connections.map(({ store, usable }) =>
      say('{store}: {used} of {usable} connections in use ({percent}).', {
        store,
        used: Math.floor(usable * alertShare),
        usable,
        percent,
      }),
    ),
    ...memoryLimits(plan, language.bytes).map((limit) =>
      say('{service}: {percent} of its {limit} of memory in use.', { ...limit, percent }),
    ),
    say('Responses: more than {late} take longer than {time}, or more than {errors} fail, for {minutes} minutes.', {
      late: share(0.05),
      time: time(loads.target.p95Seconds * 1000),
      errors: share(loads.target.errorShare),
      minutes: number(5),
    }),
  ];
  return [`## ${say('Alerts')}`, listOf(items)];
}

/** Limits with the plan: those that it sets, and the one that the web server has already. */
function memoryLimits(
  { rows, inputs, project }: CapacityPlan,
  showBytes: (bytes: number) => string,
): readonly { readonly service: string; readonly limit: string }[] {
  const planned = rows
    .filter(({ setting, selected }) => setting === 'memory limit' && selected)
    .map(({ subject, planned: limit }) => ({ service: subject, limit }));
  const own = project?.service;
  if (own === undefined || inputs.webLimitBytes === null || planned.some(({ service }) => service === own)) {
    return planned;
  }
  return [{ service: own, limit: showBytes(inputs.webLimitBytes) }, ...planned];
}

/** A service that has to be built is started by that as well. */
function servicesToStart(rows: readonly PlanRow[]): {
  readonly rebuilt: readonly string[];
  readonly restarted: readonly string[];
} {
  const of = (kind: PlanRow['needs']['kind']) => [
    ...new Set(rows.filter(({ needs }) => needs.kind === kind).flatMap(({ needs }) => needs.services)),
  ];
  const rebuilt = of('rebuild');
  return { rebuilt, restarted: of('restart').filter((name) => !rebuilt.includes(name)) };
}

function settingsOf(rows: readonly PlanRow[], service: string): string {
  return [...new Set(rows.filter(({ needs }) => needs.services.includes(service)).map(({ setting }) => setting))].join(
    ', ',
  );
}
