import type { PythonExpression } from '../../../parse/python-tree.ts';
import { unknownMark } from '../../../text/mapped-text.ts';
import { textAt } from '../../../text/span.ts';
import type { RedisWrite } from '../../code-facts.ts';
import { markedText } from '../python-text.ts';
import type { RedisCall } from './redis-calls.ts';

const writing: ReadonlySet<string> = new Set(['set', 'setex', 'psetex', 'setnx', 'getset', 'hset', 'hmset', 'hsetnx']);

/** Keys that are written one by one (`job:<id>`), each with whether it gets an expiry. */
export function findRedisWrites(calls: readonly RedisCall[]): readonly RedisWrite[] {
  const expiries = calls.filter(({ method }) => /^p?expire(at)?$/.test(method));
  return calls.flatMap((call) => {
    if (!writing.has(call.method)) return [];
    const prefix = keyPrefix(call);
    if (prefix === undefined) return [];
    const { place, method } = call;
    const last = place.call.arguments.at(-1);
    const canTakeExpiry = method === 'set' && last !== undefined;
    return [
      {
        at: { source: place.source, span: place.call.span },
        method,
        keyPrefix: prefix,
        expires: hasExpiry(call) || expiries.some((expiry) => isSameKey(expiry, call)),
        argumentsEnd: canTakeExpiry ? { start: last.span.end, end: last.span.end } : undefined,
        file: place.source.path,
      },
    ];
  });
}

/** True when the call itself gives the key an expiry, or may do so in arguments that are not shown. */
export function hasExpiry({ record, method }: RedisCall): boolean {
  if (method === 'setex' || method === 'psetex' || !record.complete) return true;
  if (method !== 'set') return false;
  const given = ['ex', 'px', 'exat', 'pxat'].map((name) => record.keywords.get(name));
  const values = [...given, record.positional[2], record.positional[3]].filter((value) => value !== undefined);
  return values.some((value) => !(value.known && value.value === null));
}

/** The fixed start of a key that goes on with something variable. */
function keyPrefix({ record, place }: RedisCall): string | undefined {
  const key = record.positional[0] ?? record.keywords.get('name');
  const expression = place.call.arguments[0]?.value;
  const written = expression && literalStart(expression);
  if (written !== undefined) return written === '' ? undefined : written;
  const text = key?.known ? markedText(key.value) : undefined;
  if (text === undefined || !text.includes(unknownMark)) return undefined;
  const start = text.slice(0, text.indexOf(unknownMark));
  return start === '' ? undefined : start;
}

function literalStart(expression: PythonExpression): string | undefined {
  if (expression.kind === 'format') {
    const first = expression.parts[0];
    return expression.parts.length > 1 && typeof first === 'string' ? first : undefined;
  }
  if (expression.kind === 'binary' && expression.operator === '+' && expression.left.kind === 'string')
    return expression.left.text;
  return undefined;
}

function isSameKey(expiry: RedisCall, write: RedisCall): boolean {
  if (expiry.place.function !== write.place.function || expiry.place.source !== write.place.source) return false;
  const [one, other] = [expiry.place.call.arguments[0], write.place.call.arguments[0]];
  if (!one || !other) return false;
  const { source } = write.place;
  return textAt({ source, span: one.span }) === textAt({ source, span: other.span });
}
