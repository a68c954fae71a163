import { purposes, randomShare } from './random.ts';
import type { RequestError, SimulationOptions, StackConfiguration } from './simulate-configuration.ts';
import { createCores } from './simulate-cores.ts';
import { createQuerySlots } from './simulate-database.ts';
import { createEventQueue } from './simulate-events.ts';
import { createOutcomes, createTally } from './simulate-measures.ts';
import { createPools } from './simulate-pools.ts';
import { createRequests, type Request, type Stage } from './simulate-request.ts';
import { createSlots } from './simulate-web.ts';

/** What a run has measured, before it is turned into rates and shares. */
export interface Measured {
  readonly seconds: number;
  readonly outcomes: ReturnType<typeof createOutcomes>;
  /** Ages of the requests that were still on their way. */
  readonly unfinished: readonly number[];
  /** Request seconds spent waiting, by place. */
  readonly waits: Readonly<Record<'workers' | 'cpu' | 'pool' | 'database', number>>;
  /** Busy seconds, by resource: slot, lock, core, connection, query and request seconds. */
  readonly busy: Readonly<Record<'workers' | 'processCpu' | 'cpus' | 'pool' | 'database' | 'requests', number>>;
}

/** CPython hands the interpreter lock over after 5 ms when other threads wait (`sys.setswitchinterval`). */
const switchSeconds = 0.005;
/** Linux sends a refused connection request again after 1 s (TCP_TIMEOUT_INIT), so nobody learns of it earlier. */
const refusalSeconds = 1;
/** Gunicorn's arbiter looks at its workers every second (`Arbiter.sleep`), so a kill comes up to that much later. */
const arbiterSeconds = 1;

const arrive = 0;
const queryEnds = 1;
const connected = 2;
const poolTimesOut = 3;
const proxyTimesOut = 4;
const workerTimesOut = 5;
const restarted = 6;
const refusalNoticed = 7;

/** Runs the events of a configuration whose inputs have been checked. */
export function runSimulation(configuration: StackConfiguration, options: SimulationOptions): Measured {
  const { web, pool, database, request: profile, load, proxyTimeoutSeconds } = configuration;
  const seconds = options.seconds ?? 60;
  const begin = options.warmUpSeconds ?? seconds / 10;
  const seed = options.seed ?? 1;
  const events = createEventQueue();
  const cores = createCores({
    cpus: web.cpus,
    processes: web.processes,
    quantumSeconds: web.kind === 'async' ? Number.POSITIVE_INFINITY : switchSeconds,
  });
  const requests = createRequests(configuration, seed);
  const slots = createSlots(web);
  const pools = pool === null ? undefined : createPools(pool, web.processes);
  const queries = createQuerySlots(database);
  const inSystem = createTally();
  const outcomes = createOutcomes();
  const waits = { workers: 0, cpu: 0, pool: 0, database: 0 };
  let now = 0;
  let arrivals = 0;
  let checkouts = 0;

  startLoad();
  let eventsLeft = options.maxEvents ?? 2_000_000;
  const ended = runUntil(begin) && measureFromHere() && runUntil(begin + seconds);
  return collect(ended ? begin + seconds : now);

  function runUntil(end: number): boolean {
    for (; eventsLeft > 0; eventsLeft--) {
      const eventTime = events.nextTime();
      const coreTime = cores.nextTime();
      if (Math.min(eventTime, coreTime) > end) {
        now = end;
        return true;
      }
      if (coreTime <= eventTime) {
        now = coreTime;
        const task = cores.step();
        const request = task < 0 ? undefined : requests.at(task);
        if (request) computed(request);
      } else {
        events.pop();
        now = eventTime;
        handle(events.taken.kind, events.taken.subject, events.taken.stamp);
      }
    }
    return false;
  }

  function handle(kind: number, subject: number, stamp: number): void {
    if (kind === arrive) {
      arrival(subject);
      return;
    }
    if (kind === restarted) {
      freeSlot(subject);
      return;
    }
    const request = requests.at(subject);
    if (!request) return;
    if (kind === poolTimesOut) {
      if (request.checkout === stamp && request.stage === 'pool') giveUpPool(request);
      return;
    }
    if (request.serial !== stamp) return;
    if (kind === queryEnds) queryWaited(request);
    else if (kind === connected) connect(request);
    else if (kind === proxyTimesOut) abandon(request);
    else if (kind === workerTimesOut) kill(request);
    else if (kind === refusalNoticed) fail(request, 'refused');
  }

  function startLoad(): void {
    if (load.kind !== 'users') {
      events.push(load.kind === 'bursts' ? 0 : nextGap(), arrive, 0, 0);
      return;
    }
    for (let user = 0; user < load.users; user++) events.push(requests.thinkSeconds(user), arrive, user, 0);
  }

  function nextGap(): number {
    if (load.kind !== 'arrivals') return 0;
    return -Math.log(randomShare(seed, purposes.arrival, 0, arrivals)) / load.requestsPerSecond;
  }

  function arrival(user: number): void {
    if (load.kind === 'users') {
      send(user);
      return;
    }
    const count = load.kind === 'bursts' ? load.requests : 1;
    for (let index = 0; index < count; index++) send(arrivals++);
    events.push(now + (load.kind === 'bursts' ? load.everySeconds : nextGap()), arrive, 0, 0);
  }

  function send(user: number): void {
    const request = requests.take(user, now);
    inSystem.add(now, 1);
    if (proxyTimeoutSeconds !== null) {
      events.push(now + proxyTimeoutSeconds, proxyTimesOut, request.index, request.serial);
    }
    if (profile.frontCpuSeconds <= 0) {
      enterWeb(request);
      return;
    }
    cores.start(now, request.index, -1, profile.frontCpuSeconds);
  }

  function enterWeb(request: Request): void {
    enter(request, 'queued');
    const process = slots.admit(now, request);
    if (process >= 0) serve(request, process);
    else if (process === -2) events.push(now + refusalSeconds, refusalNoticed, request.index, request.serial);
  }

  function serve(request: Request, process: number): void {
    waits.workers += now - request.since;
    request.process = process;
    if (web.kind === 'sync' && web.timeoutSeconds > 0) {
      const late = arbiterSeconds * randomShare(seed, purposes.check, request.user, request.serial);
      events.push(now + web.timeoutSeconds + late, workerTimesOut, request.index, request.serial);
    }
    compute(request, request.cpuSeconds / (profile.queries + 1));
  }

  function compute(request: Request, cpuSeconds: number): void {
    enter(request, 'computing');
    if (cpuSeconds <= 0) {
      computed(request);
      return;
    }
    waits.cpu -= cpuSeconds;
    cores.start(now, request.index, request.process, cpuSeconds);
  }

  function computed(request: Request): void {
    if (request.stage === 'front') {
      enterWeb(request);
      return;
    }
    if (request.stage === 'database') {
      queryDone(request);
      return;
    }
    waits.cpu += now - request.since;
    if (request.stage === 'connecting') {
      query(request);
      return;
    }
    if (request.poolFailed) {
      fail(request, 'poolTimeout');
      return;
    }
    if (request.queriesLeft === 0) {
      answer(request);
      return;
    }
    if (!pools || request.hasConnection) {
      query(request);
      return;
    }
    checkOut(request, pools);
  }

  function checkOut(request: Request, from: NonNullable<typeof pools>): void {
    const state = from.checkOut(now, request);
    if (state === 'wait') {
      waitForConnection(request);
      return;
    }
    request.hasConnection = true;
    if (state === 'idle') {
      query(request);
      return;
    }
    enter(request, 'connecting');
    events.push(now + (pool?.connectSeconds ?? 0), connected, request.index, request.serial);
  }

  function waitForConnection(request: Request): void {
    enter(request, 'pool');
    request.checkout = ++checkouts;
    if (pool?.timeoutSeconds === 0) {
      giveUpPool(request);
      return;
    }
    if (pool && pool.timeoutSeconds !== null)
      events.push(now + pool.timeoutSeconds, poolTimesOut, request.index, request.checkout);
  }

  function giveUpPool(request: Request): void {
    pools?.leave(request);
    waits.pool += now - request.since;
    request.poolFailed = true;
    compute(request, request.cpuSeconds / (profile.queries + 1));
  }

  function connect(request: Request): void {
    const cpuSeconds = pool?.connectCpuSeconds ?? 0;
    if (cpuSeconds <= 0) {
      query(request);
      return;
    }
    request.since = now + cpuSeconds;
    cores.start(now, request.index, request.process, cpuSeconds);
  }

  function query(request: Request): void {
    enter(request, 'database-line');
    if (queries.start(now, request)) runQuery(request);
  }

  function runQuery(request: Request): void {
    waits.database += now - request.since;
    enter(request, 'database');
    const seconds = request.databaseSeconds / profile.queries;
    events.push(now + seconds * (1 - database.sharedCpuShare), queryEnds, request.index, request.serial);
  }

  function queryWaited(request: Request): void {
    const cpuSeconds = (request.databaseSeconds / profile.queries) * database.sharedCpuShare;
    if (cpuSeconds <= 0) {
      queryDone(request);
      return;
    }
    cores.start(now, request.index, -1, cpuSeconds);
  }

  function queryDone(request: Request): void {
    for (const next of queries.finish(now, request)) runQuery(next);
    if (request.orphaned) {
      requests.release(request);
      return;
    }
    request.queriesLeft--;
    if (pool?.heldFor === 'query') giveBack(request);
    compute(request, request.cpuSeconds / (profile.queries + 1));
  }

  function giveBack(request: Request): void {
    if (!request.hasConnection) return;
    request.hasConnection = false;
    const next = pools?.checkIn(now, request.process);
    if (!next) return;
    waits.pool += now - next.since;
    next.hasConnection = true;
    query(next);
  }

  function answer(request: Request): void {
    if (!request.abandoned) {
      outcomes.answered(now - request.arrivedAt);
      think(request);
    }
    end(request);
  }

  function fail(request: Request, error: RequestError): void {
    if (!request.abandoned) {
      outcomes.failed(error, now - request.arrivedAt);
      think(request);
    }
    if (error === 'refused') requests.release(request);
    else end(request);
  }

  function abandon(request: Request): void {
    if (request.abandoned || request.orphaned) return;
    request.abandoned = true;
    outcomes.failed('proxyTimeout', now - request.arrivedAt);
    think(request);
  }

  function end(request: Request): void {
    giveBack(request);
    const { process } = request;
    requests.release(request);
    freeSlot(process);
  }

  function freeSlot(process: number): void {
    const next = slots.free(now, process);
    if (next) serve(next, process);
  }

  function think(request: Request): void {
    inSystem.add(now, -1);
    if (load.kind === 'users') events.push(now + requests.thinkSeconds(request.user), arrive, request.user, 0);
  }

  /** A sync worker serves one request, so killing it leaves at most a query that the database goes on with. */
  function kill(request: Request): void {
    if (request.orphaned) return;
    if (!request.abandoned) {
      outcomes.failed('workerTimeout', now - request.arrivedAt);
      think(request);
    }
    pools?.empty(now, request.process);
    cores.abort(now, request.index, request.process);
    events.push(now + web.restartSeconds, restarted, request.process, 0);
    request.orphaned = request.stage === 'database' || request.stage === 'database-line';
    if (!request.orphaned) requests.release(request);
  }

  function enter(request: Request, stage: Stage): void {
    request.stage = stage;
    request.since = now;
  }

  function measureFromHere(): boolean {
    for (const tally of [slots.busy, queries.busy, inSystem, pools?.inUse]) tally?.reset(now);
    cores.reset(now);
    outcomes.reset();
    Object.assign(waits, { workers: 0, cpu: 0, pool: 0, database: 0 });
    return true;
  }

  function collect(end: number): Measured {
    const { coreSeconds, lockedSeconds } = cores.measure(end);
    return {
      seconds: Math.max(end - begin, 1e-6),
      outcomes,
      unfinished: requests.active().map((request) => end - request.arrivedAt),
      waits,
      busy: {
        workers: slots.busy.area(end),
        processCpu: lockedSeconds,
        cpus: coreSeconds,
        pool: pools?.inUse.area(end) ?? 0,
        database: queries.busy.area(end),
        requests: inSystem.area(end),
      },
    };
  }
}
