import { documentedDefaults } from './defaults.ts';
import { purposes, randomShare } from './random.ts';
import type { RequestError, StackConfiguration } from './simulate-configuration.ts';
import type { Cores } from './simulate-cores.ts';
import type { QuerySlots } from './simulate-database.ts';
import type { EventQueue } from './simulate-events.ts';
import type { Pools } from './simulate-pools.ts';
import type { Request, RequestSource, Stage } from './simulate-request.ts';
import type { Slots } from './simulate-web.ts';

/** What can happen to a request later. */
export const requestEvents = {
  queryEnds: 1,
  connected: 2,
  poolTimesOut: 3,
  proxyTimesOut: 4,
  workerTimesOut: 5,
  restarted: 6,
  refusalNoticed: 7,
} as const;

/** The parts of a stack that a request passes, and what is told of its end. */
export interface Stack {
  readonly configuration: StackConfiguration;
  readonly seed: number;
  readonly clock: { now: number };
  readonly events: EventQueue;
  readonly cores: Cores;
  /** Where queries compute: the same cores when the database has none of its own. */
  readonly databaseCores: Cores;
  readonly requests: RequestSource;
  readonly slots: Slots;
  readonly pools: Pools | undefined;
  readonly queries: QuerySlots;
  /** Request seconds spent waiting, by place. */
  readonly waits: Record<'workers' | 'cpu' | 'pool' | 'database', number>;
  /** Someone has their answer, or an error. */
  ended(request: Request, error: RequestError | undefined): void;
}

/** The way of a request through the stack. */
export interface RequestFlow {
  /** A request comes. */
  send(request: Request): void;
  /** A computation of the request has finished. */
  computed(request: Request): void;
  /** One of `requestEvents` has come; `stamp` tells whether it still matters. */
  handle(kind: number, subject: number, stamp: number): void;
}

/** Nobody learns of a refusal before the connection request is sent again. */
const refusalSeconds = documentedDefaults['linux.connect_retry'].value;
/** A kill comes up to this much later than the timeout. */
const arbiterSeconds = documentedDefaults['gunicorn.arbiter_interval'].value;

/** CPU that a waiting thread needs to wake and do what it was told; only that it is little matters. */
const wakeSeconds = 20e-6;
/** Gunicorn's main thread accepts, a thread of its pool takes the connection, waits for data and reads them. */
const turnsToRead = 4;
/** A thread that has answered and lost the lock meanwhile needs it once more for its next request, which lies ready. */
const turnsToReadNext = 1;
/** Of threads that go from one request to the next, those that keep the lock although sending the answer let it go. */
const keepLockShare = documentedDefaults['gunicorn.keep_lock_share'].value;
/** The driver returns from the query, from reading its rows, and from the ROLLBACK with which a pool takes it back. */
const turnsToReturn = 3;

/** A thread waits for its driver there, which is written in C and hears no signal. */
const stagesInDriver: ReadonlySet<Stage> = new Set(['database-line', 'database', 'database-computing']);

/** Moves requests from one part of the stack to the next. */
export function createFlow(stack: Stack): RequestFlow {
  const { configuration, seed, clock, events, cores, databaseCores, requests, slots, pools, queries, waits } = stack;
  const { web, pool, database, request: profile, proxyTimeoutSeconds } = configuration;
  const heldCpuSeconds = pool?.heldCpuSeconds ?? 0;
  /** The process whose lock the thread that is being followed still holds. */
  let holds = -1;

  return { send, computed: followThread, handle };

  function followThread(request: Request): void {
    const { process } = request;
    holds = request.stage === 'front' || request.stage === 'database-computing' ? -1 : process;
    computed(request);
    if (holds >= 0) cores.letGo(clock.now, process);
    holds = -1;
  }

  /** Goes on computing when the thread holds the lock already. */
  function spend(request: Request, seconds: number): void {
    if (holds >= 0 && holds === request.process) {
      holds = -1;
      cores.goOn(clock.now, request.index, request.process, seconds);
    } else cores.start(clock.now, request.index, request.process, seconds);
  }

  function handle(kind: number, subject: number, stamp: number): void {
    if (kind === requestEvents.restarted) {
      freeSlot(subject);
      return;
    }
    const request = requests.at(subject);
    if (!request) return;
    if (request.serial !== stamp) return;
    if (kind === requestEvents.queryEnds) queryWaited(request);
    else if (kind === requestEvents.connected) connect(request);
    else if (kind === requestEvents.poolTimesOut) poolTimer(request);
    else if (kind === requestEvents.proxyTimesOut) abandon(request);
    else if (kind === requestEvents.workerTimesOut) kill(request);
    else fail(request, 'refused');
  }

  function later(seconds: number, kind: number, request: Request): void {
    events.push(clock.now + seconds, kind, request.index, request.serial);
  }

  function send(request: Request): void {
    if (proxyTimeoutSeconds !== null) later(proxyTimeoutSeconds, requestEvents.proxyTimesOut, request);
    if (profile.frontCpuSeconds <= 0) enterWeb(request);
    else cores.start(clock.now, request.index, -1, profile.frontCpuSeconds);
  }

  function enterWeb(request: Request): void {
    enter(request, 'queued');
    const process = slots.admit(clock.now, request);
    if (process >= 0) serve(request, process);
    else if (process === -2) later(refusalSeconds, requestEvents.refusalNoticed, request);
  }

  function serve(request: Request, process: number): void {
    waits.workers += clock.now - request.since;
    request.process = process;
    if (web.kind === 'sync' && web.timeoutSeconds > 0) {
      const late = arbiterSeconds * randomShare(seed, purposes.check, request.user, request.serial);
      later(web.timeoutSeconds + late, requestEvents.workerTimesOut, request);
    }
    enter(request, 'reading');
    if (holds < 0) takeTurns(request, turnsToRead);
    else if (keepsLock(request)) begin(request);
    else takeTurns(request, turnsToReadNext);
  }

  /**
   * A thread that has answered goes on with the next request of its process. The calls that send the answer let the lock
   * go for so short a time that a thread that waits for it often comes too late.
   */
  function keepsLock(request: Request): boolean {
    return web.kind === 'sync' || randomShare(seed, purposes.keep, request.user, request.serial) < keepLockShare;
  }

  /** Threads that did not wait for the lock still must get it after each call that lets it go, however little they do. */
  function takeTurns(request: Request, turns: number): void {
    if (turns === 0 || cores.isFree(request.process)) {
      request.turns = 0;
      computed(request);
    } else {
      request.turns = turns - 1;
      cores.start(clock.now, request.index, request.process, wakeSeconds);
    }
  }

  function begin(request: Request): void {
    waits.cpu += clock.now - request.since;
    compute(request);
  }

  function compute(request: Request): void {
    enter(request, 'computing');
    const cpuSeconds = partOfCpu(request);
    waits.cpu -= cpuSeconds;
    if (cpuSeconds > 0) spend(request, cpuSeconds);
    else computed(request);
  }

  /** CPU before the next query, or after the last one, or of a request that got no connection. */
  function partOfCpu(request: Request): number {
    const { queries, lastCpuSeconds, failedCpuSeconds } = profile;
    const own = Math.max(0, request.cpuSeconds - queries * heldCpuSeconds);
    if (request.poolFailed && failedCpuSeconds !== undefined) return Math.min(own, failedCpuSeconds);
    if (lastCpuSeconds === undefined || queries === 0) return own / (queries + 1);
    const last = Math.min(own, lastCpuSeconds);
    return request.queriesLeft === 0 || request.poolFailed ? last : (own - last) / queries;
  }

  function computed(request: Request): void {
    if (request.turns > 0) takeTurns(request, request.turns);
    else if (request.stage === 'front') enterWeb(request);
    else if (request.stage === 'database-computing') queryComputed(request);
    else if (request.stage === 'reading') begin(request);
    else if (request.stage === 'returning') queryReturned(request);
    else if (request.stage === 'connecting') query(request);
    else if (request.stage === 'told' && pools) checkOut(request, pools);
    else {
      waits.cpu += clock.now - request.since;
      if (request.poolFailed) fail(request, 'poolTimeout');
      else if (request.queriesLeft === 0) answer(request);
      else if (!pools || request.hasConnection) query(request);
      else checkOut(request, pools);
    }
  }

  function checkOut(request: Request, from: Pools): void {
    const state = from.checkOut(clock.now, request);
    if (state === 'wait') {
      waitForConnection(request);
      return;
    }
    if (request.waitsSince >= 0) waits.pool += clock.now - request.waitsSince;
    request.waitsSince = -1;
    request.hasConnection = true;
    if (state === 'idle') {
      query(request);
      return;
    }
    enter(request, 'connecting');
    later(pool?.connectSeconds ?? 0, requestEvents.connected, request);
  }

  function waitForConnection(request: Request): void {
    enter(request, 'pool');
    const isNew = request.waitsSince < 0;
    if (isNew) request.waitsSince = clock.now;
    const seconds = pool?.timeoutSeconds ?? null;
    if (seconds === null) return;
    if (clock.now >= request.waitsSince + seconds) giveUpPool(request);
    else if (isNew) later(seconds, requestEvents.poolTimesOut, request);
  }

  /**
   * The timer may belong to an earlier query of the request, or come when a connection has just been offered. A thread
   * needs its process's lock to notice that its time is up, and then looks once more for a connection.
   */
  function poolTimer(request: Request): void {
    const seconds = pool?.timeoutSeconds ?? 0;
    if (request.stage !== 'pool' || clock.now < request.waitsSince + seconds) return;
    if (web.kind === 'async') {
      giveUpPool(request);
      return;
    }
    pools?.leave(request);
    enter(request, 'told');
    cores.start(clock.now, request.index, request.process, wakeSeconds);
  }

  function giveUpPool(request: Request): void {
    pools?.leave(request);
    waits.pool += clock.now - request.waitsSince;
    request.poolFailed = true;
    compute(request);
  }

  function connect(request: Request): void {
    const cpuSeconds = pool?.connectCpuSeconds ?? 0;
    if (cpuSeconds > 0) cores.start(clock.now, request.index, request.process, cpuSeconds);
    else query(request);
  }

  function query(request: Request): void {
    enter(request, 'database-line');
    if (queries.start(clock.now, request)) runQuery(request);
  }

  function runQuery(request: Request): void {
    waits.database += clock.now - request.since;
    enter(request, 'database');
    const seconds = request.databaseSeconds / profile.queries;
    later(seconds * (1 - database.cpuShare), requestEvents.queryEnds, request);
  }

  function queryWaited(request: Request): void {
    const cpuSeconds = (request.databaseSeconds / profile.queries) * database.cpuShare;
    if (cpuSeconds <= 0) {
      queryDone(request);
      return;
    }
    waits[database.cpus === null ? 'cpu' : 'database'] -= cpuSeconds;
    enter(request, 'database-computing');
    databaseCores.start(clock.now, request.index, -1, cpuSeconds);
  }

  function queryComputed(request: Request): void {
    waits[database.cpus === null ? 'cpu' : 'database'] += clock.now - request.since;
    queryDone(request);
  }

  function queryDone(request: Request): void {
    for (const next of queries.finish(clock.now, request)) runQuery(next);
    if (request.orphaned) {
      requests.release(request);
      return;
    }
    if (request.aborted) {
      enter(request, 'returning');
      kill(request);
      return;
    }
    enter(request, 'returning');
    waits.cpu -= heldCpuSeconds;
    // Whatever it does next, it holds the lock while it gives the connection back.
    request.turns = heldCpuSeconds > 0 || !cores.isFree(request.process) ? turnsToReturn : 0;
    cores.start(clock.now, request.index, request.process, Math.max(heldCpuSeconds, wakeSeconds));
  }

  function queryReturned(request: Request): void {
    waits.cpu += clock.now - request.since;
    request.queriesLeft--;
    if (pool?.heldFor === 'query') giveBack(request);
    compute(request);
  }

  function giveBack(request: Request): void {
    if (!request.hasConnection) return;
    request.hasConnection = false;
    const told = pools?.checkIn(clock.now, request.process);
    if (!told) return;
    enter(told, 'told');
    cores.start(clock.now, told.index, told.process, wakeSeconds);
  }

  function answer(request: Request): void {
    if (!request.abandoned) stack.ended(request, undefined);
    leaveWorker(request);
  }

  function fail(request: Request, error: RequestError): void {
    if (!request.abandoned) stack.ended(request, error);
    if (error === 'refused') requests.release(request);
    else leaveWorker(request);
  }

  /** The proxy answers; the worker goes on, because nothing tells it. */
  function abandon(request: Request): void {
    if (request.abandoned || request.orphaned) return;
    request.abandoned = true;
    stack.ended(request, 'proxyTimeout');
  }

  /**
   * Gunicorn first sends a signal that the worker acts upon in Python, which one that waits in a driver written in C does
   * not reach; at its next look it kills. A sync worker serves one request, so that leaves at most a query that the
   * database goes on with.
   */
  function kill(request: Request): void {
    if (request.orphaned) return;
    const waitsInDriver = stagesInDriver.has(request.stage);
    if (waitsInDriver && !request.aborted) {
      request.aborted = true;
      later(arbiterSeconds, requestEvents.workerTimesOut, request);
      return;
    }
    if (!request.abandoned) stack.ended(request, 'workerTimeout');
    pools?.empty(clock.now, request.process);
    cores.abort(clock.now, request.index, request.process);
    events.push(clock.now + web.restartSeconds, requestEvents.restarted, request.process, 0);
    request.orphaned = waitsInDriver;
    if (!request.orphaned) requests.release(request);
  }

  function leaveWorker(request: Request): void {
    giveBack(request);
    const { process } = request;
    requests.release(request);
    freeSlot(process);
  }

  function freeSlot(process: number): void {
    const next = slots.free(clock.now, process);
    if (next) serve(next, process);
  }

  function enter(request: Request, stage: Stage): void {
    request.stage = stage;
    request.since = clock.now;
  }
}
