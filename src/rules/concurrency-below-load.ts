import { replaceNumber } from '../model/fixes/replace-text.ts';
import { isDefault, knownValue, product, sum, type Value } from '../model/value.ts';
import { numberOf } from '../plan/connection-demand.ts';
import { explain } from '../plan/explain.ts';
import { judgedLoad, roundTenths, type WebProcess, webProcesses } from '../plan/load.ts';
import { concurrencyHops, describeConcurrency } from '../plan/pool-use.ts';
import { setWorkers } from '../plan/set-workers.ts';
import { defineRule, type RuleFix } from './rule.ts';

export default defineRule({
  id: 'concurrency-below-load',
  on: 'project',
  severity: 'warning',
  severities: { suggested: 'information' },
  summary: 'The web servers work on fewer requests at once than the load needs.',
  why: `A number of users who each send a request, wait for the reply, think and send the next keep users x response / (response + think) requests in flight (Little's law for a closed population, when nothing waits). Gunicorn's sync and gthread workers, uWSGI and AnyIO's threads work on replicas x workers x threads requests at once; the rest queues in the accept backlog, where no metric of the application sees it, and response times grow with the number of users.

A larger database pool does not help here: the requests that would use it have not begun. Threads help while requests wait for the database or other services; more processes help when they compute.

The load stands in \`headroom.yaml\`. Without one the stack is compared with 50 users who send a request of 0.5 s every 1.5 s, and the finding is information.`,
  references: [
    'Little\'s law; Gunicorn, docs/source/design.rst: "How Many Workers?", "How Many Threads?"',
    'Gunicorn, gunicorn/config.py: workers 1, threads 1',
    'AnyIO 4, _backends/_asyncio.py: CapacityLimiter(40)',
  ],
  messages: {
    below:
      'Too few requests at once for {users} users: {terms} serves {slots}, the load needs {arithmetic}. A larger pool would not help; add workers or threads.',
    suggested:
      '{terms} serves {slots} at once; 50 users would keep {inFlight} requests in flight. Write the load you expect into headroom.yaml.',
    workers: 'Set {workers} workers: {slots} requests at once',
    threads: 'Set {threads} threads: {slots} requests at once',
  },
  *check({ project }, { goal }) {
    const load = judgedLoad(goal);
    if (project.stage.name === 'development' && !load.configured) return;
    const servers = webProcesses(project);
    const [first] = servers;
    if (!first || servers.some(({ process }) => process.alternative)) return;
    const slots = sum(servers.map(slotsOf), first.process.at);
    if (!slots.known || slots.value <= 0 || slots.value >= load.inFlight) return;
    yield {
      at: first.process.at,
      subject: first.service.name,
      message: {
        says: load.configured ? 'below' : 'suggested',
        with: {
          users: load.users,
          slots: slots.value === 1 ? '1 request' : `${slots.value} requests`,
          terms: servers.map(describeServer).join(' + '),
          arithmetic: load.arithmetic,
          inFlight: roundTenths(load.inFlight),
        },
      },
      trail: [...load.trail, ...servers.flatMap(serverHops)],
      fixes: () => (load.configured && servers.length === 1 ? fixesFor(first, load.inFlight) : []),
      ...(!load.configured && { case: 'suggested' as const }),
    };
  },
});

/** More processes, and more threads where they are written: which of them helps depends on what the requests do. */
function fixesFor({ service, process }: WebProcess, inFlight: number): RuleFix<'workers' | 'threads'>[] {
  const [replicas, workers, concurrency] = [service.replicas, process.workers, process.concurrency].map(knownValue);
  if (!replicas || !workers || !concurrency) return [];
  const enough = Math.ceil(inFlight / (replicas * concurrency));
  const more: RuleFix<'workers' | 'threads'> = {
    title: { says: 'workers', with: { workers: enough, slots: replicas * enough * concurrency } },
    safety: 'review',
    edits: isDefault(process.workers) ? setWorkers(process, enough) : replaceNumber(process.workers, enough),
  };
  if (isDefault(process.threads) || knownValue(process.threads) !== concurrency) return [more];
  const threads = Math.ceil(inFlight / (replicas * workers));
  return [
    more,
    {
      title: { says: 'threads', with: { threads, slots: replicas * workers * threads } },
      safety: 'review',
      edits: replaceNumber(process.threads, threads),
    },
  ];
}

function slotsOf({ service, process }: WebProcess): Value<number> {
  return product([service.replicas, process.workers, process.concurrency], process.at);
}

function describeServer({ service, process }: WebProcess): string {
  const replicas = numberOf(service.replicas) === '1' ? '' : `${numberOf(service.replicas)} replicas x `;
  const workers = numberOf(process.workers);
  return `${service.name} with ${replicas}${workers} ${workers === '1' ? 'worker' : 'workers'} x ${describeConcurrency(process)}`;
}

function serverHops({ service, process }: WebProcess) {
  return [
    ...explain(`${service.name}: replicas: ${numberOf(service.replicas)}`, service.replicas),
    ...explain(`${service.name}: worker processes: ${numberOf(process.workers)}`, process.workers),
    ...concurrencyHops(process),
  ];
}
