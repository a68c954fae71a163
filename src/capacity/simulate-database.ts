import type { DatabaseTier } from './simulate-configuration.ts';
import { createLine } from './simulate-line.ts';
import { createTally, type Tally } from './simulate-measures.ts';
import type { Request } from './simulate-request.ts';

/** The queries that run and those that wait to. */
export interface QuerySlots {
  /** Whether the query starts at once; otherwise it waits in line. */
  start(now: number, request: Request): boolean;
  /** Ends a query; returns the requests whose queries start now. */
  finish(now: number, request: Request): readonly Request[];
  readonly busy: Tally;
}

/** An idle database. */
export function createQuerySlots(database: DatabaseTier): QuerySlots {
  const line = createLine<Request>();
  const busy = createTally();
  let running = 0;
  let writing = 0;

  return { start, finish, busy };

  function start(now: number, request: Request): boolean {
    if (!fits(request)) {
      line.push(request);
      return false;
    }
    occupy(now, request, 1);
    return true;
  }

  function finish(now: number, request: Request): readonly Request[] {
    occupy(now, request, -1);
    if (line.length() === 0) return [];
    const started: Request[] = [];
    for (let next = line.shiftWhere(fits); next !== undefined; next = line.shiftWhere(fits)) {
      occupy(now, next, 1);
      started.push(next);
    }
    return started;
  }

  function fits(request: Request): boolean {
    return running < database.concurrency && (!request.writes || writing < database.writers);
  }

  function occupy(now: number, request: Request, change: number): void {
    running += change;
    if (request.writes) writing += change;
    busy.add(now, change);
  }
}
