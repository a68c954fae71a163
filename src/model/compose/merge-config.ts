import { type ConfigEntry, type ConfigMapping, type ConfigNode, childOf, entriesOf, itemsOf } from './config-node.ts';
import { knownText } from './config-text.ts';

/**
 * What Compose makes of a value and of a later file's value at the same path (compose-go override/merge.go): mappings
 * merge by key, sequences join, scalars are replaced. Lists where one key counts once are joined here as well; their
 * readers keep the last of a key.
 */
export function mergeConfig(base: ConfigNode | undefined, other: ConfigNode, path: readonly string[]): ConfigNode {
  if (!base || base.kind === 'reset' || other.kind === 'reset' || other.overrides) return other;
  const rule = path[0] === 'services' ? rules.get(path.slice(2).join('.')) : undefined;
  if (rule === 'replace') return replaceScalar(base, other);
  if (other.kind === 'null') return base;
  if (base.kind === 'null') return other;
  if (rule === 'list') return joinLists(base, other);
  const left = rule === 'map' ? toMapping(base, path) : base;
  const right = rule === 'map' ? toMapping(other, path) : other;
  if (left.kind === 'mapping' && right.kind === 'mapping') return mergeMappings(left, right, path);
  if (left.kind === 'sequence' && right.kind === 'sequence') {
    return { ...right, items: [...left.items, ...right.items], overrides: left.overrides };
  }
  return replaceScalar(base, other);
}

function replaceScalar(base: ConfigNode, other: ConfigNode): ConfigNode {
  if (base.kind !== 'scalar' || other.kind !== 'scalar') return other;
  const place = base.at.source === other.at.source ? 'the service that extends it' : other.at.source.path;
  const lost = [{ at: base.at, says: `${place} wins` }, ...(base.overridden ?? [])];
  return { ...other, overridden: [...(other.overridden ?? []), ...lost] };
}

/** Fields with a rule of their own: replaced even by null, joined as lists of `KEY=value`, merged as mappings. */
const rules: ReadonlyMap<string, 'replace' | 'list' | 'map'> = new Map([
  ['command', 'replace'],
  ['entrypoint', 'replace'],
  ['healthcheck.test', 'replace'],
  ['environment', 'list'],
  ['env_file', 'list'],
  ['labels', 'list'],
  ['annotations', 'list'],
  ['deploy.labels', 'list'],
  ['build.args', 'list'],
  ['build.labels', 'list'],
  ['tmpfs', 'list'],
  ['dns', 'list'],
  ['dns_search', 'list'],
  ['sysctls', 'list'],
  ['build', 'map'],
  ['depends_on', 'map'],
  ['networks', 'map'],
]);

function mergeMappings(base: ConfigMapping, other: ConfigMapping, path: readonly string[]): ConfigMapping {
  const entries = new Map(base.entries);
  for (const [key, entry] of other.entries) {
    const before = entries.get(key);
    const value = mergeConfig(before?.value, entry.value, [...path, key]);
    entries.set(key, { key, value, keyAt: value === before?.value ? before.keyAt : entry.keyAt });
  }
  const incomplete = other.incomplete ?? base.incomplete;
  return { ...other, entries, overrides: base.overrides, ...(incomplete !== undefined && { incomplete }) };
}

function joinLists(base: ConfigNode, other: ConfigNode): ConfigNode {
  // `KEY: !reset` and `KEY: !override` take the key out of what came before, as long as that is a mapping.
  const gone = entriesAt(other).filter(({ value }) => value.kind === 'reset' || value.overrides);
  const goneKeys = new Set(gone.map(({ key }) => key));
  const kept = toItems(base).filter((item) => base.kind !== 'mapping' || !goneKeys.has(onlyKey(item) ?? ''));
  return {
    kind: 'sequence',
    flow: false,
    items: [...kept, ...toItems(other)],
    at: other.at,
    scope: other.scope,
    sharedThrough: other.sharedThrough,
    overrides: base.overrides,
  };
}

function entriesAt(node: ConfigNode): readonly ConfigEntry[] {
  return node.kind === 'mapping' ? [...node.entries.values()] : [];
}

/** The items of a list; a mapping gives one mapping for each of its keys. */
function toItems(node: ConfigNode): readonly ConfigNode[] {
  if (node.kind === 'sequence') return node.items;
  if (node.kind === 'scalar') return [node];
  if (node.kind !== 'mapping') return [];
  return entriesOf(node).map((entry) => ({ ...node, entries: new Map([[entry.key, entry]]) }));
}

function onlyKey(node: ConfigNode): string | undefined {
  return node.kind === 'mapping' ? [...node.entries.keys()][0] : undefined;
}

/** `build: .` as a mapping with a context, a list of names as a mapping with these keys. */
function toMapping(node: ConfigNode, path: readonly string[]): ConfigNode {
  if (node.kind === 'scalar' && path.at(-1) === 'build') {
    const entry: ConfigEntry = { key: 'context', keyAt: node.at, value: node };
    return { ...withoutKind(node), kind: 'mapping', entries: new Map([['context', entry]]) };
  }
  if (node.kind !== 'sequence') return node;
  const entries = new Map<string, ConfigEntry>();
  for (const item of node.items) {
    const key = knownText(item);
    if (key !== undefined) entries.set(key, { key, keyAt: item.at, value: listedValue(item, path) });
  }
  return { ...withoutKind(node), kind: 'mapping', entries };
}

/** What a name in a list stands for: a dependency with the default condition, which replaces one that is written. */
function listedValue(item: ConfigNode, path: readonly string[]): ConfigNode {
  if (path.at(-1) !== 'depends_on') return { ...withoutKind(item), kind: 'null' };
  return { ...withoutKind(item), kind: 'mapping', entries: new Map(), overrides: true };
}

function withoutKind({ at, scope, sharedThrough, overrides }: ConfigNode): Omit<ConfigMapping, 'kind' | 'entries'> {
  return { at, scope, sharedThrough, overrides };
}

/** The mapping without one key. */
export function withoutKey(mapping: ConfigMapping, key: string): ConfigMapping {
  if (childOf(mapping, key) === undefined) return mapping;
  const entries = new Map(mapping.entries);
  entries.delete(key);
  return { ...mapping, entries };
}

/** The node without `!reset` and `!override`, which speak to earlier files only of the service they stand in. */
export function withoutTags(node: ConfigNode): ConfigNode {
  const base = { ...node, overrides: false };
  if (base.kind === 'sequence') return { ...base, items: itemsOf(base).map(withoutTags) };
  if (base.kind !== 'mapping') return base;
  const entries = entriesOf(base).map((entry) => [entry.key, { ...entry, value: withoutTags(entry.value) }] as const);
  return { ...base, entries: new Map(entries) };
}
