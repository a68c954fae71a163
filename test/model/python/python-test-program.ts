import { evaluateModule } from '../../../src/model/python/evaluate.ts';
import { createPythonProgram, type PythonProgram } from '../../../src/model/python/python-program.ts';
import type { PythonValue } from '../../../src/model/python/python-value.ts';
import { createSession } from '../../../src/model/session.ts';
import { known } from '../../../src/model/value.ts';
import { openFiles } from '../../../src/model/workspace.ts';
import { createSourceText, type SourceText } from '../../../src/text/source-text.ts';
import { textAt } from '../../../src/text/span.ts';

/** A program over files given as text, with an environment given as plain strings. */
export function openProgram(
  texts: Readonly<Record<string, string>>,
  setting: { environment?: Readonly<Record<string, string>>; complete?: boolean; roots?: readonly string[] } = {},
): PythonProgram {
  const sources = new Map(Object.entries(texts).map(([path, text]) => [path, createSourceText(path, text)]));
  const envSource = createSourceText('.env', '');
  const variables = new Map(
    Object.entries(setting.environment ?? {}).map(([name, value]) => [
      name,
      known(value, { source: envSource, span: { start: 0, end: 0 } }),
    ]),
  );
  return createPythonProgram({
    files: openFiles({ paths: new Set(sources.keys()), texts: sources, skipped: new Map() }),
    session: createSession(),
    roots: setting.roots ?? [''],
    environment: { variables, complete: setting.complete ?? true },
  });
}

/** The module at a path; fails when it is missing. */
export function sourceAt(program: PythonProgram, path: string): SourceText {
  const source = program.find(path);
  if (!source) throw new Error(`${path} is missing`);
  return source;
}

/** The value of a name of `main.py` after its statements ran. */
export function evaluateName(text: string, name = 'x', setting: Parameters<typeof openProgram>[1] = {}): PythonValue {
  const program = openProgram({ 'main.py': text }, setting);
  const value = evaluateModule(sourceAt(program, 'main.py'), program).get(name);
  if (!value) throw new Error(`${name} is not bound`);
  return value;
}

/** A value in short: the datum, `?` for unknown, alternatives and bounds in brackets; dicts as objects. */
export function show(value: PythonValue | undefined): unknown {
  if (!value) return 'absent';
  if (!value.known) {
    if (value.oneOf) return { oneOf: value.oneOf.map(show) };
    if (value.atLeast !== undefined || value.atMost !== undefined) return { from: value.atLeast, to: value.atMost };
    return '?';
  }
  const data = value.value;
  if (typeof data !== 'object' || data === null) return data;
  switch (data.type) {
    case 'map': {
      const entries = [...data.entries].map(([key, entry]) => [key, show(entry)] as const);
      return { ...Object.fromEntries(entries), ...(data.complete ? {} : { '...': '?' }) };
    }
    case 'sequence':
      return data.complete ? data.items.map(show) : [...data.items.map(show), '...'];
    case 'text':
      return data.pieces.map((piece) => (piece.known ? piece.value : '{?}')).join('');
    case 'object':
      return `${data.callee}()`;
    case 'reference':
      return data.name;
  }
}

/** The text a value would be edited at. */
export function writtenAt(value: { readonly at: PythonValue['at'] }): string {
  return textAt(value.at);
}
