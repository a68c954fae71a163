import type { PythonCall, PythonExpression } from '../../parse/python-tree.ts';
import type { Location } from '../../text/span.ts';
import { type Known, known, unknown } from '../value.ts';
import type { EvaluatedCall } from './calls.ts';
import { changedMap } from './data-methods.ts';
import { type Frame, force, locate, moduleOf, type Scope } from './frame.ts';
import { applyBinary } from './operators.ts';
import type { PythonData, PythonMap } from './python-data.ts';
import {
  asMap,
  asSequence,
  joinAlternatives,
  optionsOf,
  type PythonValue,
  referenceName,
  withAssumptions,
} from './python-value.ts';
import { changedSequence } from './sequence-methods.ts';
import { bind, replaceShared, type SharedData } from './shared-data.ts';

/** Binds a value to a name, the names of a tuple, an attribute, or an entry of a dict. */
export function assign(target: PythonExpression, value: PythonValue, frame: Frame): void {
  switch (target.kind) {
    case 'name':
      bind(
        scopeFor(target.name, frame),
        { name: target.name, value: withAssumptions(value, newAssumptions(value, frame)) },
        frame,
      );
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

function scopeFor(name: string, { scope, writes }: Frame): Scope {
  return writes && scope.globals.has(name) ? moduleOf(scope) : scope;
}

/** True for `globals()`, `locals()` and `vars()`, which stand for the names themselves. */
export function isScopeCall(expression: PythonExpression): expression is PythonCall {
  if (expression.kind !== 'call' || expression.callee.kind !== 'name' || expression.arguments.length > 0) return false;
  return /^(globals|locals|vars)$/.test(expression.callee.name);
}

/** The scope that `globals()` or `locals()` stands for. */
export function scopeOfCall(call: PythonCall, { scope }: Frame): Scope {
  return call.callee.kind === 'name' && call.callee.name === 'globals' ? moduleOf(scope) : scope;
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
  const after = applyBinary({ operator, left: current, right: change.value, at });
  // `+=` and `|=` change a list or dict itself; a tuple gives way to another.
  const isInPlace = (optionsOf(current) ?? []).some((option) => sharedData(option) && !asSequence(option)?.frozen);
  if (isInPlace) putChanged(target, { before: current, after, frame });
  else assign(target, after, frame);
}

/** `del holder[key]`. */
export function deleteItem(target: PythonExpression, frame: Frame): void {
  if (target.kind !== 'subscript') return;
  const receiver = frame.runtime.evaluate(target.object, frame);
  const key = frame.runtime.evaluate(target.index, frame);
  const args = { positional: [key], keywords: new Map(), complete: true };
  changeByMethod({ name: 'pop', receiver, holder: target.object }, { args, at: locate(frame, target), frame });
}

/** A method that changes its dict or list in place, with the changed data put where the old one was seen. */
export function changeByMethod(
  method: { readonly name: string; readonly receiver: PythonValue; readonly holder: PythonExpression },
  how: {
    readonly args: Pick<EvaluatedCall, 'positional' | 'keywords' | 'complete'>;
    readonly at: Location;
    readonly frame: Frame;
  },
): void {
  const { name, receiver, holder } = method;
  const { args, at, frame } = how;
  const changed = changeAlternatives(receiver, (option) => {
    const data = option.value;
    if (typeof data !== 'object' || data === null || (data.type !== 'map' && data.type !== 'sequence'))
      return undefined;
    const call = { ...args, receiver: option, at };
    const after = data.type === 'map' ? changedMap(name, call) : changedSequence(name, call);
    return after && { ...option, value: args.complete ? after : { ...after, complete: false } };
  });
  if (changed) putChanged(holder, { before: receiver, after: changed, frame });
}

/** Puts changed data wherever its old form is seen; where nothing holds it, to the place it was taken from. */
function putChanged(
  holder: PythonExpression,
  change: { readonly before: PythonValue; readonly after: PythonValue; readonly frame: Frame },
): void {
  const { before, after, frame } = change;
  const befores = optionsOf(before) ?? [];
  const afters = optionsOf(after) ?? [];
  let isShared = befores.length === afters.length && befores.length > 0;
  for (const [index, option] of befores.entries()) {
    const [old, fresh] = [sharedData(option), sharedData(afters[index])];
    if (!old || old === fresh) continue;
    isShared = isShared && fresh !== undefined && replaceShared({ before: old, after: fresh }, frame);
  }
  if (!isShared) assign(holder, after, frame);
}

function sharedData(value: PythonValue | undefined): SharedData | undefined {
  return asMap(value) ?? asSequence(value);
}

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
  if (isScopeCall(holder)) {
    const scope = scopeOfCall(holder, frame);
    if (name !== undefined) bind(scope, { name, value }, frame);
    else scope.gaps.push(locate(frame, target));
    return;
  }
  const current = currentValue(holder, frame);
  if (referenceName(current) === 'os.environ') {
    if (name !== undefined) frame.runtime.environmentOverrides.set(name, value);
    return;
  }
  const entry = { name, value, at: locate(frame, target.index) };
  const changed = changeAlternatives(current, (option) => {
    const map = asMap(option);
    if (map) return { ...option, value: withEntry(map, entry) };
    return asSequence(option) ? { ...option, value: { type: 'sequence', items: [], complete: false } } : undefined;
  });
  if (changed) putChanged(holder, { before: current, after: changed, frame });
  else if (isPath(holder)) {
    const empty: PythonMap = { type: 'map', entries: new Map(), complete: false, literal: undefined };
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
