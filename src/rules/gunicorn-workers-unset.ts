import { setCommandOptions } from '../model/fixes/set-command-option.ts';
import type { Process } from '../model/stack.ts';
import { isDefault } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import { mustStaySingle } from '../plan/stay-single.ts';
import { sizeWorkers } from '../plan/worker-sizing.ts';
import { countOf } from '../text/wording.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'gunicorn-workers-unset',
  on: 'process',
  severity: 'warning',
  severities: { async: 'information' },
  production: true,
  summary: 'Nothing sets the number of Gunicorn workers, so a single process serves every request.',
  why: `Gunicorn starts \`WEB_CONCURRENCY\` workers, and 1 where nothing sets it. The default class \`sync\` handles one request at a time, so one worker means one request: while a report takes 3 s, everybody else waits 3 s, and the health check with them. It also uses one CPU core, however many the machine has, and a crash of that worker leaves nobody to answer.

Gunicorn's own starting point is 2 x cores + 1 on a machine of its own. A host that also runs the database, the cache and background workers takes fewer: 2 to 3 on 4 cores. Threads (\`gthread\`) carry more requests per worker for little memory, provided the code is safe for threads; requests at once = workers x threads.

More workers also means more database connections and more memory, so look at the pool and at the memory limit when you change it.`,
  references: [
    'gunicorn/config.py: workers, int(os.environ.get("WEB_CONCURRENCY", 1))',
    'Gunicorn documentation: design, "How many workers?"; settings, threads',
  ],
  messages: {
    unset:
      "{service} runs 1 worker (Gunicorn's default) of class {class}: {atOnce} at a time. Set --workers; {workers} x {threads} threads carry {users} users.",
    plain:
      "{service} runs 1 worker (Gunicorn's default) of class {class}: {atOnce} at a time. Set --workers; {workers} carry {users} users.",
    start:
      "{service} runs 1 worker (Gunicorn's default) of class {class}: {atOnce} at a time. Set --workers; start with {workers} x {threads} threads.",
    async:
      "{service} runs 1 worker (Gunicorn's default) of class {class}: one CPU core. Set --workers; start with {workers}.",
    threaded:
      'Start {workers} workers with {threads} threads each: needs thread-safe code, memory for {workers} processes',
    processes: 'Start {workers} workers: {atOnce} at a time, memory for {workers} processes',
    loops: 'Start {workers} workers: {workers} event loops, memory for {workers} processes',
  },
  *check({ process, service }, { goal }) {
    if (process.server !== 'gunicorn' || !service.compose || process.reload.known === false) return;
    const { workers, workerClass, concurrency } = process;
    if (!workers.known || workers.value !== 1 || !isDefault(workers) || !workerClass.known) return;
    if (process.reload.value || mustStaySingle(process)) return;
    const isAsync = process.concurrencyKind === 'async';
    if (!isAsync && !(concurrency.known && /^(sync|gthread)$/.test(workerClass.value))) return;
    const sizing = sizeWorkers(service, goal);
    const current = concurrency.known ? concurrency.value : 1;
    const threads = Math.max(sizing.threads, current);
    const name = workerClass.value.replace(/^.*\./, '');
    yield {
      at: process.at,
      subject: service.name,
      message: {
        says: isAsync ? 'async' : !sizing.carries ? 'start' : threads > 1 ? 'unset' : 'plain',
        with: {
          service: service.name,
          class: name,
          atOnce: countOf(current, 'request'),
          workers: sizing.workers,
          threads,
          users: sizing.users,
        },
      },
      ...(isAsync && { case: 'async' as const }),
      trail: [
        ...process.command.trail,
        ...explain('1 worker', workers),
        ...explain(`class ${workerClass.value}`, workerClass),
        ...(isAsync ? [] : explain(`${countOf(current, 'request')} in one worker`, concurrency)),
      ],
      fixes: () => fixesFor(process, { workers: sizing.workers, threads, current }),
    };
  },
});

function fixesFor(process: Process, sizing: { workers: number; threads: number; current: number }) {
  const workers = { flag: '--workers', aliases: ['-w'], value: String(sizing.workers) };
  const threads = { flag: '--threads', value: String(sizing.threads) };
  const says = process.concurrencyKind === 'async' ? 'loops' : 'processes';
  const plain = {
    title: { says, with: { ...sizing, atOnce: countOf(sizing.workers * sizing.current, 'request') } },
    safety: 'review',
    edits: setCommandOptions(process.command, [workers]),
  } as const;
  if (says === 'loops' || sizing.threads <= sizing.current) return [plain];
  const edits = setCommandOptions(process.command, [workers, threads]);
  return [{ title: { says: 'threaded', with: sizing }, safety: 'review', edits } as const, plain];
}
