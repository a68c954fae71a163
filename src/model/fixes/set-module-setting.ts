import { parsePython } from '../../parse/python.ts';
import type { PythonStatement } from '../../parse/python-tree.ts';
import { walkStatements } from '../../parse/python-walk.ts';
import { derive, lineEnding, type SourceText } from '../../text/source-text.ts';
import type { Edits } from '../fix.ts';
import { finishEdits } from './finish-edits.ts';
import { isLiteral } from './python-place.ts';

/**
 * Writes `name = text` at the top level of a Python file: replaces a value that is written out once, else adds a line at
 * the end. Refused when the name is computed, set several times, or set inside a branch.
 */
export function setModuleSetting(source: SourceText, name: string, text: string): Edits {
  const { body } = derive(source, { kind: 'python', from: parsePython });
  const all: { statement: Assignment; top: boolean }[] = [];
  walkStatements(
    body,
    (statement, context) => {
      if (statement.kind !== 'assign' || !assigns(statement, name)) return;
      all.push({ statement, top: context.ancestors.length === 0 });
    },
    { functions: false, classes: false },
  );
  const [only, second] = all;
  if (!only) return finishEdits([{ source, ...newLine(source, { body, line: `${name} = ${text}` }) }]);
  const { value, operator, targets } = only.statement;
  if (second || !only.top || operator !== undefined || targets.length > 1) {
    return { refused: `${name} is set in several places or only under a condition` };
  }
  const written = source.text.slice(value.span.start, value.span.end);
  if (written !== text && !isLiteral(value)) {
    return { refused: `${name} is computed: it must be changed where its value comes from` };
  }
  return finishEdits([{ source, span: value.span, newText: text }]);
}

type Assignment = PythonStatement & { readonly kind: 'assign' };

function assigns(statement: Assignment, name: string): boolean {
  return statement.targets.some((target) => target.kind === 'name' && target.name === name);
}

function newLine(source: SourceText, wanted: { body: readonly PythonStatement[]; line: string }) {
  const { text } = source;
  const eol = lineEnding(source);
  const { line, body } = wanted;
  const ended = text === '' || text.endsWith('\n');
  const last = body.at(-1)?.kind;
  const apart = last === undefined || last === 'assign' || /\n[ \t]*\r?\n$/.test(text) ? '' : eol;
  const newText = `${ended ? '' : eol}${apart}${line}${eol}`;
  return { span: { start: text.length, end: text.length }, newText };
}
