import { parseEnv } from '../../parse/env.ts';
import { type EnvLine, type LineDialect, readEnvLines } from '../../parse/env-lines.ts';
import type { SourceText } from '../../text/source-text.ts';
import { derive } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import { known, unknown } from '../value.ts';
import type { Frame } from './frame.ts';
import { folderOfPath, normalisePath } from './paths.ts';
import type { PythonData } from './python-data.ts';
import { joinText, markedText } from './python-text.ts';
import type { PythonValue } from './python-value.ts';

/** A file of variables that the code itself opens. */
export interface OpenedFile {
  readonly source: SourceText;
  /** True for an example file that stands in for one that is not in the workspace. */
  readonly assumed: boolean;
}

/** How a library reads its file. */
export type FileDialect = 'python-dotenv' | LineDialect;

/**
 * The file at a path as the program sees it (relative to its working directory), or an example beside it. When neither
 * is there, what the file would say is missing from the environment, unless the library only looks whether there is one.
 */
export function openFile(path: string, frame: Frame, isOptional?: 'optional'): OpenedFile | undefined {
  const { disk, resolver, missingFiles } = frame.runtime;
  const whole = normalisePath(path);
  const found = disk.find(whole);
  const source = found === undefined ? undefined : resolver.read(found);
  if (source) return { source, assumed: false };
  if (found !== undefined || disk.isKeptOut(whole)) return undefined;
  for (const suffix of exampleSuffixes) {
    const example = disk.find(`${whole}${suffix}`);
    const text = example === undefined ? undefined : resolver.read(example);
    if (text) return { source: text, assumed: true };
  }
  if (!isOptional && disk.mayExist(whole)) missingFiles.add(whole.slice(whole.lastIndexOf('/') + 1));
  return undefined;
}

const exampleSuffixes = ['.', '-', '_'].flatMap((sign) =>
  ['example', 'sample', 'template', 'dist'].map((word) => `${sign}${word}`),
);

/** The first of the named files in the folder of the code that asks (or the one given), or above it. */
export function findUpwards(names: readonly string[], frame: Frame, start?: string): string | undefined {
  const { disk } = frame.runtime;
  let folder = start ?? folderOfPath(disk.pathOf(frame.source.path));
  for (let step = 0; step < 40; step++) {
    const paths = names.map((name) => (folder === '/' ? `/${name}` : `${folder}/${name}`));
    const found = paths.find((path) => disk.find(path) !== undefined);
    if (found !== undefined) return found;
    if (folder === folderOfPath(folder)) break;
    folder = folderOfPath(folder);
  }
  return undefined;
}

/** The variables of a file, the last of a name winning. `lookup` gives what references of the file may mean first. */
export function readVariables(
  file: OpenedFile,
  how: { readonly dialect: FileDialect; readonly lookup: (name: string) => PythonValue | undefined },
): ReadonlyMap<string, PythonValue> {
  const variables = new Map<string, PythonValue>();
  for (const line of linesOf(file.source, how.dialect)) {
    const at: Location = { source: file.source, span: line.span };
    const hop: Hop = { at, says: `set in ${file.source.path}`, ...(file.assumed && { assumed: true }) };
    const plain = known<PythonData>(line.text, at, [hop]);
    const expands = how.dialect === 'python-dotenv' && line.text.includes('${');
    variables.set(line.name, expands ? expand(plain.value as string, { plain, variables, lookup: how.lookup }) : plain);
  }
  return variables;
}

function linesOf(source: SourceText, dialect: FileDialect): readonly EnvLine[] {
  if (dialect !== 'python-dotenv')
    return derive(source, { kind: `env-lines:${dialect}`, from: (text) => readEnvLines(text, dialect) });
  return derive(source, {
    kind: 'env-lines:python-dotenv',
    from: (text) =>
      parseEnv(text, 'python-dotenv').entries.flatMap(({ name, value }) =>
        value ? [{ name, text: value.text, span: value.span }] : [],
      ),
  });
}

function expand(
  text: string,
  how: {
    readonly plain: PythonValue;
    readonly variables: ReadonlyMap<string, PythonValue>;
    readonly lookup: (name: string) => PythonValue | undefined;
  },
): PythonValue {
  const { plain, variables, lookup } = how;
  const parts: PythonValue[] = [];
  let done = 0;
  for (const match of text.matchAll(/\$\{([^}:]*)(?::-([^}]*))?\}/g)) {
    const [whole, name = '', fallback = ''] = match;
    parts.push({ ...plain, ...known(text.slice(done, match.index), plain.at, plain.trail) });
    parts.push(lookup(name) ?? variables.get(name) ?? known(fallback, plain.at));
    done = match.index + whole.length;
  }
  parts.push(known(text.slice(done), plain.at));
  const joined = joinText(parts, plain.at);
  const isWhole = joined?.known && markedText(joined.value) !== undefined;
  return isWhole ? joined : unknown('a reference in the file is not known', plain.at, { trail: plain.trail });
}
