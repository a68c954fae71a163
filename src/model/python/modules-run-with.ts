import type { PythonModule } from '../../parse/python-tree.ts';
import { walkExpressions, walkStatements } from '../../parse/python-walk.ts';
import type { ModuleResolver } from './module-resolver.ts';

/** A file that a module imports. */
interface ImportedFile {
  readonly path: string;
  /** True when running the module most likely runs it: it is taken over whole, or used outside functions and classes. */
  readonly isUsed: boolean;
}

/** The files that a module imports outside of functions; whether each is used is a guess, for preparing it beforehand. */
export function modulesRunWith(
  module: PythonModule,
  from: { readonly path: string; readonly resolver: Pick<ModuleResolver, 'find' | 'child'> },
): readonly ImportedFile[] {
  const { path, resolver } = from;
  const used = new Set<string>();
  const imports: { readonly module: string; readonly level: number; readonly name: string; readonly as: string }[] = [];
  walkStatements(
    module.body,
    (statement) => {
      if (statement.kind === 'function' || statement.kind === 'class') return;
      if (statement.kind === 'import')
        for (const { module: name, as } of statement.names)
          imports.push({ module: name, level: 0, name: '', as: as ?? name.split('.', 1)[0] ?? '' });
      else if (statement.kind === 'import-from' && statement.star) imports.push({ ...statement, name: '', as: '*' });
      else if (statement.kind === 'import-from')
        for (const { name, as } of statement.names) imports.push({ ...statement, name, as: as ?? name });
      else
        walkExpressions(statement, (part) => {
          if (part.kind === 'name') used.add(part.name);
        });
    },
    { functions: false, classes: false },
  );
  return imports.flatMap(({ module: name, level, name: part, as }) => {
    const place = resolver.find(name, { from: path, level });
    const child = place && part !== '' ? resolver.child(place, part) : undefined;
    const isUsed = as === '*' || used.has(as);
    return [place, child].flatMap((found) => (found?.kind === 'file' ? [{ path: found.path, isUsed }] : []));
  });
}
