import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkInputs } from '../capacity/capacity-inputs.ts';
import type { GivenSettingName, GivenSettings } from '../capacity/given-settings.ts';
import type { Finding } from '../engine/finding.ts';
import { formatPlanJson } from '../engine/plan-json.ts';
import { formatPlanMarkdown } from '../engine/plan-markdown.ts';
import { createPlanReport, unreadFiles } from '../engine/plan-report.ts';
import type { Reading } from '../model/read-workspace.ts';
import { type CapacityTarget, capacityTargets } from '../plan/capacity-target.ts';
import { noGoal } from '../plan/goal.ts';
import { writeLoadTest } from '../plan/load-test.ts';
import { placeOf } from '../plan/origin.ts';
import { type PlannedCapacity, planCapacity } from '../plan/plan-capacity.ts';
import { writeRunbook } from '../plan/runbook.ts';
import type { Rule } from '../rules/rule.ts';
import type { PlanCommand } from './arguments.ts';
import { openJudged } from './judgement.ts';
import { describeProblem } from './plan-arguments.ts';
import { assumptionNames } from './plan-assumptions.ts';
import { planHints } from './plan-hints.ts';
import { formatPlanText } from './plan-text.ts';
import { settle } from './settle.ts';
import { suggest } from './suggest.ts';
import { findTargets } from './targets.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';

interface Host {
  readonly terminal: Terminal;
  readonly rules: readonly Rule[];
}

/** Runs `headroom plan`: what the stack carries, what breaks first, and which settings carry the load. */
export function showPlan(command: PlanCommand, host: Host): ExitCode {
  const { terminal } = host;
  const read = command.path === undefined ? withoutProject(command) : readProject(command.path, { command, host });
  const { planned, invalid } = read;
  const checked = checkInputs({ ...planned.plan.inputs });
  if (!checked.ok) throw new UsageError(describeProblem(checked.problems[0]));
  const files = generatedFiles(command, read);
  if (files.length > 0) writeFiles(files, { command, terminal });
  else terminal.out(format(command, { read, colors: terminal.colors && command.color }));
  for (const { at, text } of invalid) {
    const { path, line } = placeOf(at);
    terminal.err(`headroom: ${path}:${line}: ${text}\n`);
  }
  return invalid.length > 0 ? 2 : 0;
}

interface ReadPlan {
  readonly planned: PlannedCapacity;
  readonly target: CapacityTarget | undefined;
  readonly others: readonly string[];
  readonly broken: Reading['broken'];
  /** Entries of the configuration that cannot be used. */
  readonly invalid: readonly Finding[];
}

function withoutProject({ given }: PlanCommand): ReadPlan {
  return {
    planned: planCapacity(undefined, { goal: noGoal, given }),
    target: undefined,
    others: [],
    broken: [],
    invalid: [],
  };
}

function readProject(path: string, from: { command: PlanCommand; host: Host }): ReadPlan {
  const { command, host } = from;
  const [place] = findTargets([path], host.terminal.folder);
  const { config, composeFiles } = command;
  const { folder, judgement } = openJudged(place?.root ?? host.terminal.folder, {
    rules: host.rules,
    config,
    composeFiles,
    from: host.terminal.folder,
  });
  const { reading, report, configuration } = settle(folder, judgement);
  const targets = capacityTargets(reading.stack.projects);
  const target = chooseTarget(targets, command.service);
  const { broken } = reading;
  if (!target) throw new UsageError(sayNothingToPlan(path, broken));
  const names = targets.map(({ service }) => service.name).filter((name) => name !== target.service.name);
  const { given, assumed } = command;
  const planned = planCapacity(target, { goal: configuration.goal, given, settings: assumed });
  refuseKnown(assumed, planned);
  return {
    planned,
    target,
    others: [...new Set(names)],
    broken,
    invalid: report.findings.filter((finding) => finding.rule === 'configuration-invalid'),
  };
}

/** What the files state is changed there, and not assumed otherwise. */
function refuseKnown(assumed: GivenSettings, { plan }: PlannedCapacity): void {
  const names = Object.keys(assumed) as GivenSettingName[];
  const known = names.find((name) => plan.openSettings.every((open) => open.name !== name));
  if (known === undefined) return;
  const open = plan.openSettings.map(({ name }) => assumptionNames[name]).join(', ') || 'nothing that could be assumed';
  throw new UsageError(`--assume ${assumptionNames[known]}: the files leave open ${open}`);
}

function sayNothingToPlan(path: string, broken: Reading['broken']): string {
  const [first] = unreadFiles(broken);
  const cause = first
    ? `${first.place.path}:${first.place.line} cannot be read, ${first.why}`
    : 'leave the path out to plan with flags alone';
  return `${path} starts no web server that could be planned; ${cause}`;
}

function chooseTarget(targets: readonly CapacityTarget[], name: string | undefined): CapacityTarget | undefined {
  if (name === undefined) return targets[0];
  const found = targets.find(({ service }) => service.name === name);
  if (found) return found;
  const names = targets.map(({ service }) => service.name);
  throw new UsageError(`no web server "${name}" among ${names.join(', ')}${suggest(name, names)}`);
}

function format(
  { format: name, locale }: PlanCommand,
  from: { readonly read: ReadPlan; readonly colors: boolean },
): string {
  const { planned, target, others, broken } = from.read;
  const report = createPlanReport(planned, { others, broken, locale, project: target?.project });
  if (name === 'json') return formatPlanJson(report);
  if (name === 'markdown') return formatPlanMarkdown(report);
  return formatPlanText(report, { colors: from.colors, hints: planHints(report) });
}

interface GeneratedFile {
  readonly name: string;
  readonly text: string;
}

function generatedFiles(
  { runbook, loadTest, locale }: PlanCommand,
  { planned, target }: ReadPlan,
): readonly GeneratedFile[] {
  const { plan } = planned;
  return [
    ...(runbook ? [{ name: 'runbook.md', text: writeRunbook(target, { plan, locale }) }] : []),
    ...(loadTest ? [writeLoadTest(loadTest, { plan, target })] : []),
  ];
}

function writeFiles(
  files: readonly GeneratedFile[],
  to: { readonly command: PlanCommand; readonly terminal: Terminal },
): void {
  const { command, terminal } = to;
  if (command.output === undefined) {
    terminal.out(files.map(({ text }) => text).join('\n'));
    return;
  }
  const folder = resolve(terminal.folder, command.output);
  const present = files.map(({ name }) => join(folder, name)).find((path) => existsSync(path));
  if (present !== undefined) throw new UsageError(`${present} exists already`);
  createFolder(folder);
  for (const { name, text } of files) {
    writeNew(join(folder, name), text);
    terminal.err(`Wrote ${join(command.output, name)}\n`);
  }
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const isFile = ['EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
    throw new UsageError(isFile ? `${folder} is not a folder` : `${folder} cannot be made`);
  }
}

/** Never replaces a file: it may hold somebody's changes. */
function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UsageError(`${path} ${exists ? 'exists already' : 'cannot be written'}`);
  }
}
