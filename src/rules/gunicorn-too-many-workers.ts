import { mostWorkersPerCpu, sharedWorkers } from '../capacity/worker-sizing.ts';
import { replaceNumber } from '../model/fixes/replace-text.ts';
import { alternatives } from '../model/value.ts';
import { type CpuBudget, cpuBudget } from '../plan/cpu-budget.ts';
import { explain } from '../plan/explain.ts';
import { workersForCpus } from '../plan/worker-sizing.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'gunicorn-too-many-workers',
  on: 'process',
  severity: 'warning',
  severities: { above: 'hint' },
  summary: 'Gunicorn runs more workers than its CPUs can keep busy, which costs memory and connections.',
  why: `A worker that computes needs a core. Beyond 2 x cores + 1 the processes mostly take turns; beyond 4 x cores (the upper end of Gunicorn's "2-4 x cores") they slow each other down. Each one still takes its memory (often 100 to 250 MB) and its own pool of database connections, so too many workers exhaust the database before they serve a single request more.

CPUs are those of the container's limit, else those of \`host.cpus\` in \`headroom.yaml\`. With \`host.shared: true\` the database, the cache and background workers need the same cores: half to three quarters as many workers as cores fit (2 to 3 on 4 cores, 4 to 6 on 8).

When requests mostly wait for something else, threads or an asynchronous class carry them with fewer processes.`,
  references: [
    'gunicorn/config.py: workers, "2-4 x $(NUM_CORES)"',
    'Gunicorn documentation: design, "How many workers?" (2 x cores + 1)',
  ],
  messages: {
    far: '{workers} Gunicorn workers on {cpus} CPUs ({whose}) only take turns: more than {most} for each CPU. Use {advised}, and threads for requests that wait.',
    above: '{workers} Gunicorn workers are more than {whose} of {cpus} CPUs keeps busy. {advised} fit (2 x CPUs + 1).',
    shared: '{workers} Gunicorn workers are many for {cpus} CPUs shared with the rest of the stack. {advised} fit.',
    lower: 'Run {advised} workers: less memory, fewer connections, {advised} processes at once',
  },
  *check({ process, service }, { goal }) {
    const budget = cpuBudget(service, goal);
    if (process.server !== 'gunicorn' || !budget) return;
    const advised = workersForCpus(budget);
    for (const workers of alternatives(process.workers)) {
      // Two workers are the fewest that a server should have, on however small a part of a CPU.
      if (workers.value <= advised) continue;
      const far = workers.value > mostWorkersPerCpu * budget.cpus;
      const whose = budget.from === 'limit' ? 'the limit' : 'the host';
      yield {
        at: workers.at,
        subject: service.name,
        message: {
          says: far ? 'far' : budget.shared ? 'shared' : 'above',
          with: {
            workers: workers.value,
            cpus: budget.cpus,
            whose,
            most: mostWorkersPerCpu,
            advised: rangeOf(budget, advised),
          },
        },
        ...(!far && { case: 'above' as const }),
        trail: [...explain(`${service.name}: ${workers.value} workers`, workers), ...budget.trail],
        fixes: () => [
          { title: { says: 'lower', with: { advised } }, safety: 'review', edits: replaceNumber(workers, advised) },
        ],
      };
    }
  },
});

function rangeOf(budget: CpuBudget, advised: number): string {
  const { fewest } = sharedWorkers(budget.cpus);
  return budget.shared && fewest < advised ? `${fewest}-${advised}` : String(advised);
}
