import type { Project } from '../model/stack.ts';

/** `docker compose` with the project's compose files where they are not found by their names. */
export function composeCommand(project: Project): string {
  const files = project.files.map(({ path }) => path).filter((path) => /\.ya?ml$/.test(path));
  const standard = /^(docker-)?compose(\.override)?\.ya?ml$/;
  if (files.every((path) => standard.test(path))) return 'docker compose';
  return `docker compose ${files.map((path) => `-f ${quoteWord(path)}`).join(' ')}`;
}

/** A word of a shell line, in quotes where it needs them. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
