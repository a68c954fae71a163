import type { PythonExpression, PythonFunction } from '../../parse/python-tree.ts';
import { known, unknown } from '../value.ts';
import { childScope, type Definition, type FollowedCall, type Frame, type Scope } from './frame.ts';
import type { PythonData, PythonObject } from './python-data.ts';
import { joinAlternatives, type PythonValue } from './python-value.ts';
import { runBlock } from './statements.ts';

const maximumDepth = 8;

/** What a call of a workspace function returns; undefined when its body cannot be followed (generators, decorators). */
export function followFunction(definition: Definition, call: FollowedCall): PythonValue | undefined {
  const node = definition.node as PythonFunction;
  if (call.frame.depth >= maximumDepth || call.frame.budget.left <= 0) return undefined;
  if (!node.decorators.every(keepsResult) || isGenerator(definition)) return undefined;
  const scope = bindParameters(definition, call);
  const completion = runBlock(node.body, bodyFrame(definition, scope, call.frame));
  const returned = [...completion.returned];
  if (!completion.ends) returned.push(known(null, call.at));
  return joinAlternatives(returned, call.at);
}

/** Runs a method with `self` bound to an instance and its constructor's arguments; gives the method's final scope. */
export function bindSelf(
  method: Definition,
  run: { readonly instance: PythonObject; readonly frame: Frame },
): Scope | undefined {
  const { instance, frame } = run;
  if (frame.depth >= maximumDepth) return undefined;
  const self: PythonValue = known<PythonData>(instance, instance.at);
  const scope = bindParameters(method, {
    positional: [self, ...instance.positional],
    keywords: instance.keywords,
    complete: instance.complete,
    frame,
    at: instance.at,
  });
  runBlock((method.node as PythonFunction).body, bodyFrame(method, scope, frame));
  return scope;
}

/** A scope in which the function's parameters have their arguments, defaults, or nothing known. */
export function bindParameters(definition: Definition, call: FollowedCall): Scope {
  const node = definition.node as PythonFunction;
  const scope = childScope(definition.scope, node.name);
  const defaults: Frame = {
    ...call.frame,
    scope: definition.scope,
    source: definition.source,
    assumptions: [],
    depth: call.frame.depth + 1,
  };
  const rest = [...call.positional];
  let keywordOnly = false;
  for (const parameter of node.parameters) {
    const at = { source: definition.source, span: parameter.span };
    if (parameter.star === '*') {
      keywordOnly = true;
      scope.bindings.set(
        parameter.name,
        known<PythonData>({ type: 'sequence', items: rest.splice(0), complete: call.complete }, at),
      );
      continue;
    }
    if (parameter.star === '**') {
      const names = new Set(node.parameters.map((other) => other.name));
      const entries = new Map([...call.keywords].filter(([name]) => !names.has(name)));
      scope.bindings.set(
        parameter.name,
        known<PythonData>({ type: 'map', entries, complete: call.complete, literal: undefined }, at),
      );
      continue;
    }
    const value = (keywordOnly ? undefined : rest.shift()) ?? call.keywords.get(parameter.name);
    scope.bindings.set(
      parameter.name,
      value ?? defaultOf(parameter.default, { call, defaults, name: parameter.name, at }),
    );
  }
  return scope;
}

/** A frame for a function's body. */
export function bodyFrame(definition: Definition, scope: Scope, caller: Frame): Frame {
  return {
    ...caller,
    scope,
    source: definition.source,
    depth: caller.depth + 1,
    owner: definition.owner,
    assumptions: caller.assumptions,
    callers: [...caller.callers, caller.scope],
  };
}

/** Gives a lambda a name to call it by. */
export function defineLambda(expression: PythonExpression & { kind: 'lambda' }, frame: Frame): string {
  const { runtime, scope, source } = frame;
  const { span, body, parameters } = expression;
  const name = `${scope.prefix}<lambda ${span.start}>`;
  const node: PythonFunction = {
    kind: 'function',
    span,
    name: '<lambda>',
    nameSpan: span,
    async: false,
    decorators: [],
    parameters,
    body: [{ kind: 'return', span: body.span, value: body }],
    bodySpan: body.span,
  };
  runtime.definitions.set(name, { node, source, name, scope, owner: undefined });
  return name;
}

/** True when the function's own body yields. */
function isGenerator(definition: Definition): boolean {
  const node = definition.node as PythonFunction;
  return /\byield\b/.test(definition.source.text.slice(node.bodySpan.start, node.bodySpan.end));
}

function defaultOf(
  expression: PythonExpression | undefined,
  where: { call: FollowedCall; defaults: Frame; name: string; at: PythonValue['at'] },
): PythonValue {
  if (!expression) return unknown(`the argument ${where.name} is not known`, where.at);
  const value = where.defaults.runtime.evaluate(expression, where.defaults);
  if (where.call.complete) return value;
  const passed: PythonValue = unknown(`the argument ${where.name} may be passed in`, where.at);
  return joinAlternatives([value, passed], where.at);
}

const transparentDecorators: ReadonlySet<string> = new Set([
  'lru_cache',
  'cache',
  'cached_property',
  'property',
  'staticmethod',
  'classmethod',
  'computed_field',
  'override',
  'singledispatch',
  'wraps',
  'no_type_check',
  'memoize',
]);

function keepsResult(decorator: PythonExpression): boolean {
  const callee = decorator.kind === 'call' ? decorator.callee : decorator;
  const name = callee.kind === 'name' || callee.kind === 'attribute' ? callee.name : '';
  return transparentDecorators.has(name);
}
