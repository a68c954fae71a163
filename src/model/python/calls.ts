import type { PythonCall } from '../../parse/python-tree.ts';
import { known, unknown } from '../value.ts';
import { changeByMethod } from './assignments.ts';
import { attributeOf } from './attributes.ts';
import { callBuiltin, isFile } from './builtins.ts';
import { findMethod } from './classes.ts';
import { callDataMethod } from './data-methods.ts';
import { readFromEnvironment } from './environment-readers.ts';
import { type Definition, type Frame, locate } from './frame.ts';
import type { PythonData, PythonObject } from './python-data.ts';
import {
  asMap,
  asObject,
  asSequence,
  mapAlternatives,
  notPassed,
  type PythonValue,
  referenceName,
} from './python-value.ts';

/** A call with its evaluated arguments. */
export interface EvaluatedCall {
  readonly call: PythonCall;
  readonly frame: Frame;
  readonly at: PythonValue['at'];
  /** Dotted name of what is called. */
  readonly callee: string;
  /** The object whose method is called, for methods. */
  readonly receiver: PythonValue | undefined;
  readonly positional: readonly PythonValue[];
  readonly keywords: ReadonlyMap<string, PythonValue>;
  readonly complete: boolean;
}

/** What a call gives: a computed value, what a followed function returns, or an object that remembers its arguments. */
export function evaluateCall(call: PythonCall, frame: Frame): PythonValue {
  const at = locate(frame, call);
  if (call.callee.kind === 'name' && call.callee.name === 'super') return superObject(call, frame);
  const receiver = call.callee.kind === 'attribute' ? frame.runtime.evaluate(call.callee.object, frame) : undefined;
  const callee =
    call.callee.kind === 'attribute' && receiver
      ? fieldOrAttribute(call.callee.name, { receiver, frame, call })
      : frame.runtime.evaluate(call.callee, frame);
  const args = evaluateArguments(call, frame);
  if (call.callee.kind === 'attribute' && receiver && isData(receiver)) {
    const name = call.callee.name;
    if (name === 'exists' || name === 'is_file') return isFile(receiver, { frame, at });
    const result = mapAlternatives(receiver, (data) => callDataMethod(name, { ...args, receiver: data, at }));
    if (changingMethods.has(name)) changeByMethod({ name, receiver, holder: call.callee.object }, { args, at, frame });
    return result;
  }
  return mapAlternatives(callee, (target) => {
    const name = nameOf(target.value);
    if (name === undefined) return unknown('calls something that is not followed', at);
    const evaluated: EvaluatedCall = { call, frame, at, callee: name, receiver, ...args };
    const value = resultOf(evaluated);
    remember(evaluated, value);
    return value;
  });
}

/** Positional and keyword arguments with `*` and `**` resolved where they can be. */
export function evaluateArguments(
  call: PythonCall,
  frame: Frame,
): Pick<EvaluatedCall, 'positional' | 'keywords' | 'complete'> {
  const positional: PythonValue[] = [];
  const keywords = new Map<string, PythonValue>();
  let complete = true;
  for (const argument of call.arguments) {
    const value = frame.runtime.evaluate(argument.value, frame);
    if (argument.name !== undefined) keywords.set(argument.name, value);
    else if (argument.value.kind !== 'starred') positional.push(value);
    else if (argument.value.double) complete = spreadKeywords(value, keywords) && complete;
    else {
      const items = asSequence(value);
      positional.push(...(items?.items ?? []));
      complete &&= items?.complete === true;
    }
  }
  return { positional, keywords, complete };
}

function spreadKeywords(value: PythonValue, keywords: Map<string, PythonValue>): boolean {
  const map = asMap(value);
  if (map) {
    for (const [name, entry] of map.entries) keywords.set(name, entry);
    return map.complete;
  }
  if (value.known || !value.oneOf) return false;
  return spreadAlternatives(value.oneOf, keywords);
}

// Alternatives of a spread dict become alternatives of each of its keys; a key that one of them lacks is left out there.
function spreadAlternatives(options: readonly PythonValue[], keywords: Map<string, PythonValue>): boolean {
  const maps = options.map(asMap).filter((map) => map !== undefined);
  for (const name of new Set(maps.flatMap((map) => [...map.entries.keys()]))) {
    const values = maps.flatMap((map) => map.entries.get(name) ?? []);
    const first = values[0];
    if (!first) continue;
    if (values.length === maps.length && values.every((value) => value === first)) keywords.set(name, first);
    else
      keywords.set(
        name,
        unknown('depends on a condition that is not known', first.at, {
          oneOf: values.length === maps.length ? values : [...values, unknown(notPassed, first.at)],
        }),
      );
  }
  return maps.length === options.length && maps.every((map) => map.complete);
}

function resultOf(evaluated: EvaluatedCall): PythonValue {
  const { callee, frame, at } = evaluated;
  const computed = readFromEnvironment(evaluated) ?? callBuiltin(evaluated);
  if (computed) return computed;
  const definition = frame.runtime.definitions.get(callee);
  if (definition?.node.kind === 'function') {
    const followed = frame.runtime.follow(definition, { ...evaluated, positional: withSelf(definition, evaluated) });
    if (followed) return followed;
  }
  const object: PythonObject = {
    type: 'object',
    callee,
    positional: evaluated.positional,
    keywords: evaluated.keywords,
    complete: evaluated.complete,
    at,
    call: evaluated.call,
  };
  return known<PythonData>(object, at, frame.assumptions);
}

function withSelf(definition: Definition, evaluated: EvaluatedCall): readonly PythonValue[] {
  if (!definition.owner || definition.node.kind !== 'function') return evaluated.positional;
  const decorators = definition.node.decorators.map((decorator) => (decorator.kind === 'name' ? decorator.name : ''));
  if (decorators.includes('staticmethod')) return evaluated.positional;
  const instance = evaluated.receiver;
  const self = instance ?? unknown<PythonData>('the instance is not known', evaluated.at);
  const calledOnClass = referenceName(instance) !== undefined;
  return calledOnClass && !decorators.includes('classmethod') ? evaluated.positional : [self, ...evaluated.positional];
}

// Methods are found on the class, so that a call on an instance is followed even where its attribute is not.
function fieldOrAttribute(
  name: string,
  access: { receiver: PythonValue; frame: Frame; call: PythonCall },
): PythonValue {
  const { receiver, frame, call } = access;
  const definition = frame.runtime.definitions.get(asObject(receiver)?.callee ?? '');
  const method = definition?.node.kind === 'class' ? findMethod(definition, { name, frame }) : undefined;
  const at = locate(frame, call.callee);
  if (method) return known<PythonData>({ type: 'reference', name: method.name }, at);
  if (call.callee.kind === 'attribute' && call.callee.object.kind === 'name')
    return frame.runtime.evaluate(call.callee, frame);
  return attributeOf(receiver, { name, frame, at });
}

function superObject(call: PythonCall, frame: Frame): PythonValue {
  const at = locate(frame, call);
  const base = frame.owner?.node.kind === 'class' ? frame.owner.node.bases[0] : undefined;
  return base
    ? frame.runtime.evaluate(base, { ...frame, scope: frame.owner?.scope ?? frame.scope })
    : unknown('super()', at);
}

function isData(value: PythonValue): boolean {
  const options = value.known ? [value] : (value.oneOf ?? []);
  return options.some((option) => {
    if (!option.known) return false;
    const data = option.value;
    if (typeof data !== 'object' || data === null) return true;
    return data.type === 'map' || data.type === 'sequence' || data.type === 'text';
  });
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
  'discard',
  'add',
  'sort',
  'reverse',
]);

/** The name under which a value is called. */
function nameOf(data: PythonData): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if (data.type === 'reference') return data.name;
  return data.type === 'object' ? `${data.callee}()` : undefined;
}

function remember(evaluated: EvaluatedCall, value: PythonValue): void {
  const { frame, call, callee, receiver, positional, keywords, complete } = evaluated;
  if (!frame.records) return;
  const records = frame.runtime.records.get(call) ?? [];
  if (records.length >= 20) return;
  const record = { call, source: frame.source, callee, receiver, value, positional, keywords, complete };
  records.push(record);
  frame.runtime.records.set(call, records);
  if (!frame.runtime.firstRecords.has(callee)) frame.runtime.firstRecords.set(callee, record);
}
