import { parseYaml } from '../parse/yaml.ts';
import { mappingEntries } from '../parse/yaml-read.ts';
import type { YamlNode, YamlScalar } from '../parse/yaml-tree.ts';
import { type Goal, noGoal } from '../plan/goal.ts';
import { type Rule, type RuleOption, type Severity, severities } from '../rules/rule.ts';
import type { SourceText } from '../text/source-text.ts';
import type { Location, Span } from '../text/span.ts';
import { notices } from './notices.ts';
import { readBytes, readSeconds } from './quantities.ts';

/** What `headroom.yaml` says. */
export interface Configuration {
  readonly goal: Goal;
  readonly rules: ReadonlyMap<string, RuleSetting>;
  /** Glob patterns of files and folders that are not looked at. */
  readonly exclude: readonly string[];
  /** Compose files, in merge order, that form the only compose project; empty to find the projects. */
  readonly composeFiles: readonly string[];
}

export interface RuleSetting {
  /** 'off' silences the rule; a severity caps the rule's own. */
  readonly severity: Severity | 'off' | undefined;
  readonly options: Readonly<Record<string, number | boolean | string>>;
}

export interface ConfigurationProblem {
  readonly at: Location;
  readonly text: string;
}

/** A configuration that changes nothing. */
export const defaultConfiguration: Configuration = { goal: noGoal, rules: new Map(), exclude: [], composeFiles: [] };

/** Names that a configuration file may have, in the root of the workspace. */
export const configurationNames = ['headroom.yaml', 'headroom.yml', '.headroom.yaml'] as const;

/** Reads `headroom.yaml`; what cannot be used becomes a problem at its place and the rest still applies. */
export function readConfiguration(
  source: SourceText,
  rules: readonly Rule[],
): { configuration: Configuration; problems: readonly ConfigurationProblem[] } {
  const problems: ConfigurationProblem[] = [];
  const report = (span: Span, text: string) => problems.push({ at: { source, span }, text });
  const document = parseYaml(source.text);
  for (const error of document.errors.slice(0, 1)) report(error.span, 'This line is not valid YAML.');
  const draft: Section['draft'] = {
    load: noGoal.load,
    host: noGoal.host,
    memory: noGoal.memory,
    spans: {},
    rules: new Map<string, RuleSetting>(),
    exclude: [],
    composeFiles: [],
  };
  const root = document.root;
  if (root && root.kind !== 'mapping' && !(root.kind === 'scalar' && root.value === null))
    report(root.span, 'headroom.yaml must be a mapping.');
  for (const { key, value } of root ? entries(root) : []) {
    const section = sections[key.text];
    if (section) section({ node: value, key, draft, rules, report });
    else report(key.span, `Unknown key "${key.text}".${suggestion(key.text, Object.keys(sections))}`);
  }
  const { load, host, memory, spans } = draft;
  const places = Object.fromEntries(Object.entries(spans).map(([name, span]) => [name, { source, span }]));
  const goal = { load, host, memory, ...places };
  return {
    configuration: { goal, rules: draft.rules, exclude: draft.exclude, composeFiles: draft.composeFiles },
    problems,
  };
}

interface Section {
  readonly node: YamlNode | undefined;
  readonly key: YamlScalar;
  readonly draft: {
    load: Goal['load'];
    readonly spans: { loadAt?: Span; hostAt?: Span; memoryAt?: Span };
    host: Goal['host'];
    memory: Goal['memory'];
    rules: Map<string, RuleSetting>;
    exclude: string[];
    composeFiles: string[];
  };
  readonly rules: readonly Rule[];
  readonly report: (span: Span, text: string) => void;
}

const sections: Readonly<Record<string, (section: Section) => void>> = {
  load: readLoad,
  host: readHost,
  memory: readMemory,
  rules: readRules,
  exclude: (section) => readTexts(section, { list: section.draft.exclude, items: 'patterns', item: 'pattern' }),
  composeFiles: (section) => readTexts(section, { list: section.draft.composeFiles, items: 'files', item: 'file' }),
};

function readLoad(section: Section): void {
  const fields = readFields(section, {
    users: count,
    thinkSeconds: seconds,
    responseSeconds: positiveSeconds,
    cpuSeconds: seconds,
    databaseCpuSeconds: seconds,
  });
  if (fields.users === undefined) {
    if (section.node)
      section.report(section.key.span, '"load" needs "users", the number of people using the application at once.');
    return;
  }
  const responseSeconds = fields.responseSeconds ?? 0.5;
  const { cpuSeconds, databaseCpuSeconds } = fields;
  const computes = (cpuSeconds ?? 0) + (databaseCpuSeconds ?? 0);
  if (computes > responseSeconds) {
    const says = '"cpuSeconds" and "databaseCpuSeconds" are parts of "responseSeconds" and cannot be longer together.';
    section.report(section.key.span, says);
    return;
  }
  const thinkSeconds = fields.thinkSeconds ?? 1;
  section.draft.load = { users: fields.users, thinkSeconds, responseSeconds, cpuSeconds, databaseCpuSeconds };
  section.draft.spans.loadAt = section.key.span;
}

function readHost(section: Section): void {
  const fields = readFields(section, { cpus: positive, memory: bytes, shared: flag });
  section.draft.spans.hostAt = section.key.span;
  section.draft.host = { cpus: fields.cpus, memoryBytes: fields.memory, shared: fields.shared === 1 };
}

function readMemory(section: Section): void {
  const fields = readFields(section, { perWorker: bytes, base: bytes, perConnection: bytes });
  section.draft.spans.memoryAt = section.key.span;
  section.draft.memory = {
    perWorkerBytes: fields.perWorker,
    baseBytes: fields.base,
    perConnectionBytes: fields.perConnection,
  };
}

function readRules(section: Section): void {
  for (const { key, value } of section.node ? entries(section.node) : []) {
    const rule = section.rules.find((candidate) => candidate.id === key.text);
    if (!rule && !Object.hasOwn(notices, key.text)) {
      const ids = section.rules.map((candidate) => candidate.id);
      section.report(key.span, `There is no rule "${key.text}".${suggestion(key.text, ids)}`);
      continue;
    }
    if (value?.kind === 'scalar')
      section.draft.rules.set(key.text, { severity: readSeverity(value, section), options: {} });
    else if (value?.kind === 'mapping') section.draft.rules.set(key.text, readRuleMapping(value, { rule, section }));
    else section.report(key.span, `"${key.text}" needs a severity (${severities.join(', ')} or off).`);
  }
}

function readRuleMapping(node: YamlNode, work: { rule: Rule | undefined; section: Section }): RuleSetting {
  let severity: RuleSetting['severity'];
  const options: Record<string, number | boolean | string> = {};
  const known: Record<string, RuleOption> = work.rule?.options ?? {};
  for (const { key, value } of entries(node)) {
    if (key.text === 'severity' && value?.kind === 'scalar') severity = readSeverity(value, work.section);
    else if (!Object.hasOwn(known, key.text)) {
      const names = ['severity', ...Object.keys(known)];
      work.section.report(key.span, `Unknown option "${key.text}".${suggestion(key.text, names)}`);
    } else if (
      value?.kind === 'scalar' &&
      typeof value.value === typeof known[key.text]?.default &&
      value.value !== null
    ) {
      options[key.text] = value.value;
    } else work.section.report(key.span, `"${key.text}" must be a ${typeof known[key.text]?.default}.`);
  }
  return { severity, options };
}

function readSeverity(node: YamlScalar, section: Section): RuleSetting['severity'] {
  const text = node.value === false ? 'off' : node.text;
  const found = [...severities, 'off' as const].find((severity) => severity === text);
  if (!found) section.report(node.span, `"${node.text}" is not a severity (${severities.join(', ')} or off).`);
  return found;
}

function readTexts(section: Section, into: { list: string[]; items: string; item: string }): void {
  if (section.node?.kind !== 'sequence') {
    section.report(section.key.span, `"${section.key.text}" must be a list of ${into.items}.`);
    return;
  }
  for (const item of section.node.items) {
    if (item.kind === 'scalar' && item.text !== '') into.list.push(item.text);
    else section.report(item.span, `A ${into.item} must be a text.`);
  }
}

type FieldReader = (node: YamlScalar) => number | string;

function readFields<Name extends string>(
  section: Section,
  readers: Readonly<Record<Name, FieldReader>>,
): Partial<Record<Name, number>> {
  const result: Partial<Record<Name, number>> = {};
  if (section.node && section.node.kind !== 'mapping')
    section.report(section.node.span, `"${section.key.text}" must be a mapping.`);
  for (const { key, value } of section.node ? entries(section.node) : []) {
    const name = (Object.keys(readers) as Name[]).find((candidate) => candidate === key.text);
    if (!name) section.report(key.span, `Unknown key "${key.text}".${suggestion(key.text, Object.keys(readers))}`);
    else if (value?.kind !== 'scalar') section.report(key.span, `"${key.text}" needs a value.`);
    else {
      const read = readers[name](value);
      if (typeof read === 'number') result[name] = read;
      else section.report(value.span, `"${key.text}" must be ${read}.`);
    }
  }
  return result;
}

/** Readers give the number, or the words for what is expected. */
function count(node: YamlScalar): number | string {
  return typeof node.value === 'number' && Number.isInteger(node.value) && node.value >= 1
    ? node.value
    : 'a whole number of at least 1';
}

function positive(node: YamlScalar): number | string {
  return typeof node.value === 'number' && Number.isFinite(node.value) && node.value > 0
    ? node.value
    : 'a number above 0';
}

function seconds(node: YamlScalar): number | string {
  return readSeconds(node.text) ?? 'a number of seconds, such as 1 or 500ms';
}

function positiveSeconds(node: YamlScalar): number | string {
  const value = readSeconds(node.text);
  return value !== undefined && value > 0 ? value : 'a number of seconds above 0, such as 0.5 or 200ms';
}

function bytes(node: YamlScalar): number | string {
  const value = readBytes(node.text);
  return value !== undefined && value > 0 ? value : 'an amount of memory, such as 512MiB or 8GiB';
}

function flag(node: YamlScalar): number | string {
  return typeof node.value === 'boolean' ? Number(node.value) : 'true or false';
}

function entries(node: YamlNode) {
  return node.kind === 'mapping' ? mappingEntries(node) : [];
}

function suggestion(word: string, candidates: readonly string[]): string {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
  const near = candidates.find(
    (candidate) => plain(candidate) === plain(word) || distance(plain(candidate), plain(word)) <= 2,
  );
  return near ? ` Did you mean "${near}"?` : '';
}

function distance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 2) return 3;
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
