import type { Project } from '../model/stack.ts';

/**
 * `docker compose` for the project's root folder, with the project's compose files where it would not find them by their
 * names. Files that these include or extend are not named: Compose reads them by itself.
 */
export function composeCommand({ composeFiles = [] }: Project): string {
  const [base, override, ...others] = composeFiles;
  const isFound =
    (base === undefined || /^(docker-)?compose\.ya?ml$/.test(base)) &&
    (override === undefined || /^(docker-)?compose\.override\.ya?ml$/.test(override)) &&
    others.length === 0;
  return isFound ? 'docker compose' : `docker compose ${composeFiles.map((path) => `-f ${quoteWord(path)}`).join(' ')}`;
}

/** A word of a shell line, in quotes where it needs them. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
