import type { PythonClass } from '../../../parse/python-tree.ts';
import { walkStatements } from '../../../parse/python-walk.ts';
import type { SourceText } from '../../../text/source-text.ts';
import type { ListView } from '../../code-facts.ts';
import { flatMapPausing, type Pausable } from '../../pausable.ts';
import { basesOf, classAttribute, classScope } from '../classes.ts';
import { moduleFrame } from '../evaluate.ts';
import type { Definition, Frame } from '../frame.ts';
import type { PythonProgram } from '../python-program.ts';
import { asNumber, type PythonValue, referenceName } from '../python-value.ts';
import { flatMapFiles } from './flat-map-files.ts';
import { findViewRoutes } from './view-routes.ts';

/**
 * DRF views that return lists: generic list views, model viewsets, list mixins. Classes that other views extend are left
 * out, and view sets whose urls call no `list`.
 */
export function* findListViews(program: PythonProgram, sources: readonly SourceText[]): Pausable<readonly ListView[]> {
  const candidates = yield* flatMapFiles(sources, {
    program,
    matters: ({ text }) => /View|Mixin/.test(text),
    read: (source) => viewClasses(program, source),
  });
  if (candidates.length === 0) return [];
  const extended = new Set(yield* flatMapPausing(candidates, ({ definition, frame }) => basesOf(definition, frame)));
  const routes = yield* findViewRoutes(program, sources);
  const last = candidates.filter(({ definition }) => !extended.has(definition) && routes.servesList(definition.name));
  return yield* flatMapPausing(last, ({ definition, frame }) => viewOf(definition, frame));
}

interface ViewClass {
  readonly definition: Definition;
  readonly frame: Frame;
}

function viewClasses(program: PythonProgram, source: SourceText): readonly ViewClass[] {
  const classes: PythonClass[] = [];
  walkStatements(
    program.parse(source).body,
    (statement) => {
      if (statement.kind === 'class' && statement.bases.length > 0) classes.push(statement);
    },
    { functions: false },
  );
  if (classes.length === 0) return [];
  const frame = moduleFrame(source, program.runtime);
  return classes.flatMap((node) => {
    const definition = program.runtime.definitionsByNode.get(node);
    return definition ? [{ definition, frame }] : [];
  });
}

function viewOf(definition: Definition, frame: Frame): readonly ListView[] {
  const node = definition.node as PythonClass;
  const attribute = (name: string) => read(definition, { name, frame });
  if (!isListView(definition, frame)) return [];
  const hasData = ['queryset', 'get_queryset', 'model', 'serializer_class'].some(
    (name) => attribute(name) !== undefined,
  );
  if (!hasData || !servesLists(definition, frame)) return [];
  return [
    {
      at: { source: definition.source, span: node.nameSpan },
      name: node.name,
      pagination: paginationOf(definition, frame),
    },
  ];
}

function read(definition: Definition, access: { name: string; frame: Frame }): PythonValue | undefined {
  const at = { source: definition.source, span: definition.node.nameSpan };
  const value = classAttribute({ ...access, definition, at });
  return value.known || value.at !== at ? value : undefined;
}

function isListView(definition: Definition, frame: Frame, depth = 0): boolean {
  if (depth > 6) return false;
  return basesOf(definition, frame).some((base) =>
    typeof base === 'string'
      ? /^rest_framework\.(generics|viewsets|mixins)\.(ListAPIView|ListCreateAPIView|ModelViewSet|ReadOnlyModelViewSet|ListModelMixin)$/.test(
          base,
        )
      : isListView(base, frame, depth + 1),
  );
}

function servesLists(definition: Definition, frame: Frame): boolean {
  const methods = read(definition, { name: 'http_method_names', frame });
  if (!methods?.known || typeof methods.value !== 'object' || methods.value?.type !== 'sequence') return true;
  return methods.value.items.some((item) => item.known && item.value === 'get');
}

function paginationOf(definition: Definition, frame: Frame): ListView['pagination'] {
  const overrides = ['list', 'get', 'paginate_queryset', 'pagination_class.setter'].some((name) =>
    hasOwnMethod(definition, { name, frame }),
  );
  if (overrides) return 'unknown';
  const style = ownAttribute(definition, { name: 'pagination_class', frame });
  if (!style) return 'default';
  if (style.known && style.value === null) return 'off';
  const name = referenceName(style);
  const pagination = name === undefined ? undefined : frame.runtime.definitions.get(name);
  if (pagination?.node.kind !== 'class') return 'unknown';
  const sizes = ['page_size', 'default_limit'].map((size) => ownAttribute(pagination, { name: size, frame }));
  return sizes.some((size) => size !== undefined && asNumber(size).known) ? 'own' : 'unknown';
}

function hasOwnMethod(definition: Definition, where: { name: string; frame: Frame }): boolean {
  const value = ownAttribute(definition, where);
  return value !== undefined && frameDefines(value, where.frame);
}

function frameDefines(value: PythonValue, frame: Frame): boolean {
  return frame.runtime.definitions.get(referenceName(value) ?? '')?.node.kind === 'function';
}

/** The attribute as the classes of the workspace set it; what library bases bring does not count. */
function ownAttribute(
  definition: Definition,
  where: { name: string; frame: Frame },
  depth = 0,
): PythonValue | undefined {
  const binding = classScope(definition, where.frame).bindings.get(where.name);
  if (binding) return 'resolve' in binding ? binding.resolve() : binding;
  if (depth > 6) return undefined;
  for (const base of basesOf(definition, where.frame)) {
    const found = typeof base === 'string' ? undefined : ownAttribute(base, where, depth + 1);
    if (found) return found;
  }
  return undefined;
}
