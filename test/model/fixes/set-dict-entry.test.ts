import { describe, expect, test } from 'vitest';
import { setDictEntries, setDictEntry } from '../../../src/model/fixes/set-dict-entry.ts';
import { setModuleSetting } from '../../../src/model/fixes/set-module-setting.ts';
import { createSourceText, type SourceText } from '../../../src/text/source-text.ts';
import type { Location } from '../../../src/text/span.ts';
import { fixFile, placeOfText, reason } from './fix-fixture.ts';

/** From the first bracket (or `dict(`) that follows a text to the last one of the file. */
function dictIn(source: SourceText, open = '{', close = '}'): Location {
  const { start } = placeOfText(source, open).span;
  return { source, span: { start, end: source.text.lastIndexOf(close) + 1 } };
}

const set = (text: string, key = 'CONN_MAX_AGE', value = '600') =>
  fixFile('settings.py', text, (source) => setDictEntry(dictIn(source), key, value));

describe('a dict', () => {
  test.each([
    ['D = {"NAME": "shop"}\n', 'D = {"NAME": "shop", "CONN_MAX_AGE": 600}\n'],
    ["D = {'NAME': 'shop', 'CONN_MAX_AGE': 0}  # zero\n", "D = {'NAME': 'shop', 'CONN_MAX_AGE': 600}  # zero\n"],
    ['D = {}\n', 'D = {"CONN_MAX_AGE": 600}\n'],
    ["D = {\n    'NAME': 'shop',  # ours\n}\n", "D = {\n    'NAME': 'shop',  # ours\n    'CONN_MAX_AGE': 600,\n}\n"],
    ['D = {\n\t"NAME": "shop"\n}\n', 'D = {\n\t"NAME": "shop",\n\t"CONN_MAX_AGE": 600\n}\n'],
    ['D = {\n    "A": (1),\n    **more,\n}\n', 'D = {\n    "A": (1),\n    **more,\n    "CONN_MAX_AGE": 600,\n}\n'],
  ])('takes an entry: %j', (before, after) => {
    expect(set(before)).toBe(after);
  });

  test('inside another takes entries, one a line', () => {
    const text = 'DATABASES = {\n    "default": {\n        "OPTIONS": {"a": 1},\n    },\n}\n';
    const fixed = fixFile('settings.py', text, (source) => {
      const start = source.text.indexOf('{', source.text.indexOf('default'));
      const end = source.text.lastIndexOf('}', source.text.lastIndexOf('}') - 1) + 1;
      return setDictEntries({ source, span: { start, end } }, [
        { key: 'CONN_MAX_AGE', text: '600' },
        { key: 'CONN_HEALTH_CHECKS', text: 'True' },
      ]);
    });
    expect(fixed).toBe(
      'DATABASES = {\n    "default": {\n        "OPTIONS": {"a": 1},\n        "CONN_MAX_AGE": 600,\n        "CONN_HEALTH_CHECKS": True,\n    },\n}\n',
    );
  });

  test('written as a call takes keywords', () => {
    const fixed = fixFile('settings.py', 'D = dict(NAME="shop")\n', (source) =>
      setDictEntry(dictIn(source, 'dict(', ')'), 'CONN_MAX_AGE', '600'),
    );
    expect(fixed).toBe('D = dict(NAME="shop", CONN_MAX_AGE=600)\n');
  });

  test('keeps computed values', () => {
    const source = createSourceText('settings.py', 'D = {"CONN_MAX_AGE": env.int("AGE", 0)}\n');
    expect(reason(setDictEntry(dictIn(source), 'CONN_MAX_AGE', '600'))).toMatch(/computed/);
  });
});

describe('a module setting', () => {
  const module = (text: string) =>
    fixFile('settings.py', text, (source) => setModuleSetting(source, 'PAGE_SIZE', '50'));
  const refuse = (text: string) => reason(setModuleSetting(createSourceText('settings.py', text), 'PAGE_SIZE', '50'));

  test('is replaced or added at the end', () => {
    expect(module('A = 1\nPAGE_SIZE = 10  # ten\nB = 2\n')).toBe('A = 1\nPAGE_SIZE = 50  # ten\nB = 2\n');
    expect(module('A = 1\n')).toBe('A = 1\nPAGE_SIZE = 50\n');
    expect(module('')).toBe('PAGE_SIZE = 50\n');
    expect(module('def f():\n    return 1\n')).toBe('def f():\n    return 1\n\nPAGE_SIZE = 50\n');
  });

  test('is refused when computed, repeated or conditional', () => {
    expect(refuse('PAGE_SIZE = f()\n')).toMatch(/computed/);
    expect(refuse('PAGE_SIZE = 1\nPAGE_SIZE = 2\n')).toMatch(/several places/);
    expect(refuse('if x:\n    PAGE_SIZE = 1\n')).toMatch(/condition/);
    expect(refuse('PAGE_SIZE = 1\nPAGE_SIZE += 2\n')).toMatch(/several places/);
  });
});
