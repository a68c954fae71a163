import { formatBytes as formatSize } from '../capacity/bytes.ts';
import type { Pool } from '../model/pool.ts';
import type { Process, Project, Service, Store } from '../model/stack.ts';
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
  const inactive = service.active ? '' : ', behind a profile that is not active';
  return [
    `service ${paint(printable(service.name), { color: 'bold', on: style.colors })} (${service.role}${inactive}) ${place(service.at, style)}`,
    line('replicas', { value: service.replicas, style }),
    line('memory limit', { value: service.limits.memoryBytes, style, show: formatBytes }),
    line('cpu limit', { value: service.limits.cpus, style }),
    ...service.processes.flatMap((process) => indent(formatProcess(process, style))),
  ];
}

function formatProcess(process: Process, style: Style): string[] {
  return [
    `process ${process.server} ${place(process.at, style)}`,
    line('workers', { value: process.workers, style }),
    line('threads', { value: process.threads, style }),
    line('worker class', { value: process.workerClass, style }),
    line('timeout', { value: process.timeoutSeconds, style, show: formatSeconds }),
    line('graceful timeout', { value: process.gracefulTimeoutSeconds, style, show: formatSeconds }),
    line('max requests', { value: process.maxRequests, style }),
    line('concurrency', { value: process.concurrency, style }),
    ...process.pools.flatMap((pool) => indent(formatPool(pool, style))),
  ];
}

function formatPool(pool: Pool, style: Style): string[] {
  const alias = pool.alias === undefined ? '' : ` ${pool.alias}`;
  const store = pool.store.known ? `to ${pool.store.value}` : `to a store that is unknown: ${pool.store.why}`;
  return [
    printable(`pool ${pool.library}${alias} ${store} ${place(pool.at, style)}`),
    line('size', { value: pool.size, style }),
    line('overflow', { value: pool.overflow, style }),
    line('opens eagerly', { value: pool.opensEagerly, style }),
  ];
}

function formatStore(store: Store, style: Style): string[] {
  return [
    printable(`store ${store.name} (${store.engine}) ${place(store.at, style)}`),
    line('max connections', { value: store.maxConnections, style }),
  ];
}

type Plain = number | string | null;

function line(name: string, entry: { value: Value<Plain>; style: Style; show?: (value: Plain) => string }): string {
  const { value, style, show = formatPlain } = entry;
  const dim = (text: string) => paint(text, { color: 'dim', on: style.colors });
  if (!value.known) return `  ${name}: ${printable(`unknown: ${value.why}${bounds(value, show)}`)}`;
  const last = value.trail.at(-1);
  const origin = isDefault(value) && last ? nameDefault(last, style) : place(value.at, style);
  return `  ${name}: ${printable(show(value.value))} ${dim(`${origin}${isAssumed(value) ? ', assumed' : ''}`)}`;
}

/** The program whose default it is and where that is documented. */
function nameDefault(hop: Hop, style: Style): string {
  const { says } = hop;
  return formatHop(hop, style.nameFile).replace(`: ${printable(says)}`, '');
}

function bounds(value: Value<Plain> & { known: false }, show: (value: Plain) => string): string {
  const options = value.oneOf?.flatMap((option) => (option.known ? [show(option.value)] : []));
  if (options && options.length > 0) return ` (one of ${options.join(', ')})`;
  const parts = [
    ...(value.atLeast === undefined || value.atLeast === 0 ? [] : [`at least ${show(value.atLeast)}`]),
    ...(value.atMost === undefined ? [] : [`at most ${show(value.atMost)}`]),
  ];
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

function formatPlain(value: Plain): string {
  if (value === null) return 'none';
  return typeof value === 'number' && !Number.isFinite(value) ? 'unlimited' : String(value);
}

function formatSeconds(value: Plain): string {
  return typeof value === 'number' && Number.isFinite(value) ? `${value} s` : formatPlain(value);
}

function formatBytes(value: Plain): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return formatPlain(value);
  return formatSize(value);
}

function place(at: Location, style: Style): string {
  return printable(`${style.nameFile(at.source.path)}:${positionAt(at.source, at.span.start).line + 1}`);
}

function indent(lines: readonly string[]): string[] {
  return lines.map((text) => `  ${text}`);
}
