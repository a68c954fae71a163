/** How long something takes. Every kind turns one even random number into one time, so runs can be compared. */
export type TimeDistribution =
  | { readonly kind: 'fixed'; readonly seconds: number }
  | { readonly kind: 'exponential'; readonly meanSeconds: number }
  /** `variation` is the standard deviation as a share of the mean: 0.5 is usual for requests, 1.5 has a long tail. */
  | { readonly kind: 'lognormal'; readonly meanSeconds: number; readonly variation: number }
  /** Measured percentiles, at least one, both columns ascending: `{ percentile: 95, seconds: 0.8 }`. */
  | { readonly kind: 'percentiles'; readonly points: readonly TimePercentile[] };

/** A measured point of a distribution. */
export interface TimePercentile {
  /** Above 0, at most 100. */
  readonly percentile: number;
  readonly seconds: number;
}

/** A stack under a load: everything that `simulate` and `estimate` need, in plain data. */
export interface StackConfiguration {
  readonly web: WebTier;
  /** Null when requests use the database without a pool, or do not use one at all. */
  readonly pool: PoolSettings | null;
  readonly database: DatabaseTier;
  readonly request: RequestProfile;
  readonly load: RequestLoad;
  /** Seconds after which the proxy in front answers 504 while the worker goes on; null without a proxy. */
  readonly proxyTimeoutSeconds: number | null;
}

/** The processes that answer requests. */
export interface WebTier {
  /**
   * `sync`: one request per process, taken from one shared backlog, killed after the timeout. `threads`: every process
   * accepts what comes and queues it for its own threads. `async`: as threads, but a computation is never interrupted.
   */
  readonly kind: 'sync' | 'threads' | 'async';
  /** Worker processes of all replicas together. */
  readonly processes: number;
  /** Requests at once in one process: threads, or the bound of an async worker; 1 for `sync`. */
  readonly concurrency: number;
  /** CPU cores that all processes share, or the containers' CPU limit; fractions are fine. */
  readonly cpus: number;
  /** Connections that wait to be accepted before further ones are refused (Gunicorn's `backlog`). */
  readonly backlog: number;
  /** Seconds after which a `sync` worker that is still busy is killed; 0 for never. Ignored for other kinds. */
  readonly timeoutSeconds: number;
  /** Seconds until a killed worker is replaced and has loaded the application. */
  readonly restartSeconds: number;
}

/** The connection pool of each process. */
export interface PoolSettings {
  readonly size: number;
  /** Further connections that are opened under load and closed when idle. */
  readonly overflow: number;
  /** Seconds a request waits for a connection before it fails; null waits for ever, 0 fails at once. */
  readonly timeoutSeconds: number | null;
  /** How long a request keeps its connection: only for each query, or from its first query until it is answered. */
  readonly heldFor: 'query' | 'request';
  /** Seconds to open a connection, waiting for the database included. */
  readonly connectSeconds: number;
  /** CPU seconds of each query, part of `request.cpu`, that driver and ORM spend while they hold the connection; 0 unless given. */
  readonly heldCpuSeconds?: number;
  /** Seconds of CPU that the process spends to open a connection; part of neither `connectSeconds` nor the request. */
  readonly connectCpuSeconds: number;
}

/** The database. */
export interface DatabaseTier {
  /** Queries that make progress at the same time, usually its cores plus its disks; Infinity when nothing limits it. */
  readonly concurrency: number;
  /** Of these the ones that may write: 1 for SQLite, otherwise usually the same as `concurrency`. */
  readonly writers: number;
  /** Share (0 to 1) of a query's time that computes; the rest waits: for disks, locks, the way there and back. */
  readonly cpuShare: number;
  /**
   * Cores that compute for it; fractions and Infinity are fine. Null when it computes on the cores of the web processes. A
   * query computes on one core at most, as a process or thread for each connection does.
   */
  readonly cpus: number | null;
}

/** What one request needs when nothing waits. */
export interface RequestProfile {
  /** CPU of the web process, before, between and after its queries in equal parts unless `lastCpuSeconds` is given. */
  readonly cpu: TimeDistribution;
  /** CPU seconds of it after the last query. */
  readonly lastCpuSeconds?: number;
  /** CPU seconds that a request still spends when it got no connection; as after its last query unless given. */
  readonly failedCpuSeconds?: number;
  /** All queries of the request together. */
  readonly database: TimeDistribution;
  /** Queries one after another: a whole number, 0 for none. */
  readonly queries: number;
  /** Share (0 to 1) of requests that write. */
  readonly writeShare: number;
  /** CPU seconds per request that others spend on the same cores before the worker sees it: proxy or load generator. */
  readonly frontCpuSeconds: number;
}

/** Who asks. */
export type RequestLoad =
  /** A fixed population: each sends a request, waits for the answer, thinks, and sends the next. */
  | { readonly kind: 'users'; readonly users: number; readonly think: TimeDistribution }
  /** Arrivals that do not wait for answers, at random moments. */
  | { readonly kind: 'arrivals'; readonly requestsPerSecond: number }
  /** A number of requests at the same moment, again and again. */
  | { readonly kind: 'bursts'; readonly requests: number; readonly everySeconds: number };

/** How a simulation is run. */
export interface SimulationOptions {
  /** Whole number; the same seed gives the same users with the same requests in every configuration. */
  readonly seed?: number;
  /** Simulated seconds that are measured; 60 unless given. */
  readonly seconds?: number;
  /** Simulated seconds before measuring starts; a tenth of `seconds` unless given. */
  readonly warmUpSeconds?: number;
  /** Events after which the run ends early, so that no input can hang a panel; 2 million unless given. */
  readonly maxEvents?: number;
}

/** What waits or fails first. `none`: requests hardly wait at all. */
export type Bottleneck = 'none' | 'workers' | 'process-cpu' | 'cpus' | 'pool' | 'database' | 'database-cpu' | 'writers';

/** Why a request failed. */
export type RequestError = 'refused' | 'poolTimeout' | 'workerTimeout' | 'proxyTimeout';

/** The outcome of a simulation; every number is finite. */
export interface SimulationResult {
  /** Requests answered without error, per second. */
  readonly throughputPerSecond: number;
  /**
   * Response times of the requests answered without error. Where none was, of the failed ones; where none ended at all,
   * how long the unfinished ones had waited when the run ended.
   */
  readonly responseSeconds: ResponseTimes;
  /** Share (0 to 1) of the finished requests that failed, by cause. */
  readonly errors: Readonly<Record<RequestError, number>>;
  /** The sum of `errors`. */
  readonly errorShare: number;
  /**
   * Busy share (0 to 1) of each resource. `processCpu` is the one-thread-at-a-time limit of each process; `databaseCpu` are
   * the database's own cores, 0 without.
   */
  readonly utilisation: Readonly<
    Record<'workers' | 'processCpu' | 'cpus' | 'pool' | 'database' | 'databaseCpu', number>
  >;
  /** Mean seconds that a request waited in each place. */
  readonly waitSeconds: Readonly<Record<'workers' | 'cpu' | 'pool' | 'database', number>>;
  /** Mean number of requests between arrival and answer. */
  readonly requestsInSystem: number;
  readonly bottleneck: Bottleneck;
  /** False when more requests arrive than can ever be answered: the queue grows and the times depend on `seconds`. */
  readonly stable: boolean;
  /** Requests that the figures rest on. */
  readonly finishedRequests: number;
  /** Measured simulated seconds; less than asked for when `maxEvents` ended the run. */
  readonly simulatedSeconds: number;
}

/** Response times in seconds. */
export interface ResponseTimes {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** An input that cannot be used. */
export interface InputProblem {
  /** Path of the field: `web.processes`, `request.cpu.meanSeconds`. */
  readonly field: string;
  readonly problem: 'not-a-number' | 'not-whole' | 'too-small' | 'too-large' | 'not-ascending' | 'missing';
  /** The smallest and largest value that is accepted, where that is what is wrong. */
  readonly limit?: number;
}

/** A result, or what is wrong with the inputs; never an exception. */
export type Checked<T> =
  | { readonly ok: true; readonly result: T }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };
