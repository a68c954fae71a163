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
  /** What a thread computes that has just finished something and does not wait: it still holds the lock. */
  goOn(now: number, task: number, process: number, seconds: number): void;
  /** The thread that finished last in a process waits now, or has ended, unless it went on. */
  letGo(now: number, process: number): void;
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
  /** The task that computes in a process, `nobody`, or `between` when one has finished and may go on. */
  const holders = new Int32Array(processes).fill(nobody);
  /** The work at which the holder of a process must hand over, because others wait for it. */
  const limits = new Float64Array(processes).fill(Number.POSITIVE_INFINITY);
  const waiting = Array.from({ length: processes }, () => createLine<number>());
  const left: number[] = [];
  const end: number[] = [];
  const stamps: number[] = [];
  const owner: number[] = [];

  return {
    isFree: (process) => (holders[process] ?? nobody) === nobody,
    start,
    goOn,
    letGo,
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
    if (process < 0) run(task, seconds);
    else if (holders[process] === nobody) take(process, task);
    else wait(process, task);
  }

  function goOn(now: number, task: number, process: number, seconds: number): void {
    advance(now);
    left[task] = seconds;
    owner[task] = process;
    if ((limits[process] ?? 0) > work + rounding) {
      hold(process, task);
      return;
    }
    waiting[process]?.push(task);
    handOver(process);
  }

  function letGo(now: number, process: number): void {
    advance(now);
    if (holders[process] === between) handOver(process);
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
      if (rest > 0) handOver(process);
      else holders[process] = between;
    }
    return rest > 0 ? -1 : task;
  }

  /** Whether the first end still holds; a computation that was shortened or stopped has another stamp. */
  function isCurrent(): boolean {
    const { subject, stamp } = ends.peek();
    return stamps[subject] === stamp;
  }

  function take(process: number, task: number): void {
    const isAwaited = (waiting[process]?.length() ?? 0) > 0;
    limits[process] = isAwaited ? work + quantumSeconds : Number.POSITIVE_INFINITY;
    locked++;
    hold(process, task);
  }

  function hold(process: number, task: number): void {
    holders[process] = task;
    run(task, Math.min(left[task] ?? 0, Math.max(0, (limits[process] ?? 0) - work)));
  }

  function handOver(process: number): void {
    holders[process] = nobody;
    locked--;
    const next = waiting[process]?.shift();
    if (next !== undefined) take(process, next);
  }

  /** Someone waits now: the holder has at most a quantum left. */
  function wait(process: number, task: number): void {
    waiting[process]?.push(task);
    if ((limits[process] ?? 0) < Number.POSITIVE_INFINITY) return;
    limits[process] = work + quantumSeconds;
    const holder = holders[process] ?? nobody;
    if (holder >= 0) shorten(holder, limits[process] ?? 0);
  }

  function run(task: number, seconds: number): void {
    running++;
    left[task] = (left[task] ?? 0) - seconds;
    schedule(task, work + seconds);
  }

  function shorten(holder: number, limit: number): void {
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

const nobody = -1;
const between = -2;

/** Seconds of work that are only the rounding of sums. */
const rounding = 1e-12;
