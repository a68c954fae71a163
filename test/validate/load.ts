import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { purposes, randomShare, timeSampler } from '../../src/capacity/random.ts';
import type { Application } from './cases.ts';

/** A closed population of users, as the simulation's. */
export interface Population {
  /** Where the application listens. */
  readonly port: number;
  readonly application: Application;
  readonly users: number;
  readonly thinkSeconds: number;
  readonly seed: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** What the users saw, between warm-up and end. */
export interface Observation {
  readonly throughputPerSecond: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly errorShare: number;
  readonly answered: number;
  /** Requests that ended in the window and were neither answered nor refused by the pool. */
  readonly otherErrors: number;
}

/**
 * Lets users send requests, each over a connection of its own as a proxy does, think and send again. Think times and
 * costs of the requests are drawn with the simulation's random numbers, so both see the same workload.
 */
export async function applyLoad(
  population: Population,
  phase: { readonly begins?: () => void; readonly ends?: () => void } = {},
): Promise<Observation> {
  const { application, seed, users, warmUpSeconds, seconds } = population;
  const think = timeSampler({ kind: 'exponential', meanSeconds: population.thinkSeconds });
  const costs = requestCosts(application, seed);
  const start = performance.now() + 1000 * warmUpSeconds;
  const end = start + 1000 * seconds;
  const times: number[] = [];
  let poolErrors = 0;
  let otherErrors = 0;

  const timers = [
    sleep(1000 * warmUpSeconds).then(phase.begins),
    sleep(1000 * (warmUpSeconds + seconds)).then(phase.ends),
  ];
  await Promise.all([...Array.from({ length: users }, (_, user) => live(user)), ...timers]);
  times.sort((left, right) => left - right);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  return {
    throughputPerSecond: times.length / seconds,
    p50Seconds: at(0.5),
    p95Seconds: at(0.95),
    errorShare: (poolErrors + otherErrors) / Math.max(1, times.length + poolErrors + otherErrors),
    answered: times.length,
    otherErrors,
  };

  async function live(user: number): Promise<void> {
    for (let number = 0; ; number++) {
      const thinkMs = 1000 * think(randomShare(seed, purposes.think, user, number));
      if (thinkMs > 0) await sleep(thinkMs);
      const sentAt = performance.now();
      if (sentAt >= end) return;
      const { status } = await get(population.port, costs(user, number).path);
      record(status, sentAt);
    }
  }

  function record(status: number, sentAt: number): void {
    const now = performance.now();
    if (now < start || now >= end) return;
    if (status === 200) times.push((now - sentAt) / 1000);
    else if (status === 503) poolErrors++;
    else otherErrors++;
  }
}

/** What one client saw that asked one request after the other. */
export interface Sequence {
  readonly requests: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** What the requests asked for, together. */
  readonly askedCpuSeconds: number;
  readonly askedDatabaseSeconds: number;
  /** How long the requests held a connection, together, and the CPU that they spent meanwhile. */
  readonly heldSeconds: number;
  readonly heldCpuSeconds: number;
}

/** Asks `requests` times, one after the other, without thinking. */
export async function askInTurn(
  application: Application,
  setup: {
    readonly port: number;
    readonly seed: number;
    readonly requests: number;
    /** Whether the requests use the database. */
    readonly queries: boolean;
  },
): Promise<Sequence> {
  const costs = requestCosts(application, setup.seed);
  const began = performance.now();
  let [askedCpuSeconds, askedDatabaseSeconds, heldSeconds, heldCpuSeconds] = [0, 0, 0, 0];
  for (let number = 0; number < setup.requests; number++) {
    const { cpuSeconds, databaseSeconds, path } = costs(0, number);
    askedCpuSeconds += cpuSeconds;
    askedDatabaseSeconds += setup.queries ? databaseSeconds : 0;
    const { status, text } = await get(setup.port, setup.queries ? path : path.replace(/&.*/, ''));
    const held = /^Held: (\S+) (\S+)/im.exec(text);
    heldSeconds += Number(held?.[1] ?? 0);
    heldCpuSeconds += Number(held?.[2] ?? 0);
    if (status !== 200) throw new Error(`The application answered ${status} to a single client.`);
  }
  const seconds = (performance.now() - began) / 1000;
  return { requests: setup.requests, seconds, askedCpuSeconds, askedDatabaseSeconds, heldSeconds, heldCpuSeconds };
}

/** What the request with this number of this user costs. */
function requestCosts(application: Application, seed: number) {
  const cpu = timeSampler(application.cpu);
  const database = timeSampler(application.database);
  return (user: number, number: number) => {
    const cpuSeconds = cpu(randomShare(seed, purposes.cpu, user, number));
    const databaseSeconds = database(randomShare(seed, purposes.database, user, number));
    const query = `${application.inDatabase === 'computes' ? 'compute' : 'sleep'}=${databaseSeconds.toFixed(6)}`;
    return { cpuSeconds, databaseSeconds, path: `/?cpu=${cpuSeconds.toFixed(6)}&${query}` };
  };
}

/** An answer; the status is 0 when the connection failed. `text` is what came first, at least the headers. */
export function get(port: number, path: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const end = () => done({ status: Number(text.slice(9, 12)), text });
    socket.setNoDelay(true);
    socket.on('connect', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`));
    socket.on('data', (chunk) => {
      text ||= chunk.toString('latin1');
      end();
      socket.destroy();
    });
    socket.on('error', end).on('close', end);
  });
}
