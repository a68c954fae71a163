import type { PythonExpression, PythonStatement } from '../../parse/python-tree.ts';
import type { Hop } from '../../text/trail.ts';
import { known, unknown } from '../value.ts';
import { assign, augment, changeByMethod } from './assignments.ts';
import { type Binding, type Frame, force, locate, type Scope } from './frame.ts';
import { bindImport, bindNames, includeSettings } from './imports.ts';
import type { PythonData } from './python-data.ts';
import {
  asMap,
  asObject,
  asSequence,
  asTruth,
  joinAlternatives,
  type PythonValue,
  referenceName,
} from './python-value.ts';

/** What running a block came to: the values it may return, and whether it never goes on to what follows. */
export interface Completion {
  readonly returned: readonly PythonValue[];
  readonly ends: boolean;
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
    if (completion.ends) return { returned, ends: true };
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
      runOther(statement, frame);
      return goesOn;
    default:
      return goesOn;
  }
}

function runExpression(expression: PythonExpression, frame: Frame): void {
  if (expression.kind !== 'call') {
    if (expression.kind === 'await') runExpression(expression.value, frame);
    return;
  }
  if (changeByMethod(expression, frame)) return;
  const value = frame.runtime.evaluate(expression, frame);
  const callee = asObject(value)?.callee;
  if (callee === 'split_settings.tools.include') includeSettings(expression, { frame, runBlock });
  const passesScope = expression.arguments.some(
    ({ value: argument }) =>
      argument.kind === 'call' &&
      argument.callee.kind === 'name' &&
      /^(locals|globals|vars)$/.test(argument.callee.name),
  );
  const writesScope =
    expression.callee.kind === 'attribute' &&
    expression.callee.object.kind === 'call' &&
    expression.callee.object.callee.kind === 'name' &&
    /^(locals|globals|vars)$/.test(expression.callee.object.callee.name);
  if ((passesScope && callee !== 'split_settings.tools.include') || writesScope || callee === 'exec')
    frame.scope.gaps.push(locate(frame, expression));
}

function runOther(statement: PythonStatement & { kind: 'other' }, frame: Frame): void {
  const text = frame.source.text.slice(statement.span.start, statement.span.end);
  const deleted = /^del\s+([A-Za-z_]\w*)\s*$/.exec(text)?.[1];
  if (deleted) frame.scope.bindings.delete(deleted);
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
    const before = new Map(frame.scope.bindings);
    const completion = runBlock(branch.body, under);
    if (!completion.ends || completion.returned.length > 0) return completion;
    // The program runs, so a branch that only raises is not the one it takes: what leads there is set elsewhere.
    frame.scope.bindings = before;
    return runBranches(rest, frame);
  }
  return runAlternatives(frame, [() => runBlock(branch.body, frame), () => runBranches(rest, frame)]);
}

function assuming(frame: Frame, trail: readonly Hop[]): Frame {
  const hops = trail.filter((hop) => hop.assumed === true && !frame.assumptions.includes(hop));
  return hops.length === 0 ? frame : { ...frame, assumptions: [...frame.assumptions, ...hops] };
}

function runAlternatives(frame: Frame, runs: readonly (() => Completion)[]): Completion {
  const before = frame.scope.bindings;
  const returned: PythonValue[] = [];
  let joined: Map<string, Binding> | undefined;
  for (const run of runs) {
    frame.scope.bindings = new Map(before);
    const completion = run();
    returned.push(...completion.returned);
    if (completion.ends) continue;
    joined = joined ? joinBindings(joined, frame.scope) : frame.scope.bindings;
  }
  frame.scope.bindings = joined ?? before;
  return { returned, ends: joined === undefined };
}

function joinBindings(first: ReadonlyMap<string, Binding>, scope: Scope): Map<string, Binding> {
  const second = scope.bindings;
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

function joinTwo(one: PythonValue, other: PythonValue): PythonValue {
  return joinAlternatives([one, other], one.at);
}

function runLoop(statement: PythonStatement & { kind: 'for' | 'while' }, frame: Frame): Completion {
  if (statement.kind === 'for') {
    const items = loopItems(frame.runtime.evaluate(statement.iterable, frame));
    if (items && isPlainLoop(statement.body, frame)) {
      const returned: PythonValue[] = [];
      for (const item of items) {
        assign(statement.target, item, frame);
        const completion = runBlock(statement.body, frame);
        returned.push(...completion.returned);
        if (completion.ends) return { returned, ends: true };
      }
      const otherwise = runBlock(statement.otherwise, frame);
      return { returned: [...returned, ...otherwise.returned], ends: otherwise.ends };
    }
    assign(statement.target, unknown('changes in a loop', locate(frame, statement.target)), frame);
  }
  const before = new Map(frame.scope.bindings);
  const { returned } = runBlock(statement.body, frame);
  for (const [name, binding] of frame.scope.bindings) {
    if (before.get(name) === binding || 'resolve' in binding) continue;
    if (binding.known && (asObject(binding) || referenceName(binding) !== undefined)) continue;
    frame.scope.bindings.set(name, unknown('is set in a loop', binding.at));
  }
  return { returned, ends: false };
}

function loopItems(iterable: PythonValue): readonly PythonValue[] | undefined {
  const map = asMap(iterable);
  if (map)
    return map.complete && map.entries.size <= 16
      ? [...map.entries.keys()].map((key) => known<PythonData>(key, map.keys?.get(key) ?? iterable.at))
      : undefined;
  const sequence = asSequence(iterable);
  return sequence?.complete && sequence.items.length <= 16 ? sequence.items : undefined;
}

function isPlainLoop(body: readonly PythonStatement[], frame: Frame): boolean {
  const first = body[0];
  const last = body.at(-1);
  if (!first || !last) return false;
  return !/^\s*(break|continue)\b/m.test(frame.source.text.slice(first.span.start, last.span.end));
}

function runTry(statement: PythonStatement & { kind: 'try' }, frame: Frame): Completion {
  const before = new Map(frame.scope.bindings);
  const body = runBlock([...statement.body, ...statement.otherwise], frame);
  const after = frame.scope.bindings;
  const returned = [...body.returned];
  const isCertain = returned.every((value) => value.known);
  let merged = new Map(after);
  let ends = body.ends;
  for (const handler of statement.handlers) {
    frame.scope.bindings = new Map(before);
    const completion = runBlock(handler, { ...frame, records: false });
    if (!isCertain) returned.push(...completion.returned);
    if (completion.ends) continue;
    if (!isCertain || !body.ends || returned.length === 0) ends = false;
    merged = withFallbacks(merged, { before, handler: frame.scope.bindings });
  }
  frame.scope.bindings = merged;
  if (!statement.finally) return { returned, ends };
  const last = runBlock(statement.finally, frame);
  return last.ends ? last : { returned: [...returned, ...last.returned], ends };
}

// What a handler sets counts only where the body's own value is not known.
function withFallbacks(
  body: Map<string, Binding>,
  handling: { before: ReadonlyMap<string, Binding>; handler: ReadonlyMap<string, Binding> },
): Map<string, Binding> {
  for (const [name, binding] of handling.handler) {
    if (handling.before.get(name) === binding) continue;
    const own = body.get(name);
    if (!own) body.set(name, partly(name, binding));
    else if (!('resolve' in own) && !own.known && !('resolve' in binding)) body.set(name, joinTwo(own, binding));
  }
  return body;
}
