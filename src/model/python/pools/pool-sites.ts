import type { PythonCall, PythonClass, PythonFunction, PythonStatement } from '../../../parse/python-tree.ts';
import { dottedName, type FoundCall, findCalls } from '../../../parse/python-walk.ts';
import type { SourceText } from '../../../text/source-text.ts';
import { known, unknown } from '../../value.ts';
import { classScope } from '../classes.ts';
import { moduleFrame } from '../evaluate.ts';
import { type CallRecord, type Definition, type Frame, stepBudget } from '../frame.ts';
import { bindParameters, bindSelf, bodyFrame } from '../functions.ts';
import type { PythonData, PythonObject } from '../python-data.ts';
import type { PythonProgram } from '../python-program.ts';
import { asObject, type PythonValue } from '../python-value.ts';
import { runBlock } from '../statements.ts';

/** A place in the code where a call was found by name. */
export interface CallPlace extends FoundCall {
  readonly source: SourceText;
}

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
  const words = [...search.names];
  return search.sources.flatMap((source) => {
    if (!words.some((word) => source.text.includes(word))) return [];
    const found = findCalls(program.parse(source), (call) => search.names.has(lastName(call)));
    return found.filter((place) => !isUnderMainGuard(place, source)).map((place) => ({ ...place, source }));
  });
}

/** The last part of what a call calls: `create_engine` of `sqlalchemy.create_engine(...)`. */
export function lastName(call: PythonCall): string {
  const { callee } = call;
  return callee.kind === 'name' || callee.kind === 'attribute' ? callee.name : '';
}

/**
 * Runs the code around a call, once per call site of its function, and gives what the call received each time. A
 * function that nobody names is run only with `unused`.
 */
export function runPlace(
  place: CallPlace,
  how: { readonly program: PythonProgram; readonly sources: readonly SourceText[]; readonly unused?: true },
): readonly CallRun[] {
  return runWithin(place, { ...how, depth: 0 });
}

interface Running {
  readonly program: PythonProgram;
  readonly sources: readonly SourceText[];
  readonly depth: number;
  readonly unused?: true;
}

function runWithin(place: CallPlace, running: Running): readonly CallRun[] {
  const { program } = running;
  const { runtime } = program;
  runtime.moduleScope(place.source);
  const chain = place.ancestors.filter((node) => node.kind === 'function' || node.kind === 'class');
  const frame: Frame = { ...moduleFrame(place.source, runtime), budget: { left: stepBudget } };
  const innermost = chain.at(-1);
  if (innermost?.kind !== 'function') {
    for (const node of chain) openClass(node, frame);
    const records = runtime.records.get(place.call) ?? evaluateDirectly(place, frame);
    return records.length === 0 ? [] : [{ records, calledFrom: undefined }];
  }
  for (const node of chain.slice(0, -1)) openScope(node, frame);
  const definition = runtime.definitionsByNode.get(innermost);
  if (!definition) return [];
  const callers = running.depth < 3 ? findCallers(definition, running) : [];
  const run = (caller: CallRecord | undefined): readonly CallRun[] => {
    const records = runFunction(definition, { caller, frame, call: place.call });
    return records.length === 0 ? [] : [{ records, calledFrom: caller }];
  };
  if (callers.length > 0) return callers.flatMap(run);
  return running.unused || isUsed(definition, place, running) ? run(undefined) : [];
}

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
    runBlock(node.body, bodyFrame(definition, scope, { ...frame, budget: { left: stepBudget } }));
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
  const made = [...frame.runtime.records.values()].flat().find((record) => record.callee === owner.name);
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

/** Every reached call of a function, or of the class for its `__init__`. */
function findCallers(definition: Definition, running: Running): readonly CallRecord[] {
  const { program, sources } = running;
  const target = definition.owner && definition.node.name === '__init__' ? definition.owner : definition;
  const places = findPlaces(program, { sources, names: new Set([target.node.name]) }).slice(0, 20);
  return places.flatMap((place) => {
    const isItself = place.ancestors.includes(definition.node as PythonStatement);
    if (isItself) return [];
    const runs = runWithin(place, { ...running, depth: running.depth + 1 });
    return runs.flatMap((run) => run.records.filter((record) => record.callee === target.name).slice(0, 3));
  });
}

// A function that nobody names is not part of what the process does; frameworks call decorated ones and methods.
function isUsed(definition: Definition, place: CallPlace, running: Running): boolean {
  const node = definition.node as PythonFunction;
  if (definition.owner || node.decorators.length > 0 || /^(__|main$|lifespan|startup|create_app)/.test(node.name))
    return true;
  const nested = place.ancestors.filter((ancestor) => ancestor.kind === 'function').length > 1;
  if (nested) return true;
  const word = new RegExp(`\\b${node.name}\\b`, 'g');
  return running.sources.some((source) => {
    const count = [...source.text.matchAll(word)].length;
    return source === definition.source ? count > 1 : count > 0;
  });
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
