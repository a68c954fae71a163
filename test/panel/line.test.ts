import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLine } from '../../src/panel/page/line.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it('lets a job end and runs the last of those that came meanwhile', () => {
  const { line, events, end } = open();
  for (const job of [1, 2, 3]) line.put(job);
  expect(events).toEqual(['start 1']);
  end();
  expect(events).toEqual(['start 1', 'start 3']);
  end();
  line.put(4);
  expect(events).toEqual(['start 1', 'start 3', 'start 4']);
});

it('stops a job that takes long for the one that waits, and for no other reason', () => {
  const { line, events, end } = open();
  line.put(1);
  vi.advanceTimersByTime(10_000);
  expect(events).toEqual(['start 1']);
  line.put(2);
  vi.advanceTimersByTime(0);
  expect(events).toEqual(['start 1', 'stop 1', 'start 2']);
  line.put(3);
  // The one after a job that was stopped has twice the time.
  vi.advanceTimersByTime(199);
  line.put(4);
  expect(events).toHaveLength(3);
  vi.advanceTimersByTime(1);
  expect(events.slice(3)).toEqual(['stop 2', 'start 4']);
  end();
  vi.advanceTimersByTime(10_000);
  expect(events).toHaveLength(5);
});

it('does not mind a job that ends at once, or after it was stopped', () => {
  const ends: (() => void)[] = [];
  const seen: number[] = [];
  const line = createLine<number>({
    patienceMs: 100,
    start(job, end) {
      seen.push(job);
      ends.push(end);
      if (job === 1) end();
      return () => {};
    },
  });
  for (const job of [1, 2, 3]) line.put(job);
  vi.advanceTimersByTime(100);
  expect(seen).toEqual([1, 2, 3]);
  line.put(4);
  ends[1]?.();
  expect(seen).toEqual([1, 2, 3]);
  ends[2]?.();
  expect(seen).toEqual([1, 2, 3, 4]);
});

/** A line of jobs that take 100 ms of patience; `end` ends the one that runs. */
function open() {
  const events: string[] = [];
  let end = () => {};
  const line = createLine<number>({
    patienceMs: 100,
    start(job, done) {
      events.push(`start ${job}`);
      end = done;
      return () => events.push(`stop ${job}`);
    },
  });
  return { line, events, end: () => end() };
}
