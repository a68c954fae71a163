import type { OracleCase } from '../agreement.ts';

/** A workspace that `docker compose config` is called in. */
export interface ComposeCase extends OracleCase {
  /** Files named with `-f`, relative to the workspace's root. */
  readonly composeFiles?: readonly string[];
  /** Folder of the call; the workspace's root unless given. */
  readonly folder?: string;
}

/** A case with these files. */
export function caseOf(
  name: string,
  files: ComposeCase['files'],
  call: Pick<ComposeCase, 'composeFiles' | 'folder'> = {},
): ComposeCase {
  return { name, files, ...call };
}

/** A compose file whose service `web` has an image and this body. */
export function webFile(body: string, rest = ''): string {
  return `services:\n  web:\n    image: x\n${indent(body, 4)}\n${rest}`;
}

/** A case of one file with one service. */
export function webCase(name: string, body: string, others: ComposeCase['files'] = {}): ComposeCase {
  return caseOf(name, { 'compose.yaml': webFile(body), ...others });
}

/** A case of a base and its override, both with the service `web` (and a `db` to depend on). */
export function mergeCase(
  name: string,
  base: string,
  override: string,
  others: ComposeCase['files'] = {},
): ComposeCase {
  const overlay = `services:\n  web:\n${indent(override, 4)}\n`;
  return caseOf(name, {
    'compose.yaml': webFile(base, '  db: {image: pg}\n  cache: {image: redis}\n'),
    'compose.override.yaml': overlay,
    ...others,
  });
}

/** Each line moved to the right. */
export function indent(text: string, columns: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(columns));
}
