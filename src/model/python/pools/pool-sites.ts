import type { PythonCall, PythonClass, PythonFunction } from '../../../parse/python-tree.ts';
import { dottedName, type FoundCall } from '../../../parse/python-walk.ts';
import { derive, type SourceText } from '../../../text/source-text.ts';
import { flatMapPausing, mapPausing, type Pausable } from '../../pausable.ts';
import { known, unknown } from '../../value.ts';
import { classScope } from '../classes.ts';
import { moduleFrame } from '../evaluate.ts';
import type { CallPlace, CallRecord, Definition, Frame } from '../frame.ts';
import { bindParameters, bindSelf, bodyFrame } from '../functions.ts';
import type { PythonData, PythonObject } from '../python-data.ts';
import type { PythonProgram } from '../python-program.ts';
import { asObject, type PythonValue } from '../python-value.ts';
import { runBlock } from '../statements.ts';

export type { CallPlace };

/** What one way of reaching a call gave: the calls made there, and the call site whose arguments were passed down. */
export interface CallRun {
  readonly records: readonly CallRecord[];
  readonly calledFrom: CallRecord | undefined;
}

/** Finds calls by the last part of their name in the given files. */
export function findPlaces(
  program: PythonProgram,
  search: { readonly sources: readonly SourceText[]; readonly names: ReadonlySet<string> },
): readonly CallPlace[] {
  const names = [...search.names];
  return search.sources.flatMap((source) => placesIn(source, { program, names }));
}

/** `findPlaces`, with pauses: the first search of a file parses it. */
export function* findPlacesPausing(
  program: PythonProgram,
  search: { readonly sources: readonly SourceText[]; readonly names: ReadonlySet<string>; readonly enough?: number },
): Pausable<readonly CallPlace[]> {
  const names = [...search.names];
  const places: CallPlace[] = [];
  for (const source of search.sources) {
    if (search.enough !== undefined && places.length >= search.enough) break;
    yield;
    const called = derive(source, { kind: 'python-called-names', from: calledNames });
    if (!names.some((name) => called.has(name))) continue;
    yield* program.prepare(source);
    places.push(...placesIn(source, { program, names }));
  }
  return places;
}

function placesIn(
  source: SourceText,
  { program, names }: { readonly program: PythonProgram; readonly names: readonly string[] },
): readonly CallPlace[] {
  const called = derive(source, { kind: 'python-called-names', from: calledNames });
  const present = names.filter((name) => called.has(name));
  if (present.length === 0) return [];
  const index = callIndex(source, program);
  const places = present.flatMap((name) => index.get(name) ?? []);
  return present.length === 1 ? places : places.sort((one, other) => one.call.span.start - other.call.span.start);
}

// Whatever stands before a parenthesis, found without parsing the file.
function calledNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const match of text.matchAll(/([A-Za-z_]\w*)\(/g)) names.add(match[1] ?? '');
  return names;
}

// Every call of a file by its last name, those under a main guard apart; built once per text.
function callIndex(source: SourceText, program: PythonProgram): ReadonlyMap<string, readonly CallPlace[]> {
  return derive(source, { kind: 'python-call-index', from: () => indexCalls(source, program) });
}

function indexCalls(source: SourceText, program: PythonProgram): ReadonlyMap<string, readonly CallPlace[]> {
  const index = new Map<string, CallPlace[]>();
  for (const found of program.calls(source)) {
    const name = lastName(found.call);
    if (name === '' || isUnderMainGuard(found, source)) continue;
    const places = index.get(name);
    if (places) places.push(found);
    else index.set(name, [found]);
  }
  return index;
}

/** The last part of what a call calls: `create_engine` of `sqlalchemy.create_engine(...)`. */
function lastName(call: PythonCall): string {
  const { callee } = call;
  return callee.kind === 'name' || callee.kind === 'attribute' ? callee.name : '';
}

/**
 * Runs the code around a call, once per call site of its function, and gives what the call received each time. A
 * function that nobody names is left out.
 */
export function runPlace(
  place: CallPlace,
  how: { readonly program: PythonProgram; readonly sources: readonly SourceText[] },
): Pausable<readonly CallRun[]> {
  return runWithin(place, { ...how, depth: 0 });
}

/** Runs the function around a call once, with what its parameters default to; `runtime.records` holds what it did. */
export function runAlone(place: CallPlace, program: PythonProgram): void {
  const { definition, frame } = prepare(place, program);
  if (definition) runFunction(definition, { caller: undefined, frame, call: undefined });
}

interface Running {
  readonly program: PythonProgram;
  readonly sources: readonly SourceText[];
  /** Length of the chain of callers that is being followed. */
  readonly depth: number;
}

const maximumChain = 3;

function* runWithin(place: CallPlace, running: Running): Pausable<readonly CallRun[]> {
  const { program } = running;
  const { definition, frame, isInFunction } = prepare(place, program);
  if (!isInFunction) {
    const records = program.runtime.records.get(place.call) ?? evaluateDirectly(place, frame);
    return records.length === 0 ? [] : [{ records, calledFrom: undefined }];
  }
  if (!definition) return [];
  const callers = running.depth < maximumChain ? yield* findCallers(definition, running) : [];
  const run = (caller: CallRecord | undefined): readonly CallRun[] => {
    const records = runFunction(definition, { caller, frame, call: place.call });
    return records.length === 0 ? [] : [{ records, calledFrom: caller }];
  };
  if (callers.length > 0) return yield* flatMapPausing(callers, run);
  return (yield* isUsed(definition, place, running)) ? run(undefined) : [];
}

/** Brings the classes and functions around a call into being, and gives the innermost function. */
export function prepare(
  place: CallPlace,
  program: PythonProgram,
): { definition: Definition | undefined; frame: Frame; isInFunction: boolean } {
  const { runtime } = program;
  const chain = place.ancestors.filter((node) => node.kind === 'function' || node.kind === 'class');
  const frame: Frame = { ...moduleFrame(place.source, runtime), budget: { left: runBudget } };
  const innermost = chain.at(-1);
  if (innermost?.kind !== 'function') {
    for (const node of chain) openClass(node, frame);
    return { definition: undefined, frame, isInFunction: false };
  }
  for (const node of chain.slice(0, -1)) openScope(node, frame);
  return { definition: runtime.definitionsByNode.get(innermost), frame, isInFunction: true };
}

/** Steps of one run of a function: it is run for what one call in it receives. */
const runBudget = 4_000;

function openClass(node: PythonFunction | PythonClass, frame: Frame): void {
  const definition = frame.runtime.definitionsByNode.get(node);
  if (definition?.node.kind === 'class') classScope(definition, frame);
}

// Definitions inside a function exist once it has run.
function openScope(node: PythonFunction | PythonClass, frame: Frame): void {
  const definition = frame.runtime.definitionsByNode.get(node);
  if (!definition) return;
  if (definition.node.kind === 'class') classScope(definition, frame);
  else runFunction(definition, { caller: undefined, frame, call: undefined });
}

/** Runs a function with the arguments of a call site (or its defaults) and gives the records of one call in it. */
function runFunction(
  definition: Definition,
  how: { caller: CallRecord | undefined; frame: Frame; call: PythonCall | undefined },
): readonly CallRecord[] {
  const { caller, frame, call } = how;
  const { records } = frame.runtime;
  if (call) records.delete(call);
  const instance = asObject(caller?.value);
  const node = definition.node as PythonFunction;
  if (definition.owner && node.name === '__init__' && instance) bindSelf(definition, { instance, frame });
  else {
    const at = caller
      ? { source: caller.source, span: caller.call.span }
      : { source: definition.source, span: node.nameSpan };
    const positional = caller?.positional ?? [];
    const scope = bindParameters(definition, {
      positional: definition.owner && !isStatic(node) ? [selfOf(definition, frame), ...positional] : positional,
      keywords: caller?.keywords ?? new Map(),
      complete: caller?.complete ?? true,
      frame,
      at,
    });
    // What comes after the call decides nothing about it.
    const body = call ? node.body.filter(({ span }) => span.start <= call.span.start) : node.body;
    runBlock(body, bodyFrame(definition, scope, { ...frame, budget: { left: runBudget } }));
  }
  return call ? (records.get(call) ?? []) : [];
}

function isStatic(node: PythonFunction): boolean {
  return node.decorators.some((decorator) => decorator.kind === 'name' && decorator.name === 'staticmethod');
}

// `self` of a method stands for an instance made without arguments that would differ from the defaults.
function selfOf(definition: Definition, frame: Frame): PythonValue {
  const owner = definition.owner;
  const at = { source: definition.source, span: definition.node.nameSpan };
  if (!owner) return unknown('the instance is not known', at);
  const made = frame.runtime.firstRecords.get(owner.name);
  const existing = asObject(made?.value);
  if (existing) return known<PythonData>(existing, existing.at);
  const call: PythonCall = {
    kind: 'call',
    span: owner.node.nameSpan,
    callee: { kind: 'name', span: owner.node.nameSpan, name: owner.node.name },
    arguments: [],
    argumentsSpan: { start: owner.node.nameSpan.end, end: owner.node.nameSpan.end },
  };
  const object: PythonObject = {
    type: 'object',
    callee: owner.name,
    positional: [],
    keywords: new Map(),
    complete: true,
    at,
    call,
  };
  return known<PythonData>(object, at);
}

/** Every reached call of a function, or of the class for its `__init__`; found once per function. */
export function* findCallers(definition: Definition, running: Running): Pausable<readonly CallRecord[]> {
  const { program, sources } = running;
  const { callers } = program.runtime;
  const existing = callers.get(definition);
  if (existing) return existing;
  // A function that is being looked for already is its own caller.
  callers.set(definition, []);
  const node = definition.node as PythonFunction;
  const isConstructor = definition.owner !== undefined && node.name === '__init__';
  const takesArguments = node.parameters.some((parameter) => parameter.name !== 'self' && parameter.name !== 'cls');
  if (!isConstructor && !takesArguments) return [];
  const target = isConstructor && definition.owner ? definition.owner : definition;
  const names = new Set([target.node.name]);
  const places = yield* findPlacesPausing(program, { sources, names, enough: maximumCallers });
  const near = places.slice(0, maximumCallers).filter((place) => !place.ancestors.includes(definition.node));
  const runs = yield* mapPausing(near, (place) => runWithin(place, { ...running, depth: running.depth + 1 }));
  const found = runs.flat().flatMap((run) => run.records.filter((record) => record.callee === target.name).slice(0, 3));
  callers.set(definition, found);
  return found;
}

const maximumCallers = 12;

// A function that nobody names is not part of what the process does; frameworks call decorated ones and methods.
function* isUsed(definition: Definition, place: CallPlace, running: Running): Pausable<boolean> {
  const node = definition.node as PythonFunction;
  if (definition.owner || node.decorators.length > 0 || /^(__|main$|lifespan|startup|create_app)/.test(node.name))
    return true;
  const nested = place.ancestors.filter((ancestor) => ancestor.kind === 'function').length > 1;
  if (nested) return true;
  for (const source of running.sources) {
    const count = derive(source, { kind: 'python-words', from: countWords }).get(node.name) ?? 0;
    if (source === definition.source ? count > 1 : count > 0) return true;
    yield;
  }
  return false;
}

function countWords(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function evaluateDirectly(place: CallPlace, frame: Frame): readonly CallRecord[] {
  if (place.conditional) return [];
  frame.runtime.evaluate(place.call, frame);
  return frame.runtime.records.get(place.call) ?? [];
}

function isUnderMainGuard(place: FoundCall, source: SourceText): boolean {
  return place.ancestors.some((node) => {
    if (node.kind !== 'if') return false;
    const test = node.branches[0]?.test;
    return test !== undefined && /__name__\s*==/.test(source.text.slice(test.span.start, test.span.end));
  });
}

/** The name that the call's result is bound to, if any. */
export function boundName(place: CallPlace): string | undefined {
  const { statement } = place;
  if (statement.kind === 'with') return undefined;
  if (statement.kind !== 'assign') return undefined;
  const target = statement.targets[0];
  return target && dottedName(target);
}
