import { folderOf, resolveInside } from '../workspace.ts';
import { readComposeFile } from './compose-file.ts';
import { type ConfigEntry, type ConfigMapping, type ConfigNode, childOf, presentChild } from './config-node.ts';
import { knownChild, knownText } from './config-text.ts';
import type { Loading } from './load-config.ts';
import { mergeConfig, withoutKey, withoutTags } from './merge-config.ts';
import { readConfig } from './read-config.ts';

/** The configuration of one file with every `extends` of its services carried out. */
export function applyExtends(loading: Loading, config: ConfigMapping): ConfigMapping {
  const services = childOf(config, 'services');
  const entry = config.entries.get('services');
  if (services?.kind !== 'mapping' || !entry) return config;
  const walk: Walk = { loading, done: new Map(), files: new Map() };
  const extended = new Map<string, ConfigEntry>();
  for (const [name, service] of services.entries) {
    extended.set(name, { ...service, value: extendService(walk, { services, name, chain: [] }) ?? service.value });
  }
  const entries = new Map(config.entries);
  entries.set('services', { ...entry, value: { ...services, entries: extended } });
  return { ...config, entries };
}

const maximumChain = 16;

interface Walk {
  readonly loading: Loading;
  /** Services that are finished, by the mapping that holds them and by name. */
  readonly done: Map<ConfigMapping, Map<string, ConfigNode>>;
  /** Services of the files that `extends` leads to. */
  readonly files: Map<string, ConfigMapping | undefined>;
}

interface Target {
  readonly services: ConfigMapping;
  readonly name: string;
  /** Services on the way here, to end cycles. */
  readonly chain: readonly ConfigNode[];
}

function extendService(walk: Walk, target: Target): ConfigNode | undefined {
  const { services, name, chain } = target;
  const finished = walk.done.get(services)?.get(name);
  if (finished) return finished;
  const service = services.entries.get(name)?.value;
  const reference = presentChild(service, 'extends');
  if (service?.kind !== 'mapping' || !reference) return service;
  const result = extend(walk, { ...target, service, reference, chain: [...chain, service] });
  const known = walk.done.get(services) ?? new Map<string, ConfigNode>();
  walk.done.set(services, known.set(name, result));
  return result;
}

interface Extension extends Target {
  readonly service: ConfigMapping;
  readonly reference: ConfigNode;
}

function extend(walk: Walk, { services, name, chain, service, reference }: Extension): ConfigNode {
  const own = withoutKey(service, 'extends');
  const baseName = reference.kind === 'scalar' ? knownText(reference) : knownChild(reference, 'service');
  const file = presentChild(reference, 'file');
  const home = file ? openServices(walk, file) : services;
  const fail = (why: string, sure?: 'sure'): ConfigNode => {
    const list = sure ? walk.loading.refusals : walk.loading.notes;
    list.push({ what: `what ${name} extends`, why, at: reference.at });
    return { ...own, incomplete: `${name} extends a service that cannot be read: ${why}` };
  };
  if (!home || baseName === undefined) return fail('its file is not in the workspace or not valid');
  const target = home.entries.get(baseName);
  if (!target) return fail('there is no such service', 'sure');
  if (chain.includes(target.value) || chain.length > maximumChain) return fail('it extends itself', 'sure');
  const base = extendService(walk, { services: home, name: baseName, chain });
  return base?.kind === 'mapping' ? mergeConfig(withoutTags(base), own, ['services', name]) : own;
}

function openServices(walk: Walk, file: ConfigNode): ConfigMapping | undefined {
  const text = knownText(file);
  const path = text === undefined ? undefined : resolveInside(file.scope.folder, text);
  if (path === undefined) return undefined;
  if (!walk.files.has(path)) walk.files.set(path, loadServices(walk, { path, file }));
  return walk.files.get(path);
}

function loadServices(
  { loading }: Walk,
  { path, file }: { path: string; file: ConfigNode },
): ConfigMapping | undefined {
  const opened = readComposeFile(loading.reading, path);
  if (!opened?.root || opened.problem) return undefined;
  const scope = { source: opened.source, folder: folderOf(path), variables: file.scope.variables };
  const config = readConfig(opened.root, scope);
  const services = childOf(config, 'services');
  if (services?.kind !== 'mapping') return undefined;
  loading.sources.add(opened.source);
  return services;
}
