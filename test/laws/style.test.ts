import { SyntaxKind } from 'ts-morph';
import { expect, it } from 'vitest';
import { listFiles, readSources, type Source } from './source-files.ts';

const sources = readSources(['src']);
const everything = [...sources, ...readSources(['test', 'scripts'])];
/** Data and generated files, which may be long. */
const exempt = ['src/capacity/defaults.ts', 'src/rules/index.ts'];

it('has no file above 300 lines of code', () => {
  const long = sources.filter((source) => !exempt.includes(source.path) && linesOfCode(source) > 300);
  expect(long.map((source) => `${source.path}: ${linesOfCode(source)}`)).toEqual([]);
});

it('has short rules', () => {
  const lines = sources
    .filter(({ path }) => path.startsWith('src/rules/') && !/\/(rule|index)\.ts$/.test(path))
    .map((source) => linesOfCode(source))
    .sort((left, right) => left - right);
  expect(lines[lines.length >> 1] ?? 0).toBeLessThanOrEqual(60);
});

it('uses no any', () => {
  const wrong = everything.filter(({ tree }) => tree.getDescendantsOfKind(SyntaxKind.AnyKeyword).length > 0);
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

it('silences no check and leaves no note to do something later', () => {
  const marks = new RegExp(['@ts-' + 'ignore', '@ts-' + 'nocheck', 'TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X\\b'].join('|'));
  expect(everything.filter(({ tree }) => marks.test(tree.getFullText())).map(({ path }) => path)).toEqual([]);
});

it('names files in kebab-case', () => {
  const names = ['src', 'test', 'scripts'].flatMap(listFiles).filter((path) => /\.(ts|mjs)$/.test(path));
  const isKebab = (path: string) => path.split('/').every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*$/.test(part));
  expect(names.filter((path) => !isKebab(path))).toEqual([]);
  expect(names.filter((path) => /(^|[/-])utils?([./-]|$)/.test(path))).toEqual([]);
});

it('imports local files with their ending, so that nothing has to guess', () => {
  const wrong = everything.flatMap(({ path, tree }) =>
    tree
      .getImportDeclarations()
      .map((declaration) => declaration.getModuleSpecifierValue())
      .filter((specifier) => specifier.startsWith('.') && !/\.(tsx?|mjs|json)$/.test(specifier))
      .map((specifier) => `${path} imports ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

it('exports no default but rules', () => {
  const wrong = sources.filter(({ path, tree }) => tree.getDefaultExportSymbol() && !path.startsWith('src/rules/'));
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

function linesOfCode({ tree }: Source): number {
  const text = tree.getFullText().replace(/\/\*[\s\S]*?\*\//g, '');
  return text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}
