import { folderOf, nameOf, resolveInside } from '../workspace.ts';
import type { ComposeReading } from './variables.ts';

/** What commands say about the workspace's compose files. */
export interface NamedFiles {
  /** Lists that commands name with `-f`, each once. */
  readonly combinations: readonly (readonly string[])[];
  /** For each script that puts such a list together while it runs: the YAML files it names, in order. */
  readonly gathered: readonly (readonly string[])[];
}

/**
 * The compose files that commands name: commands in scripts, Makefiles, workflows, package.json and READMEs, and in the
 * comments of the compose files themselves.
 */
export function findNamedFiles(reading: ComposeReading, composeFiles: readonly string[]): NamedFiles {
  const { files, session } = reading;
  const scripts = files.once('scripts that may call Compose', listScripts);
  const found = new Map<string, readonly string[]>();
  const gathered: (readonly string[])[] = [];
  for (const path of [...composeFiles, ...scripts]) {
    const source = files.read(path);
    if (!source) continue;
    const folders = ['', folderOf(path)];
    const calls = session.derive(source, { kind: 'compose-calls', from: readCalls });
    for (const names of calls.lists) {
      const paths = resolveAll(reading, { names, folders });
      if (paths) found.set(paths.join('\n'), paths);
    }
    const named = calls.gathered.flatMap((name) => resolveAll(reading, { names: [name], folders }) ?? []);
    if (named.length > 0) gathered.push(named);
  }
  return { combinations: [...found.values()], gathered };
}

function listScripts(paths: ReadonlySet<string>): readonly string[] {
  return [...paths].filter(mayCallCompose).sort(nearestFirst).slice(0, maximumScripts);
}

const maximumScripts = 40;
const maximumCalls = 50;

function mayCallCompose(path: string): boolean {
  if (path.includes('.github/')) return /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path);
  const first = path.indexOf('/');
  const second = first === -1 ? -1 : path.indexOf('/', first + 1);
  // Most files of a large workspace lie deeper, and this is asked of each of them.
  if (second !== -1 && path.includes('/', second + 1)) return false;
  const name = nameOf(path);
  return pipelines.test(path) || isBareScript(path) || scripts.test(name) || (second === -1 && name === 'package.json');
}

/** A script may have no extension: `start`, `bin/up`. */
function isBareScript(path: string): boolean {
  return (
    /^(?:(?:bin|scripts?|tools|ops)\/)?[a-z][\w-]*$/.test(path) && !/env|secret|password|token|key|cred/.test(path)
  );
}

const pipelines =
  /(?:^|\/)(?:\.gitlab-ci|\.travis|\.drone|\.circleci\/config|bitbucket-pipelines|azure-pipelines)\.ya?ml$/;
const scripts =
  /^(?:GNU)?makefile$|^\.?justfile$|^taskfile\.ya?ml$|^(?:readme|deploy\w*|install\w*)(?:\.\w+)?$|\.sh$|\.mk$/i;

function nearestFirst(left: string, right: string): number {
  return left.split('/').length - right.split('/').length || (left < right ? -1 : Number(left > right));
}

interface ComposeCalls {
  readonly lists: readonly (readonly string[])[];
  readonly gathered: readonly string[];
}

/**
 * The operands of `-f` of every `docker compose` call; a variable counts where the text assigns it once. Calls whose paths
 * another folder resolves are left out.
 */
function readCalls(text: string): ComposeCalls {
  const joined = text.replace(/\\\r?\n\s*/g, ' ');
  const lists: string[][] = [];
  let isGathered = false;
  for (const [, options = ''] of joined.matchAll(composeCall)) {
    if (lists.length >= maximumCalls) break;
    const names = [...options.matchAll(/[ \t](?:-f|--file)[ =](\S+)/g)].map(([, name = '']) => expand(name, joined));
    isGathered ||= options.includes('[@]') || names.includes(undefined);
    const plain = names.filter((name) => name !== undefined);
    const folder = /--project-directory[ =](\S+)/.exec(options)?.[1];
    const isElsewhere = folder !== undefined && folderOf(plain[0] ?? '') !== folder.replace(/^\.\/|\/$/g, '');
    if (plain.length > 0 && plain.length === names.length && !isElsewhere) lists.push(plain);
  }
  return { lists, gathered: isGathered ? quotedFiles(joined) : [] };
}

const composeCall =
  /\bdocker[ -]compose((?:[ \t]+(?:-f|--file)[ =](?:"[^"\s]+"|[^\s`'"|;&)]+)|[ \t]+(?:-p|--project-name|--project-directory|--env-file|--profile|--progress|--ansi)[ =]\S+|[ \t]+"?\$\{\w+\[@\]\}"?)+)/g;

/** The text of an operand, its variable replaced by what the text assigns; undefined for anything else unknown. */
function expand(operand: string, text: string): string | undefined {
  const plain = operand.replace(/^"(.*)"$/, '$1');
  const name = /^\$(?:(\w+)|\{(\w+)\}|\((\w+)\))$/
    .exec(plain)
    ?.slice(1)
    .find((word) => word !== undefined);
  if (name === undefined) return /[$*{<]/.test(plain) ? undefined : plain;
  const assignment = new RegExp(
    `^[ \\t]*(?:export |readonly |local )?${name}[ \\t]*[:?]?=[ \\t]*["']?([^\\s"'$#]+)["']?[ \\t]*$`,
    'gm',
  );
  const values = [...text.matchAll(assignment)].map(([, value]) => value);
  const count = text.match(new RegExp(`(?<![\\w$({])${name}[ \\t]*[:?]?=(?!=)`, 'g'))?.length;
  return values.length === 1 && count === 1 ? values[0] : undefined;
}

/** The YAML files that a script names in quotes. */
function quotedFiles(text: string): readonly string[] {
  const names = [...text.matchAll(/["']([\w./-]+\.ya?ml)["']/g)].map(([, name = '']) => name);
  return [...new Set(names)].slice(0, maximumCalls);
}

/** The names as files of the workspace, from the first folder where all of them are found. */
function resolveAll(
  { files }: ComposeReading,
  { names, folders }: { names: readonly string[]; folders: readonly string[] },
): readonly string[] | undefined {
  return folders
    .map((folder) => names.map((name) => resolveInside(folder, name)).filter((path) => path !== undefined))
    .find((paths) => paths.length === names.length && paths.every((path) => files.workspace.paths.has(path)));
}
