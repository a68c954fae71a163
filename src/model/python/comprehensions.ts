import type { PythonComprehension } from '../../parse/python-tree.ts';
import type { Location } from '../../text/span.ts';
import { known, unknown } from '../value.ts';
import { assign } from './assignments.ts';
import { childScope, type Frame } from './frame.ts';
import type { PythonData } from './python-data.ts';
import { asMap, asSequence, asTruth, type PythonValue } from './python-value.ts';

/** `[... for ... in ...]` over what is known; a test or an iterable that is not makes the whole unknown. */
export function evaluateComprehension(comprehension: PythonComprehension, outer: Frame, at: Location): PythonValue {
  const scope = childScope(outer.scope, '<comprehension>');
  const frame: Frame = { ...outer, scope, callers: [...outer.callers, outer.scope] };
  const entries = new Map<string, PythonValue>();
  const items: PythonValue[] = [];
  const take = () => {
    const value = frame.runtime.evaluate(comprehension.value, frame);
    if (!comprehension.key) return items.push(value) <= maximumItems;
    const key = frame.runtime.evaluate(comprehension.key, frame);
    if (!key.known || (typeof key.value === 'object' && key.value !== null)) return false;
    entries.set(String(key.value), value);
    return true;
  };
  if (!runClauses(comprehension.clauses, { frame, take })) return unknown('a comprehension that is not known', at);
  return comprehension.key
    ? known<PythonData>({ type: 'map', entries, complete: true, literal: undefined }, at)
    : known<PythonData>({ type: 'sequence', items, complete: true }, at);
}

/** The items that a loop goes through: a list, the keys of a dict; undefined where they are not known. */
export function loopItems(iterable: PythonValue): readonly PythonValue[] | undefined {
  const map = asMap(iterable);
  if (map)
    return map.complete && map.entries.size <= maximumItems
      ? [...map.entries.keys()].map((key) => known<PythonData>(key, map.keys?.get(key) ?? iterable.at))
      : undefined;
  const sequence = asSequence(iterable);
  return sequence?.complete && sequence.items.length <= maximumItems ? sequence.items : undefined;
}

const maximumItems = 64;

function runClauses(
  clauses: PythonComprehension['clauses'],
  run: { readonly frame: Frame; readonly take: () => boolean },
): boolean {
  const [clause, ...rest] = clauses;
  if (!clause) return run.take();
  const items = loopItems(run.frame.runtime.evaluate(clause.iterable, run.frame));
  if (!items) return false;
  for (const item of items) {
    assign(clause.target, item, run.frame);
    const tests = clause.tests.map((test) => asTruth(run.frame.runtime.evaluate(test, run.frame)));
    if (tests.some((test) => !test.known)) return false;
    if (tests.every((test) => test.known && test.value) && !runClauses(rest, run)) return false;
  }
  return true;
}
