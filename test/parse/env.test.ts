import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnv } from '../../src/parse/env.ts';
import type { EnvDialect, EnvFile } from '../../src/parse/env-tree.ts';
import { sizeCaps } from '../../src/parse/parse-result.ts';

const dialects: readonly EnvDialect[] = ['compose', 'raw', 'python-dotenv', 'dotenv'];

describe('compose', () => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    'FOO=bar': ['FOO', 'bar'],
    'export FOO=bar': ['FOO', 'bar'],
    'exportFOO=2': ['exportFOO', '2'],
    '  FOO = bar  ': ['FOO', 'bar'],
    'FOO: bar': ['FOO', 'bar'],
    'FOO=bar # comment': ['FOO', 'bar'],
    'FOO=bar#not': ['FOO', 'bar#not'],
    'FOO= # taken as the value': ['FOO', '# taken as the value'],
    'FOO=': ['FOO', ''],
    'FOO="a # b" # c': ['FOO', 'a # b'],
    "FOO='a $B \\n'": ['FOO', 'a $B \\n'],
    "FOO='it\\'s'": ['FOO', "it's"],
    'FOO="a\\nb\\t\\"c\\" \\\\ \\0101"': ['FOO', 'a\nb\t"c" \\ A'],
    'FOO="\\$B $C"': ['FOO', '$$B $C'],
    'FOO="one\ntwo"': ['FOO', 'one\ntwo'],
    'FOO.bar-1[0]=x': ['FOO.bar-1[0]', 'x'],
    'URL=postgres://u:p@db:5432/x?a=b': ['URL', 'postgres://u:p@db:5432/x?a=b'],
  };

  for (const [text, expected] of Object.entries(cases)) {
    it(`reads ${JSON.stringify(text)}`, () => {
      for (const eol of ['', '\n', '\r\n']) expect(pairs(parseEnv(text + eol, 'compose'))).toEqual([expected]);
    });
  }

  it('expands in unquoted and double-quoted values only', () => {
    const { entries } = parseEnv('A=$X\nB="$X"\nC=\'$X\'\n', 'compose');
    expect(entries.map((entry) => entry.value?.expands)).toEqual([true, true, false]);
  });

  it('passes a bare name through', () => {
    expect(pairs(parseEnv('A=1\nTERM\nHOME', 'compose'))).toEqual([
      ['A', '1'],
      ['TERM', undefined],
      ['HOME', undefined],
    ]);
  });

  it('goes on after lines that Compose refuses', () => {
    const file = parseEnv('A B=1\n=x\nC="open\nD+=1\nE=5\n', 'compose');
    expect(pairs(file)).toEqual([['E', '5']]);
    expect(file.errors.map((error) => error.code)).toEqual([
      'blank-in-name',
      'missing-name',
      'unclosed-quote',
      'unexpected-character',
    ]);
  });
});

describe('raw', () => {
  it('keeps quotes, comments and blanks', () => {
    const text = '# c\nA="x" # y \r\n  B=\'z\'\nC=\nD\n\nE=a=b\n';
    expect(pairs(parseEnv(text, 'raw'))).toEqual([
      ['A', '"x" # y '],
      ['B', "'z'"],
      ['C', ''],
      ['D', undefined],
      ['E', 'a=b'],
    ]);
    expect(parseEnv('A=$X', 'raw').entries[0]?.value?.expands).toBe(false);
  });

  it('refuses names with blanks', () => {
    const file = parseEnv('export A=1\nB =2\n=3\nC=4\n', 'raw');
    expect(pairs(file)).toEqual([['C', '4']]);
    expect(file.errors.map((error) => error.code)).toEqual(['blank-in-name', 'blank-in-name', 'missing-name']);
  });
});

describe('python-dotenv', () => {
  it('reads quotes, comments and bare names as python-dotenv does', () => {
    const text =
      "A=1#x\nB=1 # x\nC='it\\'s \\n'\nD=\"a\\tb\\$\"\nexport E=2\nF\nG= # c\nH=#c\nI = 3\n'J k'=4\nK=\"two\nlines\"\n";
    expect(pairs(parseEnv(text, 'python-dotenv'))).toEqual([
      ['A', '1#x'],
      ['B', '1'],
      ['C', "it's \\n"],
      ['D', 'a\tb\\$'],
      ['E', '2'],
      ['F', undefined],
      ['G', '# c'],
      ['H', '#c'],
      ['I', '3'],
      ['J k', '4'],
      ['K', 'two\nlines'],
    ]);
  });

  it('goes on after lines it refuses', () => {
    const file = parseEnv('A: 1\nB="x" y\nC="open\nD=1\n', 'python-dotenv');
    expect(pairs(file)).toEqual([['D', '1']]);
    expect(file.errors).toHaveLength(3);
  });
});

describe('dotenv', () => {
  it('reads what the Node package reads, with the places', () => {
    const text = 'A=4#four\nexport B = "x\\ty" # c\nC=`one\ntwo`\nD: 5\nA=6\nE=\n';
    const { entries } = parseEnv(text, 'dotenv');
    expect(pairs({ entries, errors: [] })).toEqual([
      ['B', 'x\\ty'],
      ['C', 'one\ntwo'],
      ['D', '5'],
      ['A', '6'],
      ['E', ''],
    ]);
    for (const { name, value } of entries) {
      expect(text.slice(value?.span.start, value?.span.end), name).toBe(value?.text);
    }
  });
});

describe('any file', () => {
  it('gives exact places, also with CRLF and characters beyond the BMP', () => {
    const text = '# 😀\r\nA=😀 # c\r\nB="q 😀"\r\nC=3\r\n';
    for (const dialect of ['compose', 'python-dotenv'] as const) {
      const { entries } = parseEnv(text, dialect);
      expect(entries.map(({ nameSpan }) => text.slice(nameSpan.start, nameSpan.end))).toEqual(['A', 'B', 'C']);
      const spans = entries.map(({ value }) => value && text.slice(value.span.start, value.span.end));
      expect(spans).toEqual(['😀', 'q 😀', '3']);
    }
  });

  it('takes empty files and files of comments', () => {
    for (const dialect of dialects) {
      for (const text of ['', '\n\n', '# a\n  # b', ' \r\n']) {
        expect(parseEnv(text, dialect)).toEqual({ entries: [], errors: [] });
      }
    }
  });

  it('refuses what is too large, visibly', () => {
    for (const dialect of dialects) {
      for (const text of ['A=1\n'.repeat(sizeCaps.env / 4 + 1), `A=${'x'.repeat(sizeCaps.line)}`]) {
        const file = parseEnv(text, dialect);
        expect(file.entries).toEqual([]);
        expect(file.errors.map((error) => error.code)).toEqual(['too-large']);
      }
    }
  });

  it('never throws, and its spans and exactness hold', () => {
    fc.assert(
      fc.property(envish, fc.constantFrom(...dialects), (text, dialect) => {
        const file = parseEnv(text, dialect);
        for (const { span, code } of file.errors) {
          expectInside(text, span);
          expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
          expect(code).not.toBe('parser-failed');
        }
        let previous = 0;
        for (const { name, nameSpan, value } of file.entries) {
          expectInside(text, nameSpan);
          expect(nameSpan.start).toBeGreaterThanOrEqual(previous);
          expect(text.slice(nameSpan.start, nameSpan.end)).toBe(name);
          previous = nameSpan.end;
          if (!value) continue;
          expectInside(text, value.span);
          expect(value.span.start).toBeGreaterThan(nameSpan.end);
          expect(value.exact).toBe(text.slice(value.span.start, value.span.end) === value.text);
          previous = value.span.end;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('finds back values it wrote', () => {
    const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/);
    const plain = fc.stringMatching(/^[a-z0-9😀:/@.-]{1,12}$/u);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, plain), { maxLength: 6 }),
        fc.constantFrom(...dialects),
        (written, dialect) => {
          const text = written.map(([key, content]) => `${key}=${content}\r\n`).join('');
          const names = written.map(([key]) => key);
          const kept = written.filter(([key], index) => dialect !== 'dotenv' || names.lastIndexOf(key) === index);
          expect(pairs(parseEnv(text, dialect))).toEqual(kept);
        },
      ),
      { numRuns: 200 },
    );
  });
});

const envish = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        ...['A', 'B_1', '=', '=', ' = ', ': ', '"', "'", '`', '\\', '\\n', '\\"', '$X', '#', ' # c', 'export '],
        ...['\n', '\n', '\r\n', '\r', ' ', '\t', '😀', '\u0000', '\u0085', '\u2028', '\uFEFF', '\\0101', 'x'],
      ),
      { maxLength: 30 },
    )
    .map((pieces) => pieces.join('')),
);

function pairs(file: EnvFile): (readonly [string, string | undefined])[] {
  return file.entries.map((entry) => [entry.name, entry.value?.text] as const);
}

function expectInside(text: string, span: { start: number; end: number }): void {
  expect(span.start).toBeGreaterThanOrEqual(0);
  expect(span.end).toBeGreaterThanOrEqual(span.start);
  expect(span.end).toBeLessThanOrEqual(text.length);
}
