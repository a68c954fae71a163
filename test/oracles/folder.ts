import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the oracles: one folder for each real program. */
export const oraclesFolder = dirname(fileURLToPath(import.meta.url));

/** Names of the oracles: the folders that hold an `oracle.ts`. */
export function oracleNames(): readonly string[] {
  return readdirSync(oraclesFolder).filter((name) => existsSync(join(oraclesFolder, name, 'oracle.ts')));
}
