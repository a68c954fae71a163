import { run } from '../../src/cli/run.ts';
import reservationExceedsLimit from '../../src/rules/reservation-exceeds-limit.ts';
import type { Rule } from '../../src/rules/rule.ts';

/** Runs a command line in a folder with one rule, so that other rules do not change what these tests see. */
export function runCommand(folder: string, ...words: string[]) {
  return runWith([reservationExceedsLimit], { folder, words });
}

/** Runs a command line in a folder with the given rules. */
export function runWith(
  rules: readonly Rule[],
  command: { readonly folder: string; readonly words: readonly string[] },
) {
  const { folder, words } = command;
  let out = '';
  let err = '';
  const terminal = {
    folder,
    colors: false,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = run(words, { terminal, rules });
  return { code, out, err };
}

/** A compose file whose service `web` reserves more than its limit. */
export const badCompose = `services:
  web:
    image: example/web:1
    mem_limit: 512m
    mem_reservation: 1g
`;

/** The same without the defect. */
export const goodCompose = badCompose.replace('1g', '512m');
