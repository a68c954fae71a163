import { type MappedText, unknownMark } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import { readNumber, textValue } from '../mapped-value.ts';
import type { Refusal } from '../stack.ts';
import { known, unknown, type Value } from '../value.ts';
import { type OptionTable, type ParsedCommandLine, parseOptions } from './command-options.ts';
import { argumentsOf, type Launch } from './launch.ts';
import {
  celeryOptions,
  daphneOptions,
  granianOptions,
  hypercornOptions,
  uvicornOptions,
  uwsgiOptions,
} from './server-options.ts';
import {
  defaultHop,
  defaultNumber,
  hiddenOptions,
  lastOption,
  noSettings,
  optionNumber,
  type ServerSettings,
} from './server-settings.ts';
import { programName } from './wrappers.ts';

/** Settings of the servers that are configured on their command line. */
export function readOtherSettings(launch: Launch): ServerSettings {
  const reader = readers[launch.server];
  return reader ? reader(launch) : noSettings(nameOf(launch), launch.at);
}

/** The program as a reader would call it; options alone belong to a program that the image names. */
function nameOf(launch: Launch): string {
  const first = launch.command.words[0]?.text ?? '';
  return first === '' || first.startsWith('-') || first.includes(unknownMark) ? 'this program' : launch.program;
}

const readers: Partial<Record<Launch['server'], (launch: Launch) => ServerSettings>> = {
  uvicorn: readUvicorn,
  hypercorn: (launch) =>
    readAsync(launch, { table: hypercornOptions, workers: defaultNumber('hypercorn.workers', launch.at) }),
  daphne: (launch) => ({
    ...readAsync(launch, { table: daphneOptions, workers: defaultNumber('daphne.workers', launch.at) }),
    workers: defaultNumber('daphne.workers', launch.at),
  }),
  granian: (launch) =>
    readAsync(launch, { table: granianOptions, workers: defaultNumber('granian.workers', launch.at) }),
  uwsgi: readUwsgi,
  celery: readCelery,
  'celery-beat': (launch) => singleProcess(launch),
  rq: (launch) => singleProcess(launch),
  dramatiq: readDramatiq,
  'django-runserver': readDevelopmentServer,
  'flask-run': readDevelopmentServer,
};

function readUvicorn(launch: Launch): ServerSettings {
  const isFastapi = programName(launch.command.words[0]) === 'fastapi';
  const settings = readAsync(launch, { table: uvicornOptions, workers: webConcurrency(launch) });
  if (!isFastapi) return settings;
  // `fastapi run` listens on all interfaces; `fastapi dev` reloads on 127.0.0.1.
  const development = launch.command.words.some((word) => word.text === 'dev');
  return {
    ...settings,
    application: settings.application ?? fastapiModule(launch),
    reload: known(development, launch.at),
    bind: known([development ? '127.0.0.1:8000' : '0.0.0.0:8000'], launch.at),
  };
}

/** `fastapi run app/main.py`: the module of the file that the command names. */
function fastapiModule(launch: Launch): string | undefined {
  const file = argumentsOf(launch).find((word) => /^[\w./-]+\.py$/.test(word.text))?.text;
  return file?.replace(/^\.\//, '').replace(/\.py$/, '').replaceAll('/', '.');
}

function webConcurrency(launch: Launch): Value<number> {
  const variable = launch.environment.variables.get('WEB_CONCURRENCY');
  if (!variable) return defaultNumber('uvicorn.workers', launch.at);
  if (!variable.known) return unknown(`WEB_CONCURRENCY: ${variable.why}`, variable.at, { trail: variable.trail });
  const number = readNumber(variable.value, 'int');
  if (number === undefined) return unknown('WEB_CONCURRENCY is not a number', variable.at);
  return known(number, variable.at, [{ at: variable.at, says: 'WEB_CONCURRENCY' }, ...variable.trail]);
}

function readAsync(launch: Launch, server: { table: OptionTable; workers: Value<number> }): ServerSettings {
  const { line, refusals, number } = openLine(launch, server.table);
  const why = 'an event loop takes as many requests as arrive';
  return {
    ...noSettings(launch.program, launch.at),
    workers: number('workers', server.workers),
    threads: known(1, launch.at),
    maxRequests: number('max_requests', known(0, launch.at)),
    bind: readBind(launch, line),
    reload: known(lastOption(line, 'reload') !== undefined, launch.at),
    concurrency: unknown(why, launch.at),
    concurrencyKind: 'async',
    refusals,
    application: findApplication(line.positional),
    pythonPath: lastOption(line, 'chdir')?.value ? [lastOption(line, 'chdir')?.value?.text ?? ''] : [],
  };
}

function openLine(launch: Launch, table: OptionTable) {
  const words = argumentsOf(launch);
  const line = parseOptions(words, table);
  const refusals: Refusal[] = [];
  const hidden = hiddenOptions(line.positional);
  const number = (setting: string, fallback: Value<number>): Value<number> => {
    const option = lastOption(line, setting);
    if (option) return optionNumber(option, { cast: 'int', refusals });
    return hidden === undefined ? fallback : unknown(`options of the command: ${hidden}`, launch.at);
  };
  return { line, refusals, number };
}

function readBind(launch: Launch, line: ParsedCommandLine): Value<readonly string[]> {
  const bind = lastOption(line, 'bind');
  if (bind?.value) {
    const value = textValue(bind.value, bind.at);
    return value.known ? known(value.value.split(','), value.at, value.trail) : unknown(value.why, value.at);
  }
  const host = lastOption(line, 'host');
  const port = lastOption(line, 'port');
  const hostText: Value<string> = host?.value
    ? textValue(host.value, host.at)
    : known('127.0.0.1', launch.at, [defaultHop('uvicorn.host')]);
  if (!hostText.known) return unknown(hostText.why, hostText.at);
  return known([`${hostText.value}:${port?.value?.text ?? '8000'}`], hostText.at, hostText.trail);
}

function findApplication(positional: readonly MappedText[]): string | undefined {
  return positional.find((word) => /^[A-Za-z_][\w.]*:[A-Za-z_]/.test(word.text))?.text;
}

/** Celery: prefork runs `concurrency` child processes, each with one task in hand; threads share one process. */
function readCelery(launch: Launch): ServerSettings {
  const { line, refusals, number } = openLine(launch, celeryOptions);
  const cpus = unknown<number>('Celery takes the number of CPUs of the host', launch.at, {
    trail: [defaultHop('celery.worker_concurrency')],
    atLeast: 1,
    fromCpuCount: true,
  });
  const autoscale = lastOption(line, 'autoscale')?.value;
  const concurrency = autoscale ? autoscaleRange(autoscale, launch.at) : number('concurrency', cpus);
  const pool = lastOption(line, 'pool')?.value?.text ?? 'prefork';
  const application = lastOption(line, 'app')?.value?.text;
  const common = {
    ...noSettings('Celery', launch.at),
    timeoutSeconds: number('time_limit', unknown('no time limit on the command line', launch.at)),
    refusals,
    application,
    reload: known(false, launch.at),
    workerClass: known(pool, launch.at),
  };
  if (pool === 'solo') return { ...common, ...oneAtATime(launch.at) };
  if (pool === 'threads') {
    return { ...common, workers: known(1, launch.at), threads: concurrency, concurrency, concurrencyKind: 'threads' };
  }
  if (pool === 'gevent' || pool === 'eventlet') {
    return {
      ...common,
      workers: known(1, launch.at),
      threads: known(1, launch.at),
      concurrency,
      concurrencyKind: 'async',
    };
  }
  return { ...common, ...oneAtATime(launch.at), workers: concurrency };
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

function singleProcess(launch: Launch): ServerSettings {
  const application = lastOption(parseOptions(argumentsOf(launch), celeryOptions), 'app')?.value?.text;
  return {
    ...noSettings(launch.program, launch.at),
    ...oneAtATime(launch.at),
    reload: known(false, launch.at),
    application,
  };
}

function readDramatiq(launch: Launch): ServerSettings {
  const table: OptionTable = {
    prefixes: true,
    values: {
      '-p': 'workers',
      '--processes': 'workers',
      '-t': 'threads',
      '--threads': 'threads',
      '-Q': 'queues',
      '--queues': 'queues',
      '--path': 'chdir',
      '-P': 'chdir',
    },
    switches: { '--watch': 'reload' },
  };
  const { line, refusals, number } = openLine(launch, table);
  const cpus = unknown<number>('dramatiq takes the number of CPUs of the host', launch.at, {
    atLeast: 1,
    fromCpuCount: true,
  });
  const threads = number('threads', defaultNumber('dramatiq.threads', launch.at));
  return {
    ...noSettings('dramatiq', launch.at),
    workers: number('workers', cpus),
    threads,
    concurrency: threads,
    concurrencyKind: 'threads',
    refusals,
    application: line.positional[0]?.text,
  };
}

function readUwsgi(launch: Launch): ServerSettings {
  const { line, refusals, number } = openLine(launch, uwsgiOptions);
  const hasFile = lastOption(line, 'config') ?? line.positional.find((word) => /\.(ini|ya?ml|xml)$/.test(word.text));
  const inFile = <T>(): Value<T> => unknown('set in the uWSGI configuration file', launch.at);
  const workers = number('workers', hasFile ? inFile() : defaultNumber('uwsgi.processes', launch.at));
  const threads = number('threads', hasFile ? inFile() : defaultNumber('uwsgi.threads', launch.at));
  return {
    ...noSettings('uWSGI', launch.at),
    workers,
    threads,
    timeoutSeconds: number('timeout', unknown('harakiri is off unless it is set', launch.at)),
    concurrency: threads,
    concurrencyKind: 'threads',
    refusals,
    application: lastOption(line, 'app')?.value?.text,
  };
}

/** Django's and Flask's development servers start a thread for each request, without a bound. */
function readDevelopmentServer(launch: Launch): ServerSettings {
  const bound = argumentsOf(launch).find((word) => /^[\d.]*:\d+$|^\[::\]:\d+$/.test(word.text))?.text;
  const host = parseOptions(argumentsOf(launch), {
    prefixes: false,
    values: { '--host': 'host', '-h': 'host', '--port': 'port', '-p': 'port' },
    switches: {},
  });
  const address =
    bound ??
    `${lastOption(host, 'host')?.value?.text ?? '127.0.0.1'}:${lastOption(host, 'port')?.value?.text ?? '8000'}`;
  return {
    ...noSettings('the development server', launch.at),
    workers: known(1, launch.at),
    bind: known([address], launch.at),
    reload: known(true, launch.at),
    concurrency: unknown('the development server starts a thread for each request', launch.at),
    concurrencyKind: 'unbounded-threads',
  };
}
