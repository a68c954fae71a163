import type { PythonDict, PythonExpression } from '../../parse/python-tree.ts';
import type { Location } from '../../text/span.ts';
import { known, unknown } from '../value.ts';
import { assign } from './assignments.ts';
import { attributeOf } from './attributes.ts';
import { builtinNames } from './builtin-names.ts';
import { evaluateCall } from './calls.ts';
import { evaluateComprehension } from './comprehensions.ts';
import { readSubscript } from './environment-readers.ts';
import { environmentMap, hasVariable } from './environment-variables.ts';
import { type Frame, force, locate } from './frame.ts';
import { defineLambda } from './functions.ts';
import { applyBinary, applyUnary, mergeMaps } from './operators.ts';
import { fromMarked } from './paths.ts';
import type { PythonData, PythonMap } from './python-data.ts';
import { joinText } from './python-text.ts';
import {
  asMap,
  asSequence,
  combineAlternatives,
  joinAlternatives,
  mapAlternatives,
  type PythonValue,
  referenceName,
  truthOf,
  withAssumptions,
} from './python-value.ts';
import { sliceOf } from './sequence-methods.ts';

/** What an expression is worth, without running it; never throws, and gives up when the budget is used up. */
export function evaluateExpression(expression: PythonExpression, frame: Frame): PythonValue {
  const at = locate(frame, expression);
  if (frame.budget.left-- <= 0) return unknown('the file is too large to follow', at);
  switch (expression.kind) {
    case 'number':
    case 'constant':
      return known(expression.value, at, frame.assumptions);
    case 'string':
      return known(expression.text, at, frame.assumptions);
    case 'format':
      return joinParts(expression.parts, frame, at);
    case 'name':
      return lookUp(expression.name, frame, at);
    case 'attribute':
      return evaluateAttribute(expression, frame, at);
    case 'call':
      return evaluateCall(expression, frame);
    case 'subscript':
      return evaluateSubscript(expression, frame, at);
    case 'dict':
      return withAssumptions(known(evaluateDict(expression, frame, at), at), frame.assumptions);
    case 'list':
      return evaluateList(expression, frame, at);
    case 'unary': {
      const value = applyUnary(expression.operator, evaluateExpression(expression.operand, frame));
      // A written -1 stands where its sign stands.
      return expression.operand.kind === 'number' ? { ...value, at } : value;
    }
    case 'binary':
      return evaluateBinary(expression, frame, at);
    case 'boolean':
      return evaluateBoolean(expression, frame, at);
    case 'conditional':
      return evaluateConditional(expression, frame, at);
    case 'await':
    case 'starred':
      return evaluateExpression(expression.value, frame);
    case 'named': {
      const value = evaluateExpression(expression.value, frame);
      assign(expression.target, value, frame);
      return value;
    }
    case 'lambda':
      return known<PythonData>({ type: 'reference', name: defineLambda(expression, frame) }, at);
    case 'other':
      return expression.comprehension
        ? evaluateComprehension(expression.comprehension, frame, at)
        : unknown('an expression that is not followed', at);
  }
}

function evaluateBinary(expression: PythonExpression & { kind: 'binary' }, frame: Frame, at: Location): PythonValue {
  const { operator } = expression;
  const left = evaluateExpression(expression.left, frame);
  const right = evaluateExpression(expression.right, frame);
  if (referenceName(right) === 'os.environ' && left.known && typeof left.value === 'string') {
    if (operator === 'in') return hasVariable(frame, left.value, at);
    if (operator === 'not in') return applyUnary('not', hasVariable(frame, left.value, at));
  }
  return applyBinary({ operator, left, right, at });
}

/** The value bound to a name where the frame stands. */
function lookUp(name: string, frame: Frame, at: Location): PythonValue {
  for (let scope: Frame['scope'] | undefined = frame.scope; scope; scope = scope.parent) {
    const binding = scope.bindings.get(name);
    if (!binding) continue;
    const value = force(binding);
    if (value.known && 'resolve' in binding) scope.bindings.set(name, value);
    return value;
  }
  if (builtinNames.has(name)) return known<PythonData>({ type: 'reference', name }, at);
  if (name === '__name__') return known(frame.scope.source.path, at);
  if (name === '__file__') return fromMarked(frame.runtime.disk.pathOf(frame.source.path), { at, trail: [] });
  return unknown(`${name} is not set in the files that were read`, at);
}

function evaluateAttribute(
  expression: PythonExpression & { kind: 'attribute' },
  frame: Frame,
  at: Location,
): PythonValue {
  if (expression.object.kind === 'name') {
    const path = `${expression.object.name}.${expression.name}`;
    for (let scope: Frame['scope'] | undefined = frame.scope; scope; scope = scope.parent) {
      const binding = scope.bindings.get(path);
      if (binding) return force(binding);
    }
  }
  return attributeOf(evaluateExpression(expression.object, frame), { name: expression.name, frame, at });
}

function evaluateSubscript(
  expression: PythonExpression & { kind: 'subscript' },
  frame: Frame,
  at: Location,
): PythonValue {
  const container = evaluateExpression(expression.object, frame);
  const slice = expression.index.kind === 'other' ? expression.index.slice : undefined;
  if (slice) {
    const bound = (side: PythonExpression | undefined) => side && evaluateExpression(side, frame);
    return sliceOf(container, { lower: bound(slice.lower), upper: bound(slice.upper), at });
  }
  const index = evaluateExpression(expression.index, frame);
  const holder = referenceName(container);
  if (holder === 'os.environ') return readSubscript({ frame, at }, index);
  if (holder === 'flask.Flask().config' || holder === 'flask.current_app.config') {
    const name = index.known && typeof index.value === 'string' ? index.value : '';
    return frame.runtime.flaskConfig?.(name) ?? unknown(`${name} is not in the configuration that was read`, at);
  }
  return itemOf(container, index, at);
}

function joinParts(parts: readonly (string | PythonExpression)[], frame: Frame, at: Location): PythonValue {
  const values = parts.map((part) =>
    typeof part === 'string' ? known(part, at, frame.assumptions) : evaluateExpression(part, frame),
  );
  const alternative = values.findIndex((value) => !value.known && value.oneOf);
  const option = values[alternative];
  if (!option || option.known || !option.oneOf)
    return joinText([known('', at), ...values], at) ?? unknown('a text that is not known', at);
  const joined = option.oneOf.map((choice) =>
    joinText([known('', at), ...values.map((value, index) => (index === alternative ? choice : value))], at),
  );
  return joinAlternatives(
    joined.filter((value) => value !== undefined),
    at,
  );
}

/** The entry of a dict or list. */
function itemOf(container: PythonValue, index: PythonValue, at: Location): PythonValue {
  return (
    combineAlternatives({ left: container, right: index, at }, (holder, key) => {
      const data = holder.value;
      if (typeof data === 'object' && data?.type === 'map') {
        const entry = data.entries.get(String(key.value));
        return entry ?? unknown('a dict entry that the files do not show', at);
      }
      if (typeof data === 'object' && data?.type === 'sequence' && typeof key.value === 'number') {
        const item = data.complete || key.value >= 0 ? data.items.at(key.value) : undefined;
        return item ?? unknown('a list item that the files do not show', at);
      }
      return unknown('an item that is not followed', at);
    }) ?? unknown(container.known ? 'an item whose key is not known' : container.why, at)
  );
}

function evaluateDict(node: PythonDict, frame: Frame, at: Location): PythonMap {
  let entries = new Map<string, PythonValue>();
  let keys = new Map<string, Location>();
  let map: PythonMap = { type: 'map', entries, complete: true, literal: { at, node }, keys };
  for (const entry of node.entries) {
    if (!entry.key) {
      const value = evaluateExpression(entry.value, frame);
      const spread = referenceName(value) === 'os.environ' ? environmentMap(frame, at) : asMap(value);
      if (!spread) map = { ...map, complete: false };
      else {
        const merged = mergeMaps(map, spread);
        entries = new Map(merged.entries);
        keys = new Map(merged.keys);
        map = { ...merged, literal: map.literal, entries, keys };
      }
      continue;
    }
    const key = evaluateExpression(entry.key, frame);
    if (!key.known || (typeof key.value === 'object' && key.value !== null)) {
      map = { ...map, complete: false };
      continue;
    }
    const name = String(key.value);
    const value = evaluateExpression(entry.value, frame);
    entries.set(name, value);
    keys.set(name, locate(frame, entry.key));
  }
  return map;
}

function evaluateList(list: PythonExpression & { kind: 'list' }, frame: Frame, at: Location): PythonValue {
  const values: PythonValue[] = [];
  let complete = true;
  for (const item of list.items) {
    const value = evaluateExpression(item, frame);
    if (item.kind !== 'starred') {
      values.push(value);
      continue;
    }
    const spread = asSequence(value);
    if (spread) values.push(...spread.items);
    complete &&= spread?.complete === true;
  }
  const frozen = list.type === 'tuple' ? { frozen: true as const } : {};
  return known<PythonData>({ type: 'sequence', items: values, complete, ...frozen }, at, frame.assumptions);
}

function evaluateBoolean(expression: PythonExpression & { kind: 'boolean' }, frame: Frame, at: Location): PythonValue {
  const left = evaluateExpression(expression.left, frame);
  const stopsAt = expression.operator === 'or';
  if (!left.known && frame.runtime.absentReads.has(left) && stopsAt) {
    const right = evaluateExpression(expression.right, frame);
    return { ...right, trail: [...left.trail, ...right.trail] };
  }
  if (left.known) {
    const truth = truthOf(left.value);
    if (truth === stopsAt) return left;
    const right = evaluateExpression(expression.right, frame);
    if (truth !== undefined) return { ...right, trail: [...left.trail, ...right.trail] };
    return expression.operator === 'or' ? joinAlternatives([left, right], at) : decideAnd(left, right, at);
  }
  const right = evaluateExpression(expression.right, frame);
  if (left.oneOf)
    return mapAlternatives(left, (option) => {
      const truth = truthOf(option.value);
      return truth === stopsAt ? option : truth === undefined ? joinAlternatives([option, right], at) : right;
    });
  return stopsAt ? decideOr(left, right, at) : decideAnd(left, right, at);
}

// A known operand that decides the whole keeps the truth known: `unknown or True`, `unknown and False`.
function decideOr(left: PythonValue, right: PythonValue, at: Location): PythonValue {
  return right.known && right.value === true ? right : joinAlternatives([left, right], at);
}

function decideAnd(left: PythonValue, right: PythonValue, at: Location): PythonValue {
  if (right.known && truthOf(right.value) === false) return right;
  return unknown(left.known ? 'its truth is not known' : left.why, at, { trail: left.trail });
}

function evaluateConditional(
  expression: PythonExpression & { kind: 'conditional' },
  frame: Frame,
  at: Location,
): PythonValue {
  const test = evaluateExpression(expression.test, frame);
  const truth = test.known ? truthOf(test.value) : undefined;
  if (truth !== undefined) {
    const branch = evaluateExpression(truth ? expression.then : expression.otherwise, frame);
    return withAssumptions(
      branch,
      test.trail.filter((hop) => hop.assumed === true),
    );
  }
  return joinAlternatives(
    [evaluateExpression(expression.then, frame), evaluateExpression(expression.otherwise, frame)],
    at,
  );
}
