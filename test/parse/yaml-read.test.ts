import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/parse/yaml.ts';
import {
  createBudget,
  entryOf,
  isShared,
  mappingEntries,
  type ResolvedEntry,
  resolveAlias,
  sharedNodes,
} from '../../src/parse/yaml-read.ts';
import type { YamlNode } from '../../src/parse/yaml-tree.ts';

describe('mappingEntries', () => {
  it('merges an alias, local keys first', () => {
    const text = 'base: &base {image: x, cpus: 1}\nweb:\n  <<: *base\n  cpus: 2\n';
    expect(shown(entriesAt(text, 'web'))).toEqual(['cpus=2', 'image=x via base']);
  });

  it('merges a list of aliases and inline maps, the earlier wins', () => {
    const text = 'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, {y: 3, w: 3}, *b]\n  v: 0\n';
    expect(shown(entriesAt(text, 'c'))).toEqual(['v=0', 'x=1 via a', 'y=1 via a', 'w=3', 'z=2 via b']);
    expect(shown(entriesAt('c:\n  <<: {x: 1}\n  y: 2\n', 'c'))).toEqual(['y=2', 'x=1']);
  });

  it('names the innermost anchor of nested merges and of aliased values', () => {
    const text = 'a: &a {x: 1}\nb: &b {<<: *a, y: &y 2}\nc:\n  <<: *b\n  z: *y\nd: *b\n';
    expect(shown(entriesAt(text, 'c'))).toEqual(['z=2 via y', 'y=2 via b', 'x=1 via a']);
    expect(shown(entriesAt(text, 'd'))).toEqual(['x=1 via a', 'y=2 via b'].reverse());
  });

  it('hands down how the mapping was reached', () => {
    const root = parseYaml('a: &a {deploy: {cpus: 1}}\nweb: {<<: *a}\n').root;
    const deploy = entryOf(entryOf(root, 'web')?.value, 'deploy');
    expect(deploy?.sharedThrough).toBe('a');
    expect(shown(mappingEntries(deploy?.value, { sharedThrough: deploy?.sharedThrough }))).toEqual(['cpus=1 via a']);
  });

  it('lets the last of equal keys win and takes a quoted << as a key', () => {
    expect(shown(entriesAt('m:\n  x: 1\n  "<<": 2\n  x: 3\n', 'm'))).toEqual(['x=3', '<<=2']);
  });

  it('is empty for what is no mapping, and keeps an alias without a target', () => {
    expect(mappingEntries(undefined)).toEqual([]);
    expect(entriesAt('m: [1]\n', 'm')).toEqual([]);
    expect(entriesAt('m: {<<: *gone, a: 1}\n', 'm')).toHaveLength(1);
    const [entry] = entriesAt('m: {a: *gone}\n', 'm');
    expect(entry).toMatchObject({ value: { kind: 'alias' }, sharedThrough: 'gone' });
  });

  it('ends on a merge bomb, with what the budget allows', () => {
    let text = 'a0: &a0 {x: 1}\n';
    for (let level = 1; level < 60; level += 1) {
      const below = `*a${level - 1}`;
      text += `a${level}: &a${level} {<<: [${Array(9).fill(below).join(', ')}], k${level}: 1}\n`;
    }
    expect(entriesAt(text, 'a59').length).toBeGreaterThanOrEqual(59);
    const budget = createBudget();
    mappingEntries(entryOf(parseYaml(text).root, 'a59')?.value, { budget });
    expect(budget.left).toBe(0);
  });

  it('keeps its budget for what is shared', () => {
    const lines = Array.from({ length: 12_000 }, (_, index) => `  s${index}: {}\n`).join('');
    expect(entriesAt(`services:\n${lines}`, 'services')).toHaveLength(12_000);
    expect(entriesAt(`x: &x\n${lines}services:\n  <<: *x\n`, 'services').length).toBeLessThanOrEqual(10_000);
  });
});

describe('entryOf', () => {
  it('finds own, merged and repeated keys', () => {
    const root = parseYaml('a: &a {x: 1}\nm: {<<: *a, y: 2, y: 3}\nn: *a\n').root;
    const m = entryOf(root, 'm')?.value;
    expect([entryOf(m, 'x'), entryOf(m, 'y')].map((entry) => entry && shownOne(entry))).toEqual(['x=1 via a', 'y=3']);
    expect(entryOf(m, 'z')).toBeUndefined();
    expect(entryOf(m, '<<')).toBeUndefined();
    expect(entryOf(root, 'n')).toMatchObject({ sharedThrough: 'a', value: { kind: 'mapping' } });
    expect(entryOf(undefined, 'x')).toBeUndefined();
  });
});

describe('isShared', () => {
  it('is true inside an anchored node that an alias uses', () => {
    const root = parseYaml('a: &a {x: {y: 1}}\nb: &unused {z: 1}\nc: *a\n').root as YamlNode;
    const x = entryOf(entryOf(root, 'a')?.value, 'x')?.value as YamlNode;
    const b = entryOf(root, 'b')?.value as YamlNode;
    expect(isShared(root, x)).toBe(true);
    expect(isShared(root, entryOf(x, 'y')?.value as YamlNode)).toBe(true);
    expect(isShared(root, b)).toBe(false);
    expect(isShared(root, root)).toBe(false);
  });

  it('walks an alias bomb once', () => {
    let text = 'a0: &a0 [lol]\n';
    for (let level = 1; level < 100; level += 1) {
      text += `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]\n`;
    }
    const { root } = parseYaml(text);
    expect(sharedNodes(root).size).toBeLessThan(2000);
    expect(resolveAlias(entryOf(root, 'a99')?.value)?.kind).toBe('sequence');
  });
});

function entriesAt(text: string, key: string): readonly ResolvedEntry[] {
  const root = parseYaml(text).root;
  const node = root?.kind === 'mapping' ? root.entries.find((entry) => entry.key.text === key)?.value : undefined;
  return mappingEntries(node);
}

function shown(entries: readonly ResolvedEntry[]): string[] {
  return entries.map(shownOne);
}

function shownOne({ key, value, sharedThrough }: ResolvedEntry): string {
  const text = value?.kind === 'scalar' ? value.text : (value?.kind ?? '');
  return `${key.text}=${text}${sharedThrough === undefined ? '' : ` via ${sharedThrough}`}`;
}
