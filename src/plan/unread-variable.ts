import type { Process, Project, Service } from '../model/stack.ts';
import { isDefault, type Value } from '../model/value.ts';
import { parseEnv } from '../parse/env.ts';
import { derive, lineText, positionAt, type SourceText } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';
import { isWorkForCapacity } from './environment-number.ts';

/** A capacity variable of an env file that does not reach the setting it is meant for. */
export interface UnreadVariable {
  readonly name: string;
  readonly at: Location;
  readonly service: Service;
  readonly process: Process;
  /** What the variable is meant to set: "workers". */
  readonly setting: string;
  /** The setting's effective value, which the variable does not change. */
  readonly value: Value<number>;
  /** Why: no container gets it, or the server does not know the name; then `reads` is the name it knows. */
  readonly cause: 'reaches-no-container' | 'unknown-name';
  readonly reads?: string;
}

/**
 * Variables of the project's `.env` that a server's command or Gunicorn itself would read but no container gets, because
 * `.env` feeds the compose file alone; and names that Gunicorn does not read although the container gets them.
 */
export function unreadVariables(project: Project): readonly UnreadVariable[] {
  const found = project.services
    .filter(({ active, environment }) => active && environment.complete)
    .flatMap((service) =>
      service.processes
        .filter(({ environment }) => environment.complete)
        .flatMap((process) => [...missed(project, { service, process }), ...misnamed({ service, process })]),
    );
  const distinct = new Map(found.map((one) => [`${one.at.source.path} ${one.at.span.start} ${one.service.name}`, one]));
  return [...distinct.values()];
}

interface Runs {
  readonly service: Service;
  readonly process: Process;
}

/** Entries of `.env` that the compose files never mention and that this process would read. */
function missed(project: Project, { service, process }: Runs): readonly UnreadVariable[] {
  const [env] = project.files.filter(isProjectEnv);
  if (!env || project.kind !== 'compose') return [];
  const others = project.files.filter((file) => file !== env);
  return entriesOf(env).flatMap(({ name, at }) => {
    if (!isWorkForCapacity(name) && name !== 'WEB_CONCURRENCY') return [];
    if (process.environment.variables.has(name) || others.some(({ text }) => mentions(text, name))) return [];
    const reader = settingsOf(process).find(({ value }) => wouldRead({ name, value, process }));
    return reader ? [{ name, at, service, process, ...reader, cause: 'reaches-no-container' as const }] : [];
  });
}

/** Gunicorn reads WEB_CONCURRENCY alone; other names count only where a script or file hands them on. */
function misnamed({ service, process }: Runs): readonly UnreadVariable[] {
  if (process.server !== 'gunicorn') return [];
  return [...process.environment.variables].flatMap(([name, variable]) => {
    const meant = misleadingNames.get(name);
    const reader = meant && settingsOf(process).find(({ setting }) => setting === meant);
    if (!reader || !variable.known || !isDefault(reader.value) || !reader.value.known) return [];
    if (!/^\d+$/.test(variable.value.trim()) || Number(variable.value) === reader.value.value) return [];
    const reads = meant === 'workers' ? 'WEB_CONCURRENCY' : undefined;
    const rest = { cause: 'unknown-name' as const, ...(reads && { reads }) };
    return [{ name, at: variable.at, service, process, ...reader, ...rest }];
  });
}

const misleadingNames: ReadonlyMap<string, string> = new Map([
  ['GUNICORN_WORKERS', 'workers'],
  ['GUNICORN_WEB_CONCURRENCY', 'workers'],
  ['GUNICORN_THREADS', 'threads'],
  ['GUNICORN_TIMEOUT', 'timeout'],
]);

function settingsOf(process: Process): readonly { readonly setting: string; readonly value: Value<number> }[] {
  return [
    { setting: 'workers', value: process.workers },
    { setting: 'threads', value: process.threads },
    { setting: 'timeout', value: process.timeoutSeconds },
    { setting: 'concurrency', value: process.concurrency },
  ];
}

/** Gunicorn's default workers come from WEB_CONCURRENCY; a script's `${NAME:-4}` stands on the line of the value. */
function wouldRead(read: { name: string; value: Value<number>; process: Process }): boolean {
  const { name, value, process } = read;
  if (!value.known) return false;
  if (isDefault(value)) return name === 'WEB_CONCURRENCY' && process.server === 'gunicorn' && value === process.workers;
  const { source, span } = value.at;
  return new RegExp(`\\$\\{${name}:?-`).test(lineText(source, positionAt(source, span.start).line));
}

function isProjectEnv({ path }: SourceText): boolean {
  return path === '.env' || path.endsWith('/.env');
}

function entriesOf(source: SourceText): readonly { readonly name: string; readonly at: Location }[] {
  const { entries } = derive(source, { kind: 'env:compose', from: (text) => parseEnv(text, 'compose') });
  return entries.flatMap(({ name, value }) => (value ? [{ name, at: { source, span: value.span } }] : []));
}

function mentions(text: string, name: string): boolean {
  return text.includes(name) && new RegExp(`(?<![\\w])${name}(?![\\w])`).test(text);
}
