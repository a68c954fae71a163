import { createEventQueue } from './simulate-events.ts';
import { createLine } from './simulate-line.ts';

/**
 * Cores that computations share evenly. A computation that belongs to a process runs only while it holds that process's
 * lock: one thread of a Python process computes at a time, and hands over after `quantumSeconds` when others wait.
 */
export interface Cores {
  /** Whether nobody computes in a process. */
  isFree(process: number): boolean;
  /** Starts a computation of `seconds` of CPU; `process` is -1 for one that needs no lock. */
  start(now: number, task: number, process: number, seconds: number): void;
  /** Stops the computation of a task, whether it runs or waits. */
  abort(now: number, task: number, process: number): void;
  /** When the next computation ends or hands over, Infinity when none runs. */
  nextTime(): number;
  /** Advances to `nextTime()`; returns the task that has finished, or -1. */
  step(): number;
  /** Starts measuring. */
  reset(now: number): void;
  /** Busy core seconds and locked process seconds since `reset`. */
  measure(now: number): { readonly coreSeconds: number; readonly lockedSeconds: number };
}

/** Idle cores. */
export function createCores(setup: {
  readonly cpus: number;
  readonly processes: number;
  readonly quantumSeconds: number;
}): Cores {
  const { cpus, processes, quantumSeconds } = setup;
  /** All running computations progress at the same rate, so one clock of work done serves them all. */
  const ends = createEventQueue();
  let work = 0;
  let clock = 0;
  let running = 0;
  let locked = 0;
  let coreSeconds = 0;
  let lockedSeconds = 0;
  const holders = new Int32Array(processes).fill(-1);
  const waiting = Array.from({ length: processes }, () => createLine<number>());
  const left: number[] = [];
  const end: number[] = [];
  const stamps: number[] = [];
  const owner: number[] = [];

  return {
    isFree: (process) => (holders[process] ?? -1) < 0,
    start,
    abort,
    nextTime,
    step,
    reset(now) {
      advance(now);
      coreSeconds = 0;
      lockedSeconds = 0;
    },
    measure(now) {
      advance(now);
      return { coreSeconds, lockedSeconds };
    },
  };

  function start(now: number, task: number, process: number, seconds: number): void {
    advance(now);
    left[task] = seconds;
    owner[task] = process;
    if (process < 0) {
      run(task, seconds);
      return;
    }
    const holder = holders[process] ?? -1;
    if (holder < 0) {
      take(process, task);
      return;
    }
    waiting[process]?.push(task);
    shorten(holder);
  }

  function abort(now: number, task: number, process: number): void {
    advance(now);
    if (holders[process] !== task) {
      waiting[process]?.remove(task);
      return;
    }
    stop(task);
    handOver(process);
  }

  function nextTime(): number {
    for (; ends.nextTime() < Number.POSITIVE_INFINITY; ends.pop()) {
      if (isCurrent()) return clock + Math.max(0, ends.nextTime() - work) / rate();
    }
    return Number.POSITIVE_INFINITY;
  }

  function step(): number {
    advance(nextTime());
    ends.pop();
    const task = ends.taken.subject;
    const process = owner[task] ?? -1;
    work = Math.max(work, ends.taken.time);
    stop(task);
    const rest = (left[task] ?? 0) > rounding ? (left[task] ?? 0) : 0;
    if (process >= 0) {
      if (rest > 0) waiting[process]?.push(task);
      handOver(process);
    }
    return rest > 0 ? -1 : task;
  }

  /** Whether the first end still holds; a computation that was shortened or stopped has another stamp. */
  function isCurrent(): boolean {
    const { subject, stamp } = ends.peek();
    return stamps[subject] === stamp;
  }

  function take(process: number, task: number): void {
    holders[process] = task;
    locked++;
    const seconds = left[task] ?? 0;
    run(task, (waiting[process]?.length() ?? 0) > 0 ? Math.min(quantumSeconds, seconds) : seconds);
  }

  function handOver(process: number): void {
    holders[process] = -1;
    locked--;
    const next = waiting[process]?.shift();
    if (next !== undefined) take(process, next);
  }

  function run(task: number, seconds: number): void {
    running++;
    left[task] = (left[task] ?? 0) - seconds;
    schedule(task, work + seconds);
  }

  /** Someone waits now: the holder has at most a quantum left. */
  function shorten(holder: number): void {
    const limit = work + quantumSeconds;
    const planned = end[holder] ?? 0;
    if (planned <= limit) return;
    left[holder] = (left[holder] ?? 0) + planned - limit;
    schedule(holder, limit);
  }

  function schedule(task: number, at: number): void {
    end[task] = at;
    const stamp = ((stamps[task] ?? 0) + 1) | 0;
    stamps[task] = stamp;
    ends.push(at, 0, task, stamp);
  }

  function stop(task: number): void {
    running--;
    stamps[task] = ((stamps[task] ?? 0) + 1) | 0;
  }

  function rate(): number {
    return running <= cpus ? 1 : cpus / running;
  }

  function advance(now: number): void {
    const elapsed = now - clock;
    if (elapsed <= 0) return;
    work += elapsed * rate();
    coreSeconds += elapsed * Math.min(running, cpus);
    lockedSeconds += elapsed * locked;
    clock = now;
  }
}

/** Seconds of work that are only the rounding of sums. */
const rounding = 1e-12;
