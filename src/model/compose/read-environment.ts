import { sliceMapped } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import { textValue } from '../mapped-value.ts';
import type { Environment } from '../stack.ts';
import { unknown, type Value, winsOver } from '../value.ts';
import { resolveInside } from '../workspace.ts';
import { type ConfigEntry, type ConfigNode, type ConfigScalar, childOf, entriesOf, itemsOf } from './config-node.ts';
import { knownChild, knownText, sharedHops, stringValue, textOf } from './config-text.ts';
import type { ServiceContext } from './read-setting.ts';
import { type ComposeReading, openEnvFile, readEntries } from './variables.ts';

/** What the service's programs see: `env_file` in order, then `environment`, which wins; adds the files to `sources`. */
export function readEnvironment(
  context: ServiceContext,
  { reading, sources }: { reading: ComposeReading; sources: Set<SourceText> },
): Environment {
  const own = readPairs(childOf(context.body, 'environment'));
  const variables = new Map<string, Value<string>>();
  const reasons = context.body.incomplete === undefined ? [] : [context.body.incomplete];
  for (const file of readEnvFiles(childOf(context.body, 'env_file'))) {
    const why = addEnvFile(variables, { context, reading, sources, file, own });
    if (why === undefined) continue;
    reasons.push(why);
    context.notes.push({ what: `the environment of ${context.name}`, why, at: file.node.at });
  }
  for (const [name, value] of own) {
    variables.set(name, winsOver(value, variables.get(name), 'environment wins over env_file'));
  }
  return { variables, complete: reasons.length === 0, ...(reasons.length > 0 && { why: reasons.join('; ') }) };
}

/** `KEY=value` items, a mapping, or a mix of both after merging; the last of a key wins. */
export function readPairs(node: ConfigNode | undefined): ReadonlyMap<string, Value<string>> {
  const pairs = new Map<string, Value<string>>();
  // Compose takes `x-` keys out of mappings wherever they stand.
  for (const entry of entriesOf(node)) if (!entry.key.startsWith('x-')) pairs.set(entry.key, readEntry(entry));
  for (const item of itemsOf(node)) {
    for (const entry of entriesOf(item)) pairs.set(entry.key, readEntry(entry));
    const pair = item.kind === 'scalar' ? splitPair(item) : undefined;
    if (pair) pairs.set(pair.name, pair.value);
  }
  return pairs;
}

function readEntry({ key, keyAt, value }: ConfigEntry): Value<string> {
  if (value.kind === 'null') return passThrough(key, { ...value, at: keyAt });
  return stringValue(value) ?? unknown('Compose refuses this value', value.at);
}

function splitPair(item: ConfigScalar): { name: string; value: Value<string> } | undefined {
  const mapped = textOf(item);
  const equals = mapped.text.indexOf('=');
  const name = equals === -1 ? mapped.text : mapped.text.slice(0, equals);
  if (name === '') return undefined;
  if (equals === -1) return { name, value: passThrough(name, item) };
  const end = mapped.text.length;
  const closing = item.scalar.style === 'single' || item.scalar.style === 'double' ? 1 : 0;
  const last = item.at.span.end - closing;
  const empty = { source: item.at.source, span: { start: last, end: last } };
  const value = textValue(sliceMapped(mapped, { start: equals + 1, end }), equals + 1 < end ? item.at : empty);
  return { name, value: { ...value, trail: [...sharedHops(item), ...value.trail] } };
}

/** A bare name takes its value from the shell or from `.env`. */
function passThrough(name: string, node: ConfigNode): Value<string> {
  const found = node.scope.variables.lookup(name);
  if (found) return { ...found, trail: [{ at: node.at, says: 'passed through' }, ...found.trail] };
  return unknown(`comes from the shell: ${name} is not in .env`, node.at);
}

interface EnvFileItem {
  readonly node: ConfigNode;
  readonly path: string | undefined;
  readonly raw: boolean;
}

/** The files in order; one that is named twice counts where it first stands, as the last mention says. */
function readEnvFiles(node: ConfigNode | undefined): readonly EnvFileItem[] {
  const items = node?.kind === 'scalar' || node?.kind === 'mapping' ? [node] : itemsOf(node);
  const files = new Map<string, EnvFileItem>();
  for (const [index, item] of items.entries()) {
    const text = item.kind === 'mapping' ? knownChild(item, 'path') : knownText(item);
    const path = text === undefined ? undefined : resolveInside(item.scope.folder, text);
    files.set(text === undefined ? `#${index}` : `${item.scope.folder}/${text}`, {
      node: item,
      path,
      raw: knownChild(item, 'format') === 'raw',
    });
  }
  return [...files.values()];
}

interface EnvFileAddition {
  readonly context: ServiceContext;
  readonly reading: ComposeReading;
  readonly sources: Set<SourceText>;
  readonly file: EnvFileItem;
  readonly own: ReadonlyMap<string, Value<string>>;
}

/** Adds a file's entries; returns why the environment is not complete all the same. */
function addEnvFile(variables: Map<string, Value<string>>, addition: EnvFileAddition): string | undefined {
  const { context, reading, sources, file, own } = addition;
  if (file.path === undefined) return 'the path of an env_file is unknown or leads out of the workspace';
  const opened = openEnvFile(reading, file.path);
  if (!opened)
    return reading.files.exists(file.path)
      ? `env_file ${file.path} cannot be read`
      : `env_file ${file.path} is not in the workspace`;
  sources.add(opened.source);
  const entries = readEntries(reading, {
    file: opened,
    dialect: file.raw ? 'raw' : 'compose',
    lookup: (name) => context.variables.lookup(name) ?? own.get(name),
    earlier: (name) => variables.get(name),
  });
  for (const [name, value] of entries) {
    variables.set(name, winsOver(value, variables.get(name), 'a later env_file wins'));
  }
  return opened.assumed ? `env_file ${file.path} is not in the workspace; ${opened.source.path} was read` : undefined;
}
