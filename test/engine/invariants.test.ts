import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatReportJson, formatStackJson } from '../../src/cli/report-json.ts';
import { type Analysis, analyse } from '../../src/engine/analyse.ts';
import { writeSuppression } from '../../src/engine/write-suppression.ts';
import { createSession, type Session } from '../../src/model/session.ts';
import { rules } from '../../src/rules/index.ts';
import { createSourceText, type SourceText } from '../../src/text/source-text.ts';
import { applyEdits, type Location, type TextEdit } from '../../src/text/span.ts';
import { countSyntaxErrors } from '../harness/syntax-errors.ts';
import { djangoWithCelery, nodeWithSharedYaml, valuesFromAnEnvFile } from './mutated-projects.ts';

type Texts = ReadonlyMap<string, string>;

/** A change of one file, in fractions of what it meets so that it fits every file. */
interface Mutation {
  readonly kind: (typeof kinds)[number];
  readonly file: number;
  readonly from: number;
  readonly length: number;
  readonly extra: string;
}

const kinds = [
  'truncate',
  'delete',
  'duplicate',
  'insert',
  'swap',
  'move',
  'crlf',
  'mark',
  'remove',
  'restore',
] as const;
const extras = [
  '\0',
  '\uFEFF',
  '😀',
  '\uD800',
  '\uDC00x',
  '\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n',
  '\t',
  '\r',
  '"',
  "'''",
  '${',
  '\n    environment:\n      POOL_SI',
  '\n  we',
  ': &a *a',
  '\npool_size=',
  '\nWEB_CONCURRENCY=9\n',
  '(((',
  '\\\n',
  '2147483648',
  '-1',
  ' # headroom-ignore memory-limit-missing -- why\n',
  '\n    <<: *api\n',
  '\n    extends: web\n',
  '\n    env_file: .env\n',
  ' !reset null\n',
  '\n---\n',
  '${POOL_SIZE:-$PASSWORD}',
  '\nfrom .production import *\n',
  ' **options, **(',
];

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...kinds),
  file: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.double({ min: 0, max: 0.2, noNaN: true }),
  extra: fc.constantFrom(...extras),
});

const projects = new Map<string, Texts>([
  ...readProjects(),
  ['values from an env file', valuesFromAnEnvFile],
  ['Django with Celery', djangoWithCelery],
  ['Node with shared YAML', nodeWithSharedYaml],
]);

const fromCode = 'from sqlalchemy import create_engine\nengine = create_engine("postgresql://db/x", pool_size=500)\n';
const inNoOrder = new Map<string, Texts>([
  [
    'Dockerfiles',
    new Map(
      ['web', 'api', 'Zoo'].flatMap((folder): [string, string][] => [
        [`${folder}/Dockerfile`, 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD gunicorn -w 4 main:app\n'],
        [`${folder}/main.py`, fromCode],
      ]),
    ),
  ],
  ['Python files', new Map(['web.py', 'api.py', 'Zoo.py'].map((path) => [path, fromCode]))],
]);

for (const [name, texts] of projects) {
  describe(`mutations of ${name}`, { timeout: 60_000 }, () => {
    it('never crash the analysis or lead outside a file', () => {
      const paths = [...texts.keys()].sort();
      const check = (mutations: readonly Mutation[]) => {
        const mutated = mutations.reduce((before, each) => mutate(before, { ...each, paths, original: texts }), texts);
        const analysis = analyseFresh(mutated);
        // Also says that a second analysis gives the same.
        expect(jsonOf(analyseFresh(new Map([...mutated].reverse())))).toBe(jsonOf(analysis));
        checkReport(analysis, mutated);
      };
      fc.assert(fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), check), { numRuns: 6 });
    });

    it('give the same in one session as in fresh ones, and after undo what was there before', () => {
      const paths = [...texts.keys()].sort();
      const check = (mutations: readonly Mutation[]) => {
        const host = createHost(texts);
        const start = jsonOf(host.analyse());
        let now = texts;
        for (const each of mutations) {
          now = mutate(now, { ...each, paths, original: texts });
          expectSameAsFresh(host, now);
        }
        host.show(texts);
        expect(jsonOf(host.analyse())).toBe(start);
      };
      fc.assert(fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), check), { numRuns: 4 });
    });
  });
}

describe('one session', () => {
  it('gives the same as a fresh one when a file begins with a second byte order mark', () => {
    const source =
      'import os\nfrom sqlalchemy import create_engine\nengine = create_engine(os.environ["DATABASE_URL"])\n';
    const texts = new Map([['app.py', `\uFEFF${source}`]]);
    const host = createHost(texts);
    expectSameAsFresh(host, texts);
    const withOne = jsonOf(host.analyse());
    expectSameAsFresh(host, new Map([['app.py', `\uFEFF\uFEFF${source}`]]));
    // Python drops one mark only and refuses the second.
    expect(jsonOf(host.analyse())).not.toBe(withOne);
  });
});

describe('the order of files', () => {
  for (const [name, texts] of inNoOrder) {
    it(`does not matter for ${name} alone`, () => {
      const analysis = analyseFresh(texts);
      expect(analysis.reading.stack.projects).not.toEqual([]);
      expect(jsonOf(analyseFresh(new Map([...texts].reverse())))).toBe(jsonOf(analysis));
    });
  }
});

describe('a suppression comment', { timeout: 60_000 }, () => {
  it('removes exactly its finding', () => {
    for (const texts of projects.values()) {
      const before = analyseFresh(texts).report.findings.filter((finding) => !finding.suppressed);
      for (const finding of before) {
        const written = writeSuppression(finding, 'known');
        if (!('edits' in written) || written.edits.some((edit) => edit.newText.includes('ignore-file'))) continue;
        const after = analyseFresh(applyAll(written.edits, texts)).report.findings;
        const line = ({ source, span }: Location) => source.text.slice(0, span.start).split('\n').length;
        const silenced = (other: (typeof before)[number]) =>
          other.rule === finding.rule && other.at.source === finding.at.source && line(other.at) === line(finding.at);
        expect(
          after
            .filter((other) => !other.suppressed)
            .map(identity)
            .sort(),
        ).toEqual(
          before
            .filter((other) => !silenced(other))
            .map(identity)
            .sort(),
        );
      }
    }
  });
});

function expectSameAsFresh(host: ReturnType<typeof createHost>, texts: Texts): void {
  host.show(texts);
  // In the host's order, with the texts as given: a source has lost a byte order mark.
  const shown = new Map(host.paths().map((path) => [path, texts.get(path) ?? '']));
  const analysis = host.analyse();
  expect(jsonOf(analysis)).toBe(jsonOf(analyseFresh(shown)));
  for (const { source } of placesIn([analysis.report.findings, analysis.reading.stack]))
    expect(source, `an earlier text of ${source.path}`).toBe(host.sources.get(source.path));
}

/** Every place that a result holds, however deep. */
function placesIn(result: object): Location[] {
  const seen = new Set<object>([result]);
  // A set grows while it is walked: this is the work list.
  for (const part of seen) {
    if ('lineStarts' in part) continue;
    const inner = part instanceof Map || part instanceof Set ? [...part].flat() : Object.values(part);
    for (const each of inner) if (typeof each === 'object' && each !== null) seen.add(each);
  }
  return [...seen].filter((part): part is Location => 'source' in part && 'span' in part);
}

function checkReport({ report }: Analysis, texts: Texts): void {
  for (const finding of report.findings) {
    expectInside(finding.at, texts);
    for (const hop of finding.trail) if ('source' in hop.at) expectInside(hop.at, texts);
    for (const fix of finding.fixes) {
      for (const edit of fix.edits) expectInside(edit, texts);
      for (const [path, text] of applyAll(fix.edits, texts)) {
        const before = texts.get(path) ?? '';
        if (text === before) continue;
        expect(countSyntaxErrors(path, text), `${finding.rule}: ${fix.title} in ${path}\n${text}`).toBeLessThanOrEqual(
          countSyntaxErrors(path, before),
        );
      }
    }
  }
  for (const { at } of report.unknowns) expectInside(at, texts);
  expect(report.failures).toEqual([]);
}

function expectInside({ source, span }: Location, texts: Texts): void {
  expect(source.text).toBe(createSourceText(source.path, texts.get(source.path) ?? 'no such file').text);
  expect(span.start).toBeGreaterThanOrEqual(0);
  expect(span.end).toBeGreaterThanOrEqual(span.start);
  expect(span.end).toBeLessThanOrEqual(source.text.length);
}

function applyAll(edits: readonly TextEdit[], texts: Texts): Map<string, string> {
  const after = new Map(texts);
  for (const source of new Set(edits.map((edit) => edit.source))) {
    const own = edits.filter((edit) => edit.source === source);
    after.set(source.path, applyEdits(source, own));
  }
  return after;
}

function identity(finding: Analysis['report']['findings'][number]): string {
  return `${finding.rule} ${finding.at.source.path} ${finding.subject} ${finding.text}`;
}

function mutate(texts: Texts, how: Mutation & { paths: readonly string[]; original: Texts }): Texts {
  const { kind, extra } = how;
  const path = how.paths[Math.floor(how.file * how.paths.length)] ?? '';
  const text = texts.get(path) ?? how.original.get(path) ?? '';
  const start = Math.floor(how.from * text.length);
  const end = Math.min(text.length, start + Math.ceil(how.length * text.length));
  const after = new Map(texts);
  if (kind === 'remove') after.delete(path);
  else if (kind === 'restore') after.set(path, how.original.get(path) ?? '');
  else if (kind === 'truncate') after.set(path, text.slice(0, start));
  else if (kind === 'delete') after.set(path, text.slice(0, start) + text.slice(end));
  else if (kind === 'duplicate') after.set(path, text.slice(0, end) + text.slice(start));
  else if (kind === 'insert') after.set(path, text.slice(0, start) + extra + text.slice(start));
  else if (kind === 'mark') after.set(path, `\uFEFF${text}`);
  else if (kind === 'crlf') after.set(path, text.replace(/\r?\n/g, '\r\n'));
  else after.set(path, arrangeLines(text, { from: how.from, to: how.length * 5, kind }));
  return after;
}

/** Swaps two lines, or moves one to another place; both in fractions of the text. */
function arrangeLines(text: string, how: { from: number; to: number; kind: 'swap' | 'move' }): string {
  const lines = text.split('\n');
  const from = Math.floor(how.from * (lines.length - 1));
  const to = Math.floor(how.to * (lines.length - 1));
  const given = how.kind === 'swap' ? [lines[to] ?? ''] : [];
  const [taken = ''] = lines.splice(from, 1, ...given);
  lines.splice(to, given.length, taken);
  return lines.join('\n');
}

/** A host that keeps one session, one set of paths and one map of texts, and changes them in place as editors do. */
function createHost(texts: Texts) {
  const session = createSession();
  const paths = new Set<string>();
  const sources = new Map<string, SourceText>();
  const show = (next: Texts) => {
    for (const path of [...paths]) if (!next.has(path) && paths.delete(path)) sources.delete(path);
    for (const [path, text] of next) {
      paths.add(path);
      const source = createSourceText(path, text);
      if (sources.get(path)?.text !== source.text) sources.set(path, source);
    }
  };
  show(texts);
  return {
    show,
    sources,
    paths: () => [...paths],
    analyse: () => analyseWith(session, { paths, texts: sources }),
  };
}

function analyseFresh(texts: Texts): Analysis {
  const sources = new Map([...texts].map(([path, text]) => [path, createSourceText(path, text)]));
  return analyseWith(createSession(), { paths: new Set(texts.keys()), texts: sources });
}

function analyseWith(
  session: Session,
  files: { paths: ReadonlySet<string>; texts: ReadonlyMap<string, SourceText> },
): Analysis {
  return analyse({ workspace: { name: 'shop', ...files, skipped: new Map() }, session, rules });
}

function jsonOf({ report, reading }: Analysis): string {
  const nameFile = (path: string) => path;
  return formatReportJson([{ report, nameFile }]) + formatStackJson(reading.stack.projects, nameFile);
}

function readProjects(): [string, Texts][] {
  const folder = fileURLToPath(new URL('../projects', import.meta.url));
  return readdirSync(folder).map((name) => {
    const before = join(folder, name, 'before');
    const paths = readdirSync(before, { recursive: true, encoding: 'utf8' });
    const texts = paths
      .filter((path) => statSync(join(before, path)).isFile())
      .map((path): [string, string] => [path.replaceAll('\\', '/'), readFileSync(join(before, path), 'utf8')]);
    return [name, new Map(texts)];
  });
}
