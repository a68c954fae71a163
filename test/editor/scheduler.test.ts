import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createScheduler } from '../../src/editor/scheduler.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('makes one run of requests that come together', async () => {
  const task = vi.fn(async () => {});
  const scheduler = createScheduler(task, 30);
  for (let count = 0; count < 5; count++) {
    scheduler.request();
    await vi.advanceTimersByTimeAsync(20);
  }
  expect(task).toHaveBeenCalledTimes(0);
  await vi.advanceTimersByTimeAsync(30);
  expect(task).toHaveBeenCalledTimes(1);
});

it('runs once more for what is asked while it runs, never two at a time', async () => {
  let running = 0;
  let most = 0;
  const task = vi.fn(async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 100));
    running--;
  });
  const scheduler = createScheduler(task, 30);
  scheduler.request();
  await vi.advanceTimersByTimeAsync(60);
  scheduler.request();
  scheduler.request();
  const settled = scheduler.settle();
  await vi.advanceTimersByTimeAsync(1000);
  await settled;
  expect(task).toHaveBeenCalledTimes(2);
  expect(most).toBe(1);
});

it('settles at once when nothing was asked, and works again after it', async () => {
  const task = vi.fn(async () => {});
  const scheduler = createScheduler(task, 30);
  await scheduler.settle();
  expect(task).toHaveBeenCalledTimes(0);
  scheduler.request();
  await scheduler.settle();
  scheduler.request();
  await scheduler.settle();
  expect(task).toHaveBeenCalledTimes(2);
});

it('stops when it is disposed', async () => {
  const task = vi.fn(async () => {});
  const scheduler = createScheduler(task, 30);
  scheduler.request();
  scheduler.dispose();
  await vi.advanceTimersByTimeAsync(100);
  expect(task).toHaveBeenCalledTimes(0);
});

it('tells a run to stop once what is newer has waited its quiet time, and not the run after it', async () => {
  const given: boolean[] = [];
  const scheduler = createScheduler(async (run) => {
    for (let step = 0; step < 10 && !run.isGivenUp(); step++) await new Promise((resolve) => setTimeout(resolve, 20));
    given.push(run.isGivenUp());
  }, 30);
  scheduler.request();
  await vi.advanceTimersByTimeAsync(60);
  scheduler.request();
  await vi.advanceTimersByTimeAsync(60);
  expect(given).toEqual([true]);
  scheduler.request();
  await vi.advanceTimersByTimeAsync(1000);
  expect(given).toEqual([true, false, false]);
});

it('lets a run go on while requests keep coming', async () => {
  const given: boolean[] = [];
  const scheduler = createScheduler(async (run) => {
    for (let step = 0; step < 5; step++) await new Promise((resolve) => setTimeout(resolve, 20));
    given.push(run.isGivenUp());
  }, 30);
  scheduler.request();
  for (let count = 0; count < 12; count++) {
    await vi.advanceTimersByTimeAsync(count === 0 ? 35 : 10);
    scheduler.request();
  }
  expect(given).toEqual([false]);
});
