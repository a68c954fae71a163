import { documentedDefaults } from './defaults.ts';
import { purposes, randomShare } from './random.ts';
import type { RequestError, SimulationOptions, StackConfiguration } from './simulate-configuration.ts';
import { type Cores, createCores } from './simulate-cores.ts';
import { createQuerySlots } from './simulate-database.ts';
import { createEventQueue } from './simulate-events.ts';
import { createFlow } from './simulate-flow.ts';
import { createOutcomes, createTally, type Outcomes } from './simulate-measures.ts';
import { createPools } from './simulate-pools.ts';
import { createRequests, type Request } from './simulate-request.ts';
import { createSlots } from './simulate-web.ts';

/** What a run has measured, before it is turned into rates and shares. */
export interface Measured {
  readonly seconds: number;
  readonly outcomes: Outcomes;
  /** Ages of the requests that were still on their way. */
  readonly unfinished: readonly number[];
  /** Request seconds spent waiting, by place. */
  readonly waits: Readonly<Record<'workers' | 'cpu' | 'pool' | 'database', number>>;
  /** Busy seconds, by resource: slot, lock, core, connection, query and request seconds. */
  readonly busy: Readonly<
    Record<'workers' | 'processCpu' | 'cpus' | 'pool' | 'database' | 'databaseCpu' | 'requests', number>
  >;
}

/** A computing thread hands the interpreter lock over after this long when others wait. */
const switchSeconds = documentedDefaults['cpython.switch_interval'].value;
/** The event of a user's next request, or of the next arrival; the others are `requestEvents`. */
const arrives = 0;

/** Runs the events of a configuration whose inputs have been checked. */
export function runSimulation(configuration: StackConfiguration, options: SimulationOptions): Measured {
  const { web, pool, database, load } = configuration;
  const { seed = 1, seconds = 60, warmUpSeconds = seconds / 10, maxEvents = 2_000_000 } = options;
  const clock = { now: 0 };
  const events = createEventQueue();
  const quantumSeconds = web.kind === 'async' ? Number.POSITIVE_INFINITY : switchSeconds;
  const cores = createCores({ cpus: web.cpus, processes: web.processes, quantumSeconds });
  const databaseCores =
    database.cpus === null ? cores : createCores({ cpus: database.cpus, processes: 0, quantumSeconds });
  const requests = createRequests(configuration, seed);
  const slots = createSlots(web);
  const pools = pool === null ? undefined : createPools(pool, web.processes);
  const queries = createQuerySlots(database);
  const inSystem = createTally();
  const outcomes = createOutcomes();
  const waits = { workers: 0, cpu: 0, pool: 0, database: 0 };
  const flow = createFlow({
    ...{ configuration, seed, clock, events, cores, databaseCores, requests, slots, pools, queries, waits },
    ended,
  });
  let arrivals = 0;
  let eventsLeft = maxEvents;

  startLoad();
  if (runUntil(warmUpSeconds)) {
    measureFromHere();
    runUntil(warmUpSeconds + seconds);
  }
  return collect();

  /** False when the events ran out first. */
  function runUntil(end: number): boolean {
    for (; eventsLeft > 0; eventsLeft--) {
      const eventTime = events.nextTime();
      const webTime = cores.nextTime();
      const databaseTime = databaseCores === cores ? webTime : databaseCores.nextTime();
      const coreTime = Math.min(webTime, databaseTime);
      if (Math.min(eventTime, coreTime) > end) {
        clock.now = end;
        return true;
      }
      clock.now = Math.min(eventTime, coreTime);
      if (coreTime > eventTime) handleEvent();
      else finishComputation(webTime <= databaseTime ? cores : databaseCores);
    }
    return false;
  }

  function finishComputation(on: Cores): void {
    const task = on.step();
    const request = task < 0 ? undefined : requests.at(task);
    if (request) flow.computed(request);
  }

  function handleEvent(): void {
    events.pop();
    const { kind, subject, stamp } = events.taken;
    if (kind === arrives) arrive(subject);
    else flow.handle(kind, subject, stamp);
  }

  function startLoad(): void {
    if (load.kind === 'arrivals') events.push(gapSeconds(load.requestsPerSecond), arrives, 0, 0);
    else if (load.kind === 'bursts') events.push(0, arrives, 0, 0);
    else for (let user = 0; user < load.users; user++) events.push(requests.thinkSeconds(user), arrives, user, 0);
  }

  function arrive(user: number): void {
    if (load.kind === 'users') {
      send(user);
    } else if (load.kind === 'arrivals') {
      send(arrivals++);
      events.push(clock.now + gapSeconds(load.requestsPerSecond), arrives, 0, 0);
    } else {
      for (let count = 0; count < load.requests; count++) send(arrivals++);
      events.push(clock.now + load.everySeconds, arrives, 0, 0);
    }
  }

  /** Time between arrivals that know nothing of each other. */
  function gapSeconds(requestsPerSecond: number): number {
    return -Math.log(randomShare(seed, purposes.arrival, 0, arrivals)) / requestsPerSecond;
  }

  function send(user: number): void {
    inSystem.add(clock.now, 1);
    flow.send(requests.take(user, clock.now));
  }

  function ended(request: Request, error: RequestError | undefined): void {
    inSystem.add(clock.now, -1);
    const responseSeconds = clock.now - request.arrivedAt;
    if (error === undefined) outcomes.answered(responseSeconds);
    else outcomes.failed(error, responseSeconds);
    if (load.kind !== 'users') return;
    events.push(clock.now + requests.thinkSeconds(request.user), arrives, request.user, 0);
  }

  function measureFromHere(): void {
    for (const tally of [slots.busy, queries.busy, inSystem, pools?.inUse]) tally?.reset(clock.now);
    cores.reset(clock.now);
    if (databaseCores !== cores) databaseCores.reset(clock.now);
    outcomes.reset();
    Object.assign(waits, { workers: 0, cpu: 0, pool: 0, database: 0 });
  }

  function collect(): Measured {
    const { now } = clock;
    const { coreSeconds, lockedSeconds } = cores.measure(now);
    return {
      // Events that run out before anything is measured still give rates, of the time there was.
      seconds: Math.max(now > warmUpSeconds ? now - warmUpSeconds : now, 1e-6),
      outcomes,
      unfinished: requests.active().map((request) => now - request.arrivedAt),
      waits,
      busy: {
        workers: slots.busy.area(now),
        processCpu: lockedSeconds,
        cpus: coreSeconds,
        pool: pools?.inUse.area(now) ?? 0,
        database: queries.busy.area(now),
        databaseCpu: databaseCores === cores ? 0 : databaseCores.measure(now).coreSeconds,
        requests: inSystem.area(now),
      },
    };
  }
}
