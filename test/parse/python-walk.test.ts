import { describe, expect, it } from 'vitest';
import { parsePython } from '../../src/parse/python.ts';
import {
  dottedName,
  findCalls,
  keywordArgument,
  scanImports,
  walkExpressions,
  walkStatements,
} from '../../src/parse/python-walk.ts';

describe('walkStatements', () => {
  const module = parsePython(
    'a = 1\nclass K:\n    b = 2\n    def m(self):\n        with x:\n            c = 3\n        for i in y:\n            d = 4\nif z:\n    def f():\n        e = 5\nlast = 6\n',
  );

  it('visits nested statements in source order with their place', () => {
    const seen: string[] = [];
    walkStatements(module.body, (statement, context) => {
      if (statement.kind !== 'assign') return;
      const [target] = statement.targets;
      const path = context.ancestors.map((ancestor) => ancestor.kind).join('/');
      const places = [target && dottedName(target), path, context.class?.name, context.function?.name];
      seen.push(`${places.join(' ')}${context.conditional ? '?' : ''}`);
    });
    expect(seen).toEqual([
      'a   ',
      'b class K ',
      'c class/function/with K m',
      'd class/function/for K m?',
      'e if/function  f?',
      'last   ',
    ]);
  });

  it('keeps out of bodies that are not wanted', () => {
    const count = (visit: (kind: string) => unknown, options = {}) => {
      let visited = 0;
      walkStatements(
        module.body,
        (statement) => {
          visited += statement.kind === 'assign' ? 1 : 0;
          return visit(statement.kind);
        },
        options,
      );
      return visited;
    };
    expect(count(() => true)).toBe(6);
    expect(count(() => true, { functions: false })).toBe(3);
    expect(count(() => true, { classes: false })).toBe(3);
    expect(count((kind) => kind !== 'if')).toBe(5);
  });
});

describe('walkExpressions', () => {
  it('finds expressions in every position, each once', () => {
    const text =
      '@d(k1)\ndef f(p: k2 = k3): return k4[k5:k6]\nx = [k7 for _ in k8] + f"{k9!r}" + (lambda q=k10: k11)\n' +
      'assert k12 < k13 < k14, {k15: k16, **k17}\nraise k18 from k19\nyield k20, *k21\nclass C(k22, m=k23): y: k24\n';
    const names: string[] = [];
    walkStatements(parsePython(text).body, (statement) => {
      walkExpressions(statement, (expression) => {
        if (expression.kind === 'name' && /^k\d/.test(expression.name)) names.push(expression.name);
      });
    });
    expect(names).toEqual(Array.from({ length: 24 }, (_, index) => `k${index + 1}`));
  });
});

describe('findCalls', () => {
  it('gives calls with their statement and place', () => {
    const module = parsePython(
      'class K:\n    async def m(self):\n        if a:\n            self.p = await pool.create(dsn, size=f(3))\n',
    );
    const calls = findCalls(module, () => true);
    expect(calls.map((found) => dottedName(found.call.callee))).toEqual(['pool.create', 'f']);
    expect(calls[0]).toMatchObject({
      statement: { kind: 'assign' },
      function: { name: 'm' },
      class: { name: 'K' },
      conditional: true,
    });
    const [found] = calls;
    expect(found && keywordArgument(found.call, 'size')?.value.kind).toBe('call');
    expect(found && keywordArgument(found.call, 'dsn')).toBeUndefined();
  });

  it('sees calls of decorators, defaults and broken code', () => {
    const module = parsePython('@d()\ndef f(a=g()): pass\nx = [h() for _ in y()] +\n');
    expect(findCalls(module, () => true).map((found) => dottedName(found.call.callee))).toEqual(['d', 'g', 'h', 'y']);
  });
});

describe('dottedName', () => {
  it.each([
    ['os.environ.get', 'os.environ.get'],
    ['x', 'x'],
    ['f().y', undefined],
    ['a[0].b', undefined],
  ])('of %s is %s', (text, expected) => {
    const [statement] = parsePython(`${text}\n`).body;
    expect(statement?.kind === 'expression' && dottedName(statement.value)).toBe(expected);
  });
});

describe('scanImports', () => {
  it('finds imports without parsing', () => {
    const text =
      'import os, a.b as c  # why\nfrom .db import engine, Session as S\nfrom . import (\n    models,  # one)\n    views as v,\n)\n' +
      'def f():\n    from ..core.config import settings\nfrom x import \\\n  y\nfrom z import *\r\nimportant = 1\nfromage = 2\nfrom a.b(c) import d\n';
    expect(scanImports(text)).toEqual([
      { module: 'os', level: 0, names: [] },
      { module: 'a.b', level: 0, names: [] },
      { module: 'db', level: 1, names: ['engine', 'Session'] },
      { module: '', level: 1, names: ['models', 'views'] },
      { module: 'core.config', level: 2, names: ['settings'] },
      { module: 'x', level: 0, names: ['y'] },
      { module: 'z', level: 0, names: ['*'] },
    ]);
  });

  it('takes adversarial texts in its stride', () => {
    expect(scanImports(`from ${'.'.repeat(60_000)}\n`)).toEqual([]);
    expect(scanImports('from a import (\n'.repeat(5000)).length).toBeLessThanOrEqual(5000);
    expect(scanImports(' '.repeat(60_000))).toEqual([]);
  });
});
