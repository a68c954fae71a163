import { existsSync, readFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { decodeFile } from '../engine/decode-file.ts';
import { createSession } from '../model/session.ts';
import type { Rule } from '../rules/rule.ts';
import { createSourceText, type SourceText } from '../text/source-text.ts';
import { type OpenFolder, openFolder } from './load-workspace.ts';
import type { Judgement } from './settle.ts';
import { slashed } from './targets.ts';
import { UsageError } from './terminal.ts';

/**
 * Opens a folder together with the configuration that judges it: the file of `--config`, or else the folder's own.
 * Throws a UsageError when that file cannot be read or a compose file is not in the folder.
 */
export function openJudged(
  root: string,
  given: {
    readonly rules: readonly Rule[];
    readonly config: string | undefined;
    /** Compose files as the user named them. */
    readonly composeFiles?: readonly string[];
    readonly from: string;
  },
): { readonly folder: OpenFolder; readonly judgement: Judgement } {
  const { rules, config, from } = given;
  const composeFiles = given.composeFiles?.map((file) => findInside(resolve(from, file), { file, root }));
  const configuration =
    config === undefined ? undefined : readConfigurationFile(resolve(from, config), { config, root });
  const folder = openFolder(root, { rules, ...(configuration && { configuration }) });
  return {
    folder,
    judgement: { rules, session: createSession(), configuration, composeFiles },
  };
}

/** The path of a compose file in the folder. */
function findInside(path: string, named: { file: string; root: string }): string {
  if (!existsSync(path) || !statSync(path).isFile()) throw new UsageError(`${named.file} does not exist`);
  const inside = slashed(relative(named.root, path));
  if (inside.startsWith('..')) throw new UsageError(`${named.file} lies outside ${named.root}`);
  return inside;
}

function readConfigurationFile(file: string, named: { config: string; root: string }): SourceText {
  if (!existsSync(file) || !statSync(file).isFile()) throw new UsageError(`${named.config} does not exist`);
  const inside = slashed(relative(named.root, file));
  const path = inside.startsWith('..') ? slashed(file) : inside;
  const decoded = decodeFile(path, new Uint8Array(readFileSync(file)));
  if ('why' in decoded) throw new UsageError(`${named.config} cannot be used: ${decoded.why}`);
  return createSourceText(path, decoded.text);
}
