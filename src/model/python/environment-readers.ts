import { known, unknown } from '../value.ts';
import type { EvaluatedCall } from './calls.ts';
import { toBoolean, toFloat, toInteger, toText } from './casts.ts';
import { callEnvFileReader, fileVariables } from './env-file-readers.ts';
import { environmentMap, readVariable } from './environment-variables.ts';
import type { PythonData, PythonObject } from './python-data.ts';
import {
  asMap,
  asObject,
  asSequence,
  asText,
  mapAlternatives,
  type PythonValue,
  referenceName,
} from './python-value.ts';
import { readSetting } from './settings-readers.ts';
import { databaseSettings } from './url-maps.ts';

/** Calls that read a variable: os, django-environ, environs, decouple, starlette; undefined for other calls. */
export function readFromEnvironment(evaluated: EvaluatedCall): PythonValue | undefined {
  const { callee, positional, keywords, at, frame } = evaluated;
  const name = nameArgument(evaluated);
  switch (callee) {
    case 'os.getenv':
    case 'os.environ.get':
    case 'os.environ.pop':
    case 'environ.get': {
      if (name === undefined)
        return callee.startsWith('os.') ? unknown('a variable whose name is not known', at) : undefined;
      const fallback = positional[1] ?? keywords.get('default') ?? known<PythonData>(null, at);
      return readVariable(frame, { names: [name], at, fallback });
    }
    case 'os.environ.setdefault': {
      const [, value] = positional;
      if (name === undefined || !value) return undefined;
      const present = frame.runtime.environment.variables.has(name) || frame.runtime.environmentWrites.has(name);
      if (!present) frame.runtime.environmentWrites.set(name, value);
      return readVariable(frame, { names: [name], at, fallback: value });
    }
    case 'os.environ.copy':
      return known<PythonData>(environmentMap(frame, at), at);
    case 'os.environ.update':
      return updateEnvironment(evaluated);
  }
  const loaded = callEnvFileReader(evaluated) ?? readSetting(evaluated);
  if (loaded) return loaded;
  const reader = readerOf(evaluated);
  if (!reader) return undefined;
  const usual = positional.length === 0 && !keywords.has('var') ? usualNames.get(reader.method) : undefined;
  const asked = name ?? (reader.library === 'django-environ' ? usual : undefined);
  if (asked === undefined) return reader.method === '' ? unknown('a variable whose name is not known', at) : undefined;
  return readCast(asked, reader, evaluated);
}

/** What django-environ reads when its method is called without a name (environ.py). */
const usualNames: ReadonlyMap<string, string> = new Map([
  ['db', 'DATABASE_URL'],
  ['db_url', 'DATABASE_URL'],
  ['cache', 'CACHE_URL'],
  ['cache_url', 'CACHE_URL'],
  ['search_url', 'SEARCH_URL'],
  ['email_url', 'EMAIL_URL'],
]);

function updateEnvironment({ positional, keywords, frame, at }: EvaluatedCall): PythonValue {
  const entries = [...(asMap(positional[0])?.entries ?? []), ...keywords];
  for (const [name, value] of entries) frame.runtime.environmentOverrides.set(name, value);
  return known<PythonData>(null, at);
}

/** `os.environ['NAME']`. */
export function readSubscript(evaluated: Pick<EvaluatedCall, 'frame' | 'at'>, key: PythonValue): PythonValue {
  const name = asText(key);
  if (!name.known) return unknown('a variable whose name is not known', evaluated.at);
  return readVariable(evaluated.frame, { names: [name.value], at: evaluated.at, fallback: undefined });
}

interface Reader {
  readonly library: 'django-environ' | 'environs' | 'decouple' | 'starlette';
  /** "int", "db_url"; empty when the object itself is called. */
  readonly method: string;
  readonly object: PythonObject | undefined;
}

function readerOf({ callee, receiver, call, frame }: EvaluatedCall): Reader | undefined {
  if (callee === 'decouple.config') return { library: 'decouple', method: '', object: undefined };
  const match = /^(.*?)\(\)(?:\.(\w+))?$/.exec(callee.replace(/\(\)$/, '()'));
  const made = match?.[1] ?? '';
  const library = readerClasses.get(made);
  if (!library) return undefined;
  const object = match?.[2] === undefined ? asObject(frame.runtime.evaluate(call.callee, frame)) : asObject(receiver);
  return { library, method: match?.[2] ?? '', object };
}

const readerClasses: ReadonlyMap<string, Reader['library']> = new Map([
  ['environ.Env', 'django-environ'],
  ['environ.FileAwareEnv', 'django-environ'],
  ['environs.Env', 'environs'],
  ['environs.FileAwareEnv', 'environs'],
  ['decouple.Config', 'decouple'],
  ['decouple.AutoConfig', 'decouple'],
  ['starlette.config.Config', 'starlette'],
]);

function nameArgument({ positional, keywords }: EvaluatedCall): string | undefined {
  const first = positional[0] ?? keywords.get('var') ?? keywords.get('key') ?? keywords.get('name');
  const text = first && asText(first);
  return text?.known ? text.value : undefined;
}

function readCast(name: string, reader: Reader, evaluated: EvaluatedCall): PythonValue | undefined {
  const { at, frame, keywords, positional } = evaluated;
  const second = positional[1];
  const secondIsCast = reader.library !== 'environs' && reader.method === '' && isCast(second, reader);
  const scheme = schemeOf(name, reader);
  const fallback = keywords.get('default') ?? (secondIsCast ? positional[2] : second) ?? scheme?.fallback;
  const prefix = reader.object?.keywords.get('prefix');
  const prefixText = prefix && asText(prefix);
  const read = readVariable(frame, {
    names: [`${prefixText?.known ? prefixText.value : ''}${name}`],
    at,
    fallback,
    file: fileVariables(reader, frame),
  });
  const cast = keywords.get('cast') ?? (secondIsCast ? second : undefined) ?? scheme?.cast;
  const word = reader.method === '' ? castWord(cast) : reader.method;
  // django-environ casts to the type of the default where nothing else says how (`smart_cast`).
  const smart = word === '' && reader.library === 'django-environ' && fallback ? smartCast(fallback) : word;
  return applyCast(smart, read, evaluated);
}

function isCast(value: PythonValue | undefined, reader: Reader): boolean {
  if (!value) return false;
  return referenceName(value) !== undefined || (reader.library === 'django-environ' && asSequence(value) !== undefined);
}

function castWord(cast: PythonValue | undefined): string {
  if (!cast) return '';
  return referenceName(cast) ?? asObject(cast)?.callee ?? 'other';
}

function smartCast(fallback: PythonValue): string {
  if (!fallback.known) return '';
  if (typeof fallback.value === 'boolean') return 'bool';
  if (typeof fallback.value === 'number') return Number.isInteger(fallback.value) ? 'int' : 'float';
  return asSequence(fallback) ? 'list' : '';
}

// Env(DEBUG=(bool, False)): the variable's cast and default.
function schemeOf(
  name: string,
  reader: Reader,
): { cast: PythonValue | undefined; fallback: PythonValue | undefined } | undefined {
  const written = reader.object?.keywords.get(name);
  if (!written) return undefined;
  const pair = asSequence(written);
  return pair ? { cast: pair.items[0], fallback: pair.items[1] } : { cast: written, fallback: undefined };
}

function applyCast(word: string, value: PythonValue, evaluated: EvaluatedCall): PythonValue | undefined {
  if (value.known && value.value === null) return value;
  switch (word) {
    case '':
    case 'str':
    case 'url':
    case 'raw':
      return word === 'str' ? toText(value) : value;
    case 'int':
    case 'integer':
      return toInteger(value);
    case 'float':
      return toFloat(value);
    case 'bool':
    case 'boolean':
      return toBoolean(value);
    case 'list':
    case 'tuple':
    case 'decouple.Csv':
      return splitList(value, evaluated);
    case 'db':
    case 'db_url':
    case 'dj_db_url':
    case 'dj_database_url.parse':
      return databaseSettings(value, evaluated);
    case 'cache':
    case 'cache_url':
    case 'dj_cache_url':
      return cacheSettings(value, evaluated);
  }
  return unknown('a variable with a cast that is not followed', evaluated.at, { trail: value.trail });
}

function splitList(value: PythonValue, { at }: EvaluatedCall): PythonValue {
  return mapAlternatives(value, (option) => {
    if (typeof option.value !== 'string') return option;
    const items = option.value
      .split(',')
      .filter((item) => item.trim() !== '')
      .map((item) => known<PythonData>(item.trim(), option.at, option.trail));
    return known<PythonData>({ type: 'sequence', items, complete: true }, at, option.trail);
  });
}

function cacheSettings(value: PythonValue, { at }: EvaluatedCall): PythonValue {
  return mapAlternatives(value, (option) => {
    if (asMap(option)) return option;
    const text = asText(option);
    const isRedis = text.known && /^(redis|rediss|rediscache)/.test(text.value);
    const isMemory = text.known && /^locmem/.test(text.value);
    const backend = isRedis
      ? 'django_redis.cache.RedisCache'
      : isMemory
        ? 'django.core.cache.backends.locmem.LocMemCache'
        : 'other';
    const entries = new Map<string, PythonValue>([
      ['BACKEND', known(backend, option.at, option.trail)],
      ['LOCATION', option],
    ]);
    return known<PythonData>({ type: 'map', entries, complete: true, literal: undefined }, at, option.trail);
  });
}
