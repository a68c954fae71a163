import { findDefault } from '../capacity/defaults.ts';
import type { Finding, FindingFix, Report } from '../engine/finding.ts';
import type { Severity } from '../rules/rule.ts';
import { severities } from '../rules/rule.ts';
import { positionAt } from '../text/source-text.ts';
import type { Hop } from '../text/trail.ts';
import { frameCode } from './code-frame.ts';
import type { FileNaming } from './report-json.ts';
import { paint, printable } from './terminal.ts';

export interface NamedReport {
  readonly report: Report;
  readonly nameFile: FileNaming;
}

/** The report for people: findings by file with the code, the arithmetic and the fixes, then one line of sums. */
export function formatReportText(reports: readonly NamedReport[], colors: boolean): string {
  const parts: string[] = [];
  for (const { report, nameFile } of reports) {
    const shown = report.findings.filter((finding) => !finding.suppressed);
    for (const [path, findings] of groupByFile(shown)) {
      parts.push(paint(printable(nameFile(path)), { color: 'bold', on: colors }));
      parts.push(...findings.map((finding) => formatFinding(finding, { nameFile, colors })));
    }
    for (const { path, why } of report.filesSkipped) parts.push(`Skipped ${printable(nameFile(path))}: ${why}.`);
  }
  parts.push(summarise(reports.map(({ report }) => report)));
  return `${parts.join('\n')}\n`;
}

/** One line of sums over all reports. */
export function summarise(reports: readonly Report[]): string {
  const findings = reports.flatMap((report) => report.findings);
  const shown = findings.filter((finding) => !finding.suppressed);
  const fixable = shown.filter((finding) => isSafe(finding)).length;
  const read = reports.reduce((total, report) => total + report.filesRead.length, 0);
  const unknowns = reports.reduce((total, report) => total + report.unknowns.length, 0);
  const silenced = findings.length - shown.length;
  const counts = severities
    .map((severity) => ({ severity, count: shown.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => (severity === 'information' ? `${count} information` : plural(count, severity)));
  const head = counts.length === 0 ? 'No findings' : counts.join(', ');
  const notes = [
    ...(fixable > 0 ? [`${fixable} can be fixed with --fix`] : []),
    ...(silenced > 0 ? [`${silenced} silenced`] : []),
    ...(unknowns > 0 ? [`${plural(unknowns, 'value')} unknown (see headroom stack)`] : []),
    `${plural(read, 'file')} read`,
  ];
  return `${head}; ${notes.join(', ')}.`;
}

/** `file:line: what happened`, or the program whose documented default it is. */
export function formatHop(hop: Hop, nameFile: FileNaming): string {
  if (!('default' in hop.at)) {
    const line = positionAt(hop.at.source, hop.at.span.start).line + 1;
    return printable(`${nameFile(hop.at.source.path)}:${line}: ${hop.says}`);
  }
  const entry = findDefault(hop.at.default);
  if (!entry) return printable(hop.says);
  const version = entry.version === 'all' ? '' : ` ${entry.version}`;
  return printable(`default of ${entry.program}${version} (${entry.source}): ${hop.says}`);
}

const severityColors = {
  error: 'red',
  warning: 'yellow',
  information: 'blue',
  hint: 'cyan',
} as const satisfies Record<Severity, string>;

function groupByFile(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const path = finding.at.source.path;
    groups.set(path, [...(groups.get(path) ?? []), finding]);
  }
  return groups;
}

function formatFinding(finding: Finding, how: { nameFile: FileNaming; colors: boolean }): string {
  const { line, column } = positionAt(finding.at.source, finding.at.span.start);
  const dim = (text: string) => paint(text, { color: 'dim', on: how.colors });
  const severity = paint(finding.severity, { color: severityColors[finding.severity], on: how.colors });
  const frame = frameCode(finding.at);
  const gutter = ' '.repeat(frame.lineNumber.length);
  const carets = paint(frame.carets, { color: severityColors[finding.severity], on: how.colors });
  return [
    `  ${line + 1}:${column + 1} ${severity} ${printable(finding.text)} ${dim(finding.rule)}`,
    `    ${dim(`${frame.lineNumber} |`)} ${frame.line}`,
    `    ${dim(`${gutter} |`)} ${carets}`,
    ...finding.trail.map((hop, index) => `      ${dim(`${index + 1}.`)} ${formatHop(hop, how.nameFile)}`),
    ...finding.fixes.map((fix) => `      ${formatFix(fix, how.colors)}`),
    '',
  ].join('\n');
}

function formatFix(fix: FindingFix, colors: boolean): string {
  if (fix.refused !== undefined) return printable(`no automatic edit: ${fix.title} (${fix.refused})`);
  return `${paint('fix', { color: 'green', on: colors })} (${fix.safety}): ${printable(fix.title)}`;
}

function isSafe(finding: Finding): boolean {
  return finding.fixes.some((fix) => fix.safety === 'safe' && fix.refused === undefined && fix.edits.length > 0);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
