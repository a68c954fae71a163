import type { PythonCall, PythonExpression, PythonStatement } from '../../parse/python-tree.ts';
import type { Hop } from '../../text/trail.ts';
import { known, unknown } from '../value.ts';
import { assign, augment, deleteItem, isScopeCall, scopeOfCall } from './assignments.ts';
import { evaluateArguments } from './calls.ts';
import { loopItems } from './comprehensions.ts';
import { type Binding, type Frame, force, locate } from './frame.ts';
import { bindImport, bindNames, executeFile, importsLibrary, includeSettings } from './imports.ts';
import type { PythonData } from './python-data.ts';
import { asMap, asObject, asTruth, joinAlternatives, type PythonValue, referenceName } from './python-value.ts';
import { bind, keepStates, putStates, type ScopeStates, takeStates } from './shared-data.ts';

/** What running a block came to: the values it may return, and whether it never goes on to what follows. */
export interface Completion {
  readonly returned: readonly PythonValue[];
  readonly ends: boolean;
  /** How a loop goes on; `unclear` where that depends on what is not known. */
  readonly jump?: 'break' | 'continue' | 'unclear';
}

const goesOn: Completion = { returned: [], ends: false };

/** Follows statements in order; alternatives of unknown conditions are followed one by one and joined. */
export function runBlock(statements: readonly PythonStatement[], frame: Frame): Completion {
  const returned: PythonValue[] = [];
  for (const statement of statements) {
    if (frame.budget.left-- <= 0) {
      frame.scope.gaps.push(locate(frame, statement));
      break;
    }
    const completion = runStatement(statement, frame);
    returned.push(...completion.returned);
    if (completion.ends || completion.jump) return { ...completion, returned };
  }
  return { returned, ends: false };
}

function runStatement(statement: PythonStatement, frame: Frame): Completion {
  switch (statement.kind) {
    case 'assign': {
      const value = frame.runtime.evaluate(statement.value, frame);
      for (const target of statement.targets) {
        if (statement.operator) augment(target, { operator: statement.operator, value, frame });
        else assign(target, value, frame);
      }
      return goesOn;
    }
    case 'expression':
      runExpression(statement.value, frame);
      return goesOn;
    case 'import':
      for (const name of statement.names) bindImport(name, locate(frame, statement), frame);
      return goesOn;
    case 'import-from':
      bindNames(statement, frame);
      return goesOn;
    case 'function':
    case 'class':
      define(statement, frame);
      return goesOn;
    case 'if':
      return runBranches(statement.branches, frame);
    case 'for':
    case 'while':
      return runLoop(statement, frame);
    case 'with':
      for (const item of statement.items) {
        const value = frame.runtime.evaluate(item.value, frame);
        if (item.target) assign(item.target, value, frame);
      }
      return runBlock(statement.body, frame);
    case 'try':
      return runTry(statement, frame);
    case 'return':
      return {
        returned: [
          statement.value
            ? frame.runtime.evaluate(statement.value, frame)
            : known<PythonData>(null, locate(frame, statement)),
        ],
        ends: true,
      };
    case 'raise':
      return { returned: [], ends: true };
    case 'other':
      return runOther(statement, frame);
    default:
      return goesOn;
  }
}

function runExpression(expression: PythonExpression, frame: Frame): void {
  if (expression.kind === 'await') runExpression(expression.value, frame);
  else if (expression.kind === 'call') runCall(expression, frame);
  else frame.runtime.evaluate(expression, frame);
}

function runCall(call: PythonCall, frame: Frame): void {
  const holder = call.callee.kind === 'attribute' ? call.callee.object : undefined;
  if (holder && isScopeCall(holder)) {
    writeNames(call, holder, frame);
    return;
  }
  const callee = asObject(frame.runtime.evaluate(call, frame))?.callee;
  if (callee === 'split_settings.tools.include') includeSettings(call, { frame, runBlock });
  else if (callee === 'exec') executeFile(call, { frame, runBlock });
  else if (call.arguments.some(({ value }) => isScopeCall(value))) frame.scope.gaps.push(locate(frame, call));
}

/** `globals().update(...)`; other methods of the names may change any of them. */
function writeNames(call: PythonCall, holder: PythonCall, frame: Frame): void {
  const scope = scopeOfCall(holder, frame);
  const name = call.callee.kind === 'attribute' ? call.callee.name : '';
  if (/^(get|keys|items|values|copy)$/.test(name)) return;
  const { positional, keywords, complete } = evaluateArguments(call, frame);
  const given = positional[0];
  const map = asMap(given);
  if (name !== 'update' || !complete || (given && !map?.complete)) scope.gaps.push(locate(frame, call));
  if (name === 'update')
    for (const [key, value] of [...(map?.entries ?? []), ...keywords]) bind(scope, { name: key, value }, frame);
}

function runOther(statement: PythonStatement & { kind: 'other' }, frame: Frame): Completion {
  const text = frame.source.text.slice(statement.span.start, statement.span.end).trim();
  if (text === 'break' || text === 'continue') return { returned: [], ends: true, jump: text };
  const [, word, rest = ''] = /^(del|global)\s+(.+)$/.exec(text) ?? [];
  const names = rest.split(',').map((name) => name.trim());
  if (word === 'global') for (const name of names) frame.scope.globals.add(name);
  if (word === 'del') {
    for (const name of names) frame.scope.bindings.delete(name);
    for (const part of statement.parts ?? []) deleteItem(part, frame);
  }
  return goesOn;
}

function define(node: PythonStatement & { kind: 'function' | 'class' }, frame: Frame): void {
  const { runtime, scope, owner } = frame;
  const name = `${scope.prefix}${node.name}`;
  const inClass = owner?.node.kind === 'class' && runtime.classScopes.get(owner) === scope;
  const closure = inClass ? (scope.parent ?? scope) : scope;
  const definition = { node, source: frame.source, name, scope: closure, owner: inClass ? owner : undefined };
  runtime.definitions.set(name, definition);
  runtime.definitionsByNode.set(node, definition);
  scope.bindings.set(
    node.name,
    known<PythonData>({ type: 'reference', name }, { source: frame.source, span: node.nameSpan }),
  );
}

type Branches = (PythonStatement & { kind: 'if' })['branches'];

function runBranches(branches: Branches, frame: Frame): Completion {
  const [branch, ...rest] = branches;
  if (!branch) return goesOn;
  if (!branch.test) return runBlock(branch.body, frame);
  const test = asTruth(frame.runtime.evaluate(branch.test, frame));
  if (test.known) {
    const under = assuming(frame, test.trail);
    if (!test.value) return runBranches(rest, under);
    const before = keepStates(frame);
    const completion = runBlock(branch.body, under);
    if (!completion.ends || completion.jump || completion.returned.length > 0) return completion;
    // The program runs, so a branch that only raises is not the one it takes: what leads there is set elsewhere.
    putStates(before, frame);
    return runBranches(rest, frame);
  }
  return runAlternatives(frame, [() => runBlock(branch.body, frame), () => runBranches(rest, frame)]);
}

function assuming(frame: Frame, trail: readonly Hop[]): Frame {
  const hops = trail.filter((hop) => hop.assumed === true && !frame.assumptions.includes(hop));
  return hops.length === 0 ? frame : { ...frame, assumptions: [...frame.assumptions, ...hops] };
}

function runAlternatives(frame: Frame, runs: readonly (() => Completion)[]): Completion {
  const before = takeStates(frame);
  const returned: PythonValue[] = [];
  let joined: ScopeStates | undefined;
  let jumps = false;
  for (const run of runs) {
    putStates(before, frame);
    const completion = run();
    returned.push(...completion.returned);
    jumps ||= completion.jump !== undefined;
    if (completion.ends) continue;
    const after = takeStates(frame);
    joined = joined ? joinStates(joined, after) : after;
  }
  putStates(joined ?? before, frame);
  if (jumps) return { returned, ends: false, jump: 'unclear' };
  return { returned, ends: joined === undefined };
}

function joinStates(first: ScopeStates, second: ScopeStates): ScopeStates {
  return new Map([...first].map(([scope, bindings]) => [scope, joinBindings(bindings, second.get(scope) ?? bindings)]));
}

function joinBindings(first: Map<string, Binding>, second: Map<string, Binding>): Map<string, Binding> {
  if (first === second) return first;
  const result = new Map<string, Binding>();
  for (const name of new Set([...first.keys(), ...second.keys()])) {
    const [one, other] = [first.get(name), second.get(name)];
    if (one === other || !one || !other) {
      const only = one ?? other;
      if (only) result.set(name, one && other ? only : partly(name, only));
    } else if ('resolve' in one || 'resolve' in other)
      result.set(name, { resolve: () => joinTwo(force(one), force(other)) });
    else result.set(name, joinTwo(one, other));
  }
  return result;
}

// A name that only one branch binds: the other alternative is that it is not set.
function partly(name: string, binding: Binding): Binding {
  const missing = (value: PythonValue) =>
    joinAlternatives<PythonData>([value, unknown(`${name} is set under a condition`, value.at)], value.at);
  return 'resolve' in binding ? binding : missing(binding);
}

function isPlain(value: PythonValue): value is PythonValue & { readonly known: true } {
  return value.known && /^(number|string|boolean)$/.test(typeof value.value);
}

function joinTwo(one: PythonValue, other: PythonValue): PythonValue {
  return joinAlternatives([one, other], one.at);
}

function runLoop(statement: PythonStatement & { kind: 'for' | 'while' }, frame: Frame): Completion {
  const before = keepStates(frame);
  const returned: PythonValue[] = [];
  const done = repeat(statement, frame, returned);
  if (done) return done;
  putStates(before, frame);
  if (statement.kind === 'for')
    assign(statement.target, unknown('changes in a loop', locate(frame, statement.target)), frame);
  const own = new Map(frame.scope.bindings);
  const body = runBlock(statement.body, frame);
  for (const [name, binding] of frame.scope.bindings) {
    if (own.get(name) === binding || 'resolve' in binding) continue;
    if (binding.known && (asObject(binding) || referenceName(binding) !== undefined)) continue;
    frame.scope.bindings.set(name, unknown('is set in a loop', binding.at));
  }
  return { returned: body.returned, ends: false };
}

/** Goes through a loop whose items or tests are known; undefined where one of them is not, or a jump depends on more. */
function repeat(
  statement: PythonStatement & { kind: 'for' | 'while' },
  frame: Frame,
  returned: PythonValue[],
): Completion | undefined {
  const items = statement.kind === 'for' ? loopItems(frame.runtime.evaluate(statement.iterable, frame)) : undefined;
  if (statement.kind === 'for' && !items) return undefined;
  for (let step = 0; statement.kind === 'while' || step < (items?.length ?? 0); step++) {
    if (statement.kind === 'while') {
      const test = asTruth(frame.runtime.evaluate(statement.test, frame));
      if (!test.known || step > maximumRounds) return undefined;
      if (!test.value) break;
    } else {
      const item = items?.[step];
      if (item) assign(statement.target, item, frame);
    }
    const completion = runBlock(statement.body, frame);
    if (completion.jump === 'unclear') return undefined;
    returned.push(...completion.returned);
    if (completion.jump === 'break') return { returned, ends: false };
    if (completion.ends && completion.jump === undefined) return { returned, ends: true };
  }
  const otherwise = runBlock(statement.otherwise, frame);
  return { ...otherwise, returned: [...returned, ...otherwise.returned] };
}

const maximumRounds = 64;

function runTry(statement: PythonStatement & { kind: 'try' }, frame: Frame): Completion {
  const before = keepStates(frame);
  const body = runBlock([...statement.body, ...statement.otherwise], frame);
  const returned = [...body.returned];
  const isCertain = returned.every((value) => value.known);
  let merged = takeStates(frame);
  let { ends, jump } = body;
  for (const handler of statement.handlers) {
    putStates(before, frame);
    const completion = runBlock(handler, { ...frame, records: false });
    if (completion.jump !== body.jump && (completion.jump ?? body.jump)) jump = 'unclear';
    if (!isCertain) returned.push(...completion.returned);
    if (completion.ends) continue;
    if (!isCertain || !body.ends || returned.length === 0) ends = false;
    merged = withFallbacks(merged, {
      before,
      handler: takeStates(frame),
      mayFail: importsLibrary(statement.body, frame),
    });
  }
  putStates(merged, frame);
  const completion: Completion = { returned, ends: ends && jump !== 'unclear', ...(jump && { jump }) };
  if (!statement.finally) return completion;
  const last = runBlock(statement.finally, frame);
  return last.ends ? last : { ...completion, returned: [...returned, ...last.returned] };
}

// What a handler sets counts only where the body's own value is not known, or where an import decides between two texts,
// numbers or switches.
function withFallbacks(
  body: ScopeStates,
  handling: { readonly before: ScopeStates; readonly handler: ScopeStates; readonly mayFail: boolean },
): ScopeStates {
  return new Map(
    [...body].map(([scope, bindings]) => {
      if (handling.handler.get(scope) === handling.before.get(scope)) return [scope, bindings];
      const merged = new Map(bindings);
      for (const [name, binding] of handling.handler.get(scope) ?? []) {
        if (handling.before.get(scope)?.get(name) === binding) continue;
        const own = merged.get(name);
        if (!own) merged.set(name, partly(name, binding));
        else if ('resolve' in own || 'resolve' in binding) continue;
        else if (!own.known || (handling.mayFail && isPlain(own) && isPlain(binding) && own.value !== binding.value))
          merged.set(name, joinTwo(own, binding));
      }
      return [scope, merged];
    }),
  );
}
