import type { Location } from '../../text/span.ts';
import { type Known, known, lowerBound, unknown, upperBound, type Value } from '../value.ts';
import { isPathText, joinPaths } from './paths.ts';
import type { PythonData, PythonMap } from './python-data.ts';
import { formatPercent, joinText, textContains } from './python-text.ts';
import { asNumber, combineAlternatives, mapAlternatives, type PythonValue, truthOf } from './python-value.ts';

/** Result of a Python binary operator or comparison; bounds of unknown numbers are carried through arithmetic. */
export function applyBinary(operation: {
  operator: string;
  left: PythonValue;
  right: PythonValue;
  at: Location;
}): PythonValue {
  const { operator, left, right, at } = operation;
  const combined = combineAlternatives(operation, (one, other) => {
    const result = operate(operator, { left: one, right: other, at });
    if (result === undefined)
      return unknown('the result of an operator is not known', at, { trail: trailOf(one, other) });
    return typeof result === 'object' && result !== null && 'known' in result
      ? result
      : known(result, at, trailOf(one, other));
  });
  return combined ?? boundedResult({ operator, left, right, at });
}

/** `not`, `-`, `+`, `~` of a value. */
export function applyUnary(operator: string, operand: PythonValue): PythonValue {
  if (operator === 'not')
    return mapAlternatives(operand, (value) => {
      const truth = truthOf(value.value);
      return truth === undefined
        ? unknown('its truth is not known', value.at, { trail: value.trail })
        : known(!truth, value.at, value.trail);
    });
  return mapAlternatives(operand, (value) => {
    const number = asNumber(value);
    if (!number.known || operator === '~') return unknown('the result of an operator is not known', value.at);
    return { ...number, value: operator === '-' ? -number.value : number.value };
  });
}

interface Pair {
  readonly left: Known<PythonData>;
  readonly right: Known<PythonData>;
  readonly at: Location;
}

function operate(operator: string, pair: Pair): PythonData | PythonValue | undefined {
  const left = pair.left.value;
  const right = pair.right.value;
  switch (operator) {
    case '==':
      return isPlain(left) && isPlain(right) ? sameData(left, right) : undefined;
    case '!=':
      return isPlain(left) && isPlain(right) ? !sameData(left, right) : undefined;
    case 'is':
      return isPlain(left) && isPlain(right) ? left === right : identityWithNone(left, right);
    case 'is not': {
      const same = isPlain(left) && isPlain(right) ? left === right : identityWithNone(left, right);
      return same === undefined ? undefined : !same;
    }
    case 'in':
      return contains(right, left);
    case 'not in': {
      const inside = contains(right, left);
      return inside === undefined ? undefined : !inside;
    }
    case '|':
      return isMap(left) && isMap(right) ? mergeMaps(left, right) : undefined;
    case '%':
      if (typeof left === 'string') return formatPercent(left, pair.right);
      break;
    case '/':
      if (isPathText(left)) return joinPaths([pair.left, pair.right], pair.at);
      break;
    case '*': {
      const repeated = repeat(left, right) ?? repeat(right, left);
      if (repeated !== undefined) return repeated;
      break;
    }
    case '+': {
      const sequence = concatenate(left, right);
      if (sequence) return sequence;
      const text = joinText([pair.left, pair.right], pair.at);
      if (text) return text;
      break;
    }
    case '<':
    case '>':
    case '<=':
    case '>=':
      if (typeof left === 'string' && typeof right === 'string') return compare(operator, left, right);
      break;
  }
  const [one, other] = [toNumber(left), toNumber(right)];
  if (one === undefined || other === undefined) return undefined;
  if (operator === '<' || operator === '>' || operator === '<=' || operator === '>=')
    return compare(operator, one, other);
  const result = calculate(operator, one, other);
  return result === undefined || !Number.isFinite(result) ? undefined : result;
}

/** Merges two dicts as `|` and `.update` do: the second one wins. */
export function mergeMaps(first: PythonMap, second: PythonMap): PythonMap {
  const keys = new Map([...(first.keys ?? []), ...(second.keys ?? [])]);
  return {
    type: 'map',
    entries: new Map([...first.entries, ...second.entries]),
    complete: first.complete && second.complete,
    literal: first.literal,
    ...(keys.size > 0 && { keys }),
    ...((second.urlCall ?? first.urlCall) && { urlCall: second.urlCall ?? first.urlCall }),
  } as PythonMap;
}

function boundedResult(operation: {
  operator: string;
  left: PythonValue;
  right: PythonValue;
  at: Location;
}): PythonValue {
  const { operator, at } = operation;
  const left = asNumber(operation.left);
  const right = asNumber(operation.right);
  const missing = left.known ? operation.right : operation.left;
  const why = missing.known ? 'the result of an operator is not known' : missing.why;
  const trail = [...operation.left.trail, ...operation.right.trail];
  const [least, most] = [lowerBound(left), upperBound(left)];
  const [otherLeast, otherMost] = [lowerBound(right), upperBound(right)];
  const hasBounds = (least ?? most) !== undefined && (otherLeast ?? otherMost) !== undefined;
  if (!hasBounds) return unknown(why, at, { trail });
  const bounds = { least: least ?? -Infinity, most: most ?? Infinity };
  const others = { least: otherLeast ?? -Infinity, most: otherMost ?? Infinity };
  const decided = decideComparison(operator, bounds, others);
  if (decided !== undefined) return known(decided, at, trail);
  if (operator === '%') return unknown(why, at, { trail, ...cpuMark(left, right) });
  const corners = [bounds.least, bounds.most].flatMap((one) =>
    [others.least, others.most].map((other) => calculate(operator, one, other)),
  );
  if (corners.some((corner) => corner === undefined || Number.isNaN(corner)))
    return unknown(why, at, { trail, ...cpuMark(left, right) });
  const numbers = corners.filter((corner) => corner !== undefined);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return unknown<PythonData>(why, at, {
    trail,
    ...(Number.isFinite(low) && { atLeast: low }),
    ...(Number.isFinite(high) && { atMost: high }),
    ...cpuMark(left, right),
  });
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

function decideComparison(operator: string, one: Bounds, other: Bounds): boolean | undefined {
  switch (operator) {
    case '<':
      return one.most < other.least ? true : one.least >= other.most ? false : undefined;
    case '<=':
      return one.most <= other.least ? true : one.least > other.most ? false : undefined;
    case '>':
      return one.least > other.most ? true : one.most <= other.least ? false : undefined;
    case '>=':
      return one.least >= other.most ? true : one.most < other.least ? false : undefined;
  }
  return undefined;
}

function cpuMark(left: Value<number>, right: Value<number>): { fromCpuCount?: true } {
  const fromCpu = (value: Value<number>) => !value.known && value.fromCpuCount === true;
  return fromCpu(left) || fromCpu(right) ? { fromCpuCount: true } : {};
}

function calculate(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : left / right;
    case '//':
      return right === 0 ? undefined : Math.floor(left / right);
    case '%':
      return right === 0 ? undefined : left - right * Math.floor(left / right);
    case '**':
      return left ** right;
    case '&':
      return left & right;
    case '|':
      return left | right;
  }
  return undefined;
}

function compare<T extends number | string>(operator: string, left: T, right: T): boolean {
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

function contains(container: PythonData, item: PythonData): boolean | undefined {
  if (typeof item === 'string' && (typeof container === 'string' || isText(container)))
    return textContains(container, item);
  if (!isPlain(item) || typeof container !== 'object' || container === null) return undefined;
  if (container.type === 'map') return container.entries.has(String(item)) || (container.complete ? false : undefined);
  if (container.type !== 'sequence') return undefined;
  const plain = container.items.map((entry) => (entry.known && isPlain(entry.value) ? entry.value : undefined));
  if (plain.some((entry) => entry !== undefined && sameData(entry, item))) return true;
  return container.complete && !plain.includes(undefined) ? false : undefined;
}

function concatenate(left: PythonData, right: PythonData): PythonData | undefined {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return undefined;
  if (left.type !== 'sequence' || right.type !== 'sequence') return undefined;
  if (left.items.length + right.items.length > 10_000) return { type: 'sequence', items: [], complete: false };
  const items = [...left.items, ...right.items];
  return { type: 'sequence', items, complete: left.complete && right.complete, ...(left.frozen && { frozen: true }) };
}

function repeat(part: PythonData, times: PythonData): PythonData | undefined {
  if (typeof times !== 'number' || times < 0 || times > 1_000) return undefined;
  if (typeof part === 'string') return part.length * times > 100_000 ? undefined : part.repeat(times);
  if (typeof part !== 'object' || part?.type !== 'sequence' || part.items.length * times > 10_000) return undefined;
  return { ...part, items: Array.from({ length: times }, () => part.items).flat() };
}

function identityWithNone(left: PythonData, right: PythonData): boolean | undefined {
  const other = left === null ? right : right === null ? left : undefined;
  if (other === undefined || other === null || typeof other !== 'object') return undefined;
  return other.type === 'map' || other.type === 'sequence' || other.type === 'text' ? false : undefined;
}

/** Whether two items are equal; undefined where it cannot be told. */
export function sameItem(left: PythonValue, right: PythonValue): boolean | undefined {
  if (!left.known || !right.known || !isPlain(left.value) || !isPlain(right.value)) return undefined;
  return sameData(left.value, right.value);
}

type Plain = number | string | boolean | null;

function isPlain(data: PythonData): data is Plain {
  return data === null || typeof data !== 'object';
}

function sameData(left: Plain, right: Plain): boolean {
  if (typeof left === 'boolean' && typeof right === 'number') return Number(left) === right;
  if (typeof left === 'number' && typeof right === 'boolean') return left === Number(right);
  return left === right;
}

function isMap(data: PythonData): data is PythonMap {
  return typeof data === 'object' && data !== null && data.type === 'map';
}

function isText(data: PythonData): boolean {
  return typeof data === 'object' && data !== null && data.type === 'text';
}

function toNumber(data: PythonData): number | undefined {
  if (typeof data === 'number') return data;
  return typeof data === 'boolean' ? Number(data) : undefined;
}

function trailOf(left: Known<PythonData>, right: Known<PythonData>) {
  return [...left.trail, ...right.trail].slice(0, 200);
}
