import { expect, it } from 'vitest';
import { shiftSpan } from '../../src/text/shift-span.ts';

const before = 'abc\ndef\nghi\n';

it('keeps what lies before the change and moves what lies behind it', () => {
  const after = 'abc\nxx\ndef\nghi\n';
  expect(shiftSpan({ start: 0, end: 3 }, { before, after })).toEqual({ start: 0, end: 3 });
  const moved = shiftSpan({ start: 8, end: 11 }, { before, after });
  expect(moved && after.slice(moved.start, moved.end)).toBe('ghi');
});

it('gives up on what the change touches', () => {
  expect(shiftSpan({ start: 4, end: 7 }, { before, after: 'abc\nd!f\nghi\n' })).toBeUndefined();
});

it('survives repeated text and emptied files', () => {
  expect(shiftSpan({ start: 1, end: 2 }, { before: 'aaa', after: 'aaaa' })).toEqual({ start: 1, end: 2 });
  expect(shiftSpan({ start: 0, end: 3 }, { before, after: '' })).toBeUndefined();
});
