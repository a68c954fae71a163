import type { Severity } from '../../src/rules/rule.ts';
import { severities } from '../../src/rules/rule.ts';

/** A rule's fixture: the pictures that its tests and its documentation page are made from. */
export interface Fixture {
  readonly id: string;
  /** Markdown between the title and the first section. */
  readonly prose: string;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly title: string;
  /** Markdown outside the fences. */
  readonly prose: string;
  readonly files: readonly FixtureFile[];
  /** In reading order; hops name them by this order. */
  readonly findings: readonly ExpectedFinding[];
  readonly hops: readonly ExpectedHop[];
  readonly fixed: readonly FixedFile[];
}

export interface FixtureFile {
  readonly path: string;
  readonly language: string;
  /** Without caret lines, with the line endings the fence asks for. */
  readonly text: string;
}

/** What a caret line marks: zero-based line and column (UTF-16) of one file. */
export interface Mark {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export interface ExpectedFinding {
  readonly mark: Mark;
  readonly severity: Severity;
  /** The whole message, or its start when it ends with `...`. */
  readonly message: string;
}

/** A hop of a finding's trail; both count from 1. */
export interface ExpectedHop {
  readonly mark: Mark;
  readonly finding: number;
  readonly hop: number;
  readonly says: string | undefined;
}

/** The whole text of a file after one fix. */
export interface FixedFile extends FixtureFile {
  readonly fix: FixChoice;
}

/** The fix by its place (both count from 1), or by a part of its title. */
export type FixChoice = { readonly finding: number; readonly fix: number } | { readonly title: string };

/** Reads a fixture; throws with the line number where the format is wrong, since nobody but its author sees that. */
export function parseFixture(markdown: string): Fixture {
  const lines = markdown.replace(/\r\n/g, '\n').split('\n');
  let id = '';
  let prose: string[] = [];
  const drafts: SectionDraft[] = [];
  const fixtureProse = prose;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const fence = /^(`{3,})(.*)$/.exec(line);
    if (fence) {
      const end = lines.findIndex((candidate, at) => at > index && candidate.trimEnd() === fence[1]);
      if (end === -1) throw new Error(`line ${index + 1}: this fence is never closed`);
      const info = readInfo(fence[2] ?? '', index + 1);
      const body = lines.slice(index + 1, end);
      const section = drafts.at(-1);
      if (!info) prose.push(...lines.slice(index, end + 1));
      else if (!section) throw new Error(`line ${index + 1}: a file stands before the first "## section"`);
      else addFile(section, { info, body, firstLine: index + 2 });
      index = end;
    } else if (line.startsWith('# ')) id = line.slice(2).trim();
    else if (line.startsWith('## ')) {
      prose = [];
      drafts.push({ title: line.slice(3).trim(), prose, files: [], findings: [], hops: [], fixed: [] });
    } else prose.push(line);
  }
  if (id === '') throw new Error('the fixture needs a title "# rule-id"');
  return {
    id,
    prose: fixtureProse.join('\n').trim(),
    sections: drafts.map((draft) => ({ ...draft, prose: draft.prose.join('\n').trim() })),
  };
}

interface SectionDraft {
  readonly title: string;
  readonly prose: string[];
  readonly files: FixtureFile[];
  readonly findings: ExpectedFinding[];
  readonly hops: ExpectedHop[];
  readonly fixed: FixedFile[];
}

interface Info {
  readonly language: string;
  readonly crlf: boolean;
  readonly fix: FixChoice | undefined;
  readonly path: string;
}

/** `LANGUAGE [crlf] [fixed | fixed N | fixed F.N | fixed="title part"] PATH`; without a path the fence is prose. */
function readInfo(info: string, line: number): Info | undefined {
  const match = /^\s*([\w+#.-]+)(\s+crlf)?(?:\s+(fixed)(?:="([^"]*)"|\s+(?:(\d+)\.)?(\d+)(?=\s))?)?\s+(\S+)\s*$/.exec(
    info,
  );
  if (!match) {
    if (/\S\s+\S/.test(info.trim())) throw new Error(`line ${line}: cannot read the fence's "${info.trim()}"`);
    return undefined;
  }
  const [, language = '', crlf, fixed, title, finding, fix, path = ''] = match;
  const choice =
    title === undefined ? { finding: Number(finding ?? 1), fix: Number(fix ?? 1) } : ({ title } satisfies FixChoice);
  return { language, crlf: crlf !== undefined, fix: fixed ? choice : undefined, path };
}

function addFile(section: SectionDraft, fence: { info: Info; body: readonly string[]; firstLine: number }): void {
  const { info, body, firstLine } = fence;
  const ending = info.crlf ? '\r\n' : '\n';
  const kept: string[] = [];
  body.forEach((line, index) => {
    const caret = /^(\s*)(\^+)(?:\s+(.*))?$/.exec(line);
    if (!caret) {
      kept.push(line);
      return;
    }
    const where = `line ${firstLine + index}`;
    if (info.fix) throw new Error(`${where}: a fixed file has no carets`);
    if (kept.length === 0) throw new Error(`${where}: carets stand under the text they mark`);
    const column = (caret[1] ?? '').length;
    const mark = { path: info.path, line: kept.length - 1, column, length: (caret[2] ?? '').length };
    addMark(section, { mark, label: (caret[3] ?? '').trim(), where });
  });
  const text = kept.map((line) => line + ending).join('');
  const file = { path: info.path, language: info.language, text };
  if (info.fix) section.fixed.push({ ...file, fix: info.fix });
  else if (section.files.some((other) => other.path === info.path))
    throw new Error(`line ${firstLine - 1}: ${info.path} stands twice in "${section.title}"`);
  else section.files.push(file);
}

function addMark(section: SectionDraft, caret: { mark: Mark; label: string; where: string }): void {
  const { mark, label, where } = caret;
  const hop = /^(?:(\d+)\.)?(\d+)(?::\s*(.*))?$/.exec(label);
  if (hop) {
    const says = hop[3] === undefined || hop[3] === '' ? undefined : hop[3];
    section.hops.push({ mark, finding: Number(hop[1] ?? 1), hop: Number(hop[2]), says });
    return;
  }
  const [, name, message = ''] = /^(\w+):\s*(.*)$/.exec(label) ?? [];
  const severity = severities.find((candidate) => candidate === name);
  if (!severity) throw new Error(`${where}: after the carets comes "severity: message" or "number: text"`);
  section.findings.push({ mark, severity, message });
}
