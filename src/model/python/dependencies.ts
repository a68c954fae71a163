import { ancestorsOf } from './module-resolver.ts';
import type { PythonProgram } from './python-program.ts';

/** Evidence of a dependency's version in requirements files, pyproject.toml, Pipfile or lock files. */
export interface DependencyVersion {
  readonly major: number;
  /** "pins" for `==` and lock files, "at least" for `>=`. */
  readonly bound: 'pins' | 'at-least' | 'below';
}

const names = [
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
    for (const file of names) {
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
