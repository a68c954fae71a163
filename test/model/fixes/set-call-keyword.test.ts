import { describe, expect, test } from 'vitest';
import { setCallKeyword, setCallKeywords } from '../../../src/model/fixes/set-call-keyword.ts';
import { parsePython } from '../../../src/parse/python.ts';
import { findCalls } from '../../../src/parse/python-walk.ts';
import { createSourceText, type SourceText } from '../../../src/text/source-text.ts';
import type { Location } from '../../../src/text/span.ts';
import { fixFile, reason } from './fix-fixture.ts';

function firstCall(source: SourceText): Location {
  const call = findCalls(parsePython(source.text), () => true)[0]?.call;
  if (!call) throw new Error('no call');
  return { source, span: call.span };
}

const set = (text: string, name = 'pool_size', value = '8') =>
  fixFile('app.py', text, (source) => setCallKeyword(firstCall(source), name, value));

describe('a keyword', () => {
  test.each([
    ['e = f(URL, pool_size=5)  # five\n', 'e = f(URL, pool_size=8)  # five\n'],
    ['e = f(URL, pool_size=-1,)\n', 'e = f(URL, pool_size=8,)\n'],
    ['e = f(URL)\n', 'e = f(URL, pool_size=8)\n'],
    ['e = f()\n', 'e = f(pool_size=8)\n'],
    ['e = f(URL,)\n', 'e = f(URL, pool_size=8)\n'],
    ['e = f(g(1), h=(2))\n', 'e = f(g(1), h=(2), pool_size=8)\n'],
    [
      'e = f(\n    URL,\n    echo=True,  # loud\n)\n',
      'e = f(\n    URL,\n    echo=True,  # loud\n    pool_size=8,\n)\n',
    ],
    ['e = f(\n\tURL,\n\techo=True\n)\n', 'e = f(\n\tURL,\n\techo=True,\n\tpool_size=8\n)\n'],
    ['e = f(\n    URL,\n    echo=True  # loud\n)\n', 'e = f(\n    URL,\n    echo=True,  # loud\n    pool_size=8\n)\n'],
    ['e = f(URL,\n      echo=True)\n', 'e = f(URL,\n      echo=True,\n      pool_size=8)\n'],
    ['e = f(\n    URL, echo=True,\n)\n', 'e = f(\n    URL, echo=True, pool_size=8,\n)\n'],
    [
      'e = f(\n    connect_args={\n        "a": 1,\n    },\n)\n',
      'e = f(\n    connect_args={\n        "a": 1,\n    },\n    pool_size=8,\n)\n',
    ],
    ['e = f(\n    URL,\n    # the end\n)\n', 'e = f(\n    URL,\n    pool_size=8,\n    # the end\n)\n'],
  ])('is written into %j', (before, after) => {
    expect(set(before)).toBe(after);
  });

  test('of one fix stand together', () => {
    const fixed = fixFile('app.py', 'e = f(\n    URL,\n    b=1,\n)\n', (source) =>
      setCallKeywords(firstCall(source), [
        { name: 'a', text: 'True' },
        { name: 'b', text: '2' },
        { name: 'c', text: '"x"' },
      ]),
    );
    expect(fixed).toBe('e = f(\n    URL,\n    b=2,\n    a=True,\n    c="x",\n)\n');
  });

  test('is refused when it is computed, comes through **, or the call is not there', () => {
    const refuse = (text: string) =>
      reason(setCallKeyword(firstCall(createSourceText('app.py', text)), 'pool_size', '8'));
    expect(refuse('f(pool_size=SIZE)')).toMatch(/computed/);
    expect(refuse('f(pool_size=int(x))')).toMatch(/computed/);
    expect(refuse('f(URL, **options)')).toMatch(/\*\*/);
    const source = createSourceText('app.py', 'f(1)');
    expect(reason(setCallKeyword({ source, span: { start: 2, end: 3 } }, 'a', '1'))).toMatch(/not written there/);
  });
});
