import type { PythonCall, PythonExpression } from '../../parse/python-tree.ts';
import { type Known, known, unknown } from '../value.ts';
import { evaluateArguments } from './calls.ts';
import { changedMap } from './data-methods.ts';
import { type Frame, force, locate } from './frame.ts';
import { applyBinary } from './operators.ts';
import type { PythonData, PythonMap } from './python-data.ts';
import {
  asMap,
  asSequence,
  joinAlternatives,
  type PythonValue,
  referenceName,
  withAssumptions,
} from './python-value.ts';

/** Binds a value to a name, the names of a tuple, an attribute, or an entry of a dict. */
export function assign(target: PythonExpression, value: PythonValue, frame: Frame): void {
  switch (target.kind) {
    case 'name':
      frame.scope.bindings.set(target.name, withAssumptions(value, newAssumptions(value, frame)));
      return;
    case 'attribute':
      if (target.object.kind === 'name') frame.scope.bindings.set(`${target.object.name}.${target.name}`, value);
      return;
    case 'list':
      unpack(target.items, value, frame);
      return;
    case 'starred':
      assign(target.value, unknown('a part of a list that is taken apart', locate(frame, target)), frame);
      return;
    case 'subscript':
      assignItem(target, value, frame);
      return;
    case 'call': {
      const entry = defaultedEntry(target);
      if (entry) assign(entry, value, frame);
    }
  }
}

// `holder.setdefault(key, {})` stands for `holder[key]`.
function defaultedEntry(call: PythonCall): PythonExpression | undefined {
  const { callee, arguments: given, span } = call;
  const key = given[0];
  if (callee.kind !== 'attribute' || callee.name !== 'setdefault' || !key || key.name !== undefined) return undefined;
  return { kind: 'subscript', object: callee.object, index: key.value, span };
}

/** `target += value` and the like. */
export function augment(
  target: PythonExpression,
  change: { readonly operator: string; readonly value: PythonValue; readonly frame: Frame },
): void {
  const { frame } = change;
  const operator = change.operator.replace(/=$/, '');
  const at = locate(frame, target);
  const current = frame.runtime.evaluate(target, frame);
  assign(target, applyBinary({ operator, left: current, right: change.value, at }), frame);
}

/** `X.update(...)`, `X['a'].setdefault(...)`, `X.append(...)` on a bound dict or list; false for any other call. */
export function changeByMethod(call: PythonCall, frame: Frame): boolean {
  if (call.callee.kind !== 'attribute' || !changingMethods.has(call.callee.name)) return false;
  const holder = call.callee.object;
  const current = frame.runtime.evaluate(holder, frame);
  const { name } = call.callee;
  const args = evaluateArguments(call, frame);
  const changed = changeAlternatives(current, (option) => {
    const at = locate(frame, call);
    const map = changedMap(name, { ...args, receiver: option, at });
    if (map) return { ...option, value: args.complete ? map : { ...map, complete: false } };
    const sequence = asSequence(option);
    if (!sequence) return undefined;
    const added =
      name === 'append' ? args.positional : name === 'extend' ? asSequence(args.positional[0])?.items : undefined;
    return {
      ...option,
      value: {
        ...sequence,
        items: [...sequence.items, ...(added ?? [])],
        complete: sequence.complete && added !== undefined,
      },
    };
  });
  if (!changed) return false;
  assign(holder, changed, frame);
  return true;
}

const changingMethods: ReadonlySet<string> = new Set([
  'update',
  'setdefault',
  'pop',
  'clear',
  'append',
  'extend',
  'insert',
  'remove',
  'add',
]);

function newAssumptions(value: PythonValue, frame: Frame) {
  return frame.assumptions.filter((hop) => !value.trail.includes(hop));
}

function unpack(targets: readonly PythonExpression[], value: PythonValue, frame: Frame): void {
  const sequence = asSequence(value);
  const isPlain = !targets.some((target) => target.kind === 'starred');
  targets.forEach((target, index) => {
    const item = sequence?.complete && isPlain ? sequence.items[index] : undefined;
    assign(target, item ?? unknown('a part of a value that is not known', locate(frame, target)), frame);
  });
}

function assignItem(target: PythonExpression & { kind: 'subscript' }, value: PythonValue, frame: Frame): void {
  const key = frame.runtime.evaluate(target.index, frame);
  const name = key.known && (typeof key.value !== 'object' || key.value === null) ? String(key.value) : undefined;
  const holder = target.object;
  if (holder.kind === 'attribute' && holder.name === 'config' && name !== undefined && frame.records)
    frame.runtime.configWrites.push({ key: name, value, at: locate(frame, target) });
  const current = currentValue(holder, frame);
  if (referenceName(current) === 'os.environ') {
    if (name !== undefined) frame.runtime.environmentWrites.set(name, value);
    return;
  }
  const changed = changeAlternatives(current, (option) => {
    const map = asMap(option);
    if (!map)
      return asSequence(option) ? { ...option, value: { type: 'sequence', items: [], complete: false } } : undefined;
    return { ...option, value: withEntry(map, { name, value, at: locate(frame, target.index) }) };
  });
  if (changed) assign(holder, changed, frame);
  else if (isPath(holder)) {
    const empty: PythonMap = { type: 'map', entries: new Map(), complete: false, literal: undefined };
    const entry = { name, value, at: locate(frame, target.index) };
    if (!current.known) assign(holder, known<PythonData>(withEntry(empty, entry), locate(frame, holder)), frame);
  }
}

function isPath(expression: PythonExpression): boolean {
  return expression.kind === 'name' || expression.kind === 'subscript';
}

function currentValue(holder: PythonExpression, frame: Frame): PythonValue {
  if (holder.kind !== 'name') return frame.runtime.evaluate(holder, frame);
  const own = frame.scope.bindings.get(holder.name);
  return own ? force(own) : frame.runtime.evaluate(holder, frame);
}

function withEntry(
  map: PythonMap,
  entry: { name: string | undefined; value: PythonValue; at: PythonValue['at'] },
): PythonMap {
  const { name, value, at } = entry;
  if (name !== undefined)
    return {
      ...map,
      entries: new Map([...map.entries, [name, value]]),
      keys: new Map([...(map.keys ?? []), [name, map.keys?.get(name) ?? at]]),
    };
  // Any entry may be the one that was written.
  const entries = [...map.entries].map(
    ([key]) => [key, unknown<PythonData>('is set under a key that is not known', at)] as const,
  );
  return { ...map, entries: new Map(entries), complete: false };
}

function changeAlternatives(
  value: PythonValue,
  change: (option: Known<PythonData>) => PythonValue | undefined,
): PythonValue | undefined {
  if (value.known) return change(value);
  if (!value.oneOf) return undefined;
  const options = value.oneOf.map((option) => (option.known ? (change(option) ?? option) : option));
  return joinAlternatives(options, value.at);
}
