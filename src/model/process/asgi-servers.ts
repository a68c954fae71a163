import type { MappedText } from '../../text/mapped-text.ts';
import { textValue } from '../mapped-value.ts';
import { known, unknown, type Value } from '../value.ts';
import type { ParsedCommandLine } from './command-options.ts';
import { argumentsOf, type Launch } from './launch.ts';
import { type OpenLine, openLine } from './open-line.ts';
import { daphneOptions, granianOptions, hypercornOptions, uvicornOptions } from './server-options.ts';
import { defaultHop, defaultNumber, lastOption, noSettings, type ServerSettings } from './server-settings.ts';
import { programName } from './wrappers.ts';

/** Uvicorn, or FastAPI's command, which starts it. */
export function readUvicorn(launch: Launch): ServerSettings {
  if (programName(launch.command.words[0]) === 'fastapi') return readFastapi(launch);
  const open = openLine(launch, uvicornOptions);
  return readAsync(launch, {
    open,
    workers: open.number('workers', {
      variables: ['UVICORN_WORKERS', 'WEB_CONCURRENCY'],
      fallback: defaultNumber('uvicorn.workers', launch.at),
    }),
    atMost: open.number('limit_concurrency', { variables: ['UVICORN_LIMIT_CONCURRENCY'], fallback: noLimit(launch) }),
  });
}

/** Granian serves ASGI and RSGI from event loops, WSGI from the blocking threads of each worker. */
export function readGranian(launch: Launch): ServerSettings {
  const open = openLine(launch, granianOptions);
  const settings = readAsync(launch, {
    open,
    workers: open.number('workers', {
      variables: ['GRANIAN_WORKERS'],
      fallback: defaultNumber('granian.workers', launch.at),
    }),
    atMost: open.number('backpressure', { variables: ['GRANIAN_BACKPRESSURE'], fallback: noLimit(launch) }),
  });
  const option = lastOption(open.line, 'interface')?.value?.text;
  const variable = launch.environment.variables.get('GRANIAN_INTERFACE');
  if ((option ?? (variable?.known ? variable.value : undefined)) !== 'wsgi') return settings;
  const threads = open.number('blocking_threads', {
    variables: ['GRANIAN_BLOCKING_THREADS'],
    fallback: unknown('Granian chooses the blocking threads by its version', launch.at),
  });
  return { ...settings, threads, concurrency: threads, concurrencyKind: 'threads' };
}

/** Hypercorn; a configuration file (`-c`) may set what the command line does not. */
export function readHypercorn(launch: Launch): ServerSettings {
  const open = openLine(launch, hypercornOptions);
  const file = lastOption(open.line, 'config');
  const inFile = (setting: string): Value<number> =>
    unknown(`${setting} may be set in the Hypercorn configuration file`, file?.at ?? launch.at);
  return {
    ...readAsync(launch, {
      open,
      workers: open.number('workers', {
        fallback: file ? inFile('workers') : defaultNumber('hypercorn.workers', launch.at),
      }),
    }),
    gracefulTimeoutSeconds: open.number('graceful_timeout', {
      fallback: file ? inFile('graceful_timeout') : defaultNumber('hypercorn.graceful_timeout', launch.at),
    }),
  };
}

/** Daphne: one process, whatever it is told. */
export function readDaphne(launch: Launch): ServerSettings {
  const open = openLine(launch, daphneOptions);
  return readAsync(launch, { open, workers: defaultNumber('daphne.workers', launch.at) });
}

/** `fastapi run` listens on all interfaces; `fastapi dev` reloads on 127.0.0.1. */
function readFastapi(launch: Launch): ServerSettings {
  const open = openLine(launch, uvicornOptions);
  const development = launch.command.words.some((word) => word.text === 'dev');
  const workers = open.number('workers', {
    variables: ['WEB_CONCURRENCY'],
    fallback: defaultNumber('uvicorn.workers', launch.at),
  });
  const settings = readAsync(launch, { open, workers });
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

function noLimit(launch: Launch): Value<number> {
  return unknown('no limit is set', launch.at);
}

function readAsync(
  launch: Launch,
  from: { readonly open: OpenLine; readonly workers: Value<number>; readonly atMost?: Value<number> },
): ServerSettings {
  const { open, workers, atMost } = from;
  const { line, refusals } = open;
  const reload = lastOption(line, 'reload');
  const folder = lastOption(line, 'chdir')?.value;
  const why = 'an event loop takes as many requests as arrive';
  return {
    ...noSettings(launch.program, launch.at),
    workers,
    threads: known(1, launch.at),
    maxRequests: open.number('max_requests', { fallback: known(0, launch.at) }),
    bind: readBind(launch, line),
    reload: known(reload !== undefined, reload?.at ?? launch.at),
    concurrency: atMost?.known
      ? unknown(`${why}, up to ${atMost.value}`, atMost.at, { trail: atMost.trail, atMost: atMost.value })
      : unknown(why, launch.at),
    concurrencyKind: 'async',
    refusals,
    application: findApplication(line.positional),
    pythonPath: folder ? [folder.text] : [],
  };
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
