/**
 * Worker processes to start with on a machine of its own: 2 x cores + 1 (Gunicorn's design document, "How many
 * workers?"), at least 2.
 */
export function dedicatedWorkers(cpus: number): number {
  return Math.max(2, Math.floor(2 * cpus + 1));
}

/** Above this number of workers for each CPU the processes only take turns (Gunicorn's settings: 2 to 4 x cores). */
export const mostWorkersPerCpu = 4;
