import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePython } from '../../src/parse/python.ts';
import type { PythonExpression, PythonModule, PythonStatement } from '../../src/parse/python-tree.ts';
import {
  dottedName,
  findCalls,
  keywordArgument,
  walkExpressions,
  walkStatements,
} from '../../src/parse/python-walk.ts';

const settings = `"""Django settings for shop project."""
import os
from pathlib import Path

import environ
from .base import *  # noqa

env = environ.Env(DEBUG=(bool, False))
BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS: list[str] = ["shop.example.com", 'localhost']

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ.get("DB_HOST", "db"),
        "PORT": int(os.getenv("DB_PORT", "5432")),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 4}},
    },
    **EXTRA_DATABASES,
}

if not DEBUG and env("SENTRY_DSN", default=None):
    SESSION_ENGINE = "django.contrib.sessions.backends.cache"
elif DEBUG:
    SESSION_ENGINE = "django.contrib.sessions.backends.db"
else:
    SESSION_ENGINE = "x"

CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": f"redis://{REDIS_HOST}:6379/1"}}
MIDDLEWARE += ["a.B"]
try:
    from .local import *
except ImportError:
    LOCAL = False
CELERY_BROKER_URL = (
    "redis://"
    "redis:6379"
)
LAST = 1
`;

const gunicorn = `import multiprocessing
import os

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_CONCURRENCY", multiprocessing.cpu_count() * 2 + 1))
threads = 4
worker_class = "gthread" if threads > 1 else "sync"
timeout = 1_20
keepalive = 0x5


def post_fork(server, worker):
    server.log.info("forked %s", worker.pid)
`;

const database = `from sqlalchemy.ext.asyncio import create_async_engine as make, AsyncSession
from sqlalchemy.orm import (
    sessionmaker,  # classic
    declarative_base,
)

engine = make(
    settings.database_url,
    pool_size=20, max_overflow=10,
    connect_args={"server_settings": {"jit": "off"}},
    **options,
)
Session = sessionmaker(bind=engine, class_=AsyncSession)


class Settings(BaseSettings, metaclass=Meta):
    pool_size: int = 5
    url: str
    async def connect(self, *, timeout: float = 3.5, **rest) -> None:
        async with self.pool.acquire() as connection, other():
            return await connection.fetch("select 1")


@app.on_event("startup")
@once
async def open_pool():
    global pool
    pool = await asyncpg.create_pool(dsn, min_size=2, max_size=10)
`;

describe('parsePython', () => {
  it('reads a Django settings module', () => {
    const module = parsePython(settings);
    expect(module.errors).toEqual([]);
    expect(module.body.map((statement) => statement.kind).join(' ')).toBe(
      'expression import import-from import import-from assign assign assign assign assign if assign assign try assign assign',
    );
    expect(show(assigned(module, 'DATABASES'))).toBe(
      '{"default": {"ENGINE": "django.db.backends.postgresql", "HOST": os.environ.get("DB_HOST", "db"), ' +
        '"PORT": int(os.getenv("DB_PORT", "5432")), "CONN_MAX_AGE": 60, ' +
        '"OPTIONS": {"pool": {"min_size": 2, "max_size": 4}}}, **EXTRA_DATABASES}',
    );
    expect(show(assigned(module, 'CACHES'))).toContain('"LOCATION": f["redis://", REDIS_HOST, ":6379/1"]');
    expect(show(assigned(module, 'CELERY_BROKER_URL'))).toBe('"redis://redis:6379"');
    const choice = module.body.find((statement) => statement.kind === 'if');
    expect(choice?.branches.map((branch) => branch.test && show(branch.test))).toEqual([
      '((not DEBUG) and env("SENTRY_DSN", default=null))',
      'DEBUG',
      undefined,
    ]);
    expect(choice?.branches.map((branch) => slice(settings, branch.span).split('\n')[0])).toEqual([
      'if not DEBUG and env("SENTRY_DSN", default=None):',
      'elif DEBUG:',
      'else:',
    ]);
    const middleware = module.body.find((statement) => statement.kind === 'assign' && statement.operator === '+=');
    expect(middleware && slice(settings, middleware.span)).toBe('MIDDLEWARE += ["a.B"]');
  });

  it('reads a Gunicorn configuration', () => {
    const module = parsePython(gunicorn);
    expect(show(assigned(module, 'workers'))).toBe(
      'int(os.environ.get("WEB_CONCURRENCY", ((multiprocessing.cpu_count() * 2) + 1)))',
    );
    expect(show(assigned(module, 'worker_class'))).toBe('("gthread" if (threads > 1) else "sync")');
    expect(show(assigned(module, 'timeout'))).toBe('120');
    expect(show(assigned(module, 'keepalive'))).toBe('5');
    const hook = module.body.at(-1);
    expect(hook?.kind === 'function' && slice(gunicorn, hook.bodySpan)).toBe(
      'server.log.info("forked %s", worker.pid)',
    );
  });

  it('reads engines, classes, decorators and awaited calls', () => {
    const module = parsePython(database);
    expect(module.body[0]).toMatchObject({
      kind: 'import-from',
      module: 'sqlalchemy.ext.asyncio',
      level: 0,
      star: false,
      names: [
        { name: 'create_async_engine', as: 'make' },
        { name: 'AsyncSession', as: undefined },
      ],
    });
    expect(module.body[1]).toMatchObject({ names: [{ name: 'sessionmaker' }, { name: 'declarative_base' }] });
    const [engine] = findCalls(module, (call) => dottedName(call.callee) === 'make');
    const size = engine && keywordArgument(engine.call, 'pool_size');
    expect(size && slice(database, size.span)).toBe('pool_size=20');
    expect(engine?.call.arguments.at(-1)?.value).toMatchObject({ kind: 'starred', double: true });
    const [type] = module.body.filter((statement) => statement.kind === 'class');
    expect(type?.keywords.map((keyword) => keyword.name)).toEqual(['metaclass']);
    expect(type?.body.map((statement) => statement.kind)).toEqual(['assign', 'annotation', 'function']);
    expect(type?.body[2]).toMatchObject({
      async: true,
      parameters: [
        { name: 'self', star: '' },
        { name: 'timeout', default: { value: 3.5 } },
        { name: 'rest', star: '**' },
      ],
      body: [{ kind: 'with', async: true, items: [{ target: { name: 'connection' } }, { target: undefined }] }],
    });
    const start = module.body.at(-1);
    expect(start?.kind === 'function' && start.decorators.map(show)).toEqual(['app.on_event("startup")', 'once']);
    const [pool] = findCalls(module, (call) => dottedName(call.callee) === 'asyncpg.create_pool');
    expect(pool).toMatchObject({ function: { name: 'open_pool', async: true }, class: undefined, conditional: false });
    expect(pool && slice(database, pool.statement.span)).toMatch(/^pool = await .*max_size=10\)$/);
  });

  it.each([
    ['not a and b', '((not a) and b)'],
    ['a and not b or c', '((a and (not b)) or c)'],
    ['await f(1) + 2', '((await f(1)) + 2)'],
    ['-a ** b * 2', '((- (a ** b)) * 2)'],
    ['2 ** -1 ** x', '(2 ** (- (1 ** x)))'],
    ['a < b <= c', '((a < b) and (b <= c))'],
    ['(a < b) < c', '((a < b) < c)'],
    ['a not in b or c is not None', '((a not in b) or (c is not null))'],
    ['a or b if c else d', '((a or b) if c else d)'],
    ['(n := 5)', '(n := 5)'],
    ['lambda x, y=1: x', 'lambda x, y: x'],
    ['{1, *a}', 'set[1, *a]'],
    ['(1,)', 'tuple[1]'],
    ['()', 'tuple[]'],
    ['a, b', 'tuple[a, b]'],
    ['x["k"][0].y', 'x["k"][0].y'],
    ['x[1:2]', 'x[?]'],
    ['[f(x) for x in y]', '?'],
    ['f(a for a, b in c)', 'f(?)'],
    ['0b11 + 0o17', '(3 + 15)'],
    ['1. + .5e1', '(1 + 5)'],
    ['1j', '?'],
    ['"a\\x41\\n\\u00e9\\q" \'b\'', '"aA\\né\\\\qb"'],
    ['r"\\d"', '"\\\\d"'],
    ['b"\\u0041"', '"\\\\u0041"'],
    ['f"{a!r}{b:d}{{{c}" "z"', 'f[?, b, "{", c, "z"]'],
    ['True and None', '(true and null)'],
    ['...', '?'],
  ])('reads %s', (text, expected) => {
    const module = parsePython(`value = ${text}\n`);
    expect(show(assigned(module, 'value'))).toBe(expected);
  });

  it('reads imports in every form', () => {
    const text =
      'import a.b as c, d\nfrom .. import x\nfrom ...p.q import (r as s,\n  t,)\nfrom .m import *\ndef f():\n  import g\n';
    const names: unknown[] = [];
    walkStatements(parsePython(text).body, (statement) => {
      if (statement.kind === 'import') names.push(statement.names.map((name) => [name.module, name.as]));
      if (statement.kind === 'import-from')
        names.push([statement.level, statement.module, statement.star, statement.names.map((name) => name.name)]);
    });
    expect(names).toEqual([
      [
        ['a.b', 'c'],
        ['d', undefined],
      ],
      [2, '', false, ['x']],
      [3, 'p.q', false, ['r', 't']],
      [1, 'm', true, []],
      [['g', undefined]],
    ]);
  });

  it('reads chained, unpacking and annotated assignments', () => {
    const module = parsePython('a = b = 1\n(c, *d), e = f\nx: int = 3\n');
    const targets = module.body.map((statement) => statement.kind === 'assign' && statement.targets.map(show));
    expect(targets).toEqual([['a', 'b'], ['tuple[tuple[c, *d], e]'], ['x']]);
    expect(module.body[2]).toMatchObject({ annotation: { name: 'int' }, value: { value: 3 } });
  });

  it('reads loops, tries, matches and parenthesised with items', () => {
    const text =
      'for a, b in c:\n  x = 1\nelse:\n  x = 2\nwhile y: x = 3\ntry:\n  x = 4\nexcept A as e:\n  x = 5\nexcept B:\n' +
      '  x = 6\nelse:\n  x = 7\nfinally:\n  x = 8\nmatch z:\n  case 1:\n    x = 9\n  case _:\n    x = 10\n' +
      'with (\n  open(p) as q,\n  r() as s,\n):\n  x = 11\n';
    const seen: string[] = [];
    const module = parsePython(text);
    walkStatements(module.body, (statement, context) => {
      if (statement.kind !== 'assign') return;
      seen.push(`${show(statement.value)}${context.conditional ? '?' : ''}`);
    });
    expect(seen.join(' ')).toBe('1? 2? 3? 4 5? 6? 7? 8 9? 10? 11');
    const last = module.body.at(-1);
    expect(
      last?.kind === 'with' && last.items.map((item) => `${show(item.value)} ${item.target && show(item.target)}`),
    ).toEqual(['open(p) q', 'r() s']);
  });

  it('keeps spans exact with CRLF, comments and trailing blanks', () => {
    const text = 'if a:  # why\r\n    x = "y"  # z\r\n    # more\r\n\r\ny = """a\r\nb"""   \r\n';
    const module = parsePython(text);
    expect(module.body.map((statement) => slice(text, statement.span))).toEqual([
      'if a:  # why\r\n    x = "y"',
      'y = """a\r\nb"""',
    ]);
    expect(assigned(module, 'y')).toMatchObject({ text: 'a\nb', exact: false });
  });

  it('calls an oversized text or line too large', () => {
    expect(parsePython('x = 1\n'.repeat(200_000))).toMatchObject({ body: [], errors: [{ code: 'too-large' }] });
    expect(parsePython(`x = "${'a'.repeat(70_000)}"\n`)).toMatchObject({ body: [], errors: [{ code: 'too-large' }] });
  });
});

describe('half-typed Python', () => {
  it.each([
    'A = int(',
    'A = int(os.environ.get("X", ',
    'A = {\n    "x": 1,\n    "y": ',
    'A = ',
    'A = 4 +',
    'A = "x',
    'A = """x',
    'A = f"{x',
    'e = create_engine(url, pool_size=',
    'e = create_engine(url, pool_size=20 max_overflow=5)',
    'A = [1,\n  2,  # two',
    'x.',
    'x = os.environ[',
    'from x import (a, ',
    'import ',
    'if x',
    'class K',
    'def f(a, ',
    'def f(\n    B = 2',
    '@foo',
    'A = 3)',
    '<<<<<<< HEAD',
  ])('keeps what follows %j', (broken) => {
    const module = parsePython(`BEFORE = 1\n${broken}\nNEXT = 2\ndef later():\n    return NEXT\nLAST = {"a": 3}\n`);
    expect(show(assigned(module, 'BEFORE'))).toBe('1');
    expect(show(assigned(module, 'NEXT'))).toBe('2');
    expect(show(assigned(module, 'LAST'))).toBe('{"a": 3}');
  });

  it.each(['env(', 'DEBUG', '["', ' = ', '{', '",', '"]', '))', '{"', '\n\n'])(
    'keeps later settings without %j',
    (cut) => {
      const at = settings.indexOf(cut, settings.indexOf('DEBUG = '));
      expect(at).toBeGreaterThan(0);
      const module = parsePython(settings.slice(0, at) + settings.slice(at + cut.length));
      expect(show(assigned(module, 'CACHES'))).toContain('RedisCache');
      expect(show(assigned(module, 'LAST'))).toBe('1');
    },
  );

  it('keeps 99 % of the later names wherever one to three characters are deleted', () => {
    const names = [...settings.matchAll(/^ *([A-Z_]+) = /gm)].map((match) => ({
      name: match[1] ?? '',
      at: match.index,
    }));
    let kept = 0;
    let expected = 0;
    for (let at = 0; at < settings.length; at += 4) {
      const length = 1 + (at % 3);
      const found = assignedNames(parsePython(settings.slice(0, at) + settings.slice(at + length)));
      const later = names.filter((name) => name.at > settings.indexOf('\n', at + length));
      kept += later.filter((name) => found.has(name.name)).length;
      expected += later.length;
    }
    expect(kept / expected).toBeGreaterThan(0.99);
  });

  it('keeps the arguments that are written', () => {
    const module = parsePython('e = create_engine(url, pool_size=20, max_o\n\nB = 2\n');
    const [engine] = findCalls(module, () => true);
    expect(engine && show(engine.call)).toBe('create_engine(url, pool_size=20, max_o)');
  });

  it('does not trust a value with something unreadable behind it', () => {
    const module = parsePython('A = 3 4\nB = f(a=1, b=2 $ 3)\nC = 5)\n');
    expect(show(assigned(module, 'A'))).toBe('?');
    expect(show(assigned(module, 'B'))).not.toContain('b=2');
    expect(show(assigned(module, 'C'))).toBe('?');
  });
});

describe('hazards', () => {
  it.each<[string, string]>([
    ['10k parentheses', `x = ${'('.repeat(10_000)}1${')'.repeat(10_000)}\n`],
    ['100k open parentheses', `x = ${'(\n'.repeat(100_000)}`],
    ['a sum of 50k terms', `x = ${'1+\\\n'.repeat(50_000)}1\n`],
    ['a sum of 25k terms on one line', `x = ${'1+'.repeat(25_000)}1\n`],
    ['10k calls in a chain', `x = a${'.b()'.repeat(10_000)}\n`],
    ['10k nots', `x = ${'not '.repeat(10_000)}1\n`],
    ['5k dicts', `x = ${'{"a": '.repeat(5000)}1${'}'.repeat(5000)}\n`],
    ['700 indents', Array.from({ length: 700 }, (_, depth) => `${' '.repeat(depth)}if x:\n`).join('')],
    ['an open triple quote', `x = """\n${'y = 1\n'.repeat(20_000)}`],
    ['3k f-strings', `x = ${'f"{a}" '.repeat(3000)}\n`],
    ['20k elifs', `if a: pass\n${'elif b: x = 1\n'.repeat(20_000)}`],
    ['NUL', 'a\0b = 1\n'],
    ['a lone surrogate', 'x = "\ud800"\n'],
    ['a lone carriage return', 'x = 1\ry = 2\r'],
    ['a million characters of text', `x = """${`${'a'.repeat(99)}\n`.repeat(9_900)}"""\n`],
  ])('survives %s', (_, text) => {
    const module = parsePython(text);
    expectSound(module, text);
    expect(depthOf(module)).toBeLessThan(2500);
    expect(findCalls(module, () => true).length).toBeGreaterThanOrEqual(0);
  });

  it('goes on behind a nested statement it gave up', () => {
    const module = parsePython(`x = ${'('.repeat(400)}1${')'.repeat(400)}\ny = ${'1+'.repeat(300)}1\nz = 2\n`);
    expect(['x', 'y', 'z'].map((name) => show(assigned(module, name)))).toEqual(['?', '?', '2']);
  });
});

describe('properties', () => {
  const words =
    'x = f ( ) [ ] { } , : . " \' """ f" \\ \n \r\n # if else def class import from not and await in for 1 2.5 @ ** += async with as try except lambda yield'.split(
      ' ',
    );
  const noise = fc
    .array(fc.constantFrom(...words, '    ', '\n', '\n  ', ' '), { maxLength: 60 })
    .map((parts) => parts.join(''));

  it('never throws, keeps spans inside and exact strings equal on noise', () => {
    fc.assert(
      fc.property(noise, (text) => expectSound(parsePython(text), text)),
      { numRuns: 800 },
    );
  });

  it('never throws, keeps spans inside on damaged files', () => {
    const cut = fc.record({
      at: fc.nat(),
      length: fc.integer({ min: 0, max: 12 }),
      insert: fc.constantFrom('', ...words),
    });
    fc.assert(
      fc.property(fc.constantFrom(settings, gunicorn, database), fc.array(cut, { maxLength: 4 }), (file, cuts) => {
        let text = file;
        for (const { at, length, insert } of cuts) {
          const start = at % text.length;
          text = text.slice(0, start) + insert + text.slice(start + length);
        }
        expectSound(parsePython(text), text);
      }),
      { numRuns: 200 },
    );
  });

  it('gives back any string that was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = text.replace(/["\\\n\r]/g, '');
        const value = assigned(parsePython(`x = "${written}"\n`), 'x');
        expect(value).toMatchObject({ kind: 'string', text: written, exact: true });
      }),
    );
  });
});

function assigned(module: PythonModule, name: string): PythonExpression {
  let found: PythonExpression | undefined;
  walkStatements(module.body, (statement) => {
    if (statement.kind === 'assign' && statement.targets.some((target) => show(target) === name))
      found ??= statement.value;
  });
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function assignedNames(module: PythonModule): ReadonlySet<string> {
  const names = new Set<string>();
  walkStatements(module.body, (statement) => {
    if (statement.kind === 'assign') for (const target of statement.targets) names.add(show(target));
  });
  return names;
}

/** Writes an expression with every pair of parentheses; `?` for what was not read. */
function show(expression: PythonExpression): string {
  switch (expression.kind) {
    case 'number':
    case 'constant':
      return String(expression.value);
    case 'string':
      return JSON.stringify(expression.text);
    case 'format':
      return `f[${expression.parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : show(part))).join(', ')}]`;
    case 'name':
      return expression.name;
    case 'attribute':
      return `${show(expression.object)}.${expression.name}`;
    case 'call':
      return `${show(expression.callee)}(${expression.arguments
        .map((argument) => (argument.name === undefined ? '' : `${argument.name}=`) + show(argument.value))
        .join(', ')})`;
    case 'subscript':
      return `${show(expression.object)}[${show(expression.index)}]`;
    case 'dict':
      return `{${expression.entries
        .map((entry) => (entry.key ? `${show(entry.key)}: ${show(entry.value)}` : `**${show(entry.value)}`))
        .join(', ')}}`;
    case 'list':
      return `${expression.type === 'list' ? '' : expression.type}[${expression.items.map(show).join(', ')}]`;
    case 'named':
      return `(${show(expression.target)} := ${show(expression.value)})`;
    case 'unary':
      return `(${expression.operator} ${show(expression.operand)})`;
    case 'binary':
    case 'boolean':
      return `(${show(expression.left)} ${expression.operator} ${show(expression.right)})`;
    case 'conditional':
      return `(${show(expression.then)} if ${show(expression.test)} else ${show(expression.otherwise)})`;
    case 'starred':
      return `${expression.double ? '**' : '*'}${show(expression.value)}`;
    case 'await':
      return `(await ${show(expression.value)})`;
    case 'lambda':
      return `lambda ${expression.parameters.map((parameter) => parameter.name).join(', ')}: ${show(expression.body)}`;
    default:
      return '?';
  }
}

function slice(text: string, span: { start: number; end: number }): string {
  return text.slice(span.start, span.end);
}

/** Every span lies in the text, exact strings equal it, statements are in order and carry no blanks at their ends. */
function expectSound(module: PythonModule, text: string): void {
  const left: unknown[] = [module];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    if ('start' in node && 'end' in node) {
      const { start, end } = node as { start: number; end: number };
      if (!(start >= 0 && start <= end && end <= text.length)) expect.fail(`span ${start}..${end} of ${text.length}`);
    }
    if ('exact' in node && node.exact === true) {
      const string = node as PythonExpression & { kind: 'string' };
      expect(slice(text, string.contentSpan)).toBe(string.text);
    }
    for (const child of Object.values(node)) if (child !== undefined) left.push(child);
  }
  let previous: PythonStatement | undefined;
  for (const statement of module.body) {
    if (statement.span.start < (previous?.span.end ?? 0)) expect.fail(`statements overlap at ${statement.span.start}`);
    const written = slice(text, statement.span);
    if (written.trim() !== written && statement.span.start < statement.span.end)
      expect.fail(`blanks in ${JSON.stringify(written)}`);
    walkExpressions(statement, (expression) => {
      const inside = expression.span.start >= statement.span.start && expression.span.end <= statement.span.end;
      if (!inside) expect.fail(`${expression.kind} outside of its statement at ${expression.span.start}`);
    });
    previous = statement;
  }
}

function depthOf(module: PythonModule): number {
  let deepest = 0;
  const left: { node: unknown; depth: number }[] = [{ node: module, depth: 0 }];
  for (let next = left.pop(); next; next = left.pop()) {
    deepest = Math.max(deepest, next.depth);
    if (typeof next.node !== 'object' || next.node === null) continue;
    for (const child of Object.values(next.node)) left.push({ node: child, depth: next.depth + 1 });
  }
  return deepest;
}
