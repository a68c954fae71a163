import type { Location } from '../../text/span.ts';
import { absolutePath } from '../image/image-stage.ts';
import { readNumber, textValue } from '../mapped-value.ts';
import type { ConcurrencyKind, GunicornSettings } from '../stack.ts';
import {
  greatest,
  isAssumed,
  known,
  knownValue,
  lowerBound,
  mapValue,
  unknown,
  upperBound,
  type Value,
  withHop,
} from '../value.ts';
import { type ConfigReader, configValue, type Layers, readLayers } from './gunicorn-layers.ts';
import { findMisnamed, findMissedFile } from './gunicorn-misplaced.ts';
import { wholeNumberSettings } from './gunicorn-options.ts';
import { findRefusedOptions, refuseClass } from './gunicorn-refusals.ts';
import { flagSetting, listSetting, numberSetting, textSetting } from './gunicorn-values.ts';
import type { Launch } from './launch.ts';
import { defaultHop, defaultNumber, defaultText, type ServerSettings } from './server-settings.ts';

/**
 * Gunicorn's effective settings: environment defaults, then the configuration file, then GUNICORN_CMD_ARGS, then the
 * command line, as its app/base.py loads them.
 */
export function readGunicornSettings(launch: Launch, reader: ConfigReader): ServerSettings {
  const found = readLayers(launch, reader);
  const refused = [found.line, found.fromEnvironment].flatMap((line) =>
    line ? findRefusedOptions(line, found.version) : [],
  );
  // Which setting an ambiguous beginning was meant for is not known.
  const isAmbiguous = refused.some(({ kind }) => kind === 'ambiguous-option');
  const hidden = isAmbiguous ? { ...found.hidden, line: 'an option is ambiguous' } : found.hidden;
  const layers: Layers = { ...found, hidden, refusals: [...found.refusals, ...refused] };
  const at = launch.at;
  const numbers = new Map([...wholeNumberSettings].map((name) => [name, readWholeNumber(layers, name)]));
  const number = (name: string) => numbers.get(name) ?? unknown<number>(`not a number: ${name}`, at);
  const threads = number('threads');
  const written = textSetting(layers, 'worker_class', () => defaultText('gunicorn.worker_class', at));
  layers.refusals.push(...refuseClass(written, layers.version));
  const workerClass = effectiveClass(written, threads);
  const chdir = textSetting(layers, 'chdir', () => known('', at));
  const application = readApplication(layers);
  const pythonPath = textSetting(layers, 'pythonpath', () => known('', at));
  return {
    workers: number('workers'),
    threads,
    workerClass,
    timeoutSeconds: number('timeout'),
    gracefulTimeoutSeconds: number('graceful_timeout'),
    maxRequests: number('max_requests'),
    bind: listSetting(layers, 'bind', () => defaultBind(launch)),
    reload: flagSetting(layers, 'reload'),
    ...readConcurrency({ workerClass, threads, at }),
    gunicorn: readOwnSettings(layers, { number, chdir, application, reader }),
    refusals: layers.refusals,
    application: knownValue(application),
    pythonPath: [chdir, pythonPath].flatMap((path) => (path.known && path.value !== '' ? path.value.split(',') : [])),
  };
}

function readWholeNumber(layers: Layers, name: string): Value<number> {
  const at = layers.launch.at;
  if (name === 'workers') return numberSetting(layers, name, () => webConcurrency(layers));
  const id = `gunicorn.${name}`;
  return numberSetting(layers, name, () => (isDefaultId(id) ? defaultNumber(id, at) : unknown('not needed', at)));
}

const numberDefaults = [
  'gunicorn.threads',
  'gunicorn.timeout',
  'gunicorn.graceful_timeout',
  'gunicorn.max_requests',
  'gunicorn.max_requests_jitter',
  'gunicorn.worker_connections',
  'gunicorn.keepalive',
  'gunicorn.backlog',
] as const;

function isDefaultId(id: string): id is (typeof numberDefaults)[number] {
  return numberDefaults.some((known) => known === id);
}

function readOwnSettings(
  layers: Layers,
  from: {
    readonly number: (name: string) => Value<number>;
    readonly chdir: Value<string>;
    readonly application: Value<string>;
    readonly reader: ConfigReader;
  },
): GunicornSettings {
  const { launch, config } = layers;
  const { number, chdir, application } = from;
  return {
    application,
    configurationFile:
      config.state === 'unreadable'
        ? unknown(config.why, config.at)
        : known(config.state === 'read' ? config.source : null, launch.at),
    misnamed: findMisnamed(layers),
    missedFile: findMissedFile(layers, from.reader),
    workerConnections: number('worker_connections'),
    maxRequestsJitter: number('max_requests_jitter'),
    keepAliveSeconds: number('keepalive'),
    backlog: number('backlog'),
    preload: flagSetting(layers, 'preload_app'),
    workerTmpDir: textSetting(layers, 'worker_tmp_dir', () => known('', launch.at)),
    chdir: mapValue(chdir, (path) => absolutePath(launch.workingDirectory, path).replace(/(.)\/$/, '$1')),
  };
}

function webConcurrency(layers: Layers): Value<number> {
  const variable = layers.launch.environment.variables.get('WEB_CONCURRENCY');
  const at = layers.launch.at;
  if (!variable) {
    if (layers.launch.environment.complete) return defaultNumber('gunicorn.workers', at);
    const hop = { ...defaultHop('gunicorn.workers'), assumed: true as const };
    return known(1, at, [hop]);
  }
  if (!variable.known) return unknown(`WEB_CONCURRENCY: ${variable.why}`, variable.at, { trail: variable.trail });
  const number = readNumber(variable.value, 'int');
  if (number !== undefined && number >= 0)
    return withHop({ ...variable, value: number }, { at: variable.at, says: 'WEB_CONCURRENCY' });
  // Gunicorn reads the variable while it starts, even when a later layer sets the workers.
  const kind = number !== undefined ? 'out-of-range' : variable.value === '' ? 'empty' : 'not-a-number';
  layers.refusals.push({ setting: 'WEB_CONCURRENCY', kind, at: variable.at, trail: variable.trail });
  return unknown('WEB_CONCURRENCY is not a number', variable.at, { trail: variable.trail });
}

function defaultBind(launch: Launch): Value<readonly string[]> {
  const port = launch.environment.variables.get('PORT');
  if (port?.known) return known([`0.0.0.0:${port.value}`.trim()], port.at, port.trail);
  if (port || !launch.environment.complete) return unknown('PORT may be set from outside', launch.at);
  return known(['127.0.0.1:8000'], launch.at, [defaultHop('gunicorn.bind')]);
}

/** The application: named on the command line, else by the configuration file's `wsgi_app`. */
function readApplication(layers: Layers): Value<string> {
  const { line, launch } = layers;
  const named = line.positional.find((word) => /^[A-Za-z_][\w.]*(:.*)?$/.test(word.text));
  if (named) return textValue(named, launch.at);
  const configured = configValue(layers, 'wsgi_app');
  if (!configured?.known) return unknown(configured?.why ?? 'the command names no application', launch.at);
  return typeof configured.value === 'string'
    ? { ...configured, value: configured.value }
    : unknown('wsgi_app is not a text', configured.at);
}

/** Threads turn Gunicorn's `sync` class into `gthread` without a word (config.py worker_class). */
function effectiveClass(written: Value<string>, threads: Value<number>): Value<string> {
  if (!written.known || !/^sync$|SyncWorker$/.test(written.value)) return written;
  if ((upperBound(threads) ?? 2) <= 1) return written;
  const hop = { at: threads.at, says: 'more than one thread turns sync into gthread' };
  const threaded: Value<string> = withHop({ ...written, value: 'gthread', at: threads.at }, hop);
  if ((lowerBound(threads) ?? 0) > 1)
    return isAssumed(threads) ? withHop(threaded, { ...hop, assumed: true }) : threaded;
  return unknown('whether there are threads is not known', threads.at, { oneOf: [written, threaded] });
}

/** How many requests one worker has in hand: its threads, one for sync; event-loop workers have no fixed number. */
function readConcurrency(from: { workerClass: Value<string>; threads: Value<number>; at: Location }): {
  concurrency: Value<number>;
  concurrencyKind: ConcurrencyKind;
} {
  const { workerClass, threads, at } = from;
  const threaded = {
    concurrency: threads.known ? threads : greatest([threads, known(1, at)], at),
    concurrencyKind: 'threads' as const,
  };
  if (!workerClass.known) {
    const isSyncOrThreads = workerClass.oneOf?.every(
      (option) => option.known && /^sync$|SyncWorker$|^gthread$/.test(option.value),
    );
    if (isSyncOrThreads) return threaded;
    return { concurrency: unknown(`worker class: ${workerClass.why}`, at), concurrencyKind: 'unknown' };
  }
  const name = workerClass.value;
  if (/^sync$|SyncWorker$/.test(name)) return { concurrency: threads, concurrencyKind: 'single' };
  if (/^gthread$|\bgthread\.ThreadWorker$/.test(name)) return threaded;
  if (/gevent|eventlet|tornado|uvicorn|asgi|aiohttp|hypercorn/i.test(name)) {
    const why = `${name} workers take as many requests as arrive`;
    return { concurrency: unknown(why, workerClass.at), concurrencyKind: 'async' };
  }
  return { concurrency: unknown(`worker class ${name} is not known`, workerClass.at), concurrencyKind: 'unknown' };
}
