import { entryOf, mappingEntries, resolveAlias } from '../../parse/yaml-read.ts';
import type { YamlNode } from '../../parse/yaml-tree.ts';
import type { ComposeFile } from './compose-file.ts';

/** The services of one file as written, before merging and extending. */
export function servicesOf(file: ComposeFile | undefined): ReadonlyMap<string, YamlNode | undefined> {
  const services = entryOf(file?.root, 'services')?.value;
  return new Map(mappingEntries(services).map((entry) => [entry.key.text, entry.value]));
}

/** True when the service says what to run, or leaves that to the service it extends. */
export function runsSomething(body: YamlNode | undefined): boolean {
  return ['image', 'build', 'extends', 'provider'].some((key) => entryOf(body, key)?.value !== undefined);
}

/** Names of the services, networks and volumes that a file defines, by kind. */
export function definedNames(file: ComposeFile | undefined): ReadonlySet<string> {
  return new Set([
    ...[...servicesOf(file).keys()].map(serviceName),
    ...(['networks', 'volumes'] as const).flatMap((kind) =>
      keysOf(entryOf(file?.root, kind)?.value).map((name) => `${kind}:${name}`),
    ),
    'networks:default',
  ]);
}

/** What keeps Compose from loading the file alone: services without an image, and names that it does not define. */
export function findLacking(file: ComposeFile | undefined): readonly string[] {
  const services = servicesOf(file);
  const idle = [...services].filter(([, body]) => !runsSomething(body)).map(([name]) => serviceName(name));
  if (entryOf(file?.root, 'include')) return idle;
  const defined = definedNames(file);
  const named = [...services.values()].flatMap(referredNames).filter((name) => !defined.has(name));
  return [...new Set([...idle, ...named])];
}

function referredNames(body: YamlNode | undefined): readonly string[] {
  const volumes = keysOf(entryOf(body, 'volumes')?.value).flatMap(
    (text) => /^([a-zA-Z][\w.-]+):/.exec(text)?.[1] ?? [],
  );
  return [
    ...keysOf(entryOf(body, 'depends_on')?.value).map(serviceName),
    ...keysOf(entryOf(body, 'networks')?.value).map((name) => `networks:${name}`),
    ...volumes.map((name) => `volumes:${name}`),
  ];
}

/** Keys of a mapping or texts of a list; a name that holds a variable is left out. */
function keysOf(node: YamlNode | undefined): readonly string[] {
  const resolved = resolveAlias(node);
  if (resolved?.kind === 'mapping') return mappingEntries(resolved).map((entry) => entry.key.text);
  const items = resolved?.kind === 'sequence' ? resolved.items.map(resolveAlias) : [];
  return items.flatMap((item) => (item?.kind === 'scalar' && !item.text.startsWith('$') ? item.text : []));
}

function serviceName(name: string): string {
  return `services:${name}`;
}
