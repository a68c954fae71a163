import { finish, flatMapPausing, type Pausable } from '../model/pausable.ts';
import { type Reading, readWorkspacePausing } from '../model/read-workspace.ts';
import type { Session } from '../model/session.ts';
import type { Project } from '../model/stack.ts';
import { resolveInside, type Workspace } from '../model/workspace.ts';
import type { OptionValues, Rule, RuleOption, Severity, Subjects } from '../rules/rule.ts';
import type { SourceText } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';
import { completeFinding } from './complete-finding.ts';
import { type Configuration, configurationNames, defaultConfiguration, readConfiguration } from './configuration.ts';
import type { Finding, Report } from './finding.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type NoticeId, notices } from './notices.ts';
import { findSuppressions, type Suppression, suppresses } from './suppressions.ts';

export interface AnalysisRequest {
  readonly workspace: Workspace;
  readonly session: Session;
  readonly rules: readonly Rule[];
  /** When given, only these rules run and no notices are made: for tests of one rule. */
  readonly onlyRules?: ReadonlySet<string>;
  /** A configuration to use instead of the workspace's `headroom.yaml`. */
  readonly configurationFile?: SourceText;
  /** Compose files that the user has chosen, in merge order, before those of the configuration. */
  readonly composeFiles?: readonly string[];
  /** Severities from the host's own settings, for rules that the configuration says nothing about. */
  readonly severities?: ReadonlyMap<string, Severity | 'off'>;
}

export interface Analysis {
  readonly report: Report;
  readonly reading: Reading;
  /** Files the host should load before the report is final; empty when it is. */
  readonly wanted: ReadonlySet<string>;
  readonly configuration: Configuration;
}

/** Reads the workspace and judges it with every rule. */
export function analyse(request: AnalysisRequest): Analysis {
  return finish(analysePausing(request));
}

/** `analyse` as pausable work; the workspace must stay as it is until the work is done. */
export function* analysePausing(request: AnalysisRequest): Pausable<Analysis> {
  const { workspace, session, rules } = request;
  const name = configurationNames.find((candidate) => workspace.paths.has(candidate));
  const configurationFile = request.configurationFile ?? (name === undefined ? undefined : workspace.texts.get(name));
  const wanted = new Set<string>();
  if (name !== undefined && !configurationFile && !workspace.skipped.has(name)) wanted.add(name);
  const { configuration: written, problems } = configurationFile
    ? readConfiguration(configurationFile, rules)
    : { configuration: defaultConfiguration, problems: [] };
  const configuration = withSeverities(written, request.severities);
  const chosen = request.composeFiles ?? configuration.composeFiles;
  const composeFiles = chosen.map((path) => resolveInside('', path) ?? path);
  const reading = yield* readWorkspacePausing(workspace, session, { composeFiles });
  for (const path of reading.wanted) wanted.add(path);
  const failures: { rule: string; error: string }[] = [];
  const found: Finding[] = [];
  if (wanted.size === 0) {
    for (const project of reading.stack.projects)
      found.push(...(yield* judgeProject(project, { request, configuration, failures })));
  }
  const judged = dropRepeats(found);
  const files = filesOf(reading, configurationFile);
  const { findings, unused } = suppress(judged, files);
  const own = request.onlyRules
    ? []
    : [
        ...problems.map((problem) => notice('configuration-invalid', problem)),
        ...reading.broken.map(({ at, why }) =>
          notice('file-not-analysed', { at, text: `This file is not analysed: ${why}.` }),
        ),
        ...(wanted.size === 0 ? unused : []),
      ].filter((entry) => configuration.rules.get(entry.rule)?.severity !== 'off');
  const report: Report = {
    findings: [...findings, ...own].sort(byPlace),
    unknowns: reading.stack.projects.flatMap((project) => project.unknowns),
    filesRead: files.map((file) => file.path).sort(),
    filesSkipped: [
      ...[...workspace.skipped].map(([path, why]) => ({ path, why })),
      ...composeFiles
        .filter((path) => !workspace.paths.has(path))
        .map((path) => ({ path, why: 'chosen as a compose file, and not in the workspace' })),
    ],
    failures,
  };
  return { report, reading, wanted, configuration };
}

function withSeverities(configuration: Configuration, severities: AnalysisRequest['severities']): Configuration {
  if (!severities || severities.size === 0) return configuration;
  const added = [...severities].map(([rule, severity]) => [rule, { severity, options: {} }] as const);
  return { ...configuration, rules: new Map([...added, ...configuration.rules]) };
}

interface Judging {
  readonly request: AnalysisRequest;
  readonly configuration: Configuration;
  readonly failures: { rule: string; error: string }[];
}

function judgeProject(project: Project, judging: Judging): Pausable<readonly Finding[]> {
  const { request, configuration, failures } = judging;
  return flatMapPausing(request.rules, (rule) => {
    const setting = configuration.rules.get(rule.id);
    if (setting?.severity === 'off' || (request.onlyRules && !request.onlyRules.has(rule.id))) return [];
    if (rule.production && project.stage.name !== 'production') return [];
    const options = { ...defaultOptions(rule), ...setting?.options } as OptionValues<Record<string, RuleOption>>;
    try {
      return subjectsOf(project, rule.on).flatMap((subject) =>
        [...rule.check(subject as Subjects[keyof Subjects], { project, goal: configuration.goal, options })].map(
          (finding) => completeFinding(finding, { rule, project, cap: setting?.severity, failures }),
        ),
      );
    } catch (error) {
      failures.push({ rule: rule.id, error: error instanceof Error ? error.name : 'unknown error' });
      return [];
    }
  });
}

function defaultOptions(rule: Rule): Record<string, number | boolean | string> {
  return Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, option]) => [name, option.default]));
}

function subjectsOf(project: Project, on: keyof Subjects): readonly Subjects[keyof Subjects][] {
  if (on === 'project') return [{ project }];
  if (on === 'store') return project.stores.map((store) => ({ store }));
  const services = project.services.filter((service) => service.active);
  if (on === 'service') return services.map((service) => ({ service }));
  const processes = services.flatMap((service) => service.processes.map((process) => ({ process, service })));
  if (on === 'process') return processes;
  return processes.flatMap((entry) => entry.process.pools.map((pool) => ({ ...entry, pool })));
}

/** One place, one rule, one subject: said once, whichever project or process it was found through. */
function dropRepeats(findings: readonly Finding[]): Finding[] {
  const kept = new Map<string, Finding>();
  for (const finding of findings) {
    const { source, span } = finding.at;
    const key = `${finding.rule}|${source.path}|${span.start}|${span.end}`;
    const before = kept.get(key);
    if (!before || rank(finding) < rank(before)) kept.set(key, finding);
  }
  return [...kept.values()];
}

function rank(finding: Finding): number {
  return ['error', 'warning', 'information', 'hint'].indexOf(finding.severity);
}

function filesOf(reading: Reading, configurationFile: SourceText | undefined): readonly SourceText[] {
  const files = new Set<SourceText>(reading.files);
  if (configurationFile) files.add(configurationFile);
  return [...files];
}

function suppress(
  findings: readonly Finding[],
  files: readonly SourceText[],
): { findings: Finding[]; unused: Finding[] } {
  const suppressions = new Map<SourceText, readonly Suppression[]>();
  const sources = new Set([...files, ...findings.map((finding) => finding.at.source)]);
  for (const source of sources) suppressions.set(source, findSuppressions(source));
  const used = new Set<Suppression>();
  const marked = findings.map((finding) => {
    const match = suppressions.get(finding.at.source)?.find((suppression) => suppresses(suppression, finding));
    if (!match) return finding;
    used.add(match);
    return { ...finding, suppressed: { reason: match.reason } };
  });
  const unused = [...suppressions.values()].flat().filter((suppression) => !used.has(suppression));
  return {
    findings: marked,
    unused: unused.map((suppression) =>
      notice(
        'unused-ignore',
        {
          at: suppression.at,
          text: `This comment silences nothing: no finding of ${suppression.rules.join(', ')} is here.`,
        },
        removalOf(suppression),
      ),
    ),
  };
}

function removalOf(suppression: Suppression): Finding['fixes'] {
  const { source, span } = suppression.at;
  const lineStart = source.lineStarts[suppression.line] ?? 0;
  const nextLine = source.lineStarts[suppression.line + 1] ?? source.text.length;
  let start = span.start;
  while (start > lineStart && /[ \t]/.test(source.text[start - 1] ?? '')) start--;
  const whole = suppression.alone ? { start: lineStart, end: nextLine } : { start, end: span.end };
  return [
    {
      title: 'Remove the comment',
      message: { says: 'removeComment' },
      safety: 'safe',
      edits: [{ source, span: whole, newText: '' }],
      refused: undefined,
    },
  ];
}

function notice(id: NoticeId, entry: { at: Location; text: string }, fixes: Finding['fixes'] = []): Finding {
  return {
    rule: id,
    severity: notices[id].severity,
    project: '',
    subject: id,
    fingerprint: fingerprintOf({ rule: id, path: entry.at.source.path, subject: id, evidence: entry.text }),
    at: entry.at,
    message: { says: 'notice', with: { text: entry.text } },
    text: entry.text,
    assumed: false,
    trail: [],
    fixes,
    suppressed: undefined,
  };
}

function byPlace(left: Finding, right: Finding): number {
  const path = left.at.source.path < right.at.source.path ? -1 : left.at.source.path > right.at.source.path ? 1 : 0;
  return (
    path ||
    left.at.span.start - right.at.span.start ||
    left.at.span.end - right.at.span.end ||
    (left.rule < right.rule ? -1 : 1)
  );
}
