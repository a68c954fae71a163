import type { DefaultId } from '../../capacity/defaults.ts';
import type { MappedText } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import type { CelerySettings } from '../code-facts.ts';
import { textValue } from '../mapped-value.ts';
import { known, unknown, type Value, withHop } from '../value.ts';
import { parseOptions } from './command-options.ts';
import { argumentsOf, type Launch } from './launch.ts';
import { openLine } from './open-line.ts';
import { celeryOptions, dramatiqOptions, hueyOptions, rqPoolOptions } from './server-options.ts';
import { defaultHop, defaultNumber, lastOption, noSettings, type ServerSettings } from './server-settings.ts';

/**
 * Celery: prefork runs `concurrency` child processes, each with one task in hand; threads share one process. The command
 * line wins over its variables, those over the application's configuration (`configured`, once its code is known).
 */
export function readCelery(launch: Launch, configured?: CelerySettings): ServerSettings {
  const { line, refusals, number } = openLine(launch, celeryOptions);
  const given = <T>(value: Value<T> | undefined, fallback: Value<T>): Value<T> =>
    (value && withHop(value, { at: value.at, says: "Celery's configuration" })) ??
    (configured?.incomplete === undefined ? fallback : unknown(configured.incomplete, launch.at));
  const autoscale = lastOption(line, 'autoscale')?.value;
  const concurrency = autoscale
    ? autoscaleRange(autoscale, launch.at)
    : number('concurrency', {
        variables: ['CELERY_WORKER_CONCURRENCY'],
        fallback: given(
          configured?.workerConcurrency,
          fromCpus(launch, { id: 'celery.worker_concurrency', program: 'Celery' }),
        ),
      });
  const option = lastOption(line, 'pool');
  const prefork = known('prefork', launch.at, [defaultHop('celery.worker_pool')]);
  const pool = option?.value ? textValue(option.value, option.at) : given(configured?.workerPool, prefork);
  const common = {
    ...noSettings('Celery', launch.at),
    timeoutSeconds: number('time_limit', {
      variables: ['CELERY_WORKER_TIME_LIMIT'],
      fallback: given(configured?.taskTimeLimit, unknown('no time limit is set', launch.at)),
    }),
    refusals,
    application: lastOption(line, 'app')?.value?.text,
    reload: known(false, launch.at),
    workerClass: pool,
  };
  if (!pool.known) return { ...common, workers: unknown(`pool: ${pool.why}`, launch.at) };
  const inOneProcess = { ...common, workers: known(1, launch.at), concurrency };
  if (pool.value === 'solo') return { ...common, ...oneAtATime(launch.at) };
  if (pool.value === 'threads') return { ...inOneProcess, threads: concurrency, concurrencyKind: 'threads' };
  if (pool.value === 'gevent' || pool.value === 'eventlet')
    return { ...inOneProcess, threads: known(1, launch.at), concurrencyKind: 'async' };
  return { ...common, ...oneAtATime(launch.at), workers: concurrency };
}

/** Celery's scheduler: one process. */
export function readCeleryBeat(launch: Launch): ServerSettings {
  const application = lastOption(parseOptions(argumentsOf(launch), celeryOptions), 'app')?.value?.text;
  return {
    ...noSettings(launch.program, launch.at),
    ...oneAtATime(launch.at),
    reload: known(false, launch.at),
    application,
  };
}

/** RQ: a worker runs one job at a time; a pool (`rq worker-pool`) starts several workers. */
export function readRq(launch: Launch): ServerSettings {
  const single = {
    ...noSettings(launch.program, launch.at),
    ...oneAtATime(launch.at),
    reload: known(false, launch.at),
  };
  if (!argumentsOf(launch).some((word) => word.text === 'worker-pool')) return single;
  const { number, refusals } = openLine(launch, rqPoolOptions);
  return { ...single, workers: number('workers', { fallback: defaultNumber('rq.num_workers', launch.at) }), refusals };
}

/** dramatiq: processes, each with its threads. */
export function readDramatiq(launch: Launch): ServerSettings {
  const { line, refusals, number } = openLine(launch, dramatiqOptions);
  const threads = number('threads', { fallback: defaultNumber('dramatiq.threads', launch.at) });
  return {
    ...noSettings('dramatiq', launch.at),
    workers: number('workers', { fallback: fromCpus(launch, { id: 'dramatiq.processes', program: 'dramatiq' }) }),
    threads,
    concurrency: threads,
    concurrencyKind: 'threads',
    refusals,
    application: line.positional[0]?.text,
  };
}

/** Huey's consumer: its workers are threads of one process unless `-k` says processes or greenlets. */
export function readHuey(launch: Launch): ServerSettings {
  const { line, refusals, number } = openLine(launch, hueyOptions);
  const isDjango = argumentsOf(launch).some((word) => word.text === 'run_huey');
  const inSettings = <T>(): Value<T> => unknown("HUEY in Django's settings may set it", launch.at);
  const workers = number('workers', { fallback: isDjango ? inSettings() : defaultNumber('huey.workers', launch.at) });
  const option = lastOption(line, 'worker_type');
  const type: Value<string> = option?.value
    ? textValue(option.value, option.at)
    : isDjango
      ? inSettings()
      : known('thread', launch.at, [defaultHop('huey.worker_type')]);
  const common = {
    ...noSettings('Huey', launch.at),
    reload: known(false, launch.at),
    workerClass: type,
    refusals,
    application: isDjango ? undefined : line.positional[0]?.text.replace(/\.\w+$/, ''),
  };
  if (!type.known) return common;
  if (type.value === 'process') return { ...common, ...oneAtATime(launch.at), workers };
  const inOneProcess = { ...common, workers: known(1, launch.at), concurrency: workers };
  if (type.value === 'thread') return { ...inOneProcess, threads: workers, concurrencyKind: 'threads' };
  return { ...inOneProcess, threads: known(1, launch.at), concurrencyKind: 'async' };
}

function fromCpus(launch: Launch, of: { readonly id: DefaultId; readonly program: string }): Value<number> {
  return unknown(`${of.program} takes the number of CPUs of the host`, launch.at, {
    trail: [defaultHop(of.id)],
    atLeast: 1,
    fromCpuCount: true,
  });
}

function autoscaleRange(text: MappedText, at: Location): Value<number> {
  const [most, fewest] = text.text.split(',').map(Number);
  if (most === undefined || Number.isNaN(most)) return unknown('autoscale range', at);
  return unknown('Celery scales the number of processes itself', at, { atMost: most, atLeast: fewest || 1 });
}

function oneAtATime(at: Location) {
  return {
    workers: known(1, at),
    threads: known(1, at),
    concurrency: known(1, at),
    concurrencyKind: 'single' as const,
  };
}
