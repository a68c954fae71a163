import { builtinModules } from 'node:module';
import { expect, it } from 'vitest';
import { importsOf, readSources } from './source-files.ts';

/** What each layer may import besides itself. */
const below: Readonly<Record<string, readonly string[]>> = {
  text: [],
  parse: ['text'],
  capacity: ['text'],
  model: ['text', 'parse', 'capacity'],
  plan: ['text', 'model', 'capacity', 'parse'],
  rules: ['text', 'model', 'plan', 'capacity'],
  engine: ['text', 'parse', 'model', 'plan', 'rules', 'capacity'],
  cli: ['text', 'parse', 'model', 'plan', 'rules', 'engine', 'capacity'],
  editor: ['text', 'parse', 'model', 'plan', 'rules', 'engine', 'capacity', 'panel'],
  panel: ['capacity'],
};

const sources = readSources(['src']).map((source) => ({ path: source.path, imports: importsOf(source) }));
const edges = sources.flatMap(({ path, imports }) => imports.map((target) => ({ path, target })));
const layerOf = (path: string) => path.split('/')[1] ?? '';
const isLocal = (target: string) => target.startsWith('src/');
const isBuiltin = (target: string) => target.startsWith('node:') || builtinModules.includes(target);
const show = (list: typeof edges) => list.map(({ path, target }) => `${path} imports ${target}`);

it('knows every layer', () => {
  expect(sources.map(({ path }) => layerOf(path)).filter((layer) => !(layer in below))).toEqual([]);
});

it('imports only from the layers below', () => {
  const wrong = edges.filter(
    ({ path, target }) =>
      isLocal(target) &&
      layerOf(target) !== layerOf(path) &&
      !below[layerOf(path)]?.includes(layerOf(target)) &&
      !(layerOf(path) === 'panel' && target === 'src/panel/protocol.ts'),
  );
  expect(show(wrong)).toEqual([]);
});

it('keeps rules apart from each other', () => {
  const wrong = edges.filter(
    ({ path, target }) =>
      layerOf(path) === 'rules' &&
      path !== 'src/rules/index.ts' &&
      target.startsWith('src/rules/') &&
      target !== 'src/rules/rule.ts',
  );
  expect(show(wrong)).toEqual([]);
});

it('uses vscode only in the editor host', () => {
  expect(show(edges.filter(({ path, target }) => target === 'vscode' && layerOf(path) !== 'editor'))).toEqual([]);
});

it("uses Node's modules only in the command and the desktop part of the editor host", () => {
  const isHost = (path: string) => layerOf(path) === 'cli' || path === 'src/editor/desktop.ts';
  expect(show(edges.filter(({ path, target }) => isBuiltin(target) && !isHost(path)))).toEqual([]);
});

it('uses each library in one file, parser libraries in src/parse', () => {
  const users = new Map<string, string[]>();
  for (const { path, target } of edges) {
    if (isLocal(target) || isBuiltin(target) || target === 'vscode' || target === 'package.json') continue;
    users.set(target, [...new Set([...(users.get(target) ?? []), path])]);
  }
  const isAtHome = (library: string, paths: readonly string[]) => {
    // The page is written in it.
    if (/^preact(\/|$)/.test(library)) return paths.every((path) => path.startsWith('src/panel/page/'));
    if (paths.length > 1) return false;
    return paths[0]?.startsWith('src/parse/') || (library === 'ignore' && paths[0] === 'src/engine/exclusion.ts');
  };
  const wrong = [...users].filter(([library, paths]) => !isAtHome(library, paths));
  expect(wrong).toEqual([]);
});
