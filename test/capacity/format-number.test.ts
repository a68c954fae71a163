import { describe, expect, it } from 'vitest';
import { formatBytes } from '../../src/capacity/bytes.ts';
import { explainFigure } from '../../src/capacity/figure.ts';
import {
  formatExact,
  formatLoad,
  formatNumber,
  formatShare,
  formatTime,
  knownLocale,
  localizeAmounts,
} from '../../src/capacity/format-number.ts';

/** Without the kinds of blanks that locales put between digits and before the percent sign. */
const plain = (text: string) => text.replace(/[\u00A0\u202F]/g, ' ');

describe('numbers of a locale', () => {
  it.each([
    ['en', ['1,234', '33.3', '1,300', '5.3 %', '820 ms', '1.21 s', '1.5 GiB']],
    ['de', ['1.234', '33,3', '1.300', '5,3 %', '820 ms', '1,21 s', '1,5 GiB']],
    ['fr', ['1 234', '33,3', '1 300', '5,3 %', '820 ms', '1,21 s', '1,5 GiB']],
    ['zh-CN', ['1,234', '33.3', '1,300', '5.3%', '820 ms', '1.21 s', '1.5 GiB']],
    ['ar-EG', ['١٬٢٣٤', '٣٣٫٣', '١٬٣٠٠', '٥٫٣٪؜', '٨٢٠ ms', '١٫٢١ s', '١٫٥ GiB']],
  ])('%s', (locale, expected) => {
    const texts = [
      formatExact(1234, locale),
      formatNumber(33.333, locale),
      formatLoad(1299, locale),
      formatShare(0.0532, locale),
      formatTime(819.6, locale),
      formatTime(1213, locale),
      formatBytes(1.5 * 2 ** 30, locale),
    ];
    expect(texts.map(plain)).toEqual(expected);
  });

  it.each([
    [2 ** 30 - 1, '1 GiB'],
    [1023.9 * 2 ** 20, '1023.9 MiB'],
    [2 ** 20 - 1, '1 MiB'],
    [0, '0 B'],
    [5000 * 2 ** 40, '5000 TiB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('writes formulas without groups of digits', () => {
    const figure = {
      value: 1250.5,
      formula: '2 x users x thinkSeconds',
      inputs: { users: 1000, thinkSeconds: 0.625 },
      source: '',
    };
    expect(explainFigure(figure)).toBe('2 x 1000 x 0.625 s = 1250.5');
    expect(explainFigure(figure, { unit: 'seconds', locale: 'de' })).toBe('2 x 1000 x 0,625 s = 1250,5 s');
  });
});

it.each([
  ['de', 'de'],
  ['zh-cn', 'zh-CN'],
  ['pt-BR', 'pt-BR'],
  ['qq', undefined],
  ['de_DE', undefined],
  ['', undefined],
])('knows the locale %j as %j', (tag, locale) => {
  expect(knownLocale(tag)).toBe(locale);
});

it.each([
  ['1.5 GiB, noeviction', '1,5 GiB, noeviction'],
  ['128 MiB (default)', '128 MiB (default)'],
  ['the worker time-out is 0.5 s, the proxy gives 1.25 min', 'the worker time-out is 0,5 s, the proxy gives 1,25 min'],
])('writes the amounts of %j for German readers', (text, expected) => {
  expect(localizeAmounts(text, 'de')).toBe(expected);
});

it.each(['Gunicorn 23.0.0', 'python:3.12', '127.0.0.1:8000', 'v1.5 GiB', 'pool_size 6.5'])(
  'leaves %j alone',
  (text) => {
    expect(localizeAmounts(text, 'de')).toBe(text);
  },
);
