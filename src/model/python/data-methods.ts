import { unknownMark } from '../../text/mapped-text.ts';
import { type Known, known, unknown } from '../value.ts';
import { mergeMaps } from './operators.ts';
import { pathMethod } from './paths.ts';
import type { PythonData, PythonMap, PythonSequence } from './python-data.ts';
import { formatBraces, joinText, markedText, textContains } from './python-text.ts';
import { asMap, asNumber, asSequence, asText, type PythonValue } from './python-value.ts';
import { type MethodCall, sequenceMethod } from './sequence-methods.ts';

/** A method of a string, dict or list that changes nothing; unknown for the ones that are not followed. */
export function callDataMethod(name: string, call: MethodCall): PythonValue {
  const data = call.receiver.value;
  const result =
    typeof data === 'object' && data !== null && data.type === 'map'
      ? mapMethod(name, data, call)
      : typeof data === 'object' && data !== null && data.type === 'sequence'
        ? sequenceMethod(name, data, call)
        : textMethod(name, call);
  return result ?? unknown(`${name}() is not followed`, call.at, { trail: call.receiver.trail });
}

function mapMethod(name: string, map: PythonMap, call: MethodCall): PythonValue | undefined {
  const [first, second] = call.positional;
  switch (name) {
    case 'copy':
      return { ...call.receiver, value: { ...map } };
    case 'update':
    case 'clear':
      return known<PythonData>(null, call.at);
    case 'get':
    case 'pop':
    case 'setdefault': {
      if (!first?.known) return undefined;
      const entry = map.entries.get(String(first.value));
      if (entry) return entry;
      const fallback = second ?? call.keywords.get('default') ?? known<PythonData>(null, call.at);
      return map.complete ? fallback : undefined;
    }
    case 'keys':
    case 'items':
    case 'values':
      return known<PythonData>(listEntries(name, map, call.at), call.at);
  }
  return undefined;
}

function listEntries(name: string, map: PythonMap, at: PythonValue['at']): PythonSequence {
  const items = [...map.entries].map(([key, value]): PythonValue => {
    const keyValue = known<PythonData>(key, map.keys?.get(key) ?? at);
    if (name === 'keys') return keyValue;
    if (name === 'values') return value;
    return known<PythonData>({ type: 'sequence', items: [keyValue, value], complete: true }, at);
  });
  return { type: 'sequence', items, complete: map.complete };
}

function textMethod(name: string, call: MethodCall): PythonValue | undefined {
  const { receiver, positional, at } = call;
  const text = markedText(receiver.value);
  if (text === undefined) return undefined;
  const isWhole = !text.includes(unknownMark);
  const give = (value: PythonData) => known(value, receiver.at, receiver.trail);
  const words = positional.map(asText).map((word) => (word.known ? word.value : undefined));
  switch (name) {
    case 'lower':
    case 'casefold':
      return changeText(receiver, (piece) => piece.toLowerCase());
    case 'upper':
      return changeText(receiver, (piece) => piece.toUpperCase());
    case 'strip':
    case 'rstrip':
    case 'lstrip':
      return isWhole && !words.includes(undefined) ? give(strip(text, { side: name, characters: words[0] })) : receiver;
    case 'replace': {
      const [from, to] = words;
      if (from === undefined || to === undefined) return undefined;
      return changeText(receiver, (piece) => piece.replaceAll(from, to));
    }
    case 'startswith':
    case 'endswith':
      return testEdge(name, text, call);
    case 'split':
    case 'rsplit':
      return isWhole
        ? splitText(text, {
            name,
            separator: words[0],
            limit: positional[1] ?? call.keywords.get('maxsplit'),
            receiver,
            at,
          })
        : undefined;
    case 'format':
      return formatBraces(text, call);
    case 'encode':
    case 'decode':
    case 'unicode_string':
    case 'render_as_string':
    case 'get_secret_value':
      return receiver;
    case 'join': {
      const parts = asSequence(positional[0]);
      if (!parts?.complete) return undefined;
      const separator: PythonValue = { ...receiver, value: text };
      const joined = parts.items.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
      return joinText([known('', at), ...joined], at);
    }
    case 'title':
    case 'capitalize':
      return isWhole
        ? give(name === 'title' ? titled(text) : text.charAt(0).toUpperCase() + text.slice(1).toLowerCase())
        : undefined;
    case 'removeprefix':
    case 'removesuffix':
      return isWhole && words[0] !== undefined ? give(trimmed(text, { name, affix: words[0] })) : undefined;
    case 'partition':
    case 'rpartition':
      return isWhole && words[0] ? partition(text, { name, separator: words[0], receiver, at }) : undefined;
    case 'isupper':
    case 'islower': {
      const [same, other] =
        name === 'isupper' ? [text.toUpperCase(), text.toLowerCase()] : [text.toLowerCase(), text.toUpperCase()];
      return isWhole ? give(text === same && text !== other) : undefined;
    }
    case 'isdigit':
    case 'isnumeric':
    case 'isdecimal':
      return isWhole ? give(/^\d+$/.test(text)) : undefined;
    case '__contains__': {
      const inside = words[0] === undefined ? undefined : textContains(receiver.value, words[0]);
      return inside === undefined ? undefined : give(inside);
    }
  }
  return pathMethod(name, call);
}

function titled(text: string): string {
  return text.toLowerCase().replace(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}

function trimmed(text: string, { name, affix }: { name: string; affix: string }): string {
  if (affix === '') return text;
  if (name === 'removeprefix') return text.startsWith(affix) ? text.slice(affix.length) : text;
  return text.endsWith(affix) ? text.slice(0, -affix.length) : text;
}

function partition(
  text: string,
  how: { name: string; separator: string; receiver: Known<PythonData>; at: PythonValue['at'] },
): PythonValue {
  const { separator, receiver } = how;
  const index = how.name === 'partition' ? text.indexOf(separator) : text.lastIndexOf(separator);
  const around = [text.slice(0, index), separator, text.slice(index + separator.length)];
  const parts = index !== -1 ? around : how.name === 'partition' ? [text, '', ''] : ['', '', text];
  const items = parts.map((part) => known<PythonData>(part, receiver.at, receiver.trail));
  return known<PythonData>({ type: 'sequence', items, complete: true, frozen: true }, how.at, receiver.trail);
}

function changeText(receiver: Known<PythonData>, change: (piece: string) => string): PythonValue {
  const data = receiver.value;
  if (typeof data === 'string') return { ...receiver, value: change(data) };
  if (typeof data !== 'object' || data === null || data.type !== 'text') return receiver;
  const pieces = data.pieces.map((piece) => (piece.known ? { ...piece, value: change(piece.value) } : piece));
  return { ...receiver, value: { type: 'text', pieces } };
}

function strip(text: string, how: { side: string; characters: string | undefined }): string {
  const isBlank = (character: string) =>
    how.characters === undefined ? /\s/.test(character) : how.characters.includes(character);
  let start = 0;
  let end = text.length;
  if (how.side !== 'rstrip') while (start < end && isBlank(text.charAt(start))) start++;
  if (how.side !== 'lstrip') while (end > start && isBlank(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function testEdge(name: string, text: string, call: MethodCall): PythonValue | undefined {
  const first = call.positional[0];
  const options =
    first?.known && typeof first.value === 'object' && first.value?.type === 'sequence' ? first.value.items : [first];
  const answers = options.map((option) => {
    const word = option && asText(option);
    if (!word?.known) return undefined;
    const known_ = name === 'startswith' ? text.split(unknownMark)[0] : text.split(unknownMark).at(-1);
    const edge = known_ ?? '';
    const isWhole = !text.includes(unknownMark);
    const matches = name === 'startswith' ? edge.startsWith(word.value) : edge.endsWith(word.value);
    if (matches) return true;
    const overlap = Math.min(edge.length, word.value.length);
    const agrees =
      name === 'startswith'
        ? word.value.startsWith(edge.slice(0, overlap))
        : word.value.endsWith(edge.slice(edge.length - overlap));
    return isWhole || !agrees ? false : undefined;
  });
  if (answers.includes(true)) return known(true, call.receiver.at, call.receiver.trail);
  return answers.includes(undefined) ? undefined : known(false, call.receiver.at, call.receiver.trail);
}

function splitText(
  text: string,
  how: {
    name: string;
    separator: string | undefined;
    limit: PythonValue | undefined;
    receiver: Known<PythonData>;
    at: PythonValue['at'];
  },
): PythonValue | undefined {
  if (how.separator === '') return undefined;
  const limit = how.limit && asNumber(how.limit);
  if (limit && !limit.known) return undefined;
  const all = how.separator === undefined ? text.trim().split(/\s+/) : text.split(how.separator);
  const parts = limit && how.separator !== undefined ? limitedParts(all, { ...how, most: limit.value }) : all;
  const items = parts.map((part) => known<PythonData>(part, how.receiver.at, how.receiver.trail));
  return known<PythonData>({ type: 'sequence', items, complete: true }, how.at, how.receiver.trail);
}

// `rsplit` joins again what stands in front, `split` what stands behind.
function limitedParts(
  all: readonly string[],
  how: { name: string; separator: string | undefined; most: number },
): readonly string[] {
  const joint = all.length - 1 - how.most;
  if (how.most < 0 || joint <= 0) return all;
  const separator = how.separator ?? ' ';
  return how.name === 'rsplit'
    ? [all.slice(0, joint + 1).join(separator), ...all.slice(joint + 1)]
    : [...all.slice(0, how.most), all.slice(how.most).join(separator)];
}

/** The dict after `.update(...)`, or undefined for methods that do not change a dict. */
export function changedMap(name: string, call: MethodCall): PythonMap | undefined {
  const data = call.receiver.value;
  if (typeof data !== 'object' || data === null || data.type !== 'map') return undefined;
  const [first, second] = call.positional;
  switch (name) {
    case 'update': {
      const own: PythonMap = { type: 'map', entries: call.keywords, complete: true, literal: undefined };
      const given = first && (asMap(first) ?? pairsOf(first));
      const base = first && !given ? openMap(data, call.at) : data;
      return { ...mergeMaps(given ? mergeMaps(base, given) : base, own), literal: data.literal };
    }
    case 'setdefault': {
      if (!first?.known || typeof first.value === 'object') return { ...data, complete: false };
      const key = String(first.value);
      if (data.entries.has(key)) return data;
      return { ...data, entries: new Map([...data.entries, [key, second ?? known<PythonData>(null, call.at)]]) };
    }
    case 'pop': {
      if (!first?.known) return { ...data, entries: new Map(), complete: false };
      return { ...data, entries: new Map([...data.entries].filter(([key]) => key !== String(first.value))) };
    }
    case 'clear':
      return { ...data, entries: new Map() };
  }
  return undefined;
}

/** A dict of pairs: `dict([('a', 1)])`; undefined for anything else. */
export function pairsOf(value: PythonValue): PythonMap | undefined {
  const sequence = asSequence(value);
  const pairs = sequence?.items.map((item) => asSequence(item)?.items);
  if (!sequence?.complete || !pairs) return undefined;
  const entries = new Map<string, PythonValue>();
  for (const pair of pairs) {
    const [key, entry] = pair ?? [];
    if (!key?.known || !entry || typeof key.value === 'object') return undefined;
    entries.set(String(key.value), entry);
  }
  return { type: 'map', entries, complete: true, literal: undefined };
}

/** A dict after a change that is not known: any entry may be another, and there may be more. */
function openMap(map: PythonMap, at: PythonValue['at']): PythonMap {
  const entries = [...map.entries].map(
    ([key, value]) =>
      [
        key,
        unknown<PythonData>('an update that is not known may change it', at, {
          oneOf: [value, unknown('an update that is not known may change it', at)],
        }),
      ] as const,
  );
  return { ...map, entries: new Map(entries), complete: false };
}
