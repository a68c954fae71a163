import type { PythonClass, PythonExpression } from '../../../parse/python-tree.ts';
import type { SourceText } from '../../../text/source-text.ts';
import type { EnvironmentRead } from '../../code-facts.ts';
import { moduleFrame } from '../evaluate.ts';
import type { PythonProgram } from '../python-program.ts';
import { fieldVariables, namesIn, readsEnvironment } from '../settings-class.ts';

/** Number fields of pydantic settings classes: pydantic refuses to start on anything else. */
export function settingsReads(program: PythonProgram, source: SourceText): readonly EnvironmentRead[] {
  if (!source.text.includes('Settings')) return [];
  const classes = program.parse(source).body.flatMap((statement) => {
    const fields = statement.kind === 'class' && statement.bases.length > 0 ? numberFields(statement) : [];
    return statement.kind === 'class' && fields.length > 0 ? [{ node: statement, fields }] : [];
  });
  // Most files that speak of settings have no such class: following them would cost much and give nothing.
  if (classes.length === 0) return [];
  const frame = moduleFrame(source, program.runtime);
  return classes.flatMap(({ node, fields }) => {
    const definition = program.runtime.definitionsByNode.get(node);
    if (!definition || !readsEnvironment(definition, frame)) return [];
    return fields.flatMap(({ name, target, cast, validated }) =>
      fieldVariables(definition, { name, frame })
        .slice(-1)
        .map((variable) => ({
          name: variable,
          cast,
          at: { source, span: target.span },
          accepts: [],
          guarded: validated,
        })),
    );
  });
}

interface NumberField {
  readonly name: string;
  readonly target: PythonExpression;
  readonly cast: 'int' | 'float';
  readonly validated: boolean;
}

function numberFields(node: PythonClass): readonly NumberField[] {
  const text = node.body.flatMap((statement) => (statement.kind === 'function' ? statement.decorators : []));
  return node.body.flatMap((statement) => {
    const annotation =
      statement.kind === 'annotation' || statement.kind === 'assign' ? statement.annotation : undefined;
    const target =
      statement.kind === 'annotation'
        ? statement.target
        : statement.kind === 'assign'
          ? statement.targets[0]
          : undefined;
    if (!annotation || target?.kind !== 'name') return [];
    const words = namesIn(annotation);
    const cast = words.includes('int') ? 'int' : words.includes('float') ? 'float' : undefined;
    if (!cast || words.includes('str')) return [];
    const validated = text.some(
      (decorator) =>
        decorator.kind === 'call' &&
        decorator.arguments.some(({ value }) => value.kind === 'string' && value.text === target.name),
    );
    return [{ name: target.name, target, cast, validated }];
  });
}
