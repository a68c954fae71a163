import type { Location } from '../../text/span.ts';
import { textValue } from '../mapped-value.ts';
import type { PythonData } from '../python/python-data.ts';
import { asSequence } from '../python/python-value.ts';
import type { Refusal } from '../stack.ts';
import { alternatives, known, unknown, type Value, winsOver } from '../value.ts';
import type { ParsedOption } from './command-options.ts';
import { configValue, type Layers, optionLayers } from './gunicorn-layers.ts';
import { refuseNegative } from './gunicorn-refusals.ts';
import { optionNumber } from './server-settings.ts';

/** A whole number's effective value. Every layer is checked, because Gunicorn sets one after the other. */
export function numberSetting(layers: Layers, name: string, fallback: () => Value<number>): Value<number> {
  const { refusals } = layers;
  const positive = (value: Value<number> | undefined) => value && refuseNegative(value, { setting: name, refusals });
  return effective(layers, {
    fallback,
    configured: positive(castConfigured(layers, name, castNumber)),
    options: optionLayers(layers, name).map((options) =>
      positive(options.map((option) => optionNumber(option, { cast: 'int', refusals })).at(-1)),
    ),
  });
}

/** A text's effective value, without the space around it. */
export function textSetting(layers: Layers, name: string, fallback: () => Value<string>): Value<string> {
  return effective(layers, {
    fallback,
    configured: castConfigured(layers, name, castText),
    options: optionLayers(layers, name).map((options) => options.map(optionText).at(-1)),
  });
}

/** A switch's effective value: an option can only turn it on. */
export function flagSetting(layers: Layers, name: string): Value<boolean> {
  return effective(layers, {
    fallback: () => known(false, layers.launch.at),
    configured: castConfigured(layers, name, castFlag),
    options: optionLayers(layers, name).map((options) => options[0] && known(true, options[0].at)),
  });
}

/** A list's effective value: repeated options of one layer add up, those of another layer are replaced. */
export function listSetting(
  layers: Layers,
  name: string,
  fallback: () => Value<readonly string[]>,
): Value<readonly string[]> {
  return effective(layers, {
    fallback,
    configured: castConfigured(layers, name, castList),
    options: optionLayers(layers, name).map((options) => joinOptions(options)),
  });
}

function effective<T>(
  layers: Layers,
  from: {
    readonly fallback: () => Value<T>;
    readonly configured: Value<T> | undefined;
    readonly options: readonly (Value<T> | undefined)[];
  },
): Value<T> {
  const { hidden, launch } = layers;
  const [line, environment] = from.options;
  // The default is read in any case: Gunicorn refuses a broken WEB_CONCURRENCY that something else overrides.
  const fallback = from.fallback();
  const { configured } = from;
  const inFile = configured && winsOver(configured, fallback, 'the configuration file wins over the environment');
  const beneath = environment ? winsOver(environment, inFile ?? fallback, 'GUNICORN_CMD_ARGS wins') : inFile;
  if (line) return winsOver(line, beneath ?? fallback, 'the command line wins');
  if (hidden.line !== undefined) return unknown(`options of the command: ${hidden.line}`, launch.at);
  if (environment && beneath) return beneath;
  if (hidden.environment !== undefined) return unknown(hidden.environment, launch.at);
  return inFile ?? fallback;
}

interface Casting {
  readonly name: string;
  readonly refusals: Refusal[];
}

function castConfigured<T>(
  layers: Layers,
  name: string,
  cast: (value: Value<PythonData> & { known: true }, casting: Casting) => Value<T>,
): Value<T> | undefined {
  const value = configValue(layers, name);
  if (value === undefined) return undefined;
  if (value.known) return cast(value, { name, refusals: layers.refusals });
  // Whether a refused alternative is the one that counts is not known.
  const refused: Refusal[] = [];
  const options = alternatives(value).map((option) => cast(option, { name, refusals: refused }));
  if (options.length > 0 && refused.length === options.length) layers.refusals.push(...refused);
  const { oneOf: _, atLeast, atMost, ...rest } = value;
  const isNumber = (bound: unknown): bound is T & number => typeof bound === 'number';
  return {
    ...rest,
    ...(options.length > 0 && { oneOf: options }),
    ...(isNumber(atLeast) && { atLeast }),
    ...(isNumber(atMost) && { atMost }),
  };
}

function castNumber(value: Value<PythonData> & { known: true }, { name, refusals }: Casting): Value<number> {
  const refuse = (kind: Refusal['kind']): Value<number> => {
    refusals.push({ setting: name, kind, at: value.at, trail: value.trail });
    return unknown(`Gunicorn refuses ${name}`, value.at, { trail: value.trail });
  };
  const data = value.value;
  if (typeof data === 'boolean') return { ...value, value: Number(data) };
  if (typeof data === 'number')
    return Number.isInteger(data) && !isWrittenAsFraction(value.at) ? { ...value, value: data } : refuse('fraction');
  if (data === null) return refuse('none');
  if (typeof data === 'string') {
    const number = readLiteral(data);
    if (number !== undefined) return { ...value, value: number };
    return refuse(data.trim() === '' ? 'empty' : 'not-a-number');
  }
  if (data.type === 'map' || data.type === 'sequence') return refuse('not-a-number');
  return unknown(`${name} is not a number in the configuration file`, value.at, { trail: value.trail });
}

/** `workers = 8 / 2` and `workers = 4.0` are fractions to Python, whatever they come to. */
function isWrittenAsFraction({ source, span }: Location): boolean {
  const before = source.text.slice(source.text.lastIndexOf('\n', span.start - 1) + 1, span.start);
  if (!/^\s*\w+\s*=\s*$/.test(before)) return false;
  return /^[\w\s.+*-]*[\w\s]\/[\w\s][\w\s.+*-]*$|^\d+\.\d*$/.test(source.text.slice(span.start, span.end));
}

/** A text as Python's `int(text, 0)` takes it: decimal without leading zeros, or with 0x, 0o or 0b in front. */
function readLiteral(text: string): number | undefined {
  const plain = text.trim().replace(/(?<=[^\W_])_(?=[^\W_])/g, '');
  const match = /^([+-]?)(0x[\da-f]+|0o[0-7]+|0b[01]+|[1-9]\d*|0+)$/i.exec(plain);
  if (!match) return undefined;
  return match[1] === '-' ? 0 - Number(match[2]) : Number(match[2]);
}

function castText(value: Value<PythonData> & { known: true }, { name }: Casting): Value<string> {
  const data = value.value;
  if (typeof data === 'string') return { ...value, value: data.trim() };
  if (data === null && name !== 'worker_class') return { ...value, value: '' };
  // A function or class of the file itself is called or taken as it is; a library's class is told by its name.
  if (typeof data === 'object' && data?.type === 'reference' && !data.name.includes(':'))
    return { ...value, value: data.name };
  return unknown(`${name} is not a text in the configuration file`, value.at, { trail: value.trail });
}

function castFlag(value: Value<PythonData> & { known: true }, { name, refusals }: Casting): Value<boolean> {
  const data = value.value;
  if (typeof data === 'boolean' || data === null) return { ...value, value: data === true };
  const text = typeof data === 'string' ? data.trim().toLowerCase() : '';
  if (text === 'true' || text === 'false') return { ...value, value: text === 'true' };
  if (typeof data !== 'object' || data.type === 'map' || data.type === 'sequence')
    refusals.push({ setting: name, kind: 'not-a-boolean', at: value.at, trail: value.trail });
  return unknown(`${name} is neither True nor False in the configuration file`, value.at, { trail: value.trail });
}

function castList(value: Value<PythonData> & { known: true }, { name }: Casting): Value<readonly string[]> {
  const { at, trail } = value;
  const data = value.value;
  if (data === null || data === '') return known([], at, trail);
  if (typeof data === 'string') return known([data.trim()], at, trail);
  const sequence = asSequence(value);
  const texts = sequence?.items.map((item) =>
    item.known && typeof item.value === 'string' ? item.value.trim() : undefined,
  );
  if (!sequence?.complete || !texts || texts.includes(undefined))
    return unknown(`${name} is a list that cannot be told in full`, at, { trail });
  return known(
    texts.filter((text) => text !== undefined),
    at,
    trail,
  );
}

function optionText(option: ParsedOption): Value<string> {
  if (!option.value) return unknown(`${option.flag} has no value`, option.at);
  const value = textValue(option.value, option.at);
  return value.known ? { ...value, value: value.value.trim() } : value;
}

function joinOptions(options: readonly ParsedOption[]): Value<readonly string[]> | undefined {
  const [first] = options;
  if (!first) return undefined;
  const values = options.map(optionText);
  const missing = values.find((value) => !value.known);
  if (missing && !missing.known) return unknown(missing.why, missing.at);
  return known(
    values.flatMap((value) => (value.known ? [value.value] : [])),
    values[0]?.at ?? first.at,
    values.flatMap(({ trail }) => trail),
  );
}
