import type { YamlEntry, YamlMapping, YamlNode, YamlScalar } from './yaml-tree.ts';

/** An entry of a mapping as its readers see it: merge keys applied, aliases followed. */
export interface ResolvedEntry {
  readonly key: YamlScalar;
  /** Never an alias, unless to an anchor that does not exist. */
  readonly value: YamlNode | undefined;
  /** The innermost anchor through which the entry or its value came: its text serves other places too. */
  readonly sharedThrough?: string;
}

/** How a mapping was reached. */
export interface Reach {
  /** Anchor through which the mapping itself came; its entries inherit it. */
  readonly sharedThrough?: string | undefined;
  /** Pass one budget to all calls of a walk that follows aliases, so that alias bombs end. */
  readonly budget?: ExpansionBudget | undefined;
}

/** How many more entries may come through aliases and merge keys. */
export interface ExpansionBudget {
  left: number;
}

/** A budget for one walk; the default is what `mappingEntries` takes for a single mapping. */
export function createBudget(entries = 10_000): ExpansionBudget {
  return { left: entries };
}

/**
 * The entries of a mapping (or of an alias to one), one per key: its own first (of equal keys the last wins), then what
 * `<<` adds, earlier sources winning. Empty for other nodes; what exceeds the budget or 64 merges in a row is left out.
 */
export function mappingEntries(node: YamlNode | undefined, reach: Reach = {}): readonly ResolvedEntry[] {
  const found = new Map<string, ResolvedEntry>();
  collect({ found, budget: reach.budget ?? createBudget() }, { node, sharedThrough: reach.sharedThrough, depth: 0 });
  return [...found.values()];
}

/** The entry with this key, as `mappingEntries` gives it. */
export function entryOf(node: YamlNode | undefined, key: string, reach: Reach = {}): ResolvedEntry | undefined {
  const mapping = resolveAlias(node);
  if (mapping?.kind !== 'mapping') return undefined;
  const own = mapping.entries.findLast((entry) => entry.key.text === key && !isMerge(entry));
  if (own) return resolveEntry(own, throughOf(node, reach.sharedThrough));
  if (!mapping.entries.some(isMerge)) return undefined;
  return mappingEntries(node, reach).find((entry) => entry.key.text === key);
}

/** The node an alias stands for, any other node itself; undefined for an alias without a target. */
export function resolveAlias(node: YamlNode | undefined): YamlNode | undefined {
  let current = node;
  for (let hops = 0; current?.kind === 'alias' && hops < maximumDepth; hops += 1) current = current.target;
  return current?.kind === 'alias' ? undefined : current;
}

/** True when the node is, or lies inside, an anchored node that some alias in `root` uses. */
export function isShared(root: YamlNode | undefined, node: YamlNode): boolean {
  return sharedNodes(root).has(node);
}

/** All nodes for which `isShared` is true, for callers that ask about many: one walk over the document. */
export function sharedNodes(root: YamlNode | undefined): ReadonlySet<YamlNode> {
  const targets = new Set<YamlNode>();
  for (const node of walkNodes(root)) if (node.kind === 'alias' && node.target) targets.add(node.target);
  const shared = new Set<YamlNode>();
  for (const target of targets) {
    if (shared.has(target)) continue;
    for (const node of walkNodes(target, shared)) shared.add(node);
  }
  return shared;
}

const maximumDepth = 64;

interface Collection {
  readonly found: Map<string, ResolvedEntry>;
  readonly budget: ExpansionBudget;
}

interface Source {
  readonly node: YamlNode | undefined;
  readonly sharedThrough: string | undefined;
  readonly depth: number;
}

function collect(collection: Collection, source: Source): void {
  const { node, depth } = source;
  const mapping = resolveAlias(node);
  if (mapping?.kind !== 'mapping') return;
  const sharedThrough = throughOf(node, source.sharedThrough);
  addOwn(collection, mapping, { sharedThrough, charged: depth > 0 || sharedThrough !== undefined });
  if (depth >= maximumDepth) return;
  for (const entry of mapping.entries) {
    if (!isMerge(entry)) continue;
    const through = throughOf(entry.value, sharedThrough);
    for (const next of mergeSources(entry.value)) {
      if (collection.budget.left <= 0) return;
      // Sources that bring nothing cost too: empty mappings could merge each other almost without end.
      collection.budget.left -= 1;
      collect(collection, { node: next, sharedThrough: through, depth: depth + 1 });
    }
  }
}

function addOwn(
  { found, budget }: Collection,
  mapping: YamlMapping,
  how: { sharedThrough: string | undefined; charged: boolean },
): void {
  const own = new Map<string, ResolvedEntry>();
  for (const entry of mapping.entries) {
    if (isMerge(entry)) continue;
    if (how.charged && budget.left <= 0) break;
    if (how.charged) budget.left -= 1;
    own.set(entry.key.text, resolveEntry(entry, how.sharedThrough));
  }
  for (const [text, entry] of own) if (!found.has(text)) found.set(text, entry);
}

function resolveEntry({ key, value }: YamlEntry, through: string | undefined): ResolvedEntry {
  const sharedThrough = throughOf(value, through);
  const resolved = { key, value: resolveAlias(value) ?? value };
  return sharedThrough === undefined ? resolved : { ...resolved, sharedThrough };
}

function throughOf(node: YamlNode | undefined, outer: string | undefined): string | undefined {
  return node?.kind === 'alias' ? node.name : outer;
}

function mergeSources(value: YamlNode | undefined): readonly YamlNode[] {
  const node = resolveAlias(value);
  if (node?.kind === 'mapping') return value ? [value] : [];
  return node?.kind === 'sequence' ? node.items : [];
}

function isMerge(entry: YamlEntry): boolean {
  return entry.key.text === '<<' && entry.key.style === 'plain';
}

/** The node and all below it, without following aliases or entering what is in `known`. */
function* walkNodes(root: YamlNode | undefined, known?: ReadonlySet<YamlNode>): Generator<YamlNode> {
  const open = root ? [root] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    if (known?.has(node)) continue;
    yield node;
    if (node.kind === 'sequence') for (const item of node.items) open.push(item);
    if (node.kind !== 'mapping') continue;
    for (const entry of node.entries) {
      open.push(entry.key);
      if (entry.value) open.push(entry.value);
    }
  }
}
