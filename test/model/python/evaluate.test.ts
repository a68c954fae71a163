import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/model/pausable.ts';
import { evaluateModule } from '../../../src/model/python/evaluate.ts';
import { isAssumed } from '../../../src/model/value.ts';
import { evaluateName, openProgram, show, sourceAt, writtenAt } from './python-test-program.ts';

describe('expressions', () => {
  it.each([
    ['x = 2 * 3 + 1', 7],
    ['x = 7 // 2', 3],
    ['x = -7 % 3', 2],
    ['a = 4\nx = a ** 2 - 1', 15],
    ['x = "a" + "b"', 'ab'],
    ['n = 3\nx = f"{n} workers"', '3 workers'],
    ['x = "%s:%d" % ("db", 5432)', 'db:5432'],
    ['x = "{}-{name}".format(1, name="b")', '1-b'],
    ['x = int("12") + int(3.9)', 15],
    ['x = max(1, min(8, 4))', 4],
    ['x = None or 5', 5],
    ['x = 0 or ""', ''],
    ['x = "a" in ("a", "b") and 3', 3],
    ['x = not []', true],
    ['x = 1 if "x".startswith("x") else 2', 1],
    ['x = [1, *(2, 3)][-1]', 3],
    ['x = {"a": {"b": 1}}["a"].get("c", 9)', 9],
    ['d = {"b": 2}\nx = {"a": 1, **d}', { a: 1, b: 2 }],
    ['x = dict(a=1, b=2)', { a: 1, b: 2 }],
    ['x = "a, b".split(",")[1].strip().upper()', 'B'],
    ['x = 1 < 2 < 3', true],
    ['a, b = 1, 2\nx = a + b', 3],
    ['x = 1\nx += 4', 5],
    ['x = len("abc") * True', 3],
    ['x = round(2.5)', 2],
  ])('%s', (text, expected) => {
    expect(show(evaluateName(text))).toEqual(expected);
  });

  it('keeps bounds of values that come from the number of CPUs', () => {
    const text = 'import multiprocessing\nx = min(multiprocessing.cpu_count() * 2 + 1, 9)';
    const value = evaluateName(text);
    expect(show(value)).toEqual({ from: 3, to: 9 });
    expect(!value.known && value.fromCpuCount).toBe(true);
  });

  it('counts the processors a process may use', () => {
    const value = evaluateName('import os\nx = len(os.sched_getaffinity(0)) * 2');
    expect(!value.known && value.fromCpuCount).toBe(true);
    expect(show(value)).toEqual({ from: 2, to: undefined });
  });

  it('keeps the known pieces of a text', () => {
    expect(show(evaluateName('import os\nu = os.environ["U"]\nx = f"postgresql://{u}@db/app"'))).toBe(
      'postgresql://{?}@db/app',
    );
  });
});

describe('statements', () => {
  it.each([
    ['d = {"a": {}}\nd["a"]["b"] = 1\nx = d', { a: { b: 1 } }],
    ['x = {}\nx.update({"a": 1}, b=2)', { a: 1, b: 2 }],
    ['x = {"a": 1}\nx.setdefault("a", 2)\nx.setdefault("b", 3)', { a: 1, b: 3 }],
    ['x = []\nx.append(1)\nx += [2]', [1, 2]],
    ['if 1 > 2:\n    x = 1\nelse:\n    x = 2', 2],
    ['import foo\nif foo.bar():\n    x = 1\nelse:\n    x = 2', { oneOf: [1, 2] }],
    ['import foo\nx = 1\nif foo.bar():\n    x = 2', { oneOf: [2, 1] }],
    ['try:\n    import foo\n    x = 1\nexcept ImportError:\n    x = 2', { oneOf: [1, 2] }],
    ['import os\ntry:\n    x = int(os.environ["N"])\nexcept KeyError:\n    x = 4', { oneOf: ['?', 4] }],
    ['x = {}\nfor name in ("a", "b"):\n    x[name] = 1', { a: 1, b: 1 }],
    ['import foo\nx = 1\nfor n in foo.list():\n    x = n', '?'],
    ['if __name__ == "__main__":\n    x = 1\nelse:\n    x = 2', 2],
    ['import sys\nx = 1\nif "test" in sys.argv:\n    x = 2', 1],
    ['def f(n=3):\n    m = n * 2\n    return m\nx = f() + f(1)', 8],
    ['def f(n):\n    if n > 2:\n        return "big"\n    return "small"\nx = f(1)', 'small'],
    ['def f(n):\n    return f(n)\nx = f(1)', 'main.py:f()'],
    ['class C:\n    SIZE = 5\nx = C.SIZE', 5],
    ['class A:\n    SIZE = 5\nclass B(A):\n    pass\nx = B.SIZE', 5],
    ['class C:\n    def __init__(self, n=4):\n        self.n = n + 1\nx = C(n=6).n', 7],
    [
      'class C:\n    def __init__(self):\n        self.n = 1\n        self.load()\n    def load(self):\n        self.n = read()\nx = C().n',
      '?',
    ],
    ['class C:\n    a = 1\nx = getattr(C(), "b", 4) + getattr(C(), "a", 9)', 5],
    ['class C:\n    a = 1\n    @property\n    def b(self):\n        return self.a + 1\nx = C().b', 2],
  ])('%s', (text, expected) => {
    expect(show(evaluateName(text))).toEqual(expected);
  });

  it('passes over a branch that would stop the program', () => {
    const text = 'import os\nkey = os.environ.get("KEY", "")\nif not key:\n    raise ValueError("KEY")\nx = 1';
    expect(show(evaluateName(text))).toBe(1);
  });

  it('does not let texts, lists and trails grow without end', () => {
    const doubling = (start: string) => `x = ${start}\n${'x = x + x\n'.repeat(60)}`;
    expect(show(evaluateName(doubling('"ab"')))).toBe('?');
    expect(show(evaluateName(doubling('[1]')))).toEqual(['...']);
    expect(() => evaluateName(`import os\n${doubling('int(os.getenv("N", 1))')}`)).not.toThrow();
  });

  it('gives up on large loops without blocking', () => {
    const text = `${'x = 1\n'.repeat(30_000)}x = 2`;
    expect(() => evaluateName(text)).not.toThrow();
  });
});

describe('environment', () => {
  const reads = [
    'import os\nx = int(os.environ.get("N", 5))',
    'import os\nx = int(os.getenv("N") or 5)',
    'from os import getenv\nx = int(getenv("N", "5"))',
    'from decouple import config\nx = config("N", default=5, cast=int)',
    'import environ\nenv = environ.Env()\nx = env.int("N", default=5)',
    'import environ\nenv = environ.Env(N=(int, 5))\nx = env("N")',
    'from environs import Env\nenv = Env()\nx = env.int("N", 5)',
    'import os\ndef get(name, default=None):\n    return os.environ.get(name, default)\nx = int(get("N", 5))',
    'from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    n: int = 5\ns = S()\nx = s.n',
    'from pydantic_settings import BaseSettings\nfrom pydantic import Field\nclass S(BaseSettings):\n    size: int = Field(5, alias="N")\nx = S().size',
    'from functools import lru_cache\nfrom pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    n: int = 5\n@lru_cache\ndef get_settings():\n    return S()\nx = get_settings().n',
  ];

  it.each(reads)('takes the value that is set: %s', (text) => {
    expect(show(evaluateName(text, 'x', { environment: { N: '7' } }))).toBe(7);
  });

  it.each(reads)('takes the default of the code: %s', (text) => {
    const value = evaluateName(text);
    expect(show(value)).toBe(5);
    expect(isAssumed(value)).toBe(false);
    expect(writtenAt(value)).toMatch(/5/);
  });

  it.each(reads)('assumes the default where the environment is not complete: %s', (text) => {
    const value = evaluateName(text, 'x', { complete: false });
    expect(show(value)).toBe(5);
    expect(isAssumed(value)).toBe(true);
  });

  it('names a missing variable and never the value of one', () => {
    const value = evaluateName('import os\nx = os.environ["POOL"]');
    expect(!value.known && value.why).toContain('POOL');
    const wrong = evaluateName('import os\nx = int(os.environ["N"])', 'x', { environment: { N: 'secret' } });
    expect(JSON.stringify(wrong.known ? '' : wrong.why)).not.toContain('secret');
  });

  it('follows the branch an assumed variable selects, and says that it is assumed', () => {
    const text = 'import os\nif os.getenv("DEBUG", "0") == "1":\n    x = 1\nelse:\n    x = 2';
    const value = evaluateName(text, 'x', { complete: false });
    expect(show(value)).toBe(2);
    expect(isAssumed(value)).toBe(true);
  });

  it('keeps both branches where a variable without default may be set', () => {
    const text = 'import os\nif os.getenv("URL"):\n    x = 1\nelse:\n    x = 2';
    expect(show(evaluateName(text, 'x', { complete: false }))).toEqual({ oneOf: [1, 2] });
    expect(show(evaluateName(text))).toBe(2);
  });

  it('reads a settings prefix and a computed URL', () => {
    const text = [
      'from pydantic_settings import BaseSettings, SettingsConfigDict',
      'class S(BaseSettings):',
      '    model_config = SettingsConfigDict(env_prefix="APP_")',
      '    host: str = "db"',
      '    @property',
      '    def url(self) -> str:',
      '        return f"postgresql://u:p@{self.host}/app"',
      'x = S().url',
    ].join('\n');
    expect(show(evaluateName(text, 'x', { environment: { APP_HOST: 'pg' } }))).toBe('postgresql://u:p@pg/app');
  });
});

describe('modules', () => {
  it('follows imports, star imports and relative imports', () => {
    const program = openProgram({
      'app/__init__.py': '',
      'app/main.py':
        'from .config import SIZE as size\nfrom app import limits\nfrom .base import *\nx = size + limits.MAX + STAR',
      'app/config.py': 'SIZE = 5',
      'app/limits.py': 'MAX = 10',
      'app/base.py': 'STAR = 100',
    });
    expect(show(evaluateModule(sourceAt(program, 'app/main.py'), program).get('x'))).toBe(115);
  });

  it('says when a star import is not there', () => {
    const program = openProgram({
      'settings.py': 'try:\n    from .local import *\nexcept ImportError:\n    pass\nA = 1',
    });
    expect(evaluateModule(sourceAt(program, 'settings.py'), program).complete).toBe(false);
  });

  it('includes split settings in the same scope', () => {
    const program = openProgram({
      'conf/settings.py': 'from split_settings.tools import include, optional\nA = 1\ninclude("parts/*.py")',
      'conf/parts/one.py': 'B = A + 1',
      'conf/parts/two.py': 'C = B + 1',
    });
    const scope = evaluateModule(sourceAt(program, 'conf/settings.py'), program);
    expect(show(scope.get('C'))).toBe(3);
    expect(scope.complete).toBe(true);
  });

  it('finds everything a module imports', () => {
    const program = openProgram(
      {
        'backend/app/main.py': 'from app.api import routes\nimport redis',
        'backend/app/api/routes.py': 'def f():\n    from app.core import db',
        'backend/app/core/db.py': '',
        'backend/app/redis.py': '',
        'backend/app/unused.py': '',
      },
      { roots: ['backend'] },
    );
    expect(
      finish(program.reachable('app.main:app'))
        .map((source) => source.path)
        .sort(),
    ).toEqual(['backend/app/api/routes.py', 'backend/app/core/db.py', 'backend/app/main.py']);
  });

  it('survives modules that import each other', () => {
    const program = openProgram({ 'a.py': 'from b import Y\nX = 1', 'b.py': 'from a import X\nY = 2' });
    expect(show(evaluateModule(sourceAt(program, 'a.py'), program).get('Y'))).toBe(2);
  });
});

describe('imports in a circle', () => {
  it('takes the submodule where a package imports it into itself', () => {
    const program = openProgram({
      'main.py': 'from extension import store\nx = store.SIZE',
      'extension/__init__.py': 'from . import store',
      'extension/store.py': 'SIZE = 5',
    });
    expect(show(evaluateModule(sourceAt(program, 'main.py'), program).get('x'))).toBe(5);
  });

  it('leaves names unknown that two modules import from each other', () => {
    const program = openProgram({
      'main.py': 'from a import x as y\nz = y',
      'a.py': 'from b import x',
      'b.py': 'from a import x',
    });
    expect(show(evaluateModule(sourceAt(program, 'main.py'), program).get('z'))).toBe('?');
  });
});
