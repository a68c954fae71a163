import { type CapacityInputs, responseSeconds } from './capacity-inputs.ts';

/**
 * CPU cores that compute for the database: those stated, or its share of a shared machine; Infinity where nobody knows how
 * many it has.
 */
export function databaseCores(inputs: CapacityInputs): number {
  const { databaseCpus, profile, cpus, databaseCpuShare } = inputs;
  if (databaseCpus !== null) return databaseCpus;
  return profile === 'shared' && databaseCpuShare > 0 ? cpus * databaseCpuShare : Number.POSITIVE_INFINITY;
}

/** Share (0 to 1) of a request's database time that computes there; the rest waits. */
export function databaseCpuShareOfTime({ databaseSeconds, databaseCpuSeconds }: CapacityInputs): number {
  return databaseSeconds > 0 ? Math.min(1, databaseCpuSeconds / databaseSeconds) : 0;
}

/**
 * CPU seconds of the database for each request with which the load, answered as fast as it comes, would keep all its cores
 * busy (the utilisation law: cores / requests per second). Undefined where its cores are not known, or without a database.
 */
export function fullDatabaseCpuSeconds(inputs: CapacityInputs): number | undefined {
  const cores = databaseCores(inputs);
  if (inputs.database === 'none' || !Number.isFinite(cores)) return undefined;
  const offered = inputs.requestsPerSecond ?? inputs.users / (responseSeconds(inputs) + inputs.thinkSeconds);
  return cores / offered;
}
