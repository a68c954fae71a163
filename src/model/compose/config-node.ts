import type { YamlScalar } from '../../parse/yaml-tree.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { Variables } from './variables.ts';

/** A piece of compose configuration that remembers, through merging and extending, where it was written. */
export type ConfigNode = ConfigMapping | ConfigSequence | ConfigScalar | ConfigNull | ConfigReset;

interface ConfigNodeBase {
  readonly at: Location;
  readonly scope: ConfigScope;
  /** Anchor through which the text came: it serves other places too. */
  readonly sharedThrough: string | undefined;
  /** Written with `!override`: takes the place of what earlier files say. */
  readonly overrides: boolean;
}

export interface ConfigMapping extends ConfigNodeBase {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, ConfigEntry>;
  /** Why more keys may exist than are known here (an `extends` that leads nowhere); undefined when all are known. */
  readonly incomplete?: string;
}

export interface ConfigEntry {
  readonly key: string;
  readonly keyAt: Location;
  readonly value: ConfigNode;
}

export interface ConfigSequence extends ConfigNodeBase {
  readonly kind: 'sequence';
  readonly flow: boolean;
  readonly items: readonly ConfigNode[];
}

export interface ConfigScalar extends ConfigNodeBase {
  readonly kind: 'scalar';
  readonly scalar: YamlScalar;
  /** What earlier files and extended services say at the same path, where it does not count; the nearest first. */
  readonly overridden?: readonly Hop[];
}

/** A key without a value, or `null`. */
export interface ConfigNull extends ConfigNodeBase {
  readonly kind: 'null';
}

/** Written with `!reset`: removes what earlier files say, and counts as absent. */
export interface ConfigReset extends ConfigNodeBase {
  readonly kind: 'reset';
}

/** What the meaning of a file's text depends on. */
export interface ConfigScope {
  readonly source: SourceText;
  /** Folder that relative paths start from; '' is the workspace root. */
  readonly folder: string;
  /** What `${NAME}` stands for. */
  readonly variables: Variables;
}

/** The value under a key; undefined when absent, reset, or when the node is no mapping. */
export function childOf(node: ConfigNode | undefined, key: string): ConfigNode | undefined {
  return childEntry(node, key)?.value;
}

/** The entry under a key; undefined when absent, reset, or when the node is no mapping. */
function childEntry(node: ConfigNode | undefined, key: string): ConfigEntry | undefined {
  if (node?.kind !== 'mapping') return undefined;
  const entry = node.entries.get(key);
  return entry?.value.kind === 'reset' ? undefined : entry;
}

/** The value at the end of a chain of keys. */
export function descendantOf(node: ConfigNode | undefined, keys: readonly string[]): ConfigNode | undefined {
  return keys.reduce<ConfigNode | undefined>((found, key) => childOf(found, key), node);
}

/** Like `childOf`, but a key without a value counts as absent. */
export function presentChild(node: ConfigNode | undefined, key: string): ConfigNode | undefined {
  const child = childOf(node, key);
  return child?.kind === 'null' ? undefined : child;
}

/** The entries of a mapping that are not reset; none for another node. */
export function entriesOf(node: ConfigNode | undefined): readonly ConfigEntry[] {
  if (node?.kind !== 'mapping') return [];
  return [...node.entries.values()].filter((entry) => entry.value.kind !== 'reset');
}

/** The items of a sequence that are not reset; none for another node. */
export function itemsOf(node: ConfigNode | undefined): readonly ConfigNode[] {
  return node?.kind === 'sequence' ? node.items.filter((item) => item.kind !== 'reset') : [];
}
