import type { PythonClass, PythonFunction } from '../../parse/python-tree.ts';
import { derive } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import { known, unknown } from '../value.ts';
import { childScope, type Definition, type Frame, force, type Scope } from './frame.ts';
import { bindSelf } from './functions.ts';
import type { PythonObject } from './python-data.ts';
import { joinAlternatives, type PythonValue, referenceName } from './python-value.ts';
import { fieldDefault, readsEnvironment, settingsField } from './settings-class.ts';
import { runBlock } from './statements.ts';

interface ClassAccess {
  readonly definition: Definition;
  readonly name: string;
  readonly frame: Frame;
  readonly at: Location;
}

/** The names bound in a class body; followed once. */
export function classScope(definition: Definition, frame: Frame): Scope {
  const { runtime } = frame;
  const existing = runtime.classScopes.get(definition);
  if (existing) return existing;
  const scope = childScope(definition.scope, definition.node.name);
  runtime.classScopes.set(definition, scope);
  runBlock((definition.node as PythonClass).body, {
    ...frame,
    scope,
    source: definition.source,
    owner: definition,
    assumptions: [],
  });
  return scope;
}

/** `Class.name`: the class's own attribute, else that of its bases. */
export function classAttribute(access: ClassAccess): PythonValue {
  const found = findInClass(access);
  if (found) return found;
  const missing: PythonValue = unknown(`${access.name} is not set in ${access.definition.node.name}`, access.at);
  access.frame.runtime.missingAttributes.add(missing);
  return missing;
}

/** `instance.name`: set by `__init__`, a property, a settings field read from its variable, or a class attribute. */
export function instanceAttribute(access: ClassAccess & { readonly instance: PythonObject }): PythonValue {
  const { definition, frame, instance, name } = access;
  const passed = instance.keywords.get(name);
  const settings = readsEnvironment(definition, frame);
  if (passed && (settings || !findMethod(definition, { name: '__init__', frame }))) return passed;
  const field = instanceFields(access).get(`self.${name}`);
  if (field && isSetAgain(access))
    return unknown(`${name} is set again by a method of ${definition.node.name}`, access.at);
  if (field) return force(field);
  const method = findMethod(definition, { name, frame });
  if (method)
    return isProperty(method.node as PythonFunction) ? followProperty(method, access) : classAttribute(access);
  if (settings) {
    const value = settingsField(access);
    if (value) return value;
  }
  return positionalField(access) ?? flaskConfig(access) ?? classAttribute(access);
}

/** `self.config` of a class derived from Flask, which is what `app.config` is. */
function flaskConfig({ definition, frame, name, at }: ClassAccess): PythonValue | undefined {
  const isFlask =
    name === 'config' && basesOf(definition, frame).some((base) => /^flask(\.app)?\.Flask$/.test(String(base)));
  return isFlask ? known({ type: 'reference', name: 'flask.Flask().config' }, at) : undefined;
}

/** The definition of a method, looked up through the bases of the workspace. */
export function findMethod(
  definition: Definition,
  where: { readonly name: string; readonly frame: Frame; readonly depth?: number },
): Definition | undefined {
  const { frame } = where;
  const depth = where.depth ?? 0;
  if (depth > 8) return undefined;
  const own = classScope(definition, frame).bindings.get(where.name);
  const method = own && frame.runtime.definitions.get(referenceName(force(own)) ?? '');
  if (method) return method.node.kind === 'function' ? method : undefined;
  if (own) return undefined;
  for (const base of basesOf(definition, frame)) {
    const found = typeof base === 'string' ? undefined : findMethod(base, { ...where, depth: depth + 1 });
    if (found) return found;
  }
  return undefined;
}

/** The bases of a class: definitions of the workspace, and dotted names of library classes. */
export function basesOf(definition: Definition, frame: Frame): readonly (Definition | string)[] {
  const { runtime } = frame;
  const where: Frame = { ...frame, scope: definition.scope, source: definition.source, depth: frame.depth + 1 };
  return (definition.node as PythonClass).bases.map((base) => {
    const name = referenceName(runtime.evaluate(base, where)) ?? '';
    return runtime.definitions.get(name) ?? name;
  });
}

function findInClass(access: ClassAccess, depth = 0): PythonValue | undefined {
  const { definition, frame, name } = access;
  const own = classScope(definition, frame).bindings.get(name);
  const inside: Frame = { ...frame, scope: classScope(definition, frame), source: definition.source };
  if (own) return fieldDefault(force(own), inside) ?? force(own);
  if (depth > 8) return undefined;
  for (const base of basesOf(definition, frame)) {
    if (typeof base === 'string') {
      if (!plainBases.has(base.split('.').at(-1) ?? ''))
        return unknown(`${name} may be set by ${base === '' ? 'a base class' : base}`, access.at);
      continue;
    }
    const inherited = findInClass({ ...access, definition: base }, depth + 1);
    if (inherited) return inherited;
  }
  return undefined;
}

const plainBases: ReadonlySet<string> = new Set([
  'object',
  'BaseModel',
  'BaseSettings',
  'ABC',
  'Protocol',
  'NamedTuple',
]);

/** What `__init__` assigns to `self`, with the arguments that the instance was made with. */
function instanceFields(access: ClassAccess & { readonly instance: PythonObject }): Scope['bindings'] {
  const { definition, frame, instance } = access;
  const { runtime } = frame;
  const cached = runtime.instances.get(instance);
  if (cached) return new Map(cached);
  const init = findMethod(definition, { name: '__init__', frame });
  if (!init || runtime.constructing.has(init)) return new Map();
  runtime.constructing.add(init);
  const scope = bindSelf(init, { instance, frame });
  runtime.constructing.delete(init);
  const fields = new Map([...(scope?.bindings ?? [])].filter(([name]) => name.startsWith('self.')));
  runtime.instances.set(instance, fields);
  return fields;
}

/** True where a method other than `__init__` sets the attribute too: which value it has then is not known. */
function isSetAgain({ definition, frame, name }: ClassAccess): boolean {
  const init = findMethod(definition, { name: '__init__', frame });
  const { source, node } = definition;
  return derive(source, { kind: 'self-writes', from: findSelfWrites }).some((write) => {
    const isInside = node.span.start < write.start && write.start < node.span.end;
    const isInit = init?.source === source && init.node.span.start < write.start && write.start < init.node.span.end;
    return write.name === name && isInside && !isInit;
  });
}

function findSelfWrites(text: string): readonly { readonly name: string; readonly start: number }[] {
  const writes = text.matchAll(/\bself\.(\w+)[ \t]*(?::[^=\n]+)?=(?!=)/g);
  return [...writes].map((match) => ({ name: match[1] ?? '', start: match.index }));
}

function isProperty(node: PythonFunction): boolean {
  return node.decorators.some((decorator) => {
    const callee = decorator.kind === 'call' ? decorator.callee : decorator;
    const name = callee.kind === 'name' ? callee.name : callee.kind === 'attribute' ? callee.name : '';
    return name === 'property' || name === 'cached_property' || name === 'computed_field';
  });
}

function followProperty(method: Definition, access: ClassAccess & { readonly instance: PythonObject }): PythonValue {
  const self: PythonValue = { known: true, value: access.instance, at: access.at, trail: [] };
  const followed = access.frame.runtime.follow(method, {
    positional: [self],
    keywords: new Map(),
    complete: true,
    frame: access.frame,
    at: access.at,
  });
  return followed ?? unknown(`${access.name} is computed in a way that is not followed`, access.at);
}

/** The positional argument of a dataclass or NamedTuple field. */
function positionalField(access: ClassAccess & { readonly instance: PythonObject }): PythonValue | undefined {
  const { definition, instance, name } = access;
  if (instance.positional.length === 0 || !instance.complete) return undefined;
  const fields = (definition.node as PythonClass).body.flatMap((statement) => {
    const target =
      statement.kind === 'annotation'
        ? statement.target
        : statement.kind === 'assign' && statement.annotation
          ? statement.targets[0]
          : undefined;
    return target?.kind === 'name' ? [target.name] : [];
  });
  const value = instance.positional[fields.indexOf(name)];
  return value && joinAlternatives([value], access.at);
}
