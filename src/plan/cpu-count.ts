import type { Process, Service } from '../model/stack.ts';
import type { Value } from '../model/value.ts';

/**
 * True where a count of CPUs may heed the container's limit after all: Python 3.13 takes it from PYTHON_CPU_COUNT,
 * `nproc` reads the quota from coreutils 9.8 on (Debian forky).
 */
export function followsLimit(
  count: Value<number>,
  of: { readonly process: Process; readonly service: Service },
): boolean {
  const { process, service } = of;
  const base = service.baseImage ?? '';
  const isShell = !count.known && count.why.includes('start-up');
  if (isShell) return /\b(forky|sid|testing|unstable)\b/.test(base);
  const version = /(?:^|\/)python:3\.(\d+)/.exec(base)?.[1];
  return process.environment.variables.has('PYTHON_CPU_COUNT') && (version === undefined || Number(version) >= 13);
}

/** True for workers that are counted from the CPUs of the host although their container may use fewer. */
export function countsHostCpus({
  service,
  process,
}: {
  readonly service: Service;
  readonly process: Process;
}): boolean {
  const { workers } = process;
  const { cpus } = service.limits;
  const isLimited = cpus.known && cpus.value !== null;
  return isLimited && !workers.known && workers.fromCpuCount === true && !followsLimit(workers, { process, service });
}

/** True for a program's own count of CPUs: nobody wrote it. */
export function isUnwritten(count: Value<number>): boolean {
  return count.trail.some((hop) => 'default' in hop.at);
}
