/**
 * Worker processes to start with on a machine of its own: 2 x cores + 1 (Gunicorn's design document, "How many
 * workers?"), at least 2.
 */
export function dedicatedWorkers(cpus: number): number {
  return Math.max(2, Math.floor(2 * cpus + 1));
}

/**
 * Workers that fit a host which the database, the cache and background workers share: half to three quarters of the
 * cores (4 cores: 2 to 3, 8 cores: 4 to 6, 16 cores: 8 to 12), at least 2.
 */
export function sharedWorkers(cpus: number): { readonly fewest: number; readonly most: number } {
  return { fewest: Math.max(2, Math.floor(cpus / 2)), most: Math.max(2, Math.floor(cpus * 0.75)) };
}

/** Above this number of workers for each CPU the processes only take turns (Gunicorn's settings: 2 to 4 x cores). */
export const mostWorkersPerCpu = 4;
