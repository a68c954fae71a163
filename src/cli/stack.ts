import type { Rule } from '../rules/rule.ts';
import type { StackCommand } from './arguments.ts';
import { openJudged } from './judgement.ts';
import { formatStackJson } from './report-json.ts';
import { settle } from './settle.ts';
import { formatStackText } from './stack-text.ts';
import { findTargets, nameFilesOf } from './targets.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Runs `headroom stack`: prints what the files say about services, processes, pools and stores. */
export function showStack(
  command: StackCommand,
  host: { readonly terminal: Terminal; readonly rules: readonly Rule[] },
): ExitCode {
  const { terminal, rules } = host;
  const targets = findTargets([command.path], terminal.folder);
  const target = targets[0];
  if (!target) return 2;
  const { folder, judgement } = openJudged(target.root, { rules, ...command, from: terminal.folder });
  const { reading, report } = settle(folder, judgement);
  const nameFile = nameFilesOf(target, targets);
  const { projects } = reading.stack;
  terminal.out(
    command.format === 'json'
      ? formatStackJson(projects, nameFile)
      : formatStackText(projects, { nameFile, colors: terminal.colors && command.color, why: command.why }),
  );
  return report.findings.some((finding) => finding.rule === 'configuration-invalid') ? 2 : 0;
}
