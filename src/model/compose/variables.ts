import { parseEnv } from '../../parse/env.ts';
import type { EnvDialect, EnvFile, EnvValue } from '../../parse/env-tree.ts';
import { type MappedText, mappedLiteral, trailOf, unknownReason } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { Session } from '../session.ts';
import type { UnknownNote } from '../stack.ts';
import { type Known, known, type Unknown, unknown } from '../value.ts';
import { type Files, folderOf, nameOf } from '../workspace.ts';
import { interpolate, type Lookup } from './interpolate.ts';

/** The door to the workspace that every step of reading compose files shares. */
export interface ComposeReading {
  readonly files: Files;
  readonly session: Session;
}

/** What `${NAME}` in a project's files stands for, as far as its `.env` files say. */
export interface Variables {
  readonly lookup: Lookup;
  /** Env files that were read, in order. */
  readonly sources: readonly SourceText[];
}

/** Where a project's variables come from. */
export interface VariableFiles {
  /** Env files in order. */
  readonly paths: readonly string[];
  /** Which file decides where two set a variable: the first for the `.env` files of a project, else the last. */
  readonly decides: 'first' | 'last';
  /** Variables of the including project, which win. */
  readonly parent?: Variables | undefined;
}

/** Reads the `.env` files of a project; for a missing one its example file, whose values are assumed. */
export function readVariables(reading: ComposeReading, { paths, decides, parent }: VariableFiles): Variables {
  const found = new Map<string, Known<string> | Unknown<string>>();
  const sources = [...(parent?.sources ?? [])];
  for (const path of paths) {
    const file = openEnvFile(reading, path);
    if (!file) continue;
    sources.push(file.source);
    const before = new Map(found);
    const earlier: Lookup = (name) => before.get(name);
    const lookup: Lookup = (name) => parent?.lookup(name) ?? (decides === 'first' ? earlier(name) : undefined);
    for (const [name, value] of readEntries(reading, { file, dialect: 'compose', lookup, earlier })) {
      if (decides === 'last' || !before.has(name)) found.set(name, value);
    }
  }
  return { lookup: (name) => parent?.lookup(name) ?? found.get(name), sources };
}

/** An env file, or the example that stands in for it. */
export interface OpenedEnvFile {
  readonly source: SourceText;
  /** True for an example file: whatever it says is assumed. */
  readonly assumed: boolean;
}

/** The env file at this path, or an example file beside it when it does not exist. */
export function openEnvFile({ files }: ComposeReading, path: string): OpenedEnvFile | undefined {
  const source = files.read(path);
  if (source) return { source, assumed: false };
  if (files.exists(path)) return undefined;
  const example = exampleNames(nameOf(path))
    .map((name) => (folderOf(path) === '' ? name : `${folderOf(path)}/${name}`))
    .find((candidate) => files.exists(candidate));
  const text = example === undefined ? undefined : files.read(example);
  return text && { source: text, assumed: true };
}

/** What Compose refuses in an env file. */
export function checkEnvFile({ session }: ComposeReading, source: SourceText): readonly UnknownNote[] {
  const { errors } = session.derive(source, { kind: 'env:compose', from: (text) => parseEnv(text, 'compose') });
  // A line without a name sets nothing, and Compose takes it.
  const refused = errors.find(({ span }) => source.text[span.start] !== '=');
  return refused
    ? [{ what: source.path, why: 'Compose cannot read this line', at: { source, span: refused.span } }]
    : [];
}

function exampleNames(name: string): readonly string[] {
  const words = ['example', 'sample', 'template', 'dist'];
  const bare = name.replace(/^\./, '');
  const names = words.flatMap((word) =>
    ['.', '-', '_'].flatMap((sign) => [`${name}${sign}${word}`, `${bare}${sign}${word}`]),
  );
  const insides = words.map((word) => name.replace(/^(.*)\.([^.]+)$/, `$1.${word}.$2`));
  const prefixes = words.map((word) => `${word}.${bare}`);
  return [...new Set([...names, ...insides, ...prefixes])].filter((candidate) => candidate !== name);
}

/** How to read the entries of an env file. */
export interface EnvReading {
  readonly file: OpenedEnvFile;
  readonly dialect: EnvDialect;
  /** What wins over the file's own earlier entries when a value refers to a variable. */
  readonly lookup: Lookup;
  /** What files before this one set. */
  readonly earlier: Lookup;
}

/** The file's entries after interpolation, the last of a name winning; a bare name passes the shell's variable on. */
export function readEntries(
  { session }: ComposeReading,
  { file, dialect, lookup, earlier }: EnvReading,
): ReadonlyMap<string, Known<string> | Unknown<string>> {
  const parsed: EnvFile = session.derive(file.source, {
    kind: `env:${dialect}`,
    from: (text) => parseEnv(text, dialect),
  });
  const entries = new Map<string, Known<string> | Unknown<string>>();
  const inner: Lookup = (name) => lookup(name) ?? entries.get(name) ?? earlier(name);
  for (const { name, nameSpan, value } of parsed.entries) {
    if (value) {
      entries.set(name, readEntryValue(file, value, inner));
      continue;
    }
    const at = { source: file.source, span: nameSpan };
    entries.set(name, lookup(name) ?? unknown(`comes from the shell: ${name} is not in .env`, at));
  }
  return entries;
}

function readEntryValue(file: OpenedEnvFile, value: EnvValue, lookup: Lookup): Known<string> | Unknown<string> {
  const at: Location = { source: file.source, span: value.span };
  const hop: Hop = { at, says: `set in ${file.source.path}`, ...(file.assumed && { assumed: true }) };
  if (!value.expands || !value.text.includes('$')) return known(value.text, at, [hop]);
  const literal = (start: number, end: number): MappedText =>
    mappedLiteral(value.text.slice(start, end), { at, exact: false });
  const text = interpolate({ text: value.text, literal, locate: () => at }, lookup);
  const why = unknownReason(text);
  const trail = [hop, ...trailOf(text)];
  return why === undefined ? known(text.text, at, trail) : unknown(why, at, { trail });
}
