import { folderOf, resolveInside } from '../workspace.ts';
import { ancestorsOf } from './module-resolver.ts';
import type { PythonProgram } from './python-program.ts';

/** Evidence of a dependency's version in requirements files, pyproject.toml, Pipfile or lock files. */
export interface DependencyVersion {
  readonly major: number;
  /** "pins" for `==` and lock files, "at least" for `>=`. */
  readonly bound: 'pins' | 'at-least' | 'below';
}

/** Files that say which packages a program installs, looked for in its folders and those above. */
export const dependencyFiles = [
  'requirements.txt',
  'requirements/base.txt',
  'requirements/production.txt',
  'requirements/prod.txt',
  'pyproject.toml',
  'Pipfile',
  'poetry.lock',
  'uv.lock',
  'Pipfile.lock',
];

/** The version of a package that the program's dependency files ask for; undefined without evidence. */
export function dependencyVersion(program: PythonProgram, packageName: string): DependencyVersion | undefined {
  const folders = new Set(program.roots.flatMap((root) => ancestorsOf(root)));
  const name = packageName.replace(/[-_.]/g, '[-_.]');
  for (const folder of folders) {
    for (const file of dependencyFiles) {
      const path = folder === '' ? file : `${folder}/${file}`;
      const text = program.files.exists(path) ? program.files.read(path)?.text : undefined;
      const version = text === undefined ? undefined : readVersion(text, name);
      if (version) return version;
    }
  }
  return undefined;
}

function readVersion(text: string, name: string): DependencyVersion | undefined {
  const locked = new RegExp(`name = "${name}"\\s+version = "(\\d+)`, 'i').exec(text);
  if (locked) return { major: Number(locked[1]), bound: 'pins' };
  const written = new RegExp(
    `(?:^|["'\\s])${name}(?:\\[[^\\]]*\\])?["']?\\s*(?:[:=]\\s*["'])?\\s*(==|~=|>=|\\^|<)?\\s*(\\d+)`,
    'im',
  ).exec(text);
  if (!written) return undefined;
  const operator = written[1];
  const major = Number(written[2]);
  return { major, bound: operator === '>=' ? 'at-least' : operator === '<' ? 'below' : 'pins' };
}

/** True for a version below the given major one, undefined where the files leave it open; false without evidence. */
export function isBelow(version: DependencyVersion | undefined, major: number): boolean | undefined {
  if (!version) return false;
  if (version.bound === 'below') return version.major <= major;
  if (version.major >= major) return false;
  return version.bound === 'pins' ? true : undefined;
}

/**
 * Every package that the program's dependency files install, in lower case with hyphens, and the extras that they name:
 * those often are called like what they bring. Undefined where they may install
 * more: only lock files and requirements that pin each package are taken for complete.
 */
export function listedPackages(program: PythonProgram): ReadonlySet<string> | undefined {
  const folders = new Set(program.roots.flatMap((root) => ancestorsOf(root)));
  const paths = [...folders].flatMap((folder) =>
    dependencyFiles.map((file) => (folder === '' ? file : `${folder}/${file}`)),
  );
  const present = paths.filter((path) => program.files.exists(path));
  const locks = present.filter((path) => path.endsWith('.lock'));
  const lists = present.filter((path) => path.endsWith('.txt'));
  const requirements = lists.map((path) => readRequirements(path, { program, seen: new Set() }));
  const locked = locks.map((path) => lockedPackages(program.files.read(path)?.text));
  const isComplete = locks.length > 0 ? !locked.includes(undefined) : lists.length > 0;
  if (!isComplete || requirements.includes(undefined)) return undefined;
  return new Set([...requirements, ...locked].flatMap((packages) => packages ?? []));
}

// poetry.lock and uv.lock name a package in a line, Pipfile.lock as the key of an object.
function lockedPackages(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const found = [...text.matchAll(/^name = "([\w.-]+)"|^ {8}"([\w.-]+)": \{/gm)];
  return found.map(([, name, key]) => plainName(name ?? key ?? ''));
}

function readRequirements(
  path: string,
  from: { readonly program: PythonProgram; readonly seen: Set<string> },
): readonly string[] | undefined {
  const { program, seen } = from;
  if (seen.has(path)) return [];
  seen.add(path);
  const text = program.files.read(path)?.text;
  if (text === undefined || seen.size > maximumIncludes) return undefined;
  const packages: string[] = [];
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const written = line.replace(/(^|\s)#.*$/, '').trim();
    const included = /^(?:-r|--requirement)[\s=]*(\S+)$/.exec(written)?.[1];
    if (included !== undefined) {
      const next = resolveInside(folderOf(path), included);
      const inner = next === undefined ? undefined : readRequirements(next, from);
      if (!inner) return undefined;
      packages.push(...inner);
    } else if (written !== '' && !/^(--?c|--(constraint|.*url|.*host|hash|.*binary|pre|find-links))\b/.test(written)) {
      const [, name, extras = ''] = /^([\w.-]+)\s*(?:\[([^\]]*)\]\s*)?===?/.exec(written) ?? [];
      if (name === undefined) return undefined;
      packages.push(...[name, ...extras.split(',')].map((word) => plainName(word.trim())));
    }
  }
  return packages;
}

const maximumIncludes = 20;

function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
