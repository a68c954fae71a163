import type { Binding, Frame, Scope } from './frame.ts';
import type { PythonData, PythonMap, PythonSequence } from './python-data.ts';
import type { PythonValue } from './python-value.ts';

/** A dict or list, which Python's names share: changing it under one name changes it under all. */
export type SharedData = PythonMap | PythonSequence;

/**
 * Puts the changed dict or list in the place of the one before, wherever the followed code can see it; false when
 * nothing holds it. The work is counted as evaluation steps.
 */
export function replaceShared(change: { before: SharedData; after: SharedData }, frame: Frame): boolean {
  const work: Replacing = { change, seen: new Map(), visited: 0 };
  let replaced = false;
  for (const scope of writableScopes(frame)) {
    const changed: [string, PythonValue][] = [];
    for (const [name, binding] of scope.bindings) {
      const after = 'resolve' in binding ? binding : replaceIn(binding, work);
      if (after !== binding && !('resolve' in after)) changed.push([name, after]);
    }
    if (changed.length === 0) continue;
    if (scope !== frame.scope) scope.bindings = new Map(scope.bindings);
    for (const [name, after] of changed) scope.bindings.set(name, after);
    replaced = true;
  }
  frame.budget.left -= work.visited >> 6;
  return replaced;
}

/**
 * The scopes whose names the followed code may change: its own, those around it and those of its callers. Code that is
 * followed to see what it would do leaves modules as they are.
 */
export function writableScopes(frame: Frame): readonly Scope[] {
  const scopes = new Set<Scope>([frame.scope]);
  for (const start of [frame.scope, ...frame.callers])
    for (let scope: Scope | undefined = start; scope; scope = scope.parent)
      if (frame.writes || scope.parent) scopes.add(scope);
  return [...scopes];
}

/** The names of the scopes that the followed code may change, as they are at one moment. */
export type ScopeStates = ReadonlyMap<Scope, Map<string, Binding>>;

/**
 * What `putStates` brings back. The names of other scopes are replaced as a whole when they change, so they need no
 * copy; those of the frame's own scope are kept apart by the `putStates` that follows.
 */
export function takeStates(frame: Frame): ScopeStates {
  return new Map(writableScopes(frame).map((scope) => [scope, scope.bindings]));
}

/** Brings the names back to what they were; the states stay as they are whatever is bound afterwards. */
export function putStates(states: ScopeStates, frame: Frame): void {
  for (const [scope, bindings] of states) {
    if (scope === frame.scope) scope.bindings = new Map(bindings);
    else if (scope.bindings !== bindings) scope.bindings = bindings;
  }
}

/** Keeps the names as they are now for a later `putStates`. */
export function keepStates(frame: Frame): ScopeStates {
  const states = takeStates(frame);
  putStates(states, frame);
  return states;
}

/** Binds a name of any scope; that of another scope than the frame's own leaves the kept states alone. */
export function bind(scope: Scope, binding: { readonly name: string; readonly value: Binding }, frame: Frame): void {
  if (scope !== frame.scope) scope.bindings = new Map(scope.bindings);
  scope.bindings.set(binding.name, binding.value);
}

interface Replacing {
  readonly change: { readonly before: SharedData; readonly after: SharedData };
  readonly seen: Map<SharedData, SharedData>;
  visited: number;
}

function replaceIn(value: PythonValue, work: Replacing): PythonValue {
  if (!value.known) {
    if (!value.oneOf) return value;
    const options = value.oneOf.map((option) => replaceIn(option, work));
    return options.every((option, index) => option === value.oneOf?.[index]) ? value : { ...value, oneOf: options };
  }
  const data = value.value;
  if (!isShared(data)) return value;
  const after = replaceData(data, work);
  return after === data ? value : { ...value, value: after };
}

function replaceData(data: SharedData, work: Replacing): SharedData {
  if (data === work.change.before) return work.change.after;
  const known = work.seen.get(data);
  if (known) return known;
  work.seen.set(data, data);
  work.visited += 1;
  const after = data.type === 'map' ? replaceEntries(data, work) : replaceItems(data, work);
  work.seen.set(data, after);
  return after;
}

function replaceEntries(map: PythonMap, work: Replacing): PythonMap {
  let entries: Map<string, PythonValue> | undefined;
  for (const [key, value] of map.entries) {
    const after = replaceIn(value, work);
    if (after === value) continue;
    entries ??= new Map(map.entries);
    entries.set(key, after);
  }
  return entries ? { ...map, entries } : map;
}

function replaceItems(sequence: PythonSequence, work: Replacing): PythonSequence {
  const items = sequence.items.map((item) => replaceIn(item, work));
  return items.every((item, index) => item === sequence.items[index]) ? sequence : { ...sequence, items };
}

function isShared(data: PythonData): data is SharedData {
  return typeof data === 'object' && data !== null && (data.type === 'map' || data.type === 'sequence');
}
