import { known, unknown } from '../value.ts';
import type { EvaluatedCall } from './calls.ts';
import { type FileDialect, findUpwards, openFile, readVariables } from './env-files.ts';
import type { Frame } from './frame.ts';
import { folderOfPath } from './paths.ts';
import type { PythonData, PythonObject } from './python-data.ts';
import { markedText } from './python-text.ts';
import { asObject, asTruth, type PythonValue } from './python-value.ts';

/** Calls that read a file of variables: python-dotenv, django-environ, environs; undefined for other calls. */
export function callEnvFileReader(evaluated: EvaluatedCall): PythonValue | undefined {
  const { callee, frame, at } = evaluated;
  const name = callee.replace(/^dotenv\.main\./, 'dotenv.').replace('.FileAwareEnv', '.Env');
  switch (name) {
    case 'dotenv.load_dotenv':
      return loadFile(evaluated, { dialect: 'python-dotenv', path: dotenvPath(evaluated), override: 'override' });
    case 'dotenv.dotenv_values': {
      const path = dotenvPath(evaluated);
      const file = openFile(path, frame);
      const entries = file ? readVariables(file, { dialect: 'python-dotenv', lookup: setVariable(frame) }) : new Map();
      return known<PythonData>({ type: 'map', entries, complete: file !== undefined, literal: undefined }, at);
    }
    case 'dotenv.find_dotenv': {
      const name = argumentText(evaluated, 'filename') ?? '.env';
      const found = evaluated.keywords.has('usecwd') ? name : findUpwards([name], frame);
      return found === undefined ? unknown('the file is not in the workspace', at) : known<PythonData>(found, at);
    }
    case 'environ.Env.read_env':
    case 'environ.Env().read_env': {
      const path = argumentText(evaluated, 'env_file') ?? besideCode(frame);
      return loadFile(evaluated, { dialect: 'django-environ', path, override: 'overwrite' });
    }
    case 'environs.Env.read_env':
    case 'environs.Env().read_env':
    case 'environs.env.read_env': {
      const path = argumentText(evaluated, 'path') ?? findUpwards(['.env'], frame) ?? besideCode(frame);
      return loadFile(evaluated, { dialect: 'python-dotenv', path, override: 'override' });
    }
  }
  return undefined;
}

/** The variables that decouple's or Starlette's configuration object reads from its file. */
export function fileVariables(
  reader: { readonly library: string; readonly object: PythonObject | undefined },
  frame: Frame,
): ReadonlyMap<string, PythonValue> | undefined {
  const opened = configuredFile(reader, frame);
  if (!opened) return undefined;
  const file = openFile(opened.path, frame, opened.optional);
  return file && readVariables(file, { dialect: opened.dialect, lookup: () => undefined });
}

interface ConfiguredFile {
  readonly path: string;
  readonly dialect: FileDialect;
  /** Set where the library looks for a file by itself. */
  readonly optional?: 'optional';
}

function configuredFile(
  { library, object }: { readonly library: string; readonly object: PythonObject | undefined },
  frame: Frame,
): ConfiguredFile | undefined {
  const given = object?.positional[0] ?? object?.keywords.get('env_file') ?? object?.keywords.get('search_path');
  const text = given?.known ? markedText(given.value) : undefined;
  if (library === 'starlette') return text === undefined ? undefined : { path: text, dialect: 'starlette' };
  if (library !== 'decouple') return undefined;
  const repository = asObject(given);
  if (repository) {
    const path = repository.positional[0];
    const source = path?.known ? markedText(path.value) : undefined;
    const isIni = repository.callee.endsWith('RepositoryIni');
    return source === undefined ? undefined : { path: source, dialect: isIni ? 'decouple-ini' : 'decouple' };
  }
  const found = findUpwards(['settings.ini', '.env'], frame, text);
  if (found === undefined) return { path: '.env', dialect: 'decouple', optional: 'optional' };
  return { path: found, dialect: found.endsWith('.ini') ? 'decouple-ini' : 'decouple' };
}

function loadFile(
  evaluated: EvaluatedCall,
  how: { readonly dialect: FileDialect; readonly path: string; readonly override: string },
): PythonValue {
  const { frame, at, keywords } = evaluated;
  const { environmentWrites, environmentOverrides } = frame.runtime;
  const result = known<PythonData>(true, at);
  const file = openFile(how.path, frame);
  if (!file) return result;
  const written = keywords.get(how.override);
  const override = written ? asTruth(written) : undefined;
  // An example says nothing of a variable that is set.
  const overrides = override?.known === true && override.value && !file.assumed;
  const lookup = overrides ? () => undefined : setVariable(frame);
  for (const [name, value] of readVariables(file, { dialect: how.dialect, lookup })) {
    if (overrides) environmentOverrides.set(name, value);
    else if (!environmentWrites.has(name)) environmentWrites.set(name, value);
  }
  return result;
}

/** What is set already, for references inside a file. */
function setVariable(frame: Frame): (name: string) => PythonValue | undefined {
  const { environment, environmentWrites, environmentOverrides } = frame.runtime;
  return (name) => {
    const value = environmentOverrides.get(name) ?? environment.variables.get(name) ?? environmentWrites.get(name);
    return value as PythonValue | undefined;
  };
}

// Without a path python-dotenv looks from the calling file's folder upwards.
function dotenvPath(evaluated: EvaluatedCall): string {
  const { frame } = evaluated;
  return argumentText(evaluated, 'dotenv_path') ?? findUpwards(['.env'], frame) ?? besideCode(frame);
}

function besideCode({ runtime, source }: Frame): string {
  return `${folderOfPath(runtime.disk.pathOf(source.path))}/.env`;
}

function argumentText({ positional, keywords }: EvaluatedCall, name: string): string | undefined {
  const value = keywords.get(name) ?? positional[0];
  return value?.known && value.value !== null ? markedText(value.value) : undefined;
}
