import { entryOf, mappingEntries, resolveAlias, sharedNodes } from '../../parse/yaml-read.ts';
import type { YamlMapping } from '../../parse/yaml-tree.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { ComposeOrigin, UnknownNote } from '../stack.ts';
import { checkInterpolation } from './check-interpolation.ts';
import { checkShape } from './check-shape.ts';
import { type ComposeFile, readComposeFile } from './compose-file.ts';
import { type ConfigMapping, type ConfigNode, type ConfigScope, childOf } from './config-node.ts';
import { applyExtends } from './extends.ts';
import { applyIncludes } from './include.ts';
import { mergeConfig } from './merge-config.ts';
import { readConfig } from './read-config.ts';
import type { ComposeReading, Variables } from './variables.ts';

/** Compose files that one project joins. */
export interface LoadRequest {
  /** In merge order; paths in the workspace. */
  readonly paths: readonly string[];
  /** Folder that relative paths start from. */
  readonly folder: string;
  readonly variables: Variables;
}

/** What the files of a project come to, services still as configuration. */
export interface LoadedConfig {
  readonly root: ConfigMapping;
  readonly origins: ReadonlyMap<string, ServiceOrigin>;
}

/** Where a service is written last. */
export interface ServiceOrigin extends ComposeOrigin {
  readonly keyAt: Location;
}

/** What a loading gathers on its way, shared by the files it reaches. */
export interface Loading {
  readonly reading: ComposeReading;
  readonly sources: Set<SourceText>;
  readonly notes: UnknownNote[];
  /** Why Compose refuses the files whatever the shell sets. */
  readonly refusals: UnknownNote[];
  /** Paths whose includes are being followed, to end cycles. */
  readonly including: readonly string[];
  /** How many more files may be included. */
  readonly budget: { left: number };
}

/** Merges the files with what they extend and include; undefined when one of them is absent or Compose refuses it. */
export function loadConfig(loading: Loading, request: LoadRequest): LoadedConfig | undefined {
  let root: ConfigMapping | undefined;
  const origins = new Map<string, ServiceOrigin>();
  for (const path of request.paths) {
    const file = readComposeFile(loading.reading, path);
    if (!file?.root || file.problem) return undefined;
    const scope: ConfigScope = { source: file.source, folder: request.folder, variables: request.variables };
    loading.sources.add(file.source);
    for (const { why, span } of file.mistakes) {
      loading.refusals.push({ what: file.source.path, why, at: { source: file.source, span } });
    }
    for (const document of file.roots) {
      const config = readConfig(document, scope);
      if (!config) return undefined;
      const interpolation = checkInterpolation(config);
      loading.refusals.push(...interpolation.refusals);
      loading.notes.push(...interpolation.required);
      const extended = applyExtends(loading, config);
      const included = applyIncludes(loading, { config: extended, path });
      for (const [name, origin] of included.origins) origins.set(name, origin);
      for (const [name, origin] of findOrigins(file, document)) origins.set(name, origin);
      const merged = mergeConfig(root, included.root, []);
      root = merged.kind === 'mapping' ? merged : root;
      if (root) loading.refusals.push(...checkShape(root));
    }
  }
  return root && { root, origins };
}

/** The services of a loaded configuration by name. */
export function servicesOf(root: ConfigMapping): ReadonlyMap<string, ConfigNode> {
  const services = childOf(root, 'services');
  if (services?.kind !== 'mapping') return new Map();
  return new Map([...services.entries].map(([name, entry]) => [name, entry.value]));
}

function findOrigins({ source }: ComposeFile, root: YamlMapping): ReadonlyMap<string, ServiceOrigin> {
  const origins = new Map<string, ServiceOrigin>();
  const services = entryOf(root, 'services');
  const shared = sharedNodes(root);
  for (const { key, value, sharedThrough } of mappingEntries(services?.value, services)) {
    const body = resolveAlias(value);
    if (body?.kind !== 'mapping') continue;
    const through = shared.has(body)
      ? (sharedThrough ?? body.anchor ?? services?.value?.anchor ?? 'an anchor')
      : undefined;
    origins.set(key.text, { source, root, body, sharedThrough: through, keyAt: { source, span: key.span } });
  }
  return origins;
}
