import { type MappedText, mappedLiteral, unknownReason } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import { absolutePath } from '../image/image-stage.ts';
import { known, unknown, type Value, withHop } from '../value.ts';
import { type OptionTable, parseOptions } from './command-options.ts';
import { argumentsOf, type Launch } from './launch.ts';
import { defaultNumber, hiddenOptions, noSettings, type ServerSettings, textNumber } from './server-settings.ts';
import { readUwsgiFile, type UwsgiOption } from './uwsgi-file.ts';

export interface UwsgiReader {
  /** Workspace path of the file at a container path. */
  find(containerPath: string): string | undefined;
  read(path: string): SourceText | undefined;
}

/** uWSGI's settings: its command line, `UWSGI_*` variables and ini files together, since each of them may set an option. */
export function readUwsgiSettings(launch: Launch, reader: UwsgiReader): ServerSettings {
  const { options, hidden } = readOptions(launch, reader);
  const settings = (names: readonly string[]) => options.filter(({ name }) => names.includes(name));
  const number = (names: readonly string[], fallback: Value<number>) =>
    combine(settings(names), { fallback: hidden === undefined ? fallback : unknown(hidden, launch.at) });
  const off = unknown<number>('harakiri is off unless it is set', launch.at);
  const harakiri = number(['harakiri', 't'], off);
  const greenlets = settings(['gevent', 'async', 'asyncio']);
  const threads = number(['threads'], defaultNumber('uwsgi.threads', launch.at));
  const addresses = settings(addressOptions);
  const isKnown = (option: UwsgiOption) =>
    option.value && unknownReason(option.value) === undefined && !option.conditional;
  return {
    ...noSettings('uWSGI', launch.at),
    workers: number(['processes', 'workers', 'p'], defaultNumber('uwsgi.processes', launch.at)),
    threads: greenlets.length > 0 ? known(1, launch.at) : threads,
    timeoutSeconds: harakiri.known && harakiri.value <= 0 ? off : harakiri,
    maxRequests: number(['max-requests', 'R'], known(0, launch.at)),
    bind:
      addresses.length > 0 && addresses.every(isKnown)
        ? known(
            addresses.map(({ value }) => value?.text ?? ''),
            addresses[0]?.at ?? launch.at,
          )
        : unknown(hidden ?? 'the addresses that uWSGI listens on', launch.at),
    reload:
      hidden === undefined
        ? known(
            settings(['py-autoreload', 'python-autoreload', 'py-auto-reload']).some((option) => !option.conditional),
            launch.at,
          )
        : unknown(hidden, launch.at),
    concurrency: greenlets.length > 0 ? number(['gevent', 'async', 'asyncio'], unknown('not set', launch.at)) : threads,
    concurrencyKind: greenlets.length > 0 ? 'async' : 'threads',
    application: applicationOf(settings(['module', 'wsgi', 'w', 'wsgi-file', 'file']).at(-1)?.value),
    pythonPath: settings(['chdir', 'chdir2', 'pythonpath', 'python-path', 'pp']).flatMap(
      ({ value }) => value?.text ?? [],
    ),
  };
}

const addressOptions = ['http', 'http-socket', 'http11-socket', 'socket', 'uwsgi-socket', 's'];

/** Options that take a value; the name behind the dashes is the name in the file. */
const table: OptionTable = {
  prefixes: false,
  values: Object.fromEntries(
    [
      ...['processes', 'workers', 'threads', 'harakiri', 'max-requests', 'gevent', 'async', 'cheaper', 'listen'],
      ...['http', 'http-socket', 'http11-socket', 'socket', 'uwsgi-socket', 'module', 'wsgi', 'wsgi-file', 'file'],
      ...['ini', 'yaml', 'yml', 'xml', 'json', 'chdir', 'chdir2', 'pythonpath', 'python-path', 'pp', 'callable', 'env'],
      ...[
        'py-autoreload',
        'python-autoreload',
        'buffer-size',
        'static-map',
        'stats',
        'uid',
        'gid',
        'home',
        'virtualenv',
      ],
    ]
      .map((name) => [`--${name}`, name])
      .concat(['p', 't', 'R', 's', 'w', 'H', 'b', 'l'].map((name) => [`-${name}`, name])),
  ),
  switches: Object.fromEntries(
    ['master', 'enable-threads', 'die-on-term', 'vacuum', 'lazy-apps', 'need-app', 'single-interpreter', 'strict']
      .map((name) => [`--${name}`, name])
      .concat(['M', 'L', 'T'].map((name) => [`-${name}`, name])),
  ),
};

interface Options {
  readonly options: readonly UwsgiOption[];
  /** Why there may be more of them. */
  readonly hidden: string | undefined;
}

function readOptions(launch: Launch, reader: UwsgiReader): Options {
  const line = parseOptions(argumentsOf(launch), table);
  const written: UwsgiOption[] = line.options.map(({ setting, value, at }) => ({
    name: setting,
    value,
    at,
    conditional: false,
  }));
  const variables = [...launch.environment.variables].flatMap(([name, value]): UwsgiOption[] => {
    const option = /^UWSGI_([A-Z0-9_]+)$/.exec(name)?.[1]?.toLowerCase().replaceAll('_', '-');
    if (option === undefined || !value.known) return [];
    const text = mappedLiteral(value.value, { at: value.at, exact: false, trail: value.trail });
    return [{ name: option, value: text, at: value.at, conditional: false }];
  });
  const files = [
    ...[...written, ...variables].filter(({ name }) => /^(ini|ya?ml|xml|json)$/.test(name)).map(({ value }) => value),
    ...line.positional.filter((word) => /\.(ini|ya?ml|xml|json)(:\w+)?$/.test(word.text)),
  ];
  let hidden = hiddenOptions(line.positional);
  const inFiles = files.flatMap((file) => {
    const path = file && absolutePath(launch.workingDirectory, file.text);
    const read = (place: string) => {
      const found = reader.find(place);
      return found === undefined ? undefined : reader.read(found);
    };
    const options = path && readUwsgiFile({ path, read, environment: launch.environment });
    if (!options) hidden = 'set in a uWSGI configuration file that could not be read';
    return options || [];
  });
  return { options: [...written, ...variables, ...inFiles], hidden };
}

/** One value when all places agree; which of them wins is left open otherwise. */
function combine(options: readonly UwsgiOption[], work: { fallback: Value<number> }): Value<number> {
  const values = options.map((option) => ({ conditional: option.conditional, value: numberOf(option) }));
  const [first] = values;
  if (!first) return work.fallback;
  const all = [
    ...values.map(({ value }) => value),
    ...(values.every((each) => each.conditional) ? [work.fallback] : []),
  ];
  const same = all.every((value) => value.known && first.value.known && value.value === first.value.value);
  if (same || all.length === 1) return first.value;
  return unknown('it is set in several places, or under a condition', first.value.at, { oneOf: all });
}

function numberOf({ name, value, at }: UwsgiOption): Value<number> {
  if (!value) return unknown(`${name} has no value`, at);
  const number = textNumber(value, { cast: 'int', refusals: [], setting: name, at });
  return withHop(number, { at, says: `${name} in ${at.source.path}` });
}

/** Dotted module, also for a file: `shop/wsgi.py` is shop.wsgi. */
function applicationOf(text: MappedText | undefined): string | undefined {
  if (!text || unknownReason(text) !== undefined) return undefined;
  const [path = ''] = text.text.split(':');
  return /\.py$/.test(path)
    ? path
        .replace(/^\.?\//, '')
        .replace(/\.py$/, '')
        .replaceAll('/', '.')
    : text.text;
}
