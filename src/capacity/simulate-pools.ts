import type { PoolSettings } from './simulate-configuration.ts';
import { createLine } from './simulate-line.ts';
import { createTally, type Tally } from './simulate-measures.ts';
import type { Request } from './simulate-request.ts';

/** The connection pools of all processes. */
export interface Pools {
  /** `idle`: there is an open connection. `connect`: one must be opened. `wait`: all are in use. */
  checkOut(now: number, request: Request): 'idle' | 'connect' | 'wait';
  /**
   * Gives a connection back; returns the waiting request that is told of it. It must still come and take it: as in
   * Python's queues, another request that asks first gets it, and the one that was told waits again, as the last.
   */
  checkIn(now: number, process: number): Request | undefined;
  /** Gives up waiting. */
  leave(request: Request): void;
  /** All connections of a process are gone: it was killed. */
  empty(now: number, process: number): void;
  readonly inUse: Tally;
}

/** Empty pools, as libraries create them: connections are opened when first needed. */
export function createPools(pool: PoolSettings, processes: number): Pools {
  const capacity = pool.size + pool.overflow;
  const used = new Int32Array(processes);
  const idle = new Int32Array(processes);
  const lines = Array.from({ length: processes }, () => createLine<Request>());
  const inUse = createTally();

  return { checkOut, checkIn, leave, empty, inUse };

  function checkOut(now: number, request: Request): 'idle' | 'connect' | 'wait' {
    const { process } = request;
    if ((used[process] ?? 0) >= capacity) {
      lines[process]?.push(request);
      return 'wait';
    }
    occupy(now, process, 1);
    if ((idle[process] ?? 0) === 0) return 'connect';
    idle[process] = (idle[process] ?? 0) - 1;
    return 'idle';
  }

  function checkIn(now: number, process: number): Request | undefined {
    occupy(now, process, -1);
    const keeps = (idle[process] ?? 0) < pool.size;
    if (keeps) idle[process] = (idle[process] ?? 0) + 1;
    return lines[process]?.shift();
  }

  function leave(request: Request): void {
    lines[request.process]?.remove(request);
  }

  function empty(now: number, process: number): void {
    occupy(now, process, -(used[process] ?? 0));
    idle[process] = 0;
  }

  function occupy(now: number, process: number, change: number): void {
    used[process] = (used[process] ?? 0) + change;
    inUse.add(now, change);
  }
}
