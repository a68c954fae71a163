import {
  createBudget,
  type ExpansionBudget,
  mappingEntries,
  type ResolvedEntry,
  resolveAlias,
} from '../../parse/yaml-read.ts';
import type { YamlEntry, YamlMapping, YamlNode } from '../../parse/yaml-tree.ts';
import type { Location, Span } from '../../text/span.ts';
import type { ConfigEntry, ConfigMapping, ConfigNode, ConfigScope } from './config-node.ts';

/**
 * The sections of a compose file with merge keys applied and aliases followed. Undefined when its aliases expand to
 * more than a file could sensibly hold (an alias bomb).
 */
export function readConfig(root: YamlMapping, scope: ConfigScope): ConfigMapping | undefined {
  const walk: Walk = { scope, budget: createBudget(100_000) };
  const entries = new Map<string, ConfigEntry>();
  for (const entry of mappingEntries(root, { budget: walk.budget })) {
    if (entry.key.text.startsWith('x-')) continue;
    entries.set(entry.key.text, {
      key: entry.key.text,
      keyAt: locate(walk, entry.key.span),
      value: convert(walk, {
        node: entry.value,
        keySpan: entry.key.span,
        sharedThrough: entry.sharedThrough,
        depth: 0,
      }),
    });
  }
  if (walk.budget.left <= 0) return undefined;
  return { kind: 'mapping', entries, at: locate(walk, root.span), scope, sharedThrough: undefined, overrides: false };
}

const maximumDepth = 64;

interface Walk {
  readonly scope: ConfigScope;
  readonly budget: ExpansionBudget;
}

interface Place {
  readonly node: YamlNode | undefined;
  /** Where the value would stand if there were one. */
  readonly keySpan: Span;
  readonly sharedThrough: string | undefined;
  readonly depth: number;
}

function convert(walk: Walk, place: Place): ConfigNode {
  const { node, sharedThrough, depth } = place;
  const base = {
    at: locate(walk, node?.span ?? place.keySpan),
    scope: walk.scope,
    sharedThrough,
    overrides: node?.tag === '!override',
  };
  if (sharedThrough !== undefined) walk.budget.left -= 1;
  if (node?.tag === '!reset') return { ...base, kind: 'reset' };
  if (!node || node.kind === 'alias' || depth > maximumDepth || walk.budget.left <= 0) return { ...base, kind: 'null' };
  if (node.kind === 'scalar') {
    return node.value === null ? { ...base, kind: 'null' } : { ...base, kind: 'scalar', scalar: node };
  }
  if (node.kind === 'sequence') {
    const items = node.items.map((item) =>
      convert(walk, {
        node: resolveAlias(item),
        keySpan: item.span,
        sharedThrough: item.kind === 'alias' ? item.name : sharedThrough,
        depth: depth + 1,
      }),
    );
    return { ...base, kind: 'sequence', flow: node.flow, items };
  }
  return { ...base, kind: 'mapping', entries: convertEntries(walk, { ...place, node }) };
}

function convertEntries(walk: Walk, place: Place & { readonly node: YamlMapping }): ReadonlyMap<string, ConfigEntry> {
  const { node, sharedThrough, depth } = place;
  const entries = new Map<string, ConfigEntry>();
  const add = ({ key, value, sharedThrough: through }: ResolvedEntry): void => {
    const converted = convert(walk, { node: value, keySpan: key.span, sharedThrough: through, depth: depth + 1 });
    // A key that is reset where it is written still takes what a merge key brings, but nothing of earlier files.
    const overrides = converted.overrides || entries.get(key.text)?.value.kind === 'reset';
    entries.set(key.text, { key: key.text, keyAt: locate(walk, key.span), value: { ...converted, overrides } });
  };
  const resets = node.entries.filter(isReset);
  // Compose takes `!reset` out where it stands, so that aliases to the place around it never see it.
  if (sharedThrough === undefined) for (const { key, value } of resets) add({ key, value: resolveAlias(value) });
  const kept = resets.length === 0 ? node : { ...node, entries: node.entries.filter((entry) => !isReset(entry)) };
  for (const entry of mappingEntries(kept, { sharedThrough, budget: walk.budget })) if (!isReset(entry)) add(entry);
  return entries;
}

function isReset({ value }: Pick<YamlEntry, 'value'>): boolean {
  return resolveAlias(value)?.tag === '!reset';
}

function locate({ scope }: Walk, span: Span): Location {
  return { source: scope.source, span };
}
