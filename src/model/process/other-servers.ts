import { unknownMark } from '../../text/mapped-text.ts';
import { known, unknown } from '../value.ts';
import { readDaphne, readGranian, readHypercorn, readUvicorn } from './asgi-servers.ts';
import { parseOptions } from './command-options.ts';
import { argumentsOf, type Launch } from './launch.ts';
import { lastOption, noSettings, type ServerSettings } from './server-settings.ts';
import { readCelery, readCeleryBeat, readDramatiq, readHuey, readRq } from './task-workers.ts';

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
  hypercorn: readHypercorn,
  daphne: readDaphne,
  granian: readGranian,
  celery: (launch) => readCelery(launch),
  'celery-beat': readCeleryBeat,
  rq: readRq,
  dramatiq: readDramatiq,
  huey: readHuey,
  'django-runserver': readDevelopmentServer,
  'flask-run': readDevelopmentServer,
};

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
