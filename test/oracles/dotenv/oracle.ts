import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'dotenv';
import type { Oracle } from '../agreement.ts';
import { envCases } from '../env-values/cases.ts';
import { readWith } from '../env-values/ours.ts';

/** "dotenv 18.0.10". */
export async function version(): Promise<string> {
  const path = createRequire(`${process.cwd()}/`).resolve('dotenv/package.json');
  return `dotenv ${JSON.parse(readFileSync(path, 'utf8')).version}`;
}

/** Values of env files as the Node package reads them by default; our reader takes its faster way. */
export const oracle: Oracle = {
  name: 'dotenv',
  cases: envCases,
  ask: async (given) => ({ refused: false, values: parse(given.files['.env'] ?? '') }),
  ours: readWith('dotenv'),
};
