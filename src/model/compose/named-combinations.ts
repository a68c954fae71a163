import { folderOf, nameOf, resolveInside } from '../workspace.ts';
import type { ComposeReading } from './variables.ts';

/**
 * Lists of compose files that commands name with `-f`, each list once: commands in scripts, Makefiles, workflows and
 * READMEs, and in the comments of the compose files themselves.
 */
export function namedCombinations(
  reading: ComposeReading,
  composeFiles: readonly string[],
): readonly (readonly string[])[] {
  const { files, session } = reading;
  const scripts = [...files.workspace.paths].filter(mayCallCompose).sort(nearestFirst).slice(0, maximumScripts);
  const found = new Map<string, readonly string[]>();
  for (const path of [...composeFiles, ...scripts]) {
    const source = files.read(path);
    if (!source) continue;
    for (const names of session.derive(source, { kind: 'compose-calls', from: readCalls })) {
      const paths = resolveAll(reading, { names, folders: ['', folderOf(path)] });
      if (paths) found.set(paths.join('\n'), paths);
    }
  }
  return [...found.values()];
}

const maximumScripts = 40;
const maximumCalls = 50;

function mayCallCompose(path: string): boolean {
  const depth = path.split('/').length;
  const name = nameOf(path);
  if (/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path) || name === '.gitlab-ci.yml') return true;
  if (depth > 3) return false;
  return /^(?:GNU)?makefile$|^justfile$|^taskfile\.ya?ml$|^(?:readme|deploy\w*|install\w*)(?:\.\w+)?$|\.sh$|\.mk$/i.test(
    name,
  );
}

function nearestFirst(left: string, right: string): number {
  return left.split('/').length - right.split('/').length || (left < right ? -1 : Number(left > right));
}

/** The operands of `-f` of every `docker compose` call, calls with variables in them left out. */
function readCalls(text: string): readonly (readonly string[])[] {
  const joined = text.replace(/\\\r?\n\s*/g, ' ');
  const calls = joined.matchAll(
    /\bdocker[ -]compose((?:[ \t]+(?:-f|--file)[ =][^\s`'"|;&)]+|[ \t]+(?:-p|--project-name|--env-file|--profile)[ =]\S+)+)/g,
  );
  const found: string[][] = [];
  for (const [, options = ''] of calls) {
    if (found.length >= maximumCalls) break;
    const names = [...options.matchAll(/[ \t](?:-f|--file)[ =](\S+)/g)].map(([, name = '']) => name);
    if (names.length > 0 && !names.some((name) => /[$*{<]/.test(name))) found.push(names);
  }
  return found;
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
