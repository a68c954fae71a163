import { purposes, randomShare, timeSampler } from './random.ts';
import type { StackConfiguration } from './simulate-configuration.ts';

/** Where a request is. */
export type Stage =
  | 'front'
  | 'queued'
  | 'reading'
  | 'computing'
  | 'pool'
  | 'told'
  | 'connecting'
  | 'database-line'
  | 'database'
  | 'database-computing'
  | 'returning';

/** A request on its way through the stack. Changed in place and used again: a run has tens of thousands. */
export interface Request {
  readonly index: number;
  /** Tells one use of this record from the next, so that old timers are recognised. */
  serial: number;
  user: number;
  arrivedAt: number;
  /** When the present wait or computation began. */
  since: number;
  stage: Stage;
  /** How often it must still get the process's lock before the present stage ends. */
  turns: number;
  /** Decides which process accepts it. */
  acceptShare: number;
  process: number;
  cpuSeconds: number;
  databaseSeconds: number;
  writes: boolean;
  queriesLeft: number;
  hasConnection: boolean;
  /** When the wait for a connection began; negative when there was none. */
  waitsSince: number;
  poolFailed: boolean;
  /** Nobody waits for the answer any more: the proxy has given up. */
  abandoned: boolean;
  /** The worker was told to end, and hears of it when its driver returns. */
  aborted: boolean;
  /** The worker was killed while the database still works on the query. */
  orphaned: boolean;
}

/** Hands out request records and fills them with what the users' random numbers say. */
export interface RequestSource {
  take(user: number, now: number): Request;
  release(request: Request): void;
  at(index: number): Request | undefined;
  /** Requests that are on their way. */
  active(): readonly Request[];
  thinkSeconds(user: number): number;
}

/** The users of a configuration; everything random depends on seed, user and the number of the request alone. */
export function createRequests(configuration: StackConfiguration, seed: number): RequestSource {
  const { request, load } = configuration;
  const cpu = timeSampler(request.cpu);
  const database = timeSampler(request.database);
  const think = load.kind === 'users' ? timeSampler(load.think) : () => 0;
  const records: Request[] = [];
  const free: Request[] = [];
  const numbers: number[] = [];
  let serial = 0;

  return {
    take(user, now) {
      const number = numbers[user] ?? 0;
      numbers[user] = number + 1;
      const share = (purpose: number) => randomShare(seed, purpose, user, number);
      const record = free.pop() ?? blank();
      record.serial = ++serial;
      record.user = user;
      record.arrivedAt = now;
      record.since = now;
      record.stage = 'front';
      record.acceptShare = share(purposes.process);
      record.process = -1;
      record.turns = 0;
      record.cpuSeconds = cpu(share(purposes.cpu));
      record.databaseSeconds = database(share(purposes.database));
      record.writes = share(purposes.write) < request.writeShare;
      record.queriesLeft = request.queries;
      record.hasConnection = false;
      record.waitsSince = -1;
      record.poolFailed = false;
      record.abandoned = false;
      record.aborted = false;
      record.orphaned = false;
      return record;
    },
    release(record) {
      record.serial = -1;
      free.push(record);
    },
    at: (index) => records[index],
    active: () => records.filter((record) => record.serial >= 0),
    thinkSeconds: (user) => think(randomShare(seed, purposes.think, user, numbers[user] ?? 0)),
  };

  function blank(): Request {
    const record = { index: records.length } as Request;
    records.push(record);
    return record;
  }
}
