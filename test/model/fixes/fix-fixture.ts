import { expect } from 'vitest';
import type { Edits } from '../../../src/model/fix.ts';
import { readWorkspace } from '../../../src/model/read-workspace.ts';
import { createSession } from '../../../src/model/session.ts';
import type { Process, Project, Service, Store } from '../../../src/model/stack.ts';
import { parsePython } from '../../../src/parse/python.ts';
import { parseYaml } from '../../../src/parse/yaml.ts';
import { createSourceText, type SourceText } from '../../../src/text/source-text.ts';
import { applyEdits, type Location } from '../../../src/text/span.ts';
import { workspaceOf } from '../stack-fixture.ts';

export type Texts = Readonly<Record<string, string>>;

/** The first project of these files. */
export function projectOf(texts: Texts): Project {
  const project = readWorkspace(workspaceOf(texts), createSession()).stack.projects[0];
  if (!project) throw new Error('the fixture gives no project');
  return project;
}

export function serviceIn(project: Project, name = 'web'): Service {
  const service = project.services.find((candidate) => candidate.name === name);
  if (!service) throw new Error(`no service ${name}`);
  return service;
}

export function processIn(project: Project, name = 'web'): Process {
  const process = serviceIn(project, name).processes[0];
  if (!process) throw new Error(`${name} runs no process`);
  return process;
}

export function storeIn(project: Project, name: string): Store {
  const store = project.stores.find((candidate) => candidate.name === name);
  if (!store) throw new Error(`no store ${name}`);
  return store;
}

/** Where a text stands in a file (the nth time, the first unless given). */
export function placeOfText(source: SourceText, text: string, nth = 1): Location {
  let start = -1;
  for (let count = 0; count < nth; count += 1) start = source.text.indexOf(text, start + 1);
  if (start === -1) throw new Error(`${JSON.stringify(text)} is not in ${source.path}`);
  return { source, span: { start, end: start + text.length } };
}

/** The reason of a refused fix. */
export function reason(edits: Edits): string | undefined {
  return 'refused' in edits ? edits.refused : undefined;
}

/** Fixes a stack's files; checks that a second time changes nothing, with CRLF too. Gives the files that changed. */
export function fixStack(texts: Texts, build: (project: Project) => Edits): Texts {
  const changed = fixStackOnce(texts, build);
  expect(fixStackOnce({ ...texts, ...changed }, build)).toEqual({});
  const windows = mapTexts(texts, (text) => text.replaceAll('\n', '\r\n'));
  expect(fixStackOnce(windows, build)).toEqual(mapTexts(changed, (text) => text.replaceAll('\n', '\r\n')));
  return changed;
}

/** The reason why a stack cannot be fixed. */
export function refuseStack(texts: Texts, build: (project: Project) => Edits): string | undefined {
  return reason(build(projectOf(texts)));
}

/** Fixes one file; checks that a second time changes nothing, with CRLF too. */
export function fixFile(path: string, text: string, build: (source: SourceText) => Edits): string {
  const fixed = fixFileOnce(path, text, build);
  expect(fixFileOnce(path, fixed, build)).toBe(fixed);
  // A text of one line does not say how its lines end.
  if (!text.includes('\n')) return fixed;
  const windows = text.replaceAll('\n', '\r\n');
  expect(fixFileOnce(path, windows, build)).toBe(fixed.replaceAll('\n', '\r\n'));
  return fixed;
}

export function fixFileOnce(path: string, text: string, build: (source: SourceText) => Edits): string {
  const source = createSourceText(path, text);
  const edits = build(source);
  if ('refused' in edits) expect.fail(`refused: ${edits.refused}`);
  const after = applyEdits(source, edits.edits);
  expectParses(path, after);
  return after;
}

function fixStackOnce(texts: Texts, build: (project: Project) => Edits): Texts {
  const edits = build(projectOf(texts));
  if ('refused' in edits) expect.fail(`refused: ${edits.refused}`);
  const sources = new Set(edits.edits.map((edit) => edit.source));
  const changed: Record<string, string> = {};
  for (const source of sources) {
    const own = edits.edits.filter((edit) => edit.source === source);
    changed[source.path] = applyEdits(source, own);
    expectParses(source.path, changed[source.path] ?? '');
  }
  return changed;
}

function expectParses(path: string, text: string): void {
  if (/\.ya?ml$/.test(path)) expect(parseYaml(text).errors).toEqual([]);
  if (path.endsWith('.py')) expect(parsePython(text).errors).toEqual([]);
}

function mapTexts(texts: Texts, change: (text: string) => string): Texts {
  return Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, change(text)]));
}
