import { replaceNumber } from '../model/fixes/replace-text.ts';
import { prependExec } from '../model/fixes/shell-form.ts';
import type { Process, Service } from '../model/stack.ts';
import { isDefault, type Value } from '../model/value.ts';
import { nameOf } from '../model/workspace.ts';
import { countOf } from '../text/wording.ts';
import type { CapacityTarget } from './capacity-target.ts';
import { countsHostCpus } from './cpu-count.ts';
import { localCaches } from './django-use.ts';
import type { PlanChange } from './plan-change.ts';
import { runsTarget } from './planned-project.ts';
import type { PlannedStack } from './planned-stack.ts';
import { servesRequests } from './pool-use.ts';
import type { Proposal } from './recommendation.ts';
import { takesThreads, workersOption } from './set-workers.ts';
import { whatStaysSingle } from './stay-single.ts';

/** Changes of the web server itself: workers, threads, and that stop signals reach it. */
export function recommendWeb(planned: PlannedStack): readonly Proposal[] {
  const { target } = planned;
  return [
    ...recommendWorkers(planned),
    ...recommendThreads(planned),
    ...target.project.services
      .filter((service) => service.active && service.role !== 'one-shot')
      .flatMap((service) => service.processes.flatMap((process) => recommendExec({ service, process }))),
  ];
}

function recommendWorkers(planned: PlannedStack): readonly Proposal[] {
  const { target, today, sizing, inputs } = planned;
  const { process, service } = target;
  const workers = sizing.workers.value;
  const counted = countsHostCpus(target);
  if (workers === today.workers && !counted) return [];
  const option = workersOption(process, workers);
  return [
    {
      setting: option?.flag ?? 'workers',
      subject: service.name,
      today: counted ? 'from the CPUs of the host' : describeToday(process.workers, today.workers),
      planned: String(workers),
      reason: whyWorkers(planned),
      values: { today: today.workers, processes: workers, cpus: inputs.cpus },
      figure: sizing.workers,
      at: isDefault(process.workers) ? process.at : process.workers.at,
      change:
        counted && option
          ? { kind: 'command', command: process.command, option }
          : changeNumber(process, { value: process.workers, wanted: workers, option }),
      services: servicesOf(target),
      decides: 'workers',
    },
  ];
}

function whyWorkers({ target, today, sizing, origins }: PlannedStack): string {
  const { value: workers, inputs } = sizing.workers;
  if (countsHostCpus(target)) return 'the number follows the CPUs of the host, not the limit of the container';
  if (workers < today.workers) {
    return 'workerBytes' in inputs
      ? '{today} worker processes need more memory than there is for them; {processes} fit'
      : '{today} worker processes take turns on this machine; {processes} fit';
  }
  const isGuess = origins.cpus.kind === 'unknown' || origins.cpus.kind === 'assumed';
  const says = isGuess
    ? '{cpus} CPUs, which is an assumption, keep {processes} worker processes busy; the service runs {today}'
    : 'this machine keeps {processes} worker processes busy, and runs {today}';
  const splitsCache = today.replicas * today.workers === 1 && localCaches(target.process).length > 0;
  return splitsCache ? `${says}; each will keep a Django cache of its own: share it first (CACHES)` : says;
}

function recommendThreads({ target, today, sizing }: PlannedStack): readonly Proposal[] {
  const { process, service } = target;
  const threads = sizing.threads.value;
  if (today.threads === null || threads === today.threads) return [];
  return [
    {
      setting: '--threads',
      subject: service.name,
      today: describeToday(process.threads, today.threads),
      planned: String(threads),
      reason: whyThreads({ target, sizing }),
      values: {
        single: whatStaysSingle(process) ?? '',
        inFlight: Math.round(sizing.inFlight.value * 10) / 10,
        workers: countOf(sizing.workers.value, 'worker'),
        threads: countOf(threads, 'thread'),
        slots: sizing.requestsAtOnce.value,
      },
      figure: sizing.threads,
      at: isDefault(process.threads) ? process.at : process.threads.at,
      change: changeNumber(process, {
        value: process.threads,
        wanted: threads,
        option: takesThreads(process) ? { flag: '--threads', value: String(threads) } : undefined,
      }),
      services: servicesOf(target),
      decides: 'threads',
    },
  ];
}

function whyThreads({ target, sizing }: Pick<PlannedStack, 'target' | 'sizing'>): string {
  if (sizing.threads.inputs.busiestShare)
    return '{inFlight} requests are in flight at once, and workers accept unevenly; {workers} x {threads} serve {slots}';
  const says = '{inFlight} requests are in flight at once; {workers} x {threads} serve {slots}';
  const isSingle = sizing.workers.value === 1 && whatStaysSingle(target.process) !== undefined;
  return isSingle ? `${says}. It stays one process: {single}` : says;
}

/** The service of the web server, and others that run it by the same command. */
function servicesOf({ project, process: target }: CapacityTarget): readonly Service[] {
  return project.services.filter(
    (service) => service.active && service.processes.some((process) => runsTarget(process, target)),
  );
}

function describeToday(value: Value<number>, number: number): string {
  if (!value.known) return `unknown, taken for ${number}`;
  return isDefault(value) ? `${number} (default)` : String(number);
}

/** Changes a number where it is written, else as an option of the command. */
export function changeNumber(
  process: Process,
  change: {
    readonly value: Value<number>;
    readonly wanted: number;
    readonly option: { readonly flag: string; readonly value: string } | undefined;
  },
): PlanChange {
  const { value, wanted, option } = change;
  if (!value.known) return { kind: 'edits', edits: { refused: `it is not known where it comes from: ${value.why}` } };
  if (!isDefault(value)) return { kind: 'edits', edits: replaceNumber(value, wanted) };
  if (option) return { kind: 'command', command: process.command, option };
  return { kind: 'edits', edits: { refused: `${process.server} takes no such option: use a production server` } };
}

function recommendExec(of: { readonly service: Service; readonly process: Process }): readonly Proposal[] {
  const { service, process } = of;
  const { forwarded, blockedAt, blockedBy } = process.signals;
  if (!forwarded.known || forwarded.value || !blockedAt || !blockedBy || process.server === 'unknown') return [];
  const program = nameOf(process.command.words[0]?.text ?? process.server);
  return [
    {
      setting: 'exec',
      subject: service.name,
      today: blockedBy === 'shell' ? `sh -c ${program}` : program,
      planned: `exec ${program}`,
      reason: servesRequests(process)
        ? 'a restart cuts off running requests while the shell keeps the stop signal to itself'
        : 'a restart cuts off running work while the shell keeps the stop signal to itself',
      figure: { value: 'exec', formula: 'exec', inputs: {}, source: 'POSIX shell: exec replaces the shell' },
      at: blockedAt,
      change: { kind: 'edits', edits: prependExec(blockedAt) },
      services: [service],
    },
  ];
}
