import { version } from '../../package.json';
import type { Rule } from '../rules/rule.ts';
import { readArguments, usage } from './arguments.ts';
import { check } from './check.ts';
import { explain } from './explain.ts';
import { showPlan } from './plan.ts';
import { planUsage } from './plan-arguments.ts';
import { showStack } from './stack.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';

/** Runs one command line; whatever goes wrong ends as one line on the error stream and the exit code 2. */
export function run(
  words: readonly string[],
  host: { readonly terminal: Terminal; readonly rules: readonly Rule[] },
): ExitCode {
  const { terminal } = host;
  try {
    const command = readArguments(words);
    switch (command.name) {
      case 'check':
        return check(command, host);
      case 'stack':
        return showStack(command, host);
      case 'plan':
        return showPlan(command, host);
      case 'explain':
        return explain(command.rule, host);
      case 'help':
        terminal.out(command.topic === 'plan' ? planUsage : usage);
        return 0;
      case 'version':
        terminal.out(`${version}\n`);
        return 0;
    }
  } catch (error) {
    terminal.err(`headroom: ${describe(error)}\n`);
    return 2;
  }
}

function describe(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return `internal error: ${message}`;
}
