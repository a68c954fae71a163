import { expect, it } from 'vitest';
import { finish, flatMapPausing, mapPausing, type Pausable } from '../../src/model/pausable.ts';

it('gives in one go what it gives step by step', () => {
  const work = flatMapPausing([1, 2, 3], (number) => [number, -number]);
  const steps = [work.next(), work.next(), work.next()].map(({ done }) => done);
  expect(steps).toEqual([false, false, false]);
  expect(work.next()).toEqual({ done: true, value: [1, -1, 2, -2, 3, -3] });
  expect(finish(flatMapPausing([1, 2, 3], (number) => [number, -number]))).toEqual([1, -1, 2, -2, 3, -3]);
});

it('pauses within the work on an item and after it', () => {
  const work = mapPausing(['a', 'b'], function* (item): Pausable<string> {
    yield;
    return item.toUpperCase();
  });
  expect([...work]).toHaveLength(4);
  const again = mapPausing(['a', 'b'], (item) => flatMapPausing([item], (one) => [one, one]));
  expect(finish(again)).toEqual([
    ['a', 'a'],
    ['b', 'b'],
  ]);
});
