import type { PythonCall, PythonStatement } from '../../parse/python-tree.ts';
import type { Location } from '../../text/span.ts';
import { unknown } from '../value.ts';
import { folderOf, resolveInside } from '../workspace.ts';
import { type Access, libraryReference, moduleAttribute, moduleReference, submodule } from './attributes.ts';
import { type Frame, type LazyBinding, locate } from './frame.ts';
import type { ModulePlace } from './module-resolver.ts';
import { asObject, asText, type PythonValue } from './python-value.ts';
import type { Completion } from './statements.ts';

/** `import a.b as c`: binds the module, or the first package of its path. */
export function bindImport(
  name: { readonly module: string; readonly as: string | undefined },
  at: Location,
  frame: Frame,
): void {
  const bound = name.as === undefined ? (name.module.split('.')[0] ?? '') : name.module;
  const place = frame.runtime.resolver.find(bound, { from: frame.source.path, level: 0 });
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

function bindStar(path: string, frame: Frame): boolean {
  const source = frame.runtime.resolver.read(path);
  if (!source || source === frame.source) return false;
  const scope = frame.runtime.moduleScope(source);
  for (const [name, binding] of scope.bindings) {
    if (!name.startsWith('_') && !name.includes('.')) frame.scope.bindings.set(name, binding);
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
