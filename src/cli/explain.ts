import { notices } from '../engine/notices.ts';
import { rulePage } from '../engine/rule-page.ts';
import type { Rule } from '../rules/rule.ts';
import { suggest } from './suggest.ts';
import { type ExitCode, paint, type Terminal, UsageError } from './terminal.ts';

/** Runs `headroom explain`: prints the page of a rule or of one of the tool's own notices. */
export function explain(id: string, host: { readonly terminal: Terminal; readonly rules: readonly Rule[] }): ExitCode {
  const { terminal, rules } = host;
  const page = rulePage(id, rules);
  if (!page) {
    const ids = [...rules.map((rule) => rule.id), ...Object.keys(notices)];
    throw new UsageError(`there is no rule "${id}"${suggest(id, ids)}`);
  }
  const bold = (text: string) => paint(text, { color: 'bold', on: terminal.colors });
  const sections = page.sections.map(({ heading, text }) => `\n${bold(heading)}\n${text}\n`);
  terminal.out(`${bold(page.id)}: ${page.summary}\n${sections.join('')}`);
  return 0;
}
