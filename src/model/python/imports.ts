import type { PythonCall, PythonExpression, PythonStatement } from '../../parse/python-tree.ts';
import { derive, type SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import { unknown } from '../value.ts';
import { folderOf, resolveInside } from '../workspace.ts';
import { type Access, libraryReference, moduleAttribute, moduleReference, submodule } from './attributes.ts';
import { type Frame, force, type LazyBinding, locate } from './frame.ts';
import type { ModulePlace } from './module-resolver.ts';
import { markedText } from './python-text.ts';
import { asObject, asSequence, asText, type PythonValue } from './python-value.ts';
import type { Completion } from './statements.ts';

/** `import a.b as c`: binds the module, or the first package of its path. */
export function bindImport(
  name: { readonly module: string; readonly as: string | undefined },
  at: Location,
  frame: Frame,
): void {
  const bound = name.as === undefined ? (name.module.split('.')[0] ?? '') : name.module;
  const place = frame.runtime.resolver.find(bound, { from: frame.source.path, level: 0 });
  runForEnvironment(
    name.as === undefined ? frame.runtime.resolver.find(name.module, { from: frame.source.path, level: 0 }) : place,
    frame,
  );
  const value = place ? moduleReference(place, at) : libraryReference(bound, at);
  frame.scope.bindings.set(name.as ?? bound, value);
}

/** `from a.b import c`: binds each name to what the module holds, looked up when it is first read. */
export function bindNames(statement: PythonStatement & { kind: 'import-from' }, frame: Frame): void {
  const { module, level } = statement;
  const at = locate(frame, statement);
  const { resolver } = frame.runtime;
  const place = resolver.find(module, { from: frame.source.path, level });
  if (statement.star) {
    if (place?.kind !== 'file' || !bindStar(place.path, frame)) frame.scope.gaps.push(at);
    return;
  }
  runForEnvironment(place, frame);
  for (const { name, as } of statement.names) {
    const bound = as ?? name;
    if (place) {
      frame.scope.bindings.set(bound, importedName(place, { name, frame, at }));
    } else if (level > 0) {
      frame.scope.bindings.set(bound, unknown(`${'.'.repeat(level)}${module} is not among the files`, at));
    } else {
      frame.scope.bindings.set(bound, libraryReference(`${module}.${name}`, at));
    }
  }
}

/** Runs a module at its import when it changes the environment, which what follows may read. */
function runForEnvironment(place: ModulePlace | undefined, { runtime }: Frame): void {
  const source = place?.kind === 'file' ? runtime.resolver.read(place.path) : undefined;
  if (source && changesEnvironment(source)) runtime.moduleScope(source);
}

/** True for a module that may set variables of the environment when it is run: it is run where it is imported. */
export function changesEnvironment(source: SourceText): boolean {
  return derive(source, { kind: 'changes-environment', from: setsVariables });
}

function setsVariables(text: string): boolean {
  return /\b(load_dotenv|read_env)\(|\benviron(\[[^\]]*\]\s*=[^=]|\.(setdefault|update)\()/.test(text);
}

/** Looked up when first read; a name that leads back to itself (`from . import a` in its own package) is the submodule. */
function importedName(place: ModulePlace, access: Access): LazyBinding {
  let isLookedUp = false;
  return {
    resolve: () => {
      if (isLookedUp) return submodule(place, access);
      isLookedUp = true;
      try {
        return moduleAttribute(place, access);
      } finally {
        isLookedUp = false;
      }
    },
  };
}

/** `include('components/*.py', optional('local.py'))` of django-split-settings: runs the files in this scope. */
export function includeSettings(
  call: PythonCall,
  how: { frame: Frame; runBlock: (body: readonly PythonStatement[], frame: Frame) => Completion },
): void {
  const { frame } = how;
  for (const argument of call.arguments) {
    if (argument.name !== undefined) continue;
    const value = frame.runtime.evaluate(argument.value, frame);
    const at = locate(frame, argument);
    const path = pathOf(value);
    const found = path === undefined ? [] : expandPath(path, frame);
    if (found.length === 0) frame.scope.gaps.push(at);
    for (const file of found) {
      const source = frame.runtime.resolver.read(file);
      if (!source || frame.depth > 8) frame.scope.gaps.push(at);
      else how.runBlock(frame.runtime.parse(source).body, { ...frame, source, depth: frame.depth + 1 });
    }
  }
}

/** `exec(open('other.py').read())`: runs the file in this scope; anything else may set any name. */
export function executeFile(
  call: PythonCall,
  how: { frame: Frame; runBlock: (body: readonly PythonStatement[], frame: Frame) => Completion },
): void {
  const { frame } = how;
  const { disk, resolver } = frame.runtime;
  const opened = call.arguments[0] && openedPath(call.arguments[0].value, frame);
  const found = opened === undefined ? undefined : disk.find(opened);
  const source = found === undefined ? undefined : resolver.read(found);
  if (!source || frame.depth > 8) frame.scope.gaps.push(locate(frame, call));
  else how.runBlock(frame.runtime.parse(source).body, { ...frame, source, depth: frame.depth + 1 });
}

// `open(path).read()`, alone or inside `compile(...)`.
function openedPath(expression: PythonExpression, frame: Frame, depth = 0): string | undefined {
  if (expression.kind !== 'call' || depth > 3) return undefined;
  const { callee } = expression;
  const first = expression.arguments[0]?.value;
  if (callee.kind === 'name' && callee.name === 'compile') return first && openedPath(first, frame, depth + 1);
  if (callee.kind === 'attribute' && callee.name === 'read') return openedPath(callee.object, frame, depth + 1);
  const path = callee.kind === 'attribute' && callee.name === 'read_text' ? callee.object : first;
  const isOpen = path !== first || (callee.kind === 'name' && callee.name === 'open');
  const value = isOpen && path ? frame.runtime.evaluate(path, frame) : undefined;
  return value?.known ? markedText(value.value) : undefined;
}

function bindStar(path: string, frame: Frame): boolean {
  const source = frame.runtime.resolver.read(path);
  if (!source || source === frame.source) return false;
  const scope = frame.runtime.moduleScope(source);
  const all = scope.bindings.get('__all__');
  const listed = all && asSequence(force(all));
  const names = listed?.complete ? new Set(listed.items.map((item) => (item.known ? item.value : ''))) : undefined;
  for (const [name, binding] of scope.bindings) {
    const isGiven = names ? names.has(name) : !name.startsWith('_');
    if (isGiven && !name.includes('.')) frame.scope.bindings.set(name, binding);
  }
  frame.scope.gaps.push(...scope.gaps);
  return true;
}

function pathOf(value: PythonValue): string | undefined {
  const optional = asObject(value);
  const text = optional?.callee === 'split_settings.tools.optional' ? optional.positional[0] : value;
  const path = text && asText(text);
  return path?.known ? path.value : undefined;
}

function expandPath(path: string, frame: Frame): readonly string[] {
  const inside = resolveInside(folderOf(frame.source.path), path);
  if (inside === undefined) return [];
  if (!inside.includes('*')) return frame.runtime.resolver.paths.includes(inside) ? [inside] : [];
  const pattern = new RegExp(`^${inside.split('*').map(escapePattern).join('[^/]*')}$`);
  return frame.runtime.resolver.paths.filter((candidate) => pattern.test(candidate)).sort();
}

function escapePattern(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}

/** True where a library is imported, which may not be installed. */
export function importsLibrary(body: readonly PythonStatement[], frame: Frame): boolean {
  return body.some((statement) => {
    const modules =
      statement.kind === 'import'
        ? statement.names.map(({ module }) => module)
        : statement.kind === 'import-from' && statement.level === 0
          ? [statement.module]
          : [];
    return modules.some((module) => !frame.runtime.resolver.find(module, { from: frame.source.path, level: 0 }));
  });
}
