import { formatBytes } from '../capacity/bytes.ts';
import type { Process, Service } from '../model/stack.ts';
import { isDefault } from '../model/value.ts';
import { followsLimit, isUnwritten } from '../plan/cpu-count.ts';
import { explain } from '../plan/explain.ts';
import type { Goal } from '../plan/goal.ts';
import { setWorkers } from '../plan/set-workers.ts';
import { mustStaySingle } from '../plan/stay-single.ts';
import { workerBytes } from '../plan/worker-sizing.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'worker-concurrency-unset',
  on: 'process',
  severity: 'warning',
  severities: { single: 'information' },
  summary: 'Nobody wrote how many processes a worker starts, and its default does not fit the limits of the container.',
  why: `Without \`--concurrency\`, Celery starts a process for each CPU of the host; dramatiq does the same and gives each process eight threads. Neither reads the limits of its container: on a host with 16 cores, a worker with 2 CPUs and 1 GiB starts 16 processes, which take turns on two cores and share 64 MiB each, until the kernel kills one in the middle of a task.

Uvicorn's default errs to the other side: one process, whose event loop keeps one core busy. With a limit of two CPUs or more the rest stays idle. That may be meant, so it is information only.

Nothing is said where the number is written: on the command line, in \`worker_concurrency\`, in \`CELERY_WORKER_CONCURRENCY\`, \`UVICORN_WORKERS\` or \`WEB_CONCURRENCY\`.`,
  references: [
    'celery/worker/worker.py (5.6): concurrency from cpu_count',
    'dramatiq/cli.py: processes from multiprocessing.cpu_count()',
    'uvicorn/config.py: WEB_CONCURRENCY or 1',
  ],
  messages: {
    unset:
      "{service} starts a process for each CPU of the host ({program}'s default), whatever its limit of {limit}. Write {advised}.",
    single:
      '{service} runs 1 process of {program}, which keeps one CPU busy; its limit is {limit}. Start with --workers {advised}.',
    write: 'Start {advised} processes, whatever the host',
    more: 'Start {advised} processes: memory for {advised}, nothing shared between them',
  },
  *check({ process, service }, { goal }) {
    const { workers } = process;
    const limit = describeLimit(service);
    if (!limit) return;
    const single = startsOneOnly(process, service);
    const fromHost = !workers.known && workers.fromCpuCount && isUnwritten(workers);
    if (!single && (!fromHost || followsLimit(workers, { process, service }))) return;
    const advised = advise(service, goal);
    yield {
      at: process.at,
      subject: service.name,
      message: {
        says: single ? 'single' : 'unset',
        with: {
          service: service.name,
          program: programs[process.server] ?? process.server,
          limit: limit.text,
          advised,
        },
      },
      ...(single && { case: 'single' as const }),
      trail: [
        ...process.command.trail,
        ...explain(workers.known ? '1 process' : workers.why, workers),
        ...explain(`limit of ${limit.text}`, limit.value),
      ],
      fixes: () => [
        {
          title: { says: single ? 'more' : 'write', with: { advised } },
          safety: 'review',
          edits: setWorkers(process, advised),
        },
      ],
    };
  },
});

const programs: Partial<Record<Process['server'], string>> = {
  celery: 'Celery',
  dramatiq: 'dramatiq',
  uvicorn: 'Uvicorn',
};

function describeLimit({ limits }: Service) {
  const { cpus, memoryBytes } = limits;
  if (cpus.known && cpus.value !== null) return { value: cpus, text: `${cpus.value} CPUs` };
  if (memoryBytes.known && memoryBytes.value !== null)
    return { value: memoryBytes, text: formatBytes(memoryBytes.value) };
  return undefined;
}

/** Uvicorn with its default of one process on two CPUs or more. */
function startsOneOnly(process: Process, service: Service): boolean {
  const { cpus } = service.limits;
  const hasMore = cpus.known && cpus.value !== null && cpus.value >= 2;
  if (process.server !== 'uvicorn' || !service.compose || !hasMore) return false;
  const isPlain = process.reload.known && !process.reload.value && !mustStaySingle(process);
  return isPlain && process.workers.known && process.workers.value === 1 && isDefault(process.workers);
}

/** One process for each CPU of the limit, as far as the memory limit holds them. */
function advise({ limits }: Service, goal: Goal): number {
  const cpus = limits.cpus.known ? limits.cpus.value : null;
  const memory = limits.memoryBytes.known ? limits.memoryBytes.value : null;
  const fitting = memory === null ? Number.POSITIVE_INFINITY : memory / (goal.memory?.perWorkerBytes ?? workerBytes);
  return Math.max(1, Math.floor(Math.min(Math.ceil(cpus ?? goal.host?.cpus ?? 2), fitting)));
}
