import { parsePython } from '../../parse/python.ts';
import type { PythonStatement } from '../../parse/python-tree.ts';
import { walkStatements } from '../../parse/python-walk.ts';
import { derive } from '../../text/source-text.ts';
import type { Location, TextEdit } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import { finishEdits } from './finish-edits.ts';

/**
 * Gathers assignments that stand in one block (`X_SIZE = 20`, `app.config["X_SIZE"] = 20`) in one assignment of a dict:
 * `into` is its name, `keys` its keys by the names that are assigned now. The first becomes the dict, the others go.
 */
export function gatherAssignments(
  at: Location,
  how: { readonly into: string; readonly keys: ReadonlyMap<string, string> },
): Edits {
  const { source } = at;
  if (source.text.includes(how.into)) return { refused: `${how.into} stands in this file already` };
  const found = findAssignments(at, how.keys);
  const own = found.find(({ span }) => span.start <= at.span.start && at.span.end <= span.end);
  const block = found.filter(({ parent }) => parent === own?.parent);
  const [first, ...others] = block;
  if (!own || !first) return { refused: 'the setting is not assigned there' };
  if (new Set(block.map(({ key }) => key)).size < block.length) return { refused: 'a setting is assigned twice' };
  if (block.some(({ value }) => /[\r\n#]/.test(value))) return { refused: 'a value is written on several lines' };
  const quote = first.target.includes("'") ? "'" : '"';
  const entries = block.map(({ key, value }) => `${quote}${key}${quote}: ${value}`);
  const target = first.target.replace(first.name, how.into);
  const lines = others.map(({ span }) => lineOf(at, span));
  if (lines.includes(undefined)) return { refused: 'something else stands in the line of the setting' };
  return finishEdits([
    { source, span: first.span, newText: `${target} = {${entries.join(', ')}}` },
    ...lines.flatMap((line) => line ?? []),
  ]);
}

interface Assignment {
  readonly span: Location['span'];
  readonly parent: PythonStatement | undefined;
  readonly name: string;
  readonly key: string;
  readonly target: string;
  readonly value: string;
}

function findAssignments({ source }: Location, keys: ReadonlyMap<string, string>): readonly Assignment[] {
  const found: Assignment[] = [];
  walkStatements(derive(source, { kind: 'python', from: parsePython }).body, (statement, { ancestors }) => {
    if (statement.kind !== 'assign' || statement.operator !== undefined || statement.annotation) return;
    const [written, other] = statement.targets.map(({ span }) => source.text.slice(span.start, span.end));
    const name = /(?:^|\[["'])(\w+)(?:["']\])?$/.exec(written ?? '')?.[1] ?? '';
    const key = keys.get(name);
    if (written === undefined || other !== undefined || key === undefined) return;
    const { span } = statement.value;
    const value = source.text.slice(span.start, span.end);
    found.push({ span: statement.span, parent: ancestors.at(-1), name, key, target: written, value });
  });
  return found;
}

function lineOf({ source }: Location, span: Location['span']): TextEdit | undefined {
  const { text } = source;
  const start = text.lastIndexOf('\n', span.start - 1) + 1;
  const rest = /^[ \t]*(\r?\n|$)/.exec(text.slice(span.end));
  if (!rest || text.slice(start, span.start).trim() !== '') return undefined;
  return { source, span: { start, end: span.end + rest[0].length }, newText: '' };
}
