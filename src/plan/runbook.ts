import type { CapacityPlan } from '../capacity/capacity-plan.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import { formatExact, formatShare, localizeAmounts, standardLocale } from '../capacity/format-number.ts';
import type { Process, Project, Store } from '../model/stack.ts';
import { isDatabaseServer } from '../model/store/database-engines.ts';
import type { CapacityTarget } from './capacity-target.ts';
import { composeCommand, quoteWord } from './compose-command.ts';
import { type RunbookSection, storeSections } from './runbook-stores.ts';

/**
 * The commands with which this project's connections, queues, memory and slow queries are watched, as Markdown. Numbers
 * of its sentences are written for the locale; commands are the same in each.
 */
export function writeRunbook(
  target: CapacityTarget | undefined,
  from: { readonly plan: CapacityPlan; readonly locale?: string | undefined },
): string {
  if (!target)
    return '# Runbook\n\nNo project was read: give its path, and the commands for its services are written here.\n';
  const { project } = target;
  const { plan, locale = standardLocale } = from;
  const entry = project.composeFiles?.[0] ?? project.files[0]?.path ?? '';
  const sections = [
    ...project.stores
      .filter((store) => !isIdle(store, plan))
      .flatMap((store) => storeSections(store, { project, notes: alertNotes(store, { plan, locale }) })),
    {
      title: 'Memory and CPU',
      commands: memoryCommands(project),
      notes: memoryNotes(plan, locale),
    },
    webSection(target),
  ];
  return [
    `# Runbook of ${project.name}`,
    `Run the commands under load, in the root folder of the project: there, \`${entry}\` has this path.`,
    ...sections.filter(({ commands }) => commands.length > 0).map(writeSection),
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

/** True for a second database that no program connects to: the image of a database often runs its backups only. */
function isIdle({ name, engine }: Store, { connections }: CapacityPlan): boolean {
  return connections.some((server) => server.engine === engine) && connections.every((server) => server.store !== name);
}

function writeSection({ title, commands, notes }: RunbookSection): string {
  const text = notes.length > 1 ? notes.map((note) => `- ${note}`) : notes;
  return [
    `## ${title}`,
    ...(text.length > 0 ? [text.join('\n')] : []),
    `\`\`\`sh\n${commands.join('\n')}\n\`\`\``,
  ].join('\n\n');
}

function alertNotes(
  store: Store,
  { plan, locale }: { readonly plan: CapacityPlan; readonly locale: string },
): readonly string[] {
  const server = plan.connections.find((entry) => entry.store === store.name);
  if (!server) return [];
  const number = (value: number) => formatExact(value, locale);
  const planned = server.parts.map((part) => part.planned);
  const limit = server.plannedUsable ?? server.usable;
  const share = documentedDefaults['headroom.connection_alert_share'].value;
  // A service that connects takes some: none means that the files do not say how many.
  const isKnown = planned.every((count) => count > 0);
  const total = number(planned.reduce((sum, count) => sum + count, 0));
  return [
    ...(isKnown ? [`With the plan up to ${total} connections are in use at once.`] : []),
    ...(limit === undefined
      ? []
      : [`Alert from ${number(Math.floor(limit * share))} of ${number(limit)} (${formatShare(share, locale)}).`]),
  ];
}

function memoryNotes({ rows }: CapacityPlan, locale: string): readonly string[] {
  const limits = rows.filter((row) => row.setting === 'memory limit');
  if (limits.length === 0) return [];
  const names = limits.map((row) => `${row.subject} ${localizeAmounts(row.planned, locale)}`).join(', ');
  const share = formatShare(documentedDefaults['headroom.connection_alert_share'].value, locale);
  return [`Planned limits: ${names}. Above ${share} of one, find out what grows.`];
}

function memoryCommands(project: Project): readonly string[] {
  const onHost = project.kind !== 'image' && project.services.some(({ active, compose }) => active && !compose);
  return [
    ...(project.kind === 'compose' ? [`docker stats --no-stream $(${composeCommand(project)} ps -q)`] : []),
    ...(project.kind === 'image' ? ['docker stats --no-stream'] : []),
    ...(onHost ? ['ps -eo rss,pcpu,args --sort=-rss | head -20'] : []),
  ];
}

/** What the logs of the web server say when requests fail for want of capacity. */
function webSection({ project, service, process, pool, store }: CapacityTarget): RunbookSection {
  const signs = [...timeoutSigns(process), ...(pool ? poolSigns(pool.library) : []), ...serverSigns(store)];
  const pattern = [...signs.map(({ text }) => text), 'Traceback'].join('|');
  const notes = signs.map(({ text, means }) => `\`${text}\`: ${means}.`);
  const search = `grep -E "${pattern}"`;
  const title = `Failing requests of ${service.name}`;
  if (service.compose) {
    const logs = `${composeCommand(project)} logs --since 15m ${quoteWord(service.name)}`;
    return { title, commands: [`${logs} | ${search}`], notes };
  }
  if (project.kind === 'image') {
    const note = 'Set `CONTAINER` to the name that `docker ps` shows.';
    return { title, commands: [`docker logs --since 15m "$CONTAINER" 2>&1 | ${search}`], notes: [note, ...notes] };
  }
  const unit = /([^/]+\.service)$/.exec(service.at.source.path)?.[1];
  const journal = `journalctl${unit === undefined ? '' : ` -u ${quoteWord(unit)}`} --since -15min`;
  return { title, commands: [`${journal} | ${search}`], notes };
}

interface LogSign {
  readonly text: string;
  readonly means: string;
}

function timeoutSigns({ server }: Process): readonly LogSign[] {
  if (server === 'gunicorn') {
    return [{ text: 'WORKER TIMEOUT', means: 'a worker was killed in the middle of a request that took too long' }];
  }
  return server === 'uwsgi' ? [{ text: 'HARAKIRI', means: 'a worker was killed in the middle of a request' }] : [];
}

/** What the library of a pool says when no connection is free in time. */
function poolSigns(library: string): readonly LogSign[] {
  const means = 'a request found no free connection in its pool';
  const text = poolErrors[library];
  return text === undefined ? [] : [{ text, means }];
}

const poolErrors: Readonly<Record<string, string>> = {
  sqlalchemy: 'QueuePool limit',
  'flask-sqlalchemy': 'QueuePool limit',
  'mysql.connector': 'pool exhausted',
  psycopg_pool: "couldn't get a connection after",
  psycopg2: 'connection pool exhausted',
};

/** What a database or a pooler says when it takes no more connections. */
function serverSigns(store: Store | undefined): readonly LogSign[] {
  if (store?.engine === 'pgbouncer') {
    return [
      { text: 'query_wait_timeout', means: 'PgBouncer had no connection to the database in time' },
      { text: 'no more connections allowed', means: 'PgBouncer takes no more clients' },
    ];
  }
  if (!store || !isDatabaseServer(store.engine)) return [];
  const means = 'the database takes no more connections';
  return store.engine === 'postgresql'
    ? [
        { text: 'too many clients already', means },
        { text: 'remaining connection slots', means },
      ]
    : [{ text: 'Too many connections', means }];
}
