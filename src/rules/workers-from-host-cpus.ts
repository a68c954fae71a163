import { mostWorkersPerCpu } from '../capacity/worker-sizing.ts';
import { followsLimit, isUnwritten } from '../plan/cpu-count.ts';
import { explain } from '../plan/explain.ts';
import { setWorkers } from '../plan/set-workers.ts';
import { sizeWorkers } from '../plan/worker-sizing.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'workers-from-host-cpus',
  on: 'process',
  severity: 'warning',
  severities: { unlimited: 'information' },
  summary: 'The number of workers is computed from the CPUs of the host, not from the CPU limit of the container.',
  why: `\`multiprocessing.cpu_count()\`, \`os.cpu_count()\`, \`nproc\` and Celery's default all count the CPUs of the host. A CPU limit (\`cpus:\`) is a quota, not a smaller machine, and none of them reads it. On a host with 16 cores, \`cpu_count() * 2 + 1\` in a container with 2 CPUs starts 33 workers instead of 5: about 8 GB of memory and 33 connection pools for two cores of work.

The number also changes by itself when the container moves to another host, so nothing that was measured holds any more. Without a limit the count is at least true, and the finding is mere information.

Write the number, or pass it in a variable that the compose file sets beside the limit. Python 3.13 takes \`PYTHON_CPU_COUNT\`; \`nproc\` reads the quota from coreutils 9.8 on.`,
  references: [
    'CPython Lib/os.py: cpu_count, process_cpu_count (3.13), PYTHON_CPU_COUNT',
    'GNU coreutils NEWS 9.8: nproc and cgroup v2 quotas',
    'celery/worker/worker.py (5.6): concurrency from cpu_count',
  ],
  messages: {
    limited:
      "The workers of {service} follow the host's CPUs, not its limit of {cpus}. On a 16-core host they are sized for 16. Write {advised}.",
    bounded:
      "The workers of {service} follow the host's CPUs, not its limit of {cpus}. On a large host they are {most}. Write {advised}.",
    unlimited:
      "The workers of {service} follow the host's CPUs. Memory and connections then change with the machine; write a number.",
    write: 'Run {advised} workers, whatever the host',
  },
  *check({ process, service }, { goal }) {
    const { workers } = process;
    const { cpus } = service.limits;
    if (workers.known || !workers.fromCpuCount || !cpus.known) return;
    if (followsLimit(workers, { process, service })) return;
    const limited = cpus.value !== null;
    // Under a limit worker-concurrency-unset speaks of the defaults that nobody wrote.
    if (
      isUnwritten(workers) &&
      (limited || (service.limits.memoryBytes.known && service.limits.memoryBytes.value !== null))
    )
      return;
    // A bound that the limit's CPUs can keep busy does no harm.
    if (cpus.value !== null && workers.atMost !== undefined && workers.atMost <= mostWorkersPerCpu * cpus.value) return;
    const isWeb = process.server === 'gunicorn' || process.server === 'uvicorn';
    const advised = isWeb
      ? sizeWorkers(service, goal).workers
      : Math.max(1, Math.ceil(cpus.value ?? goal.host?.cpus ?? 2));
    yield {
      at: workers.at,
      subject: service.name,
      message: {
        says: !limited ? 'unlimited' : workers.atMost === undefined ? 'limited' : 'bounded',
        with: {
          service: service.name,
          cpus: cpus.value ?? 0,
          most: workers.atMost ?? 0,
          advised,
        },
      },
      ...(!limited && { case: 'unlimited' as const }),
      trail: [...explain(workers.why, workers), ...(limited ? explain(`CPU limit ${cpus.value}`, cpus) : [])],
      fixes: () => [
        {
          title: { says: 'write', with: { advised } },
          safety: 'review',
          edits: setWorkers(process, advised),
        },
      ],
    };
  },
});
