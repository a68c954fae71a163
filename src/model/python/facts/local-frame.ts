import { classScope } from '../classes.ts';
import { moduleFrame } from '../evaluate.ts';
import { childScope, type Frame } from '../frame.ts';
import { bindImport, bindNames } from '../imports.ts';
import type { CallPlace } from '../pools/pool-sites.ts';
import type { PythonProgram } from '../python-program.ts';

/** A frame for looking at a call without running its function: the module's names and the function's own imports. */
export function localFrame(place: Pick<CallPlace, 'source' | 'function' | 'ancestors'>, program: PythonProgram): Frame {
  const frame = moduleFrame(place.source, program.runtime);
  for (const node of place.ancestors) {
    const definition = node.kind === 'class' ? program.runtime.definitionsByNode.get(node) : undefined;
    if (definition) classScope(definition, frame);
  }
  if (!place.function) return frame;
  const local: Frame = { ...frame, scope: childScope(frame.scope, place.function.name), records: false };
  for (const node of place.ancestors) {
    if (node.kind !== 'function') continue;
    for (const parameter of node.parameters) local.scope.bindings.delete(parameter.name);
    for (const statement of node.body) {
      const at = { source: place.source, span: statement.span };
      if (statement.kind === 'import') for (const name of statement.names) bindImport(name, at, local);
      if (statement.kind === 'import-from') bindNames(statement, local);
    }
  }
  return local;
}
