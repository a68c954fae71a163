import { splitCommandLine } from '../../parse/shell-words.ts';
import { type MappedText, mappedFrom, mappedLiteral } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import { absolutePath } from '../image/image-stage.ts';
import { textValue } from '../mapped-value.ts';
import type { DependencyVersion } from '../python/dependencies.ts';
import type { PythonData } from '../python/python-data.ts';
import type { Refusal } from '../stack.ts';
import { unknown, type Value, withHop } from '../value.ts';
import { type ParsedCommandLine, type ParsedOption, parseOptions } from './command-options.ts';
import { gunicornOptions } from './gunicorn-options.ts';
import { argumentsOf, type Launch } from './launch.ts';
import { hiddenOptions, lastOption } from './server-settings.ts';

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
  evaluate(source: SourceText): {
    readonly names: readonly string[];
    get(name: string): Value<PythonData> | undefined;
    readonly complete: boolean;
  };
  /** Container paths of the files of this name that stand below a container folder. */
  below(containerFolder: string, name: string): readonly string[];
  /** False for a file that Python cannot read to its end. */
  isWellFormed(source: SourceText): boolean;
}

/** The places that Gunicorn's settings come from, the later ones over the earlier: file, GUNICORN_CMD_ARGS, command line. */
export interface Layers {
  readonly launch: Launch;
  readonly version: DependencyVersion | undefined;
  readonly config: ConfigFile;
  readonly fromEnvironment: ParsedCommandLine | undefined;
  readonly line: ParsedCommandLine;
  /** Why options may be missing from what was read: from the command line, or from GUNICORN_CMD_ARGS. */
  readonly hidden: { readonly line: string | undefined; readonly environment: string | undefined };
  readonly refusals: Refusal[];
}

type ConfigFile =
  | { readonly state: 'none' }
  | { readonly state: 'unreadable'; readonly why: string; readonly at: Location }
  | { readonly state: 'read'; readonly scope: ReturnType<ConfigReader['evaluate']>; readonly source: SourceText };

/** Reads the command line, GUNICORN_CMD_ARGS and the configuration file that they (or the working directory) name. */
export function readLayers(launch: Launch, reader: ConfigReader): Layers {
  const line = parseOptions(argumentsOf(launch), gunicornOptions);
  const variable = launch.environment.variables.get('GUNICORN_CMD_ARGS');
  const fromEnvironment = variable?.known ? parseOptions(splitVariable(variable), gunicornOptions) : undefined;
  return {
    launch,
    version: reader.version('gunicorn'),
    line,
    fromEnvironment,
    config: findConfig(
      { launch, named: namedConfig(line) ?? (fromEnvironment && namedConfig(fromEnvironment)) },
      reader,
    ),
    hidden: {
      line: hiddenOptions(line.positional),
      environment: variable && !variable.known ? `GUNICORN_CMD_ARGS: ${variable.why}` : undefined,
    },
    refusals:
      variable?.known && hasOpenQuote(variable.value)
        ? [{ setting: 'GUNICORN_CMD_ARGS', kind: 'open-quote', at: variable.at, trail: variable.trail }]
        : [],
  };
}

/** The options that set `setting`, by layer, in the order in which they are written. */
export function optionLayers(layers: Layers, setting: string): readonly (readonly ParsedOption[])[] {
  return [layers.line, layers.fromEnvironment].map(
    (part) => part?.options.filter((option) => option.setting === setting) ?? [],
  );
}

/** The value a setting has in the configuration file; undefined where the file surely does not set it. */
export function configValue(layers: Layers, name: string): Value<PythonData> | undefined {
  const { config } = layers;
  if (config.state === 'none') return undefined;
  if (config.state === 'unreadable') return unknown(config.why, config.at);
  const value = config.scope.get(name);
  if (value) return withHop(value, { at: value.at, says: `${name} in ${config.source.path}` });
  if (config.scope.complete) return undefined;
  return unknown(`${config.source.path} may set ${name} in a way that cannot be read`, layers.launch.at);
}

function splitVariable(value: Value<string> & { known: true }): readonly MappedText[] {
  const { text } = value.at.source;
  const written = text.slice(value.at.span.start, value.at.span.end) === value.value;
  return splitCommandLine(value.value).map((word) => {
    if (!written || !word.exact) return mappedLiteral(word.text, { at: value.at, exact: false, trail: value.trail });
    const base = value.at.span.start;
    return mappedFrom({ source: value.at.source, span: { start: base + word.span.start, end: base + word.span.end } });
  });
}

/** True where Python's `shlex.split` finds a quotation without its end, or nothing behind a backslash. */
function hasOpenQuote(text: string): boolean {
  const rest = text.replace(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, '');
  return /['"\\]/.test(rest);
}

/** The file that an option names; an empty name counts as none. */
function namedConfig(line: ParsedCommandLine): Value<string> | undefined {
  const option = lastOption(line, 'config');
  const named = option?.value && textValue(option.value, option.at);
  return named?.known && named.value === '' ? undefined : named;
}

function findConfig(from: { launch: Launch; named: Value<string> | undefined }, reader: ConfigReader): ConfigFile {
  const { launch, named } = from;
  if (named && !named.known)
    return { state: 'unreadable', why: `the configuration file's name: ${named.why}`, at: named.at };
  if (named?.value === '/dev/null') return { state: 'none' };
  const paths = named ? configPaths(named.value, launch) : [absolutePath(launch.workingDirectory, 'gunicorn.conf.py')];
  for (const path of paths) {
    const found = reader.find(path);
    const source = found === undefined ? undefined : reader.read(found);
    if (source && !reader.isWellFormed(source))
      return { state: 'unreadable', why: `a syntax error in ${source.path}`, at: launch.at };
    if (source) return { state: 'read', scope: reader.evaluate(source), source };
    if (found !== undefined && reader.pending(found))
      return { state: 'unreadable', why: 'not loaded yet', at: launch.at };
  }
  if (!named) return { state: 'none' };
  return { state: 'unreadable', why: 'the Gunicorn configuration file is not in the workspace', at: named.at };
}

/** `python:` names a module on Python's path; every other name is a path, whether or not `file:` stands before it. */
function configPaths(named: string, launch: Launch): readonly string[] {
  const module = /^python:(.+)$/.exec(named)?.[1];
  if (module === undefined) return [absolutePath(launch.workingDirectory, named.replace(/^file:/, ''))];
  const path = module.replaceAll('.', '/');
  const pythonPath = launch.environment.variables.get('PYTHONPATH');
  const folders = ['.', ...(pythonPath?.known ? pythonPath.value.split(':').filter((part) => part !== '') : [])];
  return folders.flatMap((folder) =>
    [`${path}.py`, `${path}/__init__.py`].map((file) => absolutePath(launch.workingDirectory, `${folder}/${file}`)),
  );
}
