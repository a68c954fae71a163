import { known, unknown } from '../value.ts';
import type { EvaluatedCall } from './calls.ts';
import { pairsOf } from './data-methods.ts';
import { applyBinary } from './operators.ts';
import type { PythonData, PythonSequence } from './python-data.ts';
import { asMap, asNumber, asSequence, asTruth, mapAlternatives, type PythonValue } from './python-value.ts';
import { sorted } from './sequence-methods.ts';

/** Python's functions over lists, tuples and dicts; undefined for others. */
export function callSequenceFunction(evaluated: EvaluatedCall): PythonValue | undefined {
  const { callee, positional, at } = evaluated;
  const [first] = positional;
  switch (callee) {
    case 'list':
    case 'tuple':
    case 'set':
    case 'frozenset':
    case 'sorted':
    case 'reversed':
      return first ? mapAlternatives(first, (option) => remake(option, evaluated)) : known<PythonData>(empty, at);
    case 'copy.copy':
    case 'copy.deepcopy':
      return first && copyOf(first, { deep: callee === 'copy.deepcopy' });
    case 'enumerate':
      return listed(first, evaluated, (items) => items.map((item, index) => pair(known(index, at), item, at)));
    case 'zip': {
      const lists = positional.map(asSequence);
      if (lists.some((list) => !list?.complete)) return undefined;
      const length = Math.min(...lists.map((list) => list?.items.length ?? 0));
      const rows = Array.from({ length }, (_, index) => lists.flatMap((list) => list?.items[index] ?? []));
      return sequence(
        rows.map((items) => known<PythonData>({ type: 'sequence', items, complete: true, frozen: true }, at)),
        evaluated,
      );
    }
    case 'range':
      return rangeOf(evaluated);
    case 'sum':
      return sumOf(evaluated);
    case 'any':
    case 'all':
      return decide(first, callee, at);
    case 'isinstance':
      return isInstance(evaluated);
    case 'dict.fromkeys': {
      const keys = asSequence(first)?.items.map((item) => (item.known ? item.value : undefined));
      if (!keys || keys.some((key) => key === undefined || typeof key === 'object')) return undefined;
      const value = positional[1] ?? known<PythonData>(null, at);
      const entries = new Map(keys.map((key) => [String(key), value] as const));
      return known<PythonData>(
        { type: 'map', entries, complete: asSequence(first)?.complete ?? false, literal: undefined },
        at,
      );
    }
  }
  return undefined;
}

const empty: PythonSequence = { type: 'sequence', items: [], complete: true };

function remake(value: PythonValue, { callee, keywords, at }: EvaluatedCall): PythonValue {
  const given = asSequence(value) ?? keysOf(value);
  if (!given || keywords.size > 0) return unknown(`${callee}() of what is not known`, at, { trail: value.trail });
  const items = callee === 'reversed' ? given.items.toReversed() : given.items;
  const plain: PythonSequence = { type: 'sequence', items, complete: given.complete };
  const made = callee === 'sorted' ? sorted(plain) : callee === 'tuple' ? { ...plain, frozen: true as const } : plain;
  const isSet = callee === 'set' || callee === 'frozenset';
  if (!made || (isSet && !items.every((item) => item.known && typeof item.value !== 'object')))
    return made
      ? { ...value, ...known<PythonData>(made, value.at, value.trail) }
      : unknown('an order that is not known', at);
  const distinct = [...new Map(items.map((item) => [item.known ? item.value : item, item])).values()];
  return known<PythonData>(isSet ? { ...made, items: distinct } : made, value.at, value.trail);
}

function keysOf(value: PythonValue): PythonSequence | undefined {
  const map = asMap(value);
  const items = map && [...map.entries.keys()].map((key) => known<PythonData>(key, map.keys?.get(key) ?? value.at));
  return items && { type: 'sequence', items, complete: map.complete };
}

function copyOf(value: PythonValue, how: { readonly deep: boolean }): PythonValue {
  if (!value.known) return value.oneOf ? { ...value, oneOf: value.oneOf.map((option) => copyOf(option, how)) } : value;
  const [map, list] = [asMap(value), asSequence(value)];
  const inner = (entry: PythonValue) => (how.deep ? copyOf(entry, how) : entry);
  if (map) {
    const entries = new Map([...map.entries].map(([key, entry]) => [key, inner(entry)] as const));
    return { ...value, value: { ...map, entries } };
  }
  return list ? { ...value, value: { ...list, items: list.items.map(inner) } } : value;
}

function listed(
  value: PythonValue | undefined,
  evaluated: EvaluatedCall,
  make: (items: readonly PythonValue[]) => readonly PythonValue[],
): PythonValue | undefined {
  const given = asSequence(value);
  return given?.complete ? sequence(make(given.items), evaluated) : undefined;
}

function sequence(items: readonly PythonValue[], { at }: EvaluatedCall): PythonValue {
  return known<PythonData>({ type: 'sequence', items, complete: true }, at);
}

function pair(left: PythonValue, right: PythonValue, at: PythonValue['at']): PythonValue {
  return known<PythonData>({ type: 'sequence', items: [left, right], complete: true, frozen: true }, at);
}

function rangeOf(evaluated: EvaluatedCall): PythonValue | undefined {
  const numbers = evaluated.positional.map(asNumber);
  const bounds = numbers.flatMap((number) => (number.known ? [number.value] : []));
  const [start, stop] = bounds.length === 1 ? [0, bounds[0]] : bounds;
  if (bounds.length !== numbers.length || bounds.length > 2 || start === undefined || stop === undefined)
    return undefined;
  if (stop - start > 1_000) return undefined;
  const items = Array.from({ length: Math.max(0, stop - start) }, (_, index) => known(start + index, evaluated.at));
  return sequence(items, evaluated);
}

function sumOf({ positional, at }: EvaluatedCall): PythonValue | undefined {
  const given = asSequence(positional[0]);
  if (!given?.complete) return undefined;
  const start: PythonValue = positional[1] ?? known(0, at);
  return given.items.reduce<PythonValue>((left, right) => applyBinary({ operator: '+', left, right, at }), start);
}

function decide(value: PythonValue | undefined, callee: 'any' | 'all', at: PythonValue['at']): PythonValue | undefined {
  const given = asSequence(value);
  if (!given) return undefined;
  const truths = given.items.map(asTruth);
  const decisive = truths.find((truth) => truth.known && truth.value === (callee === 'any'));
  if (decisive) return known<PythonData>(callee === 'any', at);
  const isTold = given.complete && truths.every((truth) => truth.known);
  return isTold ? known<PythonData>(callee === 'all', at) : unknown('its truth is not known', at);
}

function isInstance({ positional, at }: EvaluatedCall): PythonValue | undefined {
  const [value, type] = positional;
  const name = type?.known && typeof type.value === 'object' && type.value?.type === 'reference' ? type.value.name : '';
  if (!value?.known) return undefined;
  const data = value.value;
  const own =
    typeof data === 'string'
      ? 'str'
      : typeof data === 'boolean'
        ? 'bool'
        : typeof data === 'object' && data?.type === 'map'
          ? 'dict'
          : undefined;
  return own !== undefined && /^(str|bool|int|dict|list)$/.test(name)
    ? known<PythonData>(own === name || (own === 'bool' && name === 'int'), at)
    : undefined;
}

/** Settings from a JSON text: `json.loads(os.environ['X'])`. */
export function parseJson({ positional, at }: EvaluatedCall): PythonValue | undefined {
  const [first] = positional;
  return (
    first &&
    mapAlternatives(first, (option) => {
      if (typeof option.value !== 'string' || option.value.length > 100_000)
        return unknown('a JSON text that is not known', at);
      try {
        return fromJson(JSON.parse(option.value), option, 0);
      } catch {
        return unknown('is not JSON', option.at, { trail: option.trail });
      }
    })
  );
}

function fromJson(data: unknown, from: PythonValue, depth: number): PythonValue {
  const give = (value: PythonData) => known<PythonData>(value, from.at, from.trail);
  if (depth > 50) return unknown('nested too deeply to follow', from.at);
  if (Array.isArray(data))
    return give({ type: 'sequence', items: data.map((item) => fromJson(item, from, depth + 1)), complete: true });
  if (typeof data === 'object' && data !== null) {
    const entries = new Map(
      Object.entries(data).map(([key, value]) => [key, fromJson(value, from, depth + 1)] as const),
    );
    return give({ type: 'map', entries, complete: true, literal: undefined });
  }
  return give(data as string | number | boolean | null);
}

/** What `dict(...)` takes as its first argument: a dict, or pairs. */
export function dictOf(value: PythonValue) {
  return asMap(value) ?? pairsOf(value);
}
