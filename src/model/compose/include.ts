import { folderOf, resolveInside } from '../workspace.ts';
import { type ConfigMapping, type ConfigNode, childOf, itemsOf, presentChild } from './config-node.ts';
import { knownText } from './config-text.ts';
import { type LoadedConfig, type Loading, loadConfig, type ServiceOrigin } from './load-config.ts';
import { mergeConfig } from './merge-config.ts';
import { readVariables } from './variables.ts';

/** The configuration of one file on top of what it includes. */
export function applyIncludes(
  loading: Loading,
  { config, path }: { config: ConfigMapping; path: string },
): LoadedConfig {
  const origins = new Map<string, ServiceOrigin>();
  let included: ConfigNode | undefined;
  for (const item of itemsOf(childOf(config, 'include'))) {
    const loaded = loadInclude({ ...loading, including: [...loading.including, path] }, item);
    if (loaded === 'cycle') {
      loading.refusals.push({ what: 'an include', why: 'it includes itself', at: item.at });
      continue;
    }
    if (!loaded) {
      const why = 'a file it names is not in the workspace or not valid';
      loading.notes.push({ what: 'an include', why, at: item.at });
      continue;
    }
    for (const [name, origin] of loaded.origins) origins.set(name, origin);
    included = mergeConfig(included, withoutName(loaded.root), []);
  }
  const merged = mergeConfig(included, config, []);
  return { root: merged.kind === 'mapping' ? merged : config, origins };
}

const maximumDepth = 16;

function loadInclude(loading: Loading, item: ConfigNode): LoadedConfig | 'cycle' | undefined {
  loading.budget.left -= 1;
  if (loading.including.length > maximumDepth || loading.budget.left < 0) return undefined;
  const { folder: from, variables: outer } = item.scope;
  const paths = readPaths(item.kind === 'mapping' ? childOf(item, 'path') : item, from);
  const [first] = paths ?? [];
  if (!paths || first === undefined) return undefined;
  if (loading.including.includes(first)) return 'cycle';
  const directory = presentChild(item, 'project_directory');
  const folder = directory ? resolveText(directory, from) : folderOf(first);
  if (folder === undefined) return undefined;
  const envFile = presentChild(item, 'env_file');
  const envPaths = envFile ? readPaths(envFile, from) : [folder === '' ? '.env' : `${folder}/.env`];
  const variables = readVariables(loading.reading, { paths: envPaths ?? [], decides: 'last', parent: outer });
  for (const source of variables.sources) loading.sources.add(source);
  return loadConfig(loading, { paths, folder, variables });
}

/** One path or a list of paths; undefined when one of them is unknown or leads out of the workspace. */
function readPaths(node: ConfigNode | undefined, folder: string): readonly string[] | undefined {
  if (!node) return undefined;
  const paths = (node.kind === 'sequence' ? itemsOf(node) : [node]).map((item) => resolveText(item, folder));
  return paths.includes(undefined) ? undefined : paths.filter((path) => path !== undefined);
}

function resolveText(node: ConfigNode, folder: string): string | undefined {
  const text = knownText(node);
  return text === undefined || isRemote(text) ? undefined : resolveInside(folder, text);
}

/** True for what Compose fetches from elsewhere: a Git repository, an OCI artifact, a URL. */
export function isRemote(text: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|oci:|github\.com\/)/i.test(text);
}

/** The name of an included project counts only when it runs by itself. */
function withoutName(root: ConfigMapping): ConfigMapping {
  const entries = new Map(root.entries);
  entries.delete('name');
  entries.delete('include');
  return { ...root, entries };
}
