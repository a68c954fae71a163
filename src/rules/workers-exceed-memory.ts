import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import { roundUpReadable } from '../capacity/memory-sizing.ts';
import { replaceNumber } from '../model/fixes/replace-text.ts';
import { setServiceLimits } from '../model/fixes/service-limits.ts';
import { alternatives } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import { servesRequests } from '../plan/pool-use.ts';
import { workerBytes } from '../plan/worker-sizing.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'workers-exceed-memory',
  on: 'process',
  severity: 'error',
  severities: { estimated: 'information' },
  summary: 'The worker processes of a web server need more memory than their container may use.',
  why: `Every worker process loads the application and keeps its own memory: workers x memory per worker is what the container takes once all of them have served their largest requests. Above the memory limit the kernel kills one of them in the middle of a request, Gunicorn starts another, and that one grows again: 502 errors that come and go with the load and leave nothing but \`Worker (pid ...) was sent SIGKILL\` in the log.

The memory per worker is \`memory.perWorker\` of \`headroom.yaml\`: measure it (\`docker stats\`, or \`ps -o rss\`) after an hour of real load. Without it Headroom counts 256 MiB, Heroku's budget for a Python process, and says so as information, because a small application takes less. Threads share the memory of their worker, so they carry more requests for the same amount.`,
  references: [
    'heroku-buildpack-python vendor/WEB_CONCURRENCY.sh: memory / 256 MB workers',
    'Compose specification, deploy: resources.limits.memory',
  ],
  messages: {
    exceeds:
      '{service} needs more memory than its limit of {limit}: {workers} workers x {each} = {total}. The kernel kills workers under load; {advice}.',
    estimated:
      '{service} may need more memory than its limit of {limit}: {workers} workers x about {each} = {total}. Measure a worker, state it as memory.perWorker in headroom.yaml, or {advice}.',
    lower: 'Run {fits} workers: they fit into {limit}; threads can carry the other requests',
    raise: 'Raise the memory limit to {needed}: the host must have it',
  },
  *check({ process, service }, { project, goal }) {
    const limit = service.limits.memoryBytes;
    if (!limit.known || limit.value === null || !servesRequests(process)) return;
    if (project.stage.name === 'development' || process.alternative) return;
    const limitBytes = limit.value;
    const configured = goal.memory?.perWorkerBytes;
    const each = configured ?? workerBytes;
    for (const workers of alternatives(process.workers)) {
      const total = workers.value * each;
      // One worker is no choice: what it takes is known only to who measured it.
      if (total <= limitBytes || (configured === undefined && workers.value < 2)) continue;
      const fits = Math.floor(limitBytes / each);
      const needed = roundUpReadable(total);
      const values = {
        limit: formatBytes(limitBytes),
        workers: workers.value,
        each: formatBytes(each),
        total: formatBytes(total),
        advice:
          fits < 1
            ? `raise the limit to ${formatBytes(needed)}`
            : `run at most ${fits}, or raise the limit to ${formatBytes(needed)}`,
      };
      yield {
        at: workers.at,
        subject: service.name,
        message: {
          says: configured === undefined ? 'estimated' : 'exceeds',
          with: { service: service.name, ...values },
        },
        ...(configured === undefined && { case: 'estimated' as const }),
        trail: [
          ...explain(`${service.name}: ${workers.value} workers`, workers),
          ...(configured !== undefined && goal.memoryAt
            ? [{ at: goal.memoryAt, says: `${formatBytes(each)} for each worker` }]
            : []),
          ...explain(`memory limit ${formatBytes(limitBytes)}`, limit),
        ],
        fixes: () => [
          ...(fits < 1
            ? []
            : [
                {
                  title: { says: 'lower' as const, with: { fits, limit: values.limit } },
                  safety: 'review' as const,
                  edits: replaceNumber(workers, fits),
                },
              ]),
          {
            title: { says: 'raise', with: { needed: formatBytes(needed) } },
            safety: 'review',
            edits: setServiceLimits(service, { memory: writeBytes(needed).toUpperCase() }),
          },
        ],
      };
    }
  },
});
