import { showSetting } from '../engine/show-setting.ts';
import {
  poolSettings,
  processSettings,
  type SettingValue,
  type StackSetting,
  serviceSettings,
  storeSettings,
} from '../engine/stack-settings.ts';
import type { Pool } from '../model/pool.ts';
import type { Process, Project, Service, Store } from '../model/stack.ts';
import { whyNothingRuns } from '../model/unknowns.ts';
import { isAssumed, isDefault, type Value } from '../model/value.ts';
import { positionAt } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';
import type { Hop } from '../text/trail.ts';
import type { FileNaming } from './report-json.ts';
import { formatHop } from './report-text.ts';
import { paint, printable } from './terminal.ts';

interface Style {
  readonly nameFile: FileNaming;
  readonly colors: boolean;
  /** Show the way each value took and what lost to it. */
  readonly why: boolean;
}

/** The stack as a tree: every value with its origin, or why it is unknown. */
export function formatStackText(projects: readonly Project[], style: Style): string {
  if (projects.length === 0)
    return 'Nothing found that starts a service: no compose file, Dockerfile, Procfile or start script.\n';
  return `${projects.map((project) => formatProject(project, style).join('\n')).join('\n\n')}\n`;
}

function formatProject(project: Project, style: Style): string[] {
  const files = project.files.map((file) => style.nameFile(file.path)).join(', ');
  return [
    `${paint(printable(project.name), { color: 'bold', on: style.colors })} (${project.stage.name === 'unknown' ? '' : `${project.stage.name}; `}${printable(files)})`,
    ...project.services.flatMap((service) => indent(formatService(service, style))),
    ...project.stores.flatMap((store) => indent(formatStore(store, style))),
    ...project.unknowns.map(
      (note) => `  unknown: ${printable(`${note.what}: ${note.why} (${place(note.at, style)})`)}`,
    ),
  ];
}

function formatService(service: Service, style: Style): string[] {
  const why = whyNothingRuns(service);
  const inactive = service.active ? '' : ', behind a profile that is not active';
  return [
    `service ${paint(printable(service.name), { color: 'bold', on: style.colors })} (${service.role}${inactive}) ${place(service.at, style)}`,
    ...formatSettings(serviceSettings(service), style),
    ...service.processes.flatMap((process) => indent(formatProcess(process, style))),
    ...(why === undefined ? [] : [`  process unknown: ${printable(why)}`]),
  ];
}

function formatProcess(process: Process, style: Style): string[] {
  return [
    `process ${process.server} ${place(process.at, style)}`,
    ...formatSettings(processSettings(process), style),
    ...process.pools.flatMap((pool) => indent(formatPool(pool, style))),
  ];
}

function formatPool(pool: Pool, style: Style): string[] {
  const alias = pool.alias === undefined ? '' : ` ${pool.alias}`;
  const store = nameStore(pool);
  return [
    printable(`pool ${pool.library}${alias} ${store} ${place(pool.at, style)}`),
    ...formatSettings(poolSettings(pool), style),
  ];
}

function nameStore({ engine, store }: Pool): string {
  if (engine.known && engine.value === 'sqlite') return 'to SQLite';
  if (!store.known) return `to a store that is unknown: ${store.why}`;
  return `to ${store.value}${isAssumed(store) ? ' (assumed)' : ''}`;
}

function formatStore(store: Store, style: Style): string[] {
  return [
    printable(`store ${store.name} (${store.engine}) ${place(store.at, style)}`),
    ...formatSettings(storeSettings(store), style),
  ];
}

/** Settings that every stack shows; the others appear where somebody wrote them, or when the reasons are asked for. */
const alwaysShown: ReadonlySet<string> = new Set([
  ...['replicas', 'memoryLimitBytes', 'cpuLimit', 'workers', 'threads', 'workerClass', 'timeoutSeconds'],
  ...['gracefulTimeoutSeconds', 'concurrency', 'size', 'overflow', 'maxConnections', 'maxMemoryBytes'],
]);

function formatSettings(settings: readonly StackSetting[], style: Style): string[] {
  const shown = settings.filter((setting) => style.why || alwaysShown.has(setting.key) || isWritten(setting.value));
  return shown.flatMap((setting) => formatSetting(setting, style));
}

function isWritten(value: Value<SettingValue>): boolean {
  return value.known && value.value !== false && !isDefault(value) && value.value !== '';
}

function formatSetting(setting: StackSetting, style: Style): string[] {
  const { name, value } = setting;
  const dim = (text: string) => paint(text, { color: 'dim', on: style.colors });
  const reasons = style.why ? formatReasons(value, style).map(dim) : [];
  if (!value.known) return [`  ${name}: ${printable(showSetting(setting))}`, ...reasons];
  const last = value.trail.at(-1);
  const origin = isDefault(value) && last ? nameDefault(last, style) : place(value.at, style);
  const assumed = isAssumed(value) ? ', assumed' : '';
  const count = value.overridden?.length ?? 0;
  const others = count === 0 || style.why ? '' : `, wins over ${count} other${count === 1 ? '' : 's'} (--why)`;
  return [`  ${name}: ${printable(showSetting(setting))} ${dim(`${origin}${assumed}${others}`)}`, ...reasons];
}

/** The chain that produced the value, and what lost to it. */
function formatReasons(value: Value<SettingValue>, style: Style): string[] {
  const { trail, overridden = [] } = value;
  // A default alone is named beside the value.
  const steps = isDefault(value) && trail.length === 1 ? [] : trail;
  return [
    ...steps.map((hop) => `    from ${formatHop(hop, style.nameFile)}`),
    ...overridden.map((hop) => `    not  ${formatHop(hop, style.nameFile)}`),
  ];
}

/** The program whose default it is and where that is documented. */
function nameDefault(hop: Hop, style: Style): string {
  const { says } = hop;
  return formatHop(hop, style.nameFile).replace(`: ${printable(says)}`, '');
}

function place(at: Location, style: Style): string {
  return printable(`${style.nameFile(at.source.path)}:${positionAt(at.source, at.span.start).line + 1}`);
}

function indent(lines: readonly string[]): string[] {
  return lines.map((text) => `  ${text}`);
}
