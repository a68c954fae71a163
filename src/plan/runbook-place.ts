import type { Project, Service, Store } from '../model/stack.ts';
import { isAssumed } from '../model/value.ts';
import { composeCommand, quoteWord } from './compose-command.ts';

/** A store with the service that runs it; without one it runs outside the project. */
export interface Place {
  readonly store: Store;
  readonly project: Project;
  readonly service: Service | undefined;
  /** Options of `docker compose exec`. */
  readonly options?: readonly string[];
}

/** A name of the container's environment: `word` for a shell line, `plain` where the files say it. */
export function nameOf(
  service: Service,
  from: { readonly variables: readonly string[]; readonly standard: string },
): { readonly word: string; readonly bare: string; readonly plain: string | undefined } {
  const { variables, standard } = from;
  const variable = variables.find((name) => has(service, name));
  const [first = ''] = variables;
  const file = variables.map((name) => `${name}_FILE`).find((name) => has(service, name));
  if (variable === undefined && file !== undefined) {
    const bare = `$(cat "$${file}")`;
    return { word: `"${bare}"`, bare, plain: undefined };
  }
  const isStandard = variable === undefined && service.environment.complete && !standard.startsWith('$');
  const plain = variable === undefined ? (isStandard ? standard : undefined) : textOf(service, variable);
  if (plain !== undefined) return { word: quoteWord(plain), bare: plain, plain };
  const bare = `\${${variable ?? first}:-${standard}}`;
  return { word: `"${bare}"`, bare, plain: undefined };
}

/** True for a variable that the container has, whatever its value. */
export function has(service: Service, variable: string): boolean {
  return service.environment.variables.has(variable);
}

/** A variable's text where the files are sure of it. */
export function textOf(service: Service, variable: string): string | undefined {
  const value = service.environment.variables.get(variable);
  return value?.known && !isAssumed(value) && value.value !== '' ? value.value : undefined;
}

/** What follows an option of the server's command: `--port 6380`, `--port=6380`. */
export function optionOf({ command }: Store, option: RegExp): number | undefined {
  const words = command?.words.flatMap(({ text }) => text.split(/[\s=]+/)) ?? [];
  const index = words.findIndex((word) => option.test(word));
  const value = index === -1 ? Number.NaN : Number(words[index + 1]);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

/** A line in the container of a store, by a shell only where it needs one; on this machine where none runs here. */
export function inside({ service, project, options = [] }: Place, line: string): string {
  if (!service?.compose) return line;
  const run = [composeCommand(project), 'exec', '-T', ...options, quoteWord(service.name)].join(' ');
  const needsShell = /^\w+=/.test(line) || /[$|;`]/.test(line.replace(/"[^"$`]*"/g, ''));
  return needsShell ? `${run} sh -c '${line.replaceAll("'", `'\\''`)}'` : `${run} ${line}`;
}
