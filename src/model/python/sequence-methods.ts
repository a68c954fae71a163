import type { Known } from '../value.ts';
import { known, unknown } from '../value.ts';
import { sameItem } from './operators.ts';
import type { PythonData, PythonSequence } from './python-data.ts';
import { asNumber, asSequence, type PythonValue } from './python-value.ts';

/** A method's receiver with its arguments. */
export interface MethodCall {
  readonly receiver: Known<PythonData>;
  readonly positional: readonly PythonValue[];
  readonly keywords: ReadonlyMap<string, PythonValue>;
  readonly at: PythonValue['at'];
}

/** What a list's method gives: a position, a count, the item taken out; undefined where it cannot be told. */
export function sequenceMethod(name: string, sequence: PythonSequence, call: MethodCall): PythonValue | undefined {
  const [first] = call.positional;
  switch (name) {
    case 'copy':
      return { ...call.receiver, value: { ...sequence } };
    case 'pop': {
      const index = first ? asNumber(first) : known(-1, call.at);
      return index.known && (sequence.complete || index.value >= 0) ? sequence.items.at(index.value) : undefined;
    }
    case 'index': {
      const index = first && sequence.complete ? positionOf(sequence, first) : undefined;
      return index === undefined || index < 0 ? undefined : known(index, call.at);
    }
    case 'count': {
      const same = first && sequence.items.map((item) => sameItem(item, first));
      return same && sequence.complete && !same.includes(undefined)
        ? known(same.filter((is) => is).length, call.at)
        : undefined;
    }
    case 'append':
    case 'extend':
    case 'insert':
    case 'remove':
    case 'clear':
    case 'sort':
    case 'reverse':
      return known(null, call.at);
  }
  return undefined;
}

/** The list after a method that changes it; undefined for methods that do not. */
export function changedSequence(name: string, call: MethodCall): PythonSequence | undefined {
  const sequence = asSequence(call.receiver);
  if (!sequence) return undefined;
  const { items } = sequence;
  const [first, second] = call.positional;
  const unclear: PythonSequence = { ...sequence, items: [], complete: false };
  switch (name) {
    case 'append':
    case 'add':
      return first && items.length < maximumItems ? { ...sequence, items: [...items, first] } : unclear;
    case 'extend':
    case 'update': {
      const added = asSequence(first);
      if (!added || items.length + added.items.length > maximumItems) return { ...sequence, complete: false };
      return { ...sequence, items: [...items, ...added.items], complete: sequence.complete && added.complete };
    }
    case 'insert': {
      const index = first && asNumber(first);
      if (!index?.known || !second) return unclear;
      return sequence.complete || index.value === 0
        ? { ...sequence, items: items.toSpliced(index.value, 0, second) }
        : unclear;
    }
    case 'remove':
    case 'discard': {
      const index = first && positionOf(sequence, first);
      if (index === undefined || !sequence.complete) return unclear;
      return index < 0 ? sequence : { ...sequence, items: items.toSpliced(index, 1) };
    }
    case 'pop': {
      const index = first ? asNumber(first) : known(items.length - 1, call.at);
      return index.known && sequence.complete ? { ...sequence, items: items.toSpliced(index.value, 1) } : unclear;
    }
    case 'clear':
      return { ...sequence, items: [], complete: true };
    case 'sort':
      return call.keywords.size === 0 ? (sorted(sequence) ?? unclear) : unclear;
    case 'reverse':
      return sequence.complete ? { ...sequence, items: items.toReversed() } : unclear;
  }
  return undefined;
}

/** The list in Python's order of its texts or numbers; undefined for a mixed or unknown one. */
export function sorted(sequence: PythonSequence): PythonSequence | undefined {
  if (!sequence.complete) return undefined;
  const keys = sequence.items.map((item) => (item.known ? item.value : undefined));
  const isSortable = keys.every((key) => typeof key === 'string') || keys.every((key) => typeof key === 'number');
  if (!isSortable) return undefined;
  const order = (left: PythonValue, right: PythonValue) =>
    keyOf(left) < keyOf(right) ? -1 : keyOf(left) > keyOf(right) ? 1 : 0;
  return { type: 'sequence', items: [...sequence.items].sort(order), complete: true };
}

/** The part of a list or text between two positions; unknown where it cannot be told. */
export function sliceOf(
  holder: PythonValue,
  slice: {
    readonly lower: PythonValue | undefined;
    readonly upper: PythonValue | undefined;
    readonly at: PythonValue['at'];
  },
): PythonValue {
  const [lower, upper] = [slice.lower, slice.upper].map((bound) => (bound ? asNumber(bound) : undefined));
  const isTold = (!lower || lower.known) && (!upper || upper.known);
  const from = lower?.known ? lower.value : undefined;
  const to = upper?.known ? upper.value : undefined;
  if (isTold && holder.known) {
    const data = holder.value;
    if (typeof data === 'string') return { ...holder, value: data.slice(from, to) };
    const sequence = asSequence(holder);
    if (sequence?.complete) return { ...holder, value: { ...sequence, items: sequence.items.slice(from, to) } };
  }
  return unknown('a part that is not known', slice.at, { trail: holder.trail });
}

const maximumItems = 10_000;

function keyOf(value: PythonValue): string | number {
  return value.known && typeof value.value === 'number' ? value.value : value.known ? String(value.value) : '';
}

function positionOf({ items }: PythonSequence, wanted: PythonValue): number | undefined {
  for (const [index, item] of items.entries()) {
    const same = sameItem(item, wanted);
    if (same === undefined) return undefined;
    if (same) return index;
  }
  return -1;
}
