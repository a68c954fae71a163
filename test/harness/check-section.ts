import { type Analysis, analyse } from '../../src/engine/analyse.ts';
import type { Finding, FindingFix } from '../../src/engine/finding.ts';
import { rankOf } from '../../src/engine/severity.ts';
import { createSession } from '../../src/model/session.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { createSourceText, lineText, positionAt } from '../../src/text/source-text.ts';
import { applyEdits, type Location, type TextEdit } from '../../src/text/span.ts';
import type { ExpectedFinding, ExpectedHop, FixChoice, FixedFile, Mark, Section } from './fixture.ts';
import { countSyntaxErrors } from './syntax-errors.ts';

type Texts = ReadonlyMap<string, string>;

/** Everything that is wrong with a section, each as a readable paragraph; empty when the pictures are true. */
export function checkSection(section: Section, work: { rule: Rule; rules: readonly Rule[] }): string[] {
  const { rule, rules } = work;
  if (section.files.length === 0) return ['the section has no file'];
  const texts = new Map(section.files.map((file) => [file.path, file.text]));
  const alone = analyseTexts(texts, { rules, only: rule.id });
  const everything = analyseTexts(texts, { rules });
  const findings = alone.report.findings.filter((finding) => finding.rule === rule.id && !finding.suppressed);
  return [
    ...everything.report.failures.map((failure) => `the rule ${failure.rule} crashed: ${failure.error}`),
    ...everything.report.findings
      .filter((finding) => finding.rule === 'configuration-invalid')
      .map((finding) => `the section's headroom.yaml is wrong: ${finding.text}`),
    ...compareFindings(section.findings, findings),
    ...section.hops.flatMap((hop) => checkHop(hop, { section, findings })),
    ...findings.flatMap((finding) => checkTexts(finding)),
    ...checkFixedFiles(section, { findings, texts }),
    ...findings.flatMap((finding) =>
      finding.fixes.flatMap((fix) => checkFix(fix, { finding, texts, before: everything, rules })),
    ),
  ];
}

/** Analyses texts by path, with every rule or with `only` one. */
export function analyseTexts(texts: Texts, how: { rules: readonly Rule[]; only?: string }): Analysis {
  const sources = new Map([...texts].map(([path, text]) => [path, createSourceText(path, text)]));
  return analyse({
    workspace: { paths: new Set(texts.keys()), texts: sources, skipped: new Map() },
    session: createSession(),
    rules: how.rules,
    ...(how.only !== undefined && { onlyRules: new Set([how.only]) }),
  });
}

function compareFindings(expected: readonly ExpectedFinding[], findings: readonly Finding[]): string[] {
  const left = [...findings];
  const missing = expected.filter((entry) => {
    const index = left.findIndex((finding) => agrees(entry, finding));
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
  return [
    ...missing.map((entry) => `missing:    ${place(entry.mark)} ${entry.severity}: ${entry.message}`),
    ...left.map((finding) => `unexpected: ${place(markOf(finding.at))}\n${picture(finding)}`),
  ];
}

function agrees(expected: ExpectedFinding, finding: Finding): boolean {
  return (
    isSameMark(expected.mark, markOf(finding.at)) &&
    expected.severity === finding.severity &&
    isSameText(expected.message, finding.text)
  );
}

function checkHop(expected: ExpectedHop, work: { section: Section; findings: readonly Finding[] }): string[] {
  const head = `hop ${expected.finding}.${expected.hop} at ${place(expected.mark)}`;
  const entry = work.section.findings[expected.finding - 1];
  if (!entry) return [`${head}: the section has no finding ${expected.finding}`];
  const finding = work.findings.find((candidate) => agrees(entry, candidate));
  if (!finding) return [];
  const hop = finding.trail[expected.hop - 1];
  if (!hop) return [`${head}: the trail has ${finding.trail.length} hops`];
  if ('default' in hop.at) return [`${head}: this hop is the default ${hop.at.default} ("${hop.says}")`];
  const mark = markOf(hop.at);
  if (!isSameMark(expected.mark, mark)) return [`${head}: the hop stands at ${place(mark)} ("${hop.says}")`];
  if (expected.says === undefined || isSameText(expected.says, hop.says)) return [];
  return [`${head}: the hop says "${hop.says}"`];
}

/** Places of templates that got no value. */
function checkTexts(finding: Finding): string[] {
  return [finding.text, ...finding.fixes.map((fix) => fix.title)]
    .filter((text) => /\{\w+\}|\bundefined\b|\bNaN\b/.test(text))
    .map((text) => `a value is missing in "${text}"`);
}

function checkFixedFiles(section: Section, work: { findings: readonly Finding[]; texts: Texts }): string[] {
  const groups = new Map<string, FixedFile[]>();
  for (const file of section.fixed) {
    const key = JSON.stringify(file.fix);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups].flatMap(([key, files]) => {
    const choice = files[0]?.fix;
    const fix = choice && chooseFix(choice, { section, findings: work.findings });
    if (!fix) return [`there is no fix ${key}; there are: ${listFixes(work.findings)}`];
    if (fix.refused !== undefined) return [`the fix "${fix.title}" is refused: ${fix.refused}`];
    const after = applyFix(fix, work.texts);
    return [...new Set([...files.map((file) => file.path), ...changedPaths(work.texts, after)])].flatMap((path) => {
      const expected = files.find((file) => file.path === path)?.text;
      const actual = after.get(path);
      if (expected === actual) return [];
      if (expected === undefined) return [`the fix "${fix.title}" also changes ${path}, which has no fixed fence`];
      return [`the fix "${fix.title}" gives another ${path}:\n${actual}`];
    });
  });
}

function chooseFix(
  choice: FixChoice,
  work: { section: Section; findings: readonly Finding[] },
): FindingFix | undefined {
  if ('title' in choice)
    return work.findings.flatMap((finding) => finding.fixes).find((fix) => fix.title.includes(choice.title));
  const expected = work.section.findings[choice.finding - 1];
  const finding = expected && work.findings.find((candidate) => agrees(expected, candidate));
  return finding?.fixes[choice.fix - 1];
}

/** The promises of every fix: it changes something, the files still parse, the finding is gone and nothing as bad comes. */
function checkFix(
  fix: FindingFix,
  work: { finding: Finding; texts: Texts; before: Analysis; rules: readonly Rule[] },
): string[] {
  const { finding, texts, before, rules } = work;
  if (fix.refused !== undefined) return [];
  const head = `the fix "${fix.title}" of ${place(markOf(finding.at))}`;
  const after = applyFix(fix, texts);
  const changed = changedPaths(texts, after);
  if (changed.length === 0) return [`${head} changes nothing`];
  const broken = changed.filter(
    (path) => countSyntaxErrors(path, after.get(path) ?? '') > countSyntaxErrors(path, texts.get(path) ?? ''),
  );
  const analysis = analyseTexts(after, { rules });
  const isSameFinding = (other: Finding) => other.fingerprint === finding.fingerprint && !other.suppressed;
  const count = (of: Analysis) => of.report.findings.filter(isSameFinding).length;
  const known = new Set(before.report.findings.map(identity));
  const fresh = analysis.report.findings.filter(
    (other) => !other.suppressed && rankOf(other.severity) <= rankOf(finding.severity) && !known.has(identity(other)),
  );
  return [
    ...broken.map((path) => `${head} breaks ${path}:\n${after.get(path)}`),
    ...(count(analysis) >= count(before)
      ? [`${head} leaves the finding:\n${changed.map((path) => after.get(path)).join('')}`]
      : []),
    ...fresh.map((other) => `${head} brings ${other.rule}:\n${picture(other)}`),
  ];
}

function identity(finding: Finding): string {
  return `${finding.rule}|${finding.at.source.path}|${finding.subject}`;
}

function applyFix(fix: FindingFix, texts: Texts): Map<string, string> {
  const after = new Map(texts);
  const groups = new Map<string, TextEdit[]>();
  for (const edit of fix.edits) groups.set(edit.source.path, [...(groups.get(edit.source.path) ?? []), edit]);
  for (const [path, edits] of groups) {
    const source = edits[0]?.source;
    if (source) after.set(path, applyEdits(source, edits));
  }
  return after;
}

function changedPaths(before: Texts, after: Texts): string[] {
  return [...after].flatMap(([path, text]) => (before.get(path) === text ? [] : [path]));
}

function listFixes(findings: readonly Finding[]): string {
  const titles = findings.flatMap((finding) => finding.fixes.map((fix) => `"${fix.title}"`));
  return titles.length === 0 ? 'none' : titles.join(', ');
}

/** What carets would mark: of a location over several lines its first line, of an empty one a single column. */
export function markOf(at: Location): Mark {
  const { source, span } = at;
  const { line, column } = positionAt(source, span.start);
  const rest = lineText(source, line).trimEnd().length - column;
  return { path: source.path, line, column, length: Math.max(1, Math.min(span.end - span.start, rest)) };
}

export function isSameMark(left: Mark, right: Mark): boolean {
  return (
    left.path === right.path && left.line === right.line && left.column === right.column && left.length === right.length
  );
}

function isSameText(expected: string, actual: string): boolean {
  return expected.endsWith('...') ? actual.startsWith(expected.slice(0, -3).trimEnd()) : expected === actual;
}

function place(mark: Mark): string {
  return `${mark.path}:${mark.line + 1}:${mark.column + 1} (${mark.length} wide)`;
}

/** The finding as it would stand in the fixture, ready to be copied after a look at it. */
function picture(finding: Finding): string {
  const { source } = finding.at;
  const mark = markOf(finding.at);
  const indent = lineText(source, mark.line).slice(0, mark.column).replace(/[^\t]/g, ' ');
  const hops = finding.trail.map((hop, index) =>
    'default' in hop.at
      ? `  hop ${index + 1}: default ${hop.at.default}: ${hop.says}`
      : `  hop ${index + 1}: ${place(markOf(hop.at))}: ${hop.says}`,
  );
  const carets = `${indent}${'^'.repeat(mark.length)} ${finding.severity}: ${finding.text}`;
  return [lineText(source, mark.line), carets, ...hops, ...finding.fixes.map((fix) => `  fix: ${fix.title}`)].join(
    '\n',
  );
}
