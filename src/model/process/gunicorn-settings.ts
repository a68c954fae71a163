import { splitCommandLine } from '../../parse/shell-words.ts';
import { type MappedText, mappedFrom, mappedLiteral } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import { absolutePath } from '../image/image-stage.ts';
import { readNumber, textValue } from '../mapped-value.ts';
import type { DependencyVersion } from '../python/dependencies.ts';
import type { PythonData } from '../python/python-data.ts';
import type { ConcurrencyKind, Refusal } from '../stack.ts';
import { alternatives, greatest, known, mapValue, unknown, type Value, withHop } from '../value.ts';
import { type ParsedCommandLine, type ParsedOption, parseOptions } from './command-options.ts';
import { gunicornOptions } from './gunicorn-options.ts';
import { checkedNumbers, findRefusedOptions, refuseClass, refuseNegative } from './gunicorn-refusals.ts';
import { argumentsOf, type Launch } from './launch.ts';
import {
  defaultHop,
  defaultNumber,
  defaultText,
  hiddenOptions,
  lastOption,
  optionNumber,
  type ServerSettings,
  textNumber,
} from './server-settings.ts';

/** What reading a Gunicorn configuration needs from the outside. */
export interface ConfigReader {
  /** Workspace path behind an absolute container path. */
  find(containerPath: string): string | undefined;
  read(path: string): SourceText | undefined;
  exists(path: string): boolean;
  /** True while a file is known and not loaded yet. */
  pending(path: string): boolean;
  /** The version of a package that the program's dependency files ask for. */
  version(packageName: string): DependencyVersion | undefined;
  /** A module's top-level names after running it on paper, in this launch's environment. */
  evaluate(source: SourceText): { get(name: string): Value<PythonData> | undefined; readonly complete: boolean };
}

interface Layers {
  readonly launch: Launch;
  readonly line: ParsedCommandLine;
  readonly fromEnvironment: ParsedCommandLine | undefined;
  readonly config: ConfigFile;
  hidden: string | undefined;
  readonly refusals: Refusal[];
}

type ConfigFile =
  | { readonly state: 'none' }
  | { readonly state: 'unreadable'; readonly why: string; readonly at: Location }
  | { readonly state: 'read'; readonly scope: ReturnType<ConfigReader['evaluate']>; readonly source: SourceText };

/**
 * Gunicorn's effective settings: environment defaults, then the configuration file, then GUNICORN_CMD_ARGS, then the
 * command line, as its app/base.py loads them.
 */
export function readGunicornSettings(launch: Launch, reader: ConfigReader): ServerSettings {
  const words = argumentsOf(launch);
  const line = parseOptions(words, gunicornOptions);
  const fromEnvironment = commandArguments(launch);
  const layers: Layers = {
    launch,
    line,
    fromEnvironment,
    config: findConfig({ launch, line, fromEnvironment }, reader),
    hidden: hiddenOptions(line.positional),
    refusals: [],
  };
  const refusedOptions = [line, fromEnvironment].flatMap((part) => (part ? findRefusedOptions(part) : []));
  layers.refusals.push(...refusedOptions);
  // Which setting an ambiguous beginning was meant for is not known.
  if (refusedOptions.some(({ kind }) => kind === 'ambiguous-option')) layers.hidden ??= 'an option is ambiguous';
  for (const name of checkedNumbers) numberSetting(layers, { name, default: known(0, launch.at) });
  const threads = numberSetting(layers, { name: 'threads', default: defaultNumber('gunicorn.threads', launch.at) });
  const workerClass = textSetting(layers, 'worker_class', defaultText('gunicorn.worker_class', launch.at));
  layers.refusals.push(...refuseClass(workerClass, reader.version('gunicorn')));
  const { concurrency, kind } = readConcurrency({ workerClass, threads, at: launch.at });
  return {
    workers: numberSetting(layers, { name: 'workers', default: webConcurrency(layers) }),
    threads,
    workerClass,
    timeoutSeconds: numberSetting(layers, { name: 'timeout', default: defaultNumber('gunicorn.timeout', launch.at) }),
    gracefulTimeoutSeconds: numberSetting(layers, {
      name: 'graceful_timeout',
      default: defaultNumber('gunicorn.graceful_timeout', launch.at),
    }),
    maxRequests: numberSetting(layers, {
      name: 'max_requests',
      default: defaultNumber('gunicorn.max_requests', launch.at),
    }),
    bind: bindSetting(layers),
    reload: reloadSetting(layers),
    concurrency,
    concurrencyKind: kind,
    refusals: layers.refusals,
    application: line.positional.find((word) => /^[A-Za-z_][\w.]*(:.*)?$/.test(word.text))?.text,
    pythonPath: [lastOption(line, 'chdir'), lastOption(line, 'pythonpath')].flatMap((option) =>
      option?.value ? option.value.text.split(',') : [],
    ),
  };
}

function commandArguments(launch: Launch): ParsedCommandLine | undefined {
  const value = launch.environment.variables.get('GUNICORN_CMD_ARGS');
  if (!value?.known || value.value === '') return undefined;
  const text = value.value;
  const written = value.at.source.text.slice(value.at.span.start, value.at.span.end) === text;
  const words: MappedText[] = splitCommandLine(text).map((word) => {
    if (!written || !word.exact) return mappedLiteral(word.text, { at: value.at, exact: false, trail: value.trail });
    const base = value.at.span.start;
    return mappedFrom({ source: value.at.source, span: { start: base + word.span.start, end: base + word.span.end } });
  });
  return parseOptions(words, gunicornOptions);
}

function findConfig(from: Pick<Layers, 'launch' | 'line' | 'fromEnvironment'>, reader: ConfigReader): ConfigFile {
  const option =
    lastOption(from.line, 'config') ?? (from.fromEnvironment && lastOption(from.fromEnvironment, 'config'));
  const named = option?.value && textValue(option.value, option.at);
  if (named && !named.known)
    return { state: 'unreadable', why: `the configuration file's name: ${named.why}`, at: named.at };
  const paths = named
    ? configPaths(named.value, from.launch)
    : [absolutePath(from.launch.workingDirectory, 'gunicorn.conf.py')];
  for (const path of paths) {
    const found = reader.find(path);
    const source = found === undefined ? undefined : reader.read(found);
    if (source) return { state: 'read', scope: reader.evaluate(source), source };
    if (found !== undefined && reader.pending(found))
      return { state: 'unreadable', why: 'not loaded yet', at: from.launch.at };
  }
  if (!named) return { state: 'none' };
  return { state: 'unreadable', why: 'the Gunicorn configuration file is not in the workspace', at: named.at };
}

function configPaths(named: string, launch: Launch): string[] {
  if (named === 'None' || named === '/dev/null') return [];
  const module = /^python:(.+)$/.exec(named)?.[1];
  if (module) {
    const path = module.replaceAll('.', '/');
    return [
      absolutePath(launch.workingDirectory, `${path}.py`),
      absolutePath(launch.workingDirectory, `${path}/__init__.py`),
    ];
  }
  return [absolutePath(launch.workingDirectory, named.replace(/^file:(\/\/)?/, ''))];
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
  if (number !== undefined)
    return known(number, variable.at, [{ at: variable.at, says: 'WEB_CONCURRENCY' }, ...variable.trail]);
  // Gunicorn reads the variable while it starts, even when a later layer sets the workers.
  const kind = variable.value === '' ? 'empty' : 'not-a-number';
  layers.refusals.push({ setting: 'WEB_CONCURRENCY', kind, at: variable.at, trail: variable.trail });
  return unknown('WEB_CONCURRENCY is not a number', variable.at, { trail: variable.trail });
}

function numberSetting(layers: Layers, setting: { name: string; default: Value<number> }): Value<number> {
  return refuseNegative(readSetting(layers, setting), { setting: setting.name, refusals: layers.refusals });
}

function readSetting(layers: Layers, setting: { name: string; default: Value<number> }): Value<number> {
  const option = optionFor(layers, setting.name);
  if (option) return optionNumber(option, { cast: 'int', refusals: layers.refusals });
  if (layers.hidden !== undefined) return unknown(`options of the command: ${layers.hidden}`, layers.launch.at);
  const configured = fromConfig(layers, setting.name);
  if (configured === undefined) return setting.default;
  return castNumber(configured, { name: setting.name, refusals: layers.refusals });
}

function castNumber(value: Value<PythonData>, setting: { name: string; refusals: Refusal[] }): Value<number> {
  if (!value.known) {
    const options = alternatives(value).map((option) => castNumber(option, setting));
    const { oneOf: _, atLeast, atMost, ...rest } = value;
    return {
      ...rest,
      ...(options.length > 0 && { oneOf: options }),
      ...(typeof atLeast === 'number' && { atLeast }),
      ...(typeof atMost === 'number' && { atMost }),
    };
  }
  if (typeof value.value === 'number') {
    if (Number.isInteger(value.value)) return known(value.value, value.at, value.trail);
    setting.refusals.push({ setting: setting.name, kind: 'fraction', at: value.at, trail: value.trail });
    return unknown(`Gunicorn refuses ${setting.name}`, value.at, { trail: value.trail });
  }
  if (typeof value.value === 'string') {
    const text = mappedLiteral(value.value, { at: value.at, exact: false, trail: value.trail });
    return textNumber(text, { cast: 'int', refusals: setting.refusals, setting: setting.name, at: value.at });
  }
  return unknown(`${setting.name} is not a number in the configuration file`, value.at, { trail: value.trail });
}

function textSetting(layers: Layers, name: string, fallback: Value<string>): Value<string> {
  const option = optionFor(layers, name);
  if (option?.value) return textValue(option.value, option.at);
  if (layers.hidden !== undefined) return unknown(`options of the command: ${layers.hidden}`, layers.launch.at);
  const configured = fromConfig(layers, name);
  if (configured === undefined) return fallback;
  return mapValue(configured, (data) => {
    if (typeof data === 'string') return data;
    return typeof data === 'object' && data !== null && data.type === 'reference' ? data.name : String(data);
  });
}

function optionFor(layers: Layers, name: string): ParsedOption | undefined {
  return lastOption(layers.line, name) ?? (layers.fromEnvironment && lastOption(layers.fromEnvironment, name));
}

function fromConfig(layers: Layers, name: string): Value<PythonData> | undefined {
  const { config } = layers;
  if (config.state === 'none') return undefined;
  if (config.state === 'unreadable') return unknown(config.why, config.at);
  const value = config.scope.get(name);
  if (value) return withHop(value, { at: value.at, says: `${name} in ${config.source.path}` });
  if (config.scope.complete) return undefined;
  return unknown(`${config.source.path} may set ${name} in a way that cannot be read`, layers.launch.at);
}

function bindSetting(layers: Layers): Value<readonly string[]> {
  const at = layers.launch.at;
  const options = [...layers.line.options, ...(layers.fromEnvironment?.options ?? [])].filter(
    (option) => option.setting === 'bind',
  );
  const first = options[0];
  if (first) {
    const values = options.flatMap((option) => (option.value ? [textValue(option.value, option.at)] : []));
    const missing = values.find((value) => !value.known);
    if (missing && !missing.known) return unknown(missing.why, missing.at);
    return known(
      values.flatMap((value) => (value.known ? value.value.split(',') : [])),
      values[0]?.at ?? first.at,
    );
  }
  if (layers.hidden !== undefined) return unknown(`options of the command: ${layers.hidden}`, at);
  const configured = fromConfig(layers, 'bind');
  if (configured) {
    if (!configured.known) return unknown(configured.why, configured.at, { trail: configured.trail });
    const texts = typeof configured.value === 'string' ? configured.value.split(',') : undefined;
    return texts ? known(texts, configured.at, configured.trail) : unknown('bind is a list', configured.at);
  }
  const port = layers.launch.environment.variables.get('PORT');
  if (port?.known) return known([`0.0.0.0:${port.value}`], port.at, port.trail);
  if (port || !layers.launch.environment.complete) return unknown('PORT may be set from outside', at);
  return known(['127.0.0.1:8000'], at, [defaultHop('gunicorn.bind')]);
}

function reloadSetting(layers: Layers): Value<boolean> {
  const option = optionFor(layers, 'reload');
  if (option) return known(true, option.at);
  const configured = fromConfig(layers, 'reload');
  if (!configured) return known(false, layers.launch.at);
  return mapValue(configured, (data) => data === true);
}

/** How many requests one worker has in hand: its threads, one for sync; event-loop workers have no fixed number. */
function readConcurrency(from: { workerClass: Value<string>; threads: Value<number>; at: Location }): {
  concurrency: Value<number>;
  kind: ConcurrencyKind;
} {
  const { workerClass, threads, at } = from;
  if (!workerClass.known) return { concurrency: unknown(`worker class: ${workerClass.why}`, at), kind: 'unknown' };
  const name = workerClass.value;
  if (name === 'gthread') return { concurrency: greatest([threads, known(1, at)], at), kind: 'threads' };
  if (name === 'sync') {
    const kind = threads.known && threads.value === 1 ? 'single' : 'threads';
    return { concurrency: threads, kind };
  }
  if (/gevent|eventlet|tornado|uvicorn|asgi|aiohttp|hypercorn/i.test(name)) {
    return { concurrency: unknown(`${name} workers take as many requests as arrive`, workerClass.at), kind: 'async' };
  }
  return { concurrency: unknown(`worker class ${name} is not known`, workerClass.at), kind: 'unknown' };
}
