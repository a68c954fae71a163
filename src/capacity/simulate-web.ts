import { acceptShares } from './accept-shares.ts';
import type { WebTier } from './simulate-configuration.ts';
import { createLine } from './simulate-line.ts';
import { createTally, type Tally } from './simulate-measures.ts';
import type { Request } from './simulate-request.ts';

/** The worker slots of all processes and the requests that wait for one. */
export interface Slots {
  /** The process that serves the request at once, -1 when it must wait, -2 when it is refused. */
  admit(now: number, request: Request): number;
  /** Frees a slot; returns the request that takes it next. */
  free(now: number, process: number): Request | undefined;
  readonly busy: Tally;
}

/**
 * Idle processes. A sync worker takes the next connection of the backlog when it is idle. Others accept what comes, whether
 * they have a free slot or not, and the kernel prefers some: of the sleeping processes each accepts less than the one before.
 */
export function createSlots(web: WebTier): Slots {
  const shared = web.kind === 'sync';
  const used = new Int32Array(web.processes);
  const idle = createLine<number>();
  for (let process = 0; process < web.processes; process++) idle.push(process);
  const backlog = createLine<Request>();
  const queues = shared ? [] : Array.from({ length: web.processes }, () => createLine<Request>());
  const busy = createTally();
  const accepts = runningSums(acceptShares(web.processes));
  let lastFreed = Number.NEGATIVE_INFINITY;

  return { admit, free, busy };

  function admit(now: number, request: Request): number {
    const process = shared ? idle.shift() : acceptingProcess(now, request.acceptShare);
    const line = process === undefined || shared ? backlog : (queues[process] ?? backlog);
    if (process === undefined || (used[process] ?? 0) >= web.concurrency) {
      if (line.length() >= web.backlog) return -2;
      line.push(request);
      return -1;
    }
    occupy(now, process, 1);
    return process;
  }

  function free(now: number, process: number): Request | undefined {
    lastFreed = now;
    const next = (shared ? backlog : (queues[process] ?? backlog)).shift();
    if (next) return next;
    occupy(now, process, -1);
    if (shared) idle.push(process);
    return undefined;
  }

  function acceptingProcess(now: number, share: number): number {
    const areAwake = now - lastFreed < wakefulSeconds;
    return areAwake ? Math.floor(share * web.processes) : firstAbove(accepts, share);
  }

  function occupy(now: number, process: number, change: number): void {
    used[process] = (used[process] ?? 0) + change;
    busy.add(now, change);
  }
}

/** How long processes that have just been busy are as quick to accept as each other. */
const wakefulSeconds = 0.001;

function runningSums(shares: Float64Array): Float64Array {
  let sum = 0;
  return shares.map((share) => {
    sum += share;
    return sum;
  });
}

function firstAbove(sums: Float64Array, share: number): number {
  const found = sums.findIndex((sum) => sum > share);
  return found < 0 ? sums.length - 1 : found;
}
