import type { Analysis } from '../engine/analyse.ts';
import type { Finding, Report } from '../engine/finding.ts';
import { rankOf } from '../engine/severity.ts';
import type { Rule } from '../rules/rule.ts';
import { formatChanges } from '../text/unified-diff.ts';
import { applySafeFixes, writeChanges } from './apply-fixes.ts';
import type { CheckCommand } from './arguments.ts';
import { openJudged } from './judgement.ts';
import { formatReportJson } from './report-json.ts';
import { formatReportText, summarise } from './report-text.ts';
import { settle } from './settle.ts';
import { findTargets, nameFilesOf, type Target } from './targets.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Runs `headroom check`: analyses every target, mends what it is asked to, prints one report. */
export function check(
  command: CheckCommand,
  host: { readonly terminal: Terminal; readonly rules: readonly Rule[] },
): ExitCode {
  const { terminal, rules } = host;
  const targets = findTargets(command.paths, terminal.folder);
  const checked = targets.map((target) => checkTarget(target, { command, targets, rules, folder: terminal.folder }));
  if (command.format === 'json') {
    terminal.out(formatReportJson(checked));
    terminal.err(sumUp(checked, command));
  } else if (command.dryRun) {
    terminal.out(checked.map(({ diff }) => diff).join(''));
    terminal.err(`${sumUp(checked, command)}Left after that: ${summarise(checked.map(({ report }) => report))}\n`);
  } else {
    terminal.out(formatReportText(checked, terminal.colors && command.color) + sumUp(checked, command));
  }
  const failures = new Map(
    checked.flatMap(({ report }) => report.failures).map((failure) => [failure.rule, failure.error]),
  );
  for (const [rule, error] of failures)
    terminal.err(`headroom: the rule ${rule} failed (${error}); please report this\n`);
  for (const name of checked.flatMap(({ notLookedAt }) => notLookedAt)) terminal.err(`headroom: ${name} is excluded\n`);
  if (failures.size > 0 || checked.some(({ invalid }) => invalid)) return 2;
  return checked.some(({ report }) => report.findings.some((finding) => fails(finding, command))) ? 1 : 0;
}

interface Checked {
  readonly report: Report;
  readonly nameFile: (path: string) => string;
  readonly fixed: number;
  readonly changedFiles: number;
  readonly diff: string;
  /** True when the configuration has an entry that cannot be used. */
  readonly invalid: boolean;
  /** Files that were asked for and that the exclusion leaves out. */
  readonly notLookedAt: readonly string[];
}

function checkTarget(
  target: Target,
  work: { command: CheckCommand; targets: readonly Target[]; rules: readonly Rule[]; folder: string },
): Checked {
  const { command, rules } = work;
  const { folder, judgement } = openJudged(target.root, { rules, ...command, from: work.folder });
  const nameFile = nameFilesOf(target, work.targets);
  const isAsked = (finding: Finding) => !target.files || target.files.includes(finding.at.source.path);
  const analyseNow = (): Analysis => settle(folder, judgement);
  const result = command.fix
    ? applySafeFixes(folder, { settle: analyseNow, isAsked })
    : { analysis: analyseNow(), fixed: 0, changes: new Map<string, { before: string; after: string }>() };
  if (command.fix && !command.dryRun) writeChanges(folder, result.changes);
  const { report } = result.analysis;
  return {
    report: { ...report, findings: report.findings.filter(isAsked) },
    nameFile,
    fixed: result.fixed,
    changedFiles: result.changes.size,
    diff: formatChanges(result.changes, nameFile),
    invalid: report.findings.some((finding) => finding.rule === 'configuration-invalid'),
    notLookedAt: (target.files ?? []).filter((path) => !folder.workspace.paths.has(path)).map(nameFile),
  };
}

function sumUp(checked: readonly Checked[], command: CheckCommand): string {
  const fixed = checked.reduce((total, one) => total + one.fixed, 0);
  const files = checked.reduce((total, one) => total + one.changedFiles, 0);
  if (!command.fix) return '';
  if (fixed === 0) return 'Nothing to fix.\n';
  return `${command.dryRun ? 'Would apply' : 'Applied'} ${fixed} ${fixed === 1 ? 'fix' : 'fixes'} to ${files} ${files === 1 ? 'file' : 'files'}.\n`;
}

function fails(finding: Finding, command: CheckCommand): boolean {
  return !finding.suppressed && rankOf(finding.severity) <= rankOf(command.failOn);
}
