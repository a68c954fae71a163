import { meanTime, randomShare, timeSampler } from '../../src/capacity/random.ts';
import type { PoolSettings, StackConfiguration, TimeDistribution } from '../../src/capacity/simulate-configuration.ts';

/** What a request of an application costs, besides what the frameworks cost. */
export interface Application {
  readonly name: string;
  readonly cpu: TimeDistribution;
  /** How long the database sleeps, or how much CPU it spends. */
  readonly database: TimeDistribution;
  /** Rows that a query computes, 0 for a query that sleeps. */
  readonly inDatabase: 'sleeps' | 'computes';
  /** Asks a database that has one core to itself; the web server and the users have the others. */
  readonly ownCore?: true;
}

/** How Gunicorn (Uvicorn for `async`) and SQLAlchemy are started. */
export interface ServerSettings {
  readonly kind: 'sync' | 'threads' | 'async';
  readonly workers: number;
  readonly threads: number;
  /** Whether a connection goes back after the query, or with the answer as Flask-SQLAlchemy's sessions and Django do it. */
  readonly heldFor: PoolSettings['heldFor'];
  /** Gunicorn's `--timeout`. */
  readonly workerTimeoutSeconds: number;
  /** Null for a new connection per request. */
  readonly pool: (Pick<PoolSettings, 'size' | 'overflow'> & { readonly timeoutSeconds: number }) | null;
}

/** A configuration that is predicted and then measured. */
export interface Case {
  /** What is short in it. */
  readonly about: string;
  readonly application: Application;
  readonly settings: ServerSettings & { readonly pool: NonNullable<ServerSettings['pool']> };
  readonly users: number;
  readonly thinkSeconds: number;
  readonly seed: number;
}

/** What calibration with one client measured of an application, in seconds per request. */
export interface Calibration {
  /** A whole request beyond what it asked for. */
  readonly requestSeconds: number;
  /** CPU of the web process beyond what the request asked for. */
  readonly webCpuSeconds: number;
  /** The part of it that the request's thread spends while it holds the connection. */
  readonly heldCpuSeconds: number;
  /** How long the connection is held beyond that and the time asked for: the database, the way there and back. */
  readonly databaseSeconds: number;
  /** CPU of the database beyond what was asked for. */
  readonly databaseCpuSeconds: number;
  /** What a request without a query takes beyond the CPU of the web process: the load generator and the way to it. */
  readonly clientSeconds: number;
  /** CPU of the load generator, also what it spends while it already has its answer. */
  readonly clientCpuSeconds: number;
}

/** What opening a connection costs. */
export interface ConnectCost {
  readonly connectSeconds: number;
  readonly connectCpuSeconds: number;
}

/** Everything that is measured before a configuration is predicted. */
export interface Measured extends Calibration, ConnectCost {
  /** From the end of a killed worker until its successor answers. */
  readonly restartSeconds: number;
  readonly cpus: number;
}

/**
 * Applications drawn from a seed: four that sleep in the database, one that computes there a little beside the others, and
 * one that computes much in a database with a core of its own.
 */
export function drawApplications(seed: number): readonly Application[] {
  const draw = drawer(seed, 1);
  const kinds = ['fixed', 'exponential', 'lognormal', 'lognormal'] as const;
  const sleeping = kinds.map((kind, index): Application => {
    const database = roundTo(between(draw(), [0.015, 0.08]), 0.005);
    const cpu = roundTo(index < 2 ? between(draw(), [0.001, 0.004]) : between(draw(), [0.004, 0.015]), 0.001);
    return {
      name: `${'ABCD'[index]}`,
      cpu: distribution(index % 2 === 0 ? 'fixed' : 'exponential', cpu),
      database: distribution(kind, database),
      inDatabase: 'sleeps',
    };
  });
  const little = roundTo(between(draw(), [0.002, 0.006]), 0.001);
  const cpu = roundTo(between(draw(), [0.002, 0.008]), 0.001);
  const much = roundTo(between(draw(), [0.015, 0.035]), 0.001);
  const computing = { cpu: distribution('fixed', cpu), inDatabase: 'computes' } as const;
  return [
    ...sleeping,
    { name: 'E', ...computing, database: distribution('fixed', little) },
    { name: 'F', ...computing, database: distribution('exponential', much), ownCore: true },
  ];
}

/**
 * Configurations drawn from a seed. The kinds take turns, so that every limit is met. `accepts` decides before anything is
 * measured; what it turns down is drawn again.
 */
export function drawCases(
  seed: number,
  setup: {
    readonly count: number;
    readonly applications: readonly Application[];
    readonly accepts: (given: Case) => boolean;
  },
): readonly Case[] {
  const { count, applications, accepts } = setup;
  const kinds = allKinds.filter(({ ownCore }) => applications.some((one) => one.ownCore === ownCore));
  return Array.from({ length: count }, (_, index) => {
    const draw = drawer(seed, 100 + index);
    const kind = kinds[index % kinds.length] as Kind;
    const fitting = applications.filter(({ ownCore }) => ownCore === kind.ownCore);
    const application = fitting[index % fitting.length] as Application;
    const drawn = () => ({ application, seed: seed + index, ...drawCase(kind, draw) });
    let given = drawn();
    for (let attempt = 0; attempt < 50 && !accepts(given); attempt++) given = drawn();
    return given;
  });
}

type Range = readonly [number, number];

/** What a kind of configuration is about, and the ranges that its settings are drawn from. */
interface Kind {
  readonly about: string;
  /** For applications that compute in a database with a core of its own. */
  readonly ownCore?: true;
  readonly server: ServerSettings['kind'];
  readonly workers: Range;
  readonly threads: Range;
  /** Connections of each process; as many as threads when missing. */
  readonly size?: Range;
  readonly overflow?: Range;
  readonly timeoutSeconds?: Range;
  readonly users: Range;
  readonly thinkSeconds: Range;
}

const allKinds: readonly Kind[] = [
  kind('enough of everything', { workers: [1, 3], threads: [4, 10], users: [4, 12], thinkSeconds: [0.1, 0.5] }),
  kind('few sync workers', { server: 'sync', workers: [2, 5], users: [15, 35], thinkSeconds: [0.1, 0.4] }),
  kind('small pool', { workers: [1, 2], threads: [8, 16], size: [1, 3], users: [15, 35], thinkSeconds: [0, 0.3] }),
  kind('short checkout timeout', {
    ...{ workers: [1, 2], threads: [8, 16], size: [1, 2], overflow: [0, 1] },
    ...{ timeoutSeconds: [0.1, 0.4], users: [20, 40], thinkSeconds: [0.1, 0.4] },
  }),
  kind('overflow in use', {
    ...{ workers: [1, 2], threads: [6, 12], size: [1, 2], overflow: [2, 5], users: [12, 30], thinkSeconds: [0, 0.3] },
  }),
  kind('few threads', { workers: [1, 3], threads: [2, 3], users: [15, 35], thinkSeconds: [0.1, 0.4] }),
  kind('event loop', {
    ...{ server: 'async', workers: [1, 2], size: [1, 8], timeoutSeconds: [0.2, 0.8] },
    ...{ users: [10, 35], thinkSeconds: [0.1, 0.4] },
  }),
  kind('busy database', {
    ...{ ownCore: true, workers: [1, 2], threads: [6, 14], size: [3, 14], users: [8, 24], thinkSeconds: [0.1, 0.5] },
  }),
  kind('one busy process', { threads: [4, 8], users: [10, 25], thinkSeconds: [0, 0.2] }),
];

/** More requests at once than any drawn load has: an event loop takes them all. */
const unboundedConcurrency = 10_000;

function kind(about: string, ranges: Partial<Kind> & Pick<Kind, 'users' | 'thinkSeconds'>): Kind {
  return { about, server: 'threads', workers: [1, 1], threads: [1, 1], ...ranges };
}

function drawCase(from: Kind, draw: () => number): Pick<Case, 'about' | 'settings' | 'users' | 'thinkSeconds'> {
  const threads = whole(draw(), from.threads);
  const pool = {
    size: from.size ? whole(draw(), from.size) : threads,
    overflow: whole(draw(), from.overflow ?? [0, 0]),
    timeoutSeconds: from.timeoutSeconds ? tenths(draw(), from.timeoutSeconds) : 30,
  };
  return {
    about: from.about,
    settings: {
      kind: from.server,
      workers: whole(draw(), from.workers),
      threads,
      heldFor: draw() < 0.5 ? 'query' : 'request',
      workerTimeoutSeconds: 30,
      pool,
    },
    users: whole(draw(), from.users),
    thinkSeconds: tenths(draw(), from.thinkSeconds),
  };
}

/** The model's inputs for a case: its settings and what calibration found, nothing else. */
export function configurationOf(given: Case, measured: Measured): StackConfiguration {
  const { application, settings } = given;
  const askedSeconds = meanTime(application.database);
  const askedCpuSeconds = application.inDatabase === 'computes' ? askedSeconds : 0;
  const frameworkCpuSeconds = Math.max(0, measured.webCpuSeconds - measured.heldCpuSeconds);
  return {
    web: {
      kind: settings.kind,
      processes: settings.workers,
      concurrency: settings.kind === 'async' ? unboundedConcurrency : settings.threads,
      cpus: application.ownCore ? measured.cpus - 1 : measured.cpus,
      backlog: 2048,
      timeoutSeconds: settings.workerTimeoutSeconds,
      restartSeconds: measured.restartSeconds,
    },
    pool: {
      ...settings.pool,
      heldFor: settings.heldFor,
      heldCpuSeconds: measured.heldCpuSeconds,
      connectSeconds: measured.connectSeconds,
      connectCpuSeconds: measured.connectCpuSeconds,
    },
    database: {
      concurrency: Number.POSITIVE_INFINITY,
      writers: Number.POSITIVE_INFINITY,
      cpus: application.ownCore ? 1 : null,
      cpuShare: Math.min(
        1,
        (askedCpuSeconds + measured.databaseCpuSeconds) / (askedSeconds + measured.databaseSeconds),
      ),
    },
    request: {
      cpu: shifted(application.cpu, measured.webCpuSeconds),
      // Of the frameworks' CPU nobody knows more than that it is spent on both sides of the query.
      ...(settings.heldFor === 'query' && { lastCpuSeconds: frameworkCpuSeconds / 2 }),
      // The application's code after the query is not reached.
      failedCpuSeconds: frameworkCpuSeconds / 2,
      database: shifted(application.database, measured.databaseSeconds),
      queries: 1,
      writeShare: 0,
      frontCpuSeconds: measured.clientSeconds,
    },
    load: { kind: 'users', users: given.users, think: { kind: 'exponential', meanSeconds: given.thinkSeconds } },
    proxyTimeoutSeconds: null,
  };
}

/** A distribution with the same time added to each value, as a table of percentiles. */
function shifted(base: TimeDistribution, seconds: number): TimeDistribution {
  const sample = timeSampler(base);
  const steps = 2000;
  const points = Array.from({ length: steps }, (_, step) => {
    const share = (step + 1) / steps;
    return { percentile: 100 * share, seconds: seconds + sample(Math.min(share, 1 - 0.25 / steps)) };
  });
  return { kind: 'percentiles', points: [{ percentile: 0.001, seconds: seconds + sample(0.00001) }, ...points] };
}

function distribution(kind: 'fixed' | 'exponential' | 'lognormal', seconds: number): TimeDistribution {
  if (kind === 'fixed') return { kind, seconds };
  return kind === 'exponential' ? { kind, meanSeconds: seconds } : { kind, meanSeconds: seconds, variation: 0.7 };
}

function drawer(seed: number, stream: number): () => number {
  let index = 0;
  return () => randomShare(seed, 77, stream, index++);
}

function between(share: number, [least, most]: readonly [number, number]): number {
  return least + share * (most - least);
}

function whole(share: number, [least, most]: readonly [number, number]): number {
  return least + Math.floor(share * (most - least + 1));
}

function tenths(share: number, range: readonly [number, number]): number {
  return roundTo(between(share, range), 0.1);
}

function roundTo(value: number, step: number): number {
  return Math.round(Math.round(value / step) * step * 1e6) / 1e6;
}
