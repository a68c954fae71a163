import { parseDockerfile } from '../../parse/dockerfile.ts';
import { parseEnv } from '../../parse/env.ts';
import { parsePython } from '../../parse/python.ts';
import { parseShell } from '../../parse/shell.ts';
import { parseYaml } from '../../parse/yaml.ts';
import { derive, type SourceText } from '../../text/source-text.ts';
import { applyEdits, type TextEdit } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import { type FileKind, kindOfFile } from './file-kind.ts';

/** The edits as a fix; refused when a file would hold more errors than before. No edits when they change nothing. */
export function finishEdits(edits: readonly TextEdit[]): Edits {
  const changing = edits.filter((edit) => edit.source.text.slice(edit.span.start, edit.span.end) !== edit.newText);
  for (const [source, own] of groupBySource(changing)) {
    const kind = kindOfFile(source);
    const after = countErrors(applyEdits(source, own), kind);
    const before = { kind: `errors as ${kind}`, from: (text: string) => countErrors(text, kind) };
    if (after > 0 && after > derive(source, before)) {
      return { refused: 'the file would not be valid after the edit' };
    }
  }
  return { edits: changing };
}

/** Nothing to do: the file says so already. */
export const noEdits: Edits = { edits: [] };

function groupBySource(edits: readonly TextEdit[]): Map<SourceText, TextEdit[]> {
  const groups = new Map<SourceText, TextEdit[]>();
  for (const edit of edits) groups.set(edit.source, [...(groups.get(edit.source) ?? []), edit]);
  return groups;
}

function countErrors(text: string, kind: FileKind): number {
  switch (kind) {
    case 'yaml':
      return parseYaml(text).errors.length;
    case 'python':
      return parsePython(text).errors.length;
    case 'dockerfile':
      return parseDockerfile(text).errors.length;
    case 'env':
      return parseEnv(text, 'compose').errors.length;
    case 'shell':
      return parseShell(text).errors.length;
    default:
      return 0;
  }
}
