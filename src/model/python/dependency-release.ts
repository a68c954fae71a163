import { dependencyFiles } from './dependencies.ts';
import { ancestorsOf } from './module-resolver.ts';
import type { PythonProgram } from './python-program.ts';

/** Major and minor number of a release: 4.1. */
export type Release = readonly [major: number, minor: number];

/** The releases of a package that its dependency files allow; a bound that they leave open is undefined. */
export interface ReleaseRange {
  readonly least?: Release | undefined;
  /** The first release above the allowed ones. */
  readonly below?: Release | undefined;
}

/** True when every allowed release is older than this one, false when none is; undefined where the files leave it open. */
export function isOlderThan(range: ReleaseRange | undefined, release: Release): boolean | undefined {
  if (range?.below && compare(range.below, release) <= 0) return true;
  return range?.least && compare(range.least, release) >= 0 ? false : undefined;
}

/**
 * The releases of a package that the files of the nearest folder with evidence allow. Files that decide it (lock files,
 * `==`) win over those that give a range; several that differ widen it. Undefined without evidence.
 */
export function allowedReleases(program: PythonProgram, packageName: string): ReleaseRange | undefined {
  const folders = new Set(program.roots.flatMap((root) => ancestorsOf(root)));
  for (const folder of folders) {
    const ranges = dependencyFiles.flatMap((file) => {
      const path = folder === '' ? file : `${folder}/${file}`;
      const text = program.files.exists(path) ? program.files.read(path)?.text : undefined;
      return text === undefined ? [] : readRanges(text, { packageName, isLock: path.endsWith('.lock') });
    });
    const exact = ranges.filter(isExact);
    const decided = exact.length > 0 ? exact : ranges;
    if (decided.length > 0) return decided.reduce(widest);
  }
  return undefined;
}

interface Wanted {
  readonly packageName: string;
  readonly isLock: boolean;
}

function readRanges(text: string, { packageName, isLock }: Wanted): readonly ReleaseRange[] {
  const name = packageName.replace(/[-_.]/g, '[-_.]');
  if (isLock) {
    const locked = new RegExp(
      `name = "${name}"\\s+version = "([\\d.]+)|"${name}": \\{[^}]*"version": "==([\\d.]+)`,
      'gi',
    );
    return [...text.matchAll(locked)].map(([, plain, json]) => readClauses(`==${plain ?? json}`));
  }
  const mention = new RegExp(`(?:^[^\\S\\n]*|["'])${name}(?:\\[[^\\]\\n]*\\])?(?![\\w.-])(.*)$`, 'gim');
  return [...text.matchAll(mention)].map(([, rest = '']) => readClauses(specifierOf(rest)));
}

/** What follows a package's name: `>=3.2,<4 ; marker`, `>=3.2", "next"`, `= "^3.2"`, `= { version = "^3.2" }`. */
function specifierOf(rest: string): string {
  const assigned = /^["']?\s*=\s*(?:["']|\{.*?\bversion\s*=\s*["'])([^"']*)/.exec(rest)?.[1];
  if (assigned !== undefined) return /^[\d.*]+$/.test(assigned) ? `==${assigned}` : assigned;
  return rest.replace(/["';#@].*|\s--.*/, '');
}

/** The releases that satisfy every clause; an empty range where there is none. */
function readClauses(specifier: string): ReleaseRange {
  const clauses = [...specifier.matchAll(/(===?|~=|!=|<=|>=|<|>|\^|~)\s*v?(\d+)((?:\.(?:\d+|\*))*)/g)];
  return clauses.reduce<ReleaseRange>((range, [, operator = '', major = '', parts = '']) => {
    const bound = boundsOf(operator, { major: Number(major), parts: parts.split('.').slice(1) });
    return {
      least: pick(range.least, bound.least, (order) => order < 0),
      below: pick(range.below, bound.below, (order) => order > 0),
    };
  }, {});
}

interface Version {
  readonly major: number;
  /** Minor and patch as written: `2`, `*`. */
  readonly parts: readonly string[];
}

/** One clause as whole releases: 4.0.3 belongs to release 4.0. */
function boundsOf(operator: string, { major, parts }: Version): ReleaseRange {
  const [second, third] = parts;
  const hasMinor = second !== undefined && second !== '*';
  const minor = hasMinor ? Number(second) : 0;
  const nextMinor: Release = [major, minor + 1];
  const nextMajor: Release = [major + 1, 0];
  switch (operator) {
    case '==':
    case '===':
      return { least: [major, minor], below: second === '*' ? nextMajor : nextMinor };
    case '~=':
      return { least: [major, minor], below: third === undefined ? nextMajor : nextMinor };
    case '~':
      return { least: [major, minor], below: hasMinor ? nextMinor : nextMajor };
    case '^':
      return { least: [major, minor], below: major === 0 ? nextMinor : nextMajor };
    case '>=':
    case '>':
      return { least: [major, minor] };
    case '<':
      return { below: third === undefined || Number(third) === 0 ? [major, minor] : nextMinor };
    case '<=':
      return { below: nextMinor };
    default:
      return {};
  }
}

/** The tighter of two bounds: the second one where it stands on that side of the first. */
function pick(
  first: Release | undefined,
  second: Release | undefined,
  isTighter: (order: number) => boolean,
): Release | undefined {
  if (!first || !second) return first ?? second;
  return isTighter(compare(first, second)) ? second : first;
}

/** Releases that either range allows. */
function widest(left: ReleaseRange, right: ReleaseRange): ReleaseRange {
  return {
    least: left.least && right.least && (compare(left.least, right.least) < 0 ? left.least : right.least),
    below: left.below && right.below && (compare(left.below, right.below) > 0 ? left.below : right.below),
  };
}

function isExact({ least, below }: ReleaseRange): boolean {
  return least !== undefined && below !== undefined && compare(below, [least[0], least[1] + 1]) <= 0;
}

function compare(left: Release, right: Release): number {
  return left[0] - right[0] || left[1] - right[1];
}
