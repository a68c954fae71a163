/** A station with one queue: its servers work at the same speed and take the longest waiting first. */
export interface Station {
  /** Seconds of service that each request needs there, all visits together. */
  readonly demandSeconds: number;
  /** Requests served at the same time; Infinity for a mere delay. */
  readonly servers: number;
}

/** Steady state of a closed network. */
export interface NetworkResult {
  readonly throughputPerSecond: number;
  /** Mean time from sending a request to its answer. */
  readonly responseSeconds: number;
  /** Mean number of requests at each station, served or waiting. */
  readonly requestsAtStation: readonly number[];
}

/**
 * Probability that a request has to wait in M/M/c (Erlang's C formula): random arrivals, exponential service, `servers`
 * servers. `load` is arrivals x service time in Erlangs. 1 when the load is not below the number of servers.
 */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return 1;
  let blocking = 1;
  for (let count = 1; count <= servers; count++) blocking = (load * blocking) / (count + load * blocking);
  return (servers * blocking) / (servers - load * (1 - blocking));
}

/** Mean seconds that a request waits in M/M/c before it is served; Infinity when the queue grows for ever. */
export function erlangWait(arrivalsPerSecond: number, station: Station): number {
  const load = arrivalsPerSecond * station.demandSeconds;
  if (load >= station.servers) return Number.POSITIVE_INFINITY;
  return (erlangC(station.servers, load) * station.demandSeconds) / (station.servers - load);
}

/**
 * Exact mean value analysis of a closed network (Reiser and Lavenberg 1980, load-dependent form): `users` who think for
 * `thinkSeconds` and then visit all stations. Exact for exponential service; work grows with users x stations x servers.
 */
export function meanValueAnalysis(
  stations: readonly Station[],
  population: { readonly users: number; readonly thinkSeconds: number },
): NetworkResult {
  const queues = stations.map(() => 0);
  // For each station the probabilities of 0, 1, ... servers - 1 requests there, with one user less.
  const probabilities = stations.map(({ servers }) => {
    const sizes = new Float64Array(Number.isFinite(servers) ? servers : 0);
    if (sizes.length > 0) sizes[0] = 1;
    return sizes;
  });
  let throughput = 0;
  let response = 0;
  for (let users = 1; users <= population.users; users++) {
    const times = stations.map((station, at) => stationSeconds(station, queues[at] ?? 0, probabilities[at]));
    response = times.reduce((sum, time) => sum + time, 0);
    throughput = users / (population.thinkSeconds + response);
    for (const [at, station] of stations.entries()) {
      queues[at] = throughput * (times[at] ?? 0);
      updateProbabilities(station, throughput, probabilities[at]);
    }
  }
  return { throughputPerSecond: throughput, responseSeconds: response, requestsAtStation: queues };
}

function stationSeconds(station: Station, queue: number, probabilities: Float64Array | undefined): number {
  const { demandSeconds, servers } = station;
  if (!Number.isFinite(servers) || probabilities === undefined) return demandSeconds;
  let idleServers = 0;
  for (let count = 0; count < servers - 1; count++) idleServers += (servers - 1 - count) * (probabilities[count] ?? 0);
  return (demandSeconds / servers) * (1 + queue + idleServers);
}

function updateProbabilities({ demandSeconds, servers }: Station, throughput: number, sizes: Float64Array | undefined) {
  if (!Number.isFinite(servers) || sizes === undefined) return;
  const utilisation = throughput * demandSeconds;
  let busyServers = 0;
  for (let count = servers - 1; count >= 1; count--) {
    sizes[count] = (utilisation / count) * (sizes[count - 1] ?? 0);
    busyServers += (servers - count) * (sizes[count] ?? 0);
  }
  sizes[0] = Math.max(0, 1 - (utilisation + busyServers) / servers);
}
