import type { PythonExpression } from '../../../parse/python-tree.ts';
import type { SourceText } from '../../../text/source-text.ts';
import type { Pausable } from '../../pausable.ts';
import { moduleFrame } from '../evaluate.ts';
import type { Frame } from '../frame.ts';
import { findPlaces } from '../pools/pool-sites.ts';
import type { PythonProgram } from '../python-program.ts';
import { asMap, asText, referenceName } from '../python-value.ts';

/** How the urls of a program reach DRF's view sets, by the views' dotted names. */
export interface ViewRoutes {
  /** True when a url of the view, or a router, can call its `list`; also when no url of it was found. */
  servesList(name: string): boolean;
}

/** Reads `as_view({"get": "list"})` and `router.register(...)` of the given files. */
export function* findViewRoutes(program: PythonProgram, sources: readonly SourceText[]): Pausable<ViewRoutes> {
  const listed = new Set<string>();
  const other = new Set<string>();
  for (const source of sources) {
    if (!/\.(as_view|register)\(/.test(source.text)) continue;
    const frame = moduleFrame(source, program.runtime);
    for (const { call } of findPlaces(program, { sources: [source], names: new Set(['as_view', 'register']) })) {
      if (call.callee.kind !== 'attribute') continue;
      if (call.callee.name === 'register') {
        for (const { value } of call.arguments) addTo(listed, dottedTarget(value, frame));
        continue;
      }
      const actions = call.arguments.find(({ name }) => name === undefined || name === 'actions');
      const mapsList = !actions || callsList(actions.value, frame);
      addTo(mapsList ? listed : other, dottedTarget(call.callee.object, frame));
      yield;
    }
    yield;
  }
  return { servesList: (name) => listed.has(name) || !other.has(name) };
}

function callsList(actions: PythonExpression, frame: Frame): boolean {
  const map = asMap(frame.runtime.evaluate(actions, frame));
  if (!map?.complete) return true;
  return [...map.entries.values()].some((action) => {
    const name = asText(action);
    return !name.known || name.value === 'list';
  });
}

/** The dotted name of the class that a name or attribute stands for. */
function dottedTarget(expression: PythonExpression, frame: Frame): string | undefined {
  if (expression.kind !== 'name' && expression.kind !== 'attribute') return undefined;
  return referenceName(frame.runtime.evaluate(expression, frame));
}

function addTo(names: Set<string>, name: string | undefined): void {
  if (name !== undefined) names.add(name);
}
