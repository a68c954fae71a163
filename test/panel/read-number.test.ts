import { describe, expect, it } from 'vitest';
import { describeNumberProblem } from '../../src/panel/page/fields.ts';
import { readNumber, units } from '../../src/panel/page/numbers.ts';

const gibibyte = 2 ** 30;

describe('what is typed into a field', () => {
  it.each([
    ['8', units.gibibytes, 8 * gibibyte],
    ['8 GiB', units.gibibytes, 8 * gibibyte],
    ['512 MiB', units.gibibytes, gibibyte / 2],
    ['512m', units.gibibytes, gibibyte / 2],
    ['1,5', units.gibibytes, 1.5 * gibibyte],
    ['0.125', units.count, 0.125],
    ['0,125', units.count, 0.125],
    ['1.125', units.count, 1.125],
    ['20 ms', units.seconds, 0.02],
    ['2s', units.milliseconds, 2],
    ['50 %', units.percent, 0.5],
    ['1e3', units.whole, 1000],
    ['-3', units.whole, -3],
    ['１２', units.whole, 12],
    ['1 000', units.whole, 1000],
    ['1\u202f000', units.whole, 1000],
    ['1,000,000', units.whole, 1_000_000],
    ['999999999', units.whole, 999_999_999],
  ])('%s is a number', (text, unit, number) => {
    expect(readNumber(text, unit)).toEqual({ number });
  });

  it.each([
    ['1,000', units.whole, ['1', '1000']],
    ['1.000', units.whole, ['1', '1000']],
    ['1,250', units.gibibytes, ['1.25', '1250']],
  ])('%s may be two numbers', (text, unit, either) => {
    expect(readNumber(text, unit)).toEqual({ either });
  });

  it.each(['', ' ', 'x', 'NaN', 'Infinity', '1,5,2', '1.2.3', '--1', '50 users', '8 GiB', '1 0', 'e3', '0x10'])(
    '%s is no number of users',
    (text) => {
      expect(readNumber(text, units.whole)).toEqual({});
    },
  );
});

it('names a bound in a unit that suits it', () => {
  const memory = { range: { least: 2 ** 20, most: 64 * 2 ** 40 }, unit: units.gibibytes };
  expect(describeNumberProblem('too-small', memory)).toBe('At least 1 MiB.');
  expect(describeNumberProblem('too-large', memory)).toBe('At most 64 TiB.');
  const time = { range: { least: 0, most: 3600 }, unit: units.milliseconds };
  expect(describeNumberProblem('too-small', time)).toBe('At least 0 ms.');
  expect(describeNumberProblem('too-large', time)).toBe('At most 3600 s.');
});
