import { greatest, known, least, unknown, type Value } from '../value.ts';
import { attributeOf } from './attributes.ts';
import type { EvaluatedCall } from './calls.ts';
import { toFloat, toInteger, toText, toTruth } from './casts.ts';
import { environmentMap } from './environment-variables.ts';
import { force, moduleOf, widen } from './frame.ts';
import { mergeMaps } from './operators.ts';
import { callPathFunction } from './paths.ts';
import type { PythonData, PythonMap } from './python-data.ts';
import { markedText } from './python-text.ts';
import { asNumber, asObject, asSequence, mapAlternatives, type PythonValue, referenceName } from './python-value.ts';
import { callSequenceFunction, dictOf, parseJson } from './sequence-functions.ts';
import { callUrlFunction } from './url-maps.ts';

/** Calls of Python's own functions and of a few library functions whose result can be told; undefined for others. */
export function callBuiltin(evaluated: EvaluatedCall): PythonValue | undefined {
  const { callee, positional, at } = evaluated;
  const first = positional[0];
  switch (callee) {
    case 'int':
      return first && positional.length === 1 ? toInteger(first) : undefined;
    case 'float':
      return first && toFloat(first);
    case 'str':
    case 'repr':
      return first && toText(first);
    case 'bool':
      return first && toTruth(first);
    case 'len':
      return first && lengthOf(first, evaluated);
    case 'min':
    case 'max':
      return extreme(evaluated);
    case 'round':
    case 'abs':
    case 'math.ceil':
    case 'math.floor':
      return first && changeNumber(first, evaluated);
    case 'dict':
      return makeMap(evaluated);
    case 'getattr':
      return readAttribute(evaluated);
    case 'typing.cast':
      return positional[1];
    case 'json.loads':
      return parseJson(evaluated);
    case 'datetime.timedelta().total_seconds':
      return secondsOf(evaluated);
    case 'globals':
    case 'locals':
    case 'vars':
      return positional.length === 0 ? known<PythonData>(namesOf(evaluated), at) : undefined;
    case 'dir':
      return first && moduleNames(first, evaluated);
    case 'os.path.exists':
    case 'os.path.isfile':
      return first && isFile(first, evaluated);
    case 'multiprocessing.cpu_count':
    case 'os.cpu_count':
    case 'os.process_cpu_count':
    case 'psutil.cpu_count':
      return unknown<PythonData>('the number of CPUs at run time', at, { atLeast: 1, fromCpuCount: true });
    case 'flask.Flask().config.get':
    case 'flask.current_app.config.get':
      return first && configValue(first, evaluated);
  }
  return callSequenceFunction(evaluated) ?? callPathFunction(callee, evaluated) ?? callUrlFunction(evaluated);
}

/** Seconds of a `timedelta(...)`. */
function secondsOf({ receiver, at }: EvaluatedCall): PythonValue | undefined {
  const object = receiver && asObject(receiver);
  if (!object?.complete || object.positional.length > 2) return undefined;
  const units = { days: 86_400, seconds: 1, milliseconds: 0.001, minutes: 60, hours: 3_600, weeks: 604_800 };
  const parts = Object.entries(units).flatMap(([unit, seconds]) => {
    const position = unit === 'days' ? 0 : unit === 'seconds' ? 1 : -1;
    const value = object.keywords.get(unit) ?? object.positional[position];
    return value ? [{ value: asNumber(value), seconds }] : [];
  });
  if (parts.length !== object.keywords.size + object.positional.length) return undefined;
  if (parts.some(({ value }) => !value.known)) return undefined;
  const total = parts.reduce((sum, { value, seconds }) => sum + (value.known ? value.value * seconds : 0), 0);
  return known(
    total,
    at,
    parts.flatMap(({ value }) => value.trail),
  );
}

function namesOf({ callee, frame }: EvaluatedCall): PythonMap {
  const scope = callee === 'globals' ? moduleOf(frame.scope) : frame.scope;
  const entries = new Map([...scope.bindings].map(([name, binding]) => [name, force(binding)] as const));
  return { type: 'map', entries, complete: scope.gaps.length === 0, literal: undefined };
}

function moduleNames(module: PythonValue, { frame, at }: EvaluatedCall): PythonValue | undefined {
  const path = /^([^:]+\.py):$/.exec(referenceName(module) ?? '')?.[1];
  const source = path === undefined ? undefined : frame.runtime.resolver.read(path);
  if (!source) return undefined;
  const scope = frame.runtime.moduleScope(source);
  const items = [...scope.bindings.keys()]
    .filter((name) => !name.includes('.'))
    .map((name) => known<PythonData>(name, at));
  return known<PythonData>({ type: 'sequence', items, complete: scope.gaps.length === 0 }, at);
}

/** Whether a file is there: only one of the workspace's is known to be. */
export function isFile(path: PythonValue, { frame, at }: Pick<EvaluatedCall, 'frame' | 'at'>): PythonValue {
  const text = path.known ? markedText(path.value) : undefined;
  const found = text === undefined ? undefined : frame.runtime.disk.find(text);
  return found === undefined ? unknown('whether the file is there is not known', at) : known<PythonData>(true, at);
}

function lengthOf(value: PythonValue, { at }: EvaluatedCall): PythonValue {
  return mapAlternatives(value, (option) => {
    const data = option.value;
    if (typeof data === 'string') return known(data.length, at, option.trail);
    if (typeof data !== 'object' || data === null) return unknown('a length that is not known', at);
    if (data.type === 'object' && data.callee === 'os.sched_getaffinity')
      return unknown<PythonData>('the number of CPUs at run time', at, { atLeast: 1, fromCpuCount: true });
    if (data.type === 'sequence' && data.complete) return known(data.items.length, at, option.trail);
    if (data.type === 'map' && data.complete) return known(data.entries.size, at, option.trail);
    return unknown('a length that is not known', at);
  });
}

function extreme({ callee, positional, keywords, at }: EvaluatedCall): PythonValue | undefined {
  if (keywords.size > 0) return undefined;
  const only = positional.length === 1 ? positional[0] : undefined;
  const sequence = asSequence(only);
  if (only && !sequence?.complete) return undefined;
  const numbers: Value<number>[] = (sequence?.items ?? positional).map(asNumber);
  if (numbers.length === 0) return undefined;
  return widen(callee === 'min' ? least(numbers, at) : greatest(numbers, at));
}

function changeNumber(value: PythonValue, { callee, positional, at }: EvaluatedCall): PythonValue {
  return mapAlternatives(value, (option) => {
    const number = asNumber(option);
    const digits = positional[1];
    if (!number.known || digits) return unknown('a number that is not known', at, { trail: option.trail });
    if (callee === 'abs') return known(Math.abs(number.value), at, option.trail);
    if (callee === 'round') return known(roundHalfEven(number.value), at, option.trail);
    return known(callee === 'math.ceil' ? Math.ceil(number.value) : Math.floor(number.value), at, option.trail);
  });
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function makeMap({ call, positional, keywords, complete, frame, at }: EvaluatedCall): PythonValue {
  const first = positional[0];
  const isEnvironment = first && referenceName(first) === 'os.environ';
  const base = isEnvironment ? environmentMap(frame, at) : first && dictOf(first);
  const written = new Map(
    call.arguments.flatMap((argument) =>
      argument.name === undefined ? [] : [[argument.name, { source: at.source, span: argument.span }] as const],
    ),
  );
  const own: PythonMap = { type: 'map', entries: keywords, complete, literal: { at, node: call }, keys: written };
  if (!first) return known<PythonData>(own, at);
  if (!base) return known<PythonData>({ ...own, complete: false }, at);
  return known<PythonData>({ ...mergeMaps(base, own), literal: own.literal }, at);
}

function configValue(name: PythonValue, { positional, keywords, frame, at }: EvaluatedCall): PythonValue | undefined {
  if (!name.known || typeof name.value !== 'string') return undefined;
  const fallback = positional[1] ?? keywords.get('default') ?? known<PythonData>(null, at);
  const value = frame.runtime.flaskConfig?.(name.value);
  return (
    value ?? {
      ...fallback,
      trail: [{ at, says: `${name.value} is not configured: default in the code` }, ...fallback.trail],
    }
  );
}

function readAttribute({ positional, frame, at }: EvaluatedCall): PythonValue | undefined {
  const [holder, name, fallback] = positional;
  if (!holder || !name?.known || typeof name.value !== 'string') return undefined;
  const value = attributeOf(holder, { name: name.value, frame, at });
  if (value.known || value.oneOf || !fallback) return value;
  if (frame.runtime.missingAttributes.has(value)) return fallback;
  return unknown(value.why, value.at, { oneOf: [value, fallback], trail: value.trail });
}
