import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { doInSlices, sliceMilliseconds } from '../../src/editor/in-slices.ts';
import type { Pausable } from '../../src/model/pausable.ts';

let clock = 0;
beforeEach(() => {
  clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});
afterEach(() => void vi.restoreAllMocks());

/** Work of so many steps, each of which takes a quarter of a slice. */
function* stepsOf(count: number): Pausable<number> {
  for (let step = 0; step < count; step++) {
    clock += sliceMilliseconds / 4;
    yield;
  }
  return count;
}

it('pauses after each slice, and lets other work in then', async () => {
  const order: string[] = [];
  setTimeout(() => order.push('other work'));
  const goesOn = () => {
    order.push('pause');
    return true;
  };
  expect(await doInSlices(stepsOf(12), goesOn)).toEqual({ value: 12 });
  expect(order).toEqual(['other work', 'pause', 'pause', 'pause']);
});

it('does short work at once', async () => {
  const goesOn = vi.fn(() => true);
  expect(await doInSlices(stepsOf(3), goesOn)).toEqual({ value: 3 });
  expect(goesOn).not.toHaveBeenCalled();
});

it('leaves the rest undone when it is to stop', async () => {
  expect(await doInSlices(stepsOf(12), () => false)).toBeUndefined();
  expect(clock).toBe(sliceMilliseconds);
});
