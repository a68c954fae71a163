import { sharedNodes } from '../../parse/yaml-read.ts';
import type { YamlNode, YamlScalar } from '../../parse/yaml-tree.ts';
import type { Span } from '../../text/span.ts';

/** A node with the way to it. */
export interface YamlPlace<Node extends YamlNode = YamlNode> {
  readonly node: Node;
  /** Enclosing nodes, the root first. */
  readonly ancestors: readonly YamlNode[];
  /** Keys and positions from the root; a key itself ends in `keyStep`. */
  readonly path: readonly string[];
}

/** Last step of the path of a mapping's key. */
const keyStep = '\u0001key';

/** The scalar (value or key) that covers the span. */
export function findScalar(root: YamlNode | undefined, span: Span): YamlPlace<YamlScalar> | undefined {
  for (const place of walkPlaces(root, (node) => covers(node.span, span))) {
    const { node } = place;
    if (node.kind === 'scalar' && covers(node.span, span)) return { ...place, node };
  }
  return undefined;
}

/** The way to a node of this very tree. */
export function placeOf(root: YamlNode | undefined, node: YamlNode): YamlPlace | undefined {
  for (const place of walkPlaces(root, () => true)) if (place.node === node) return place;
  return undefined;
}

/** Why a node must not be edited: it serves other places through an anchor, or is an alias or carries a tag. */
export function sharingOf(root: YamlNode | undefined, place: YamlPlace): string | undefined {
  const { node, ancestors } = place;
  if (node.kind === 'alias') return `the value comes from the YAML anchor ${node.name}`;
  if (node.tag !== undefined) return `the value carries the YAML tag ${node.tag}`;
  if (!sharedNodes(root).has(node)) return undefined;
  const anchored = [...ancestors, node].findLast((candidate) => candidate.anchor !== undefined);
  return `the value is shared through the YAML anchor ${anchored?.anchor ?? 'of its block'}`;
}

/** True when the two trees differ only below the paths (or on the way to them, where blocks had to be made). */
export function differOnlyAt(
  paths: readonly (readonly string[])[],
  trees: { before: YamlNode | undefined; after: YamlNode | undefined },
): boolean {
  const before = outline(trees.before);
  const after = outline(trees.after);
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
  return changed.every((key) => {
    const steps = key.split(separator);
    return paths.some((path) => {
      const shorter = Math.min(steps.length, path.length);
      return path.slice(0, shorter).every((step, index) => step === steps[index]);
    });
  });
}

/** The quotation mark that the document uses most; `'` where it uses none. */
export function preferredQuote(root: YamlNode | undefined): '"' | "'" {
  let balance = 0;
  for (const { node } of walkPlaces(root, () => true)) {
    if (node.kind !== 'scalar') continue;
    if (node.style === 'double') balance += 1;
    if (node.style === 'single') balance -= 1;
  }
  return balance > 0 ? '"' : "'";
}

const separator = '\u0000';

function outline(root: YamlNode | undefined): Map<string, string> {
  const lines = new Map<string, string>();
  for (const { node, path } of walkPlaces(root, () => true)) {
    if (path.at(-1) === keyStep) continue;
    const key = path.join(separator);
    lines.set(key, `${lines.get(key) ?? ''}${describe(node)}`);
  }
  return lines;
}

function describe(node: YamlNode): string {
  const marks = `${node.anchor ?? ''}${separator}${node.tag ?? ''}${separator}`;
  if (node.kind === 'scalar') return `${marks}scalar${separator}${String(node.value)}`;
  return node.kind === 'alias' ? `${marks}alias${separator}${node.name}` : `${marks}${node.kind}`;
}

/** Nodes in source order, keys before their values, without following aliases. */
function* walkPlaces(root: YamlNode | undefined, enters: (node: YamlNode) => boolean): Generator<YamlPlace> {
  const open: YamlPlace[] = root ? [{ node: root, ancestors: [], path: [] }] : [];
  for (let place = open.pop(); place; place = open.pop()) {
    const { node } = place;
    if (!enters(node)) continue;
    yield place;
    const ancestors = [...place.ancestors, node];
    const children: YamlPlace[] = [];
    if (node.kind === 'sequence') {
      node.items.forEach((item, index) => {
        children.push({ node: item, ancestors, path: [...place.path, String(index)] });
      });
    }
    if (node.kind === 'mapping') {
      for (const { key, value } of node.entries) {
        const path = [...place.path, key.text];
        children.push({ node: key, ancestors, path: [...path, keyStep] });
        if (value) children.push({ node: value, ancestors, path });
      }
    }
    open.push(...children.reverse());
  }
}

function covers(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
