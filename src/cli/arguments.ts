import { parseArgs } from 'node:util';
import type { GivenSettings } from '../capacity/given-settings.ts';
import type { GivenInputs } from '../plan/capacity-inputs.ts';
import { type Severity, severities } from '../rules/rule.ts';
import { planOptions, readGiven, readLocale } from './plan-arguments.ts';
import { readAssumptions } from './plan-assumptions.ts';
import { suggest } from './suggest.ts';
import { UsageError } from './terminal.ts';

export type Command =
  | CheckCommand
  | StackCommand
  | PlanCommand
  | { readonly name: 'explain'; readonly rule: string }
  | { readonly name: 'help'; readonly topic?: 'plan' }
  | { readonly name: 'version' };

export interface CheckCommand {
  readonly name: 'check';
  readonly paths: readonly string[];
  readonly format: 'text' | 'json';
  readonly failOn: Severity;
  readonly fix: boolean;
  /** Show what `fix` would write and write nothing. */
  readonly dryRun: boolean;
  readonly config: string | undefined;
  /** Compose files to read as the only compose project, in merge order. */
  readonly composeFiles?: readonly string[];
  readonly color: boolean;
}

export interface StackCommand {
  readonly name: 'stack';
  readonly path: string;
  /** Show the way each value took and what lost to it. */
  readonly why: boolean;
  readonly format: 'text' | 'json';
  readonly config: string | undefined;
  readonly composeFiles?: readonly string[];
  readonly color: boolean;
}

export interface PlanCommand {
  readonly name: 'plan';
  /** Undefined: no project, the figures rest on the flags. */
  readonly path: string | undefined;
  readonly format: 'text' | 'json' | 'markdown';
  readonly given: GivenInputs;
  /** Settings of today that the files leave open, as the user knows them. */
  readonly assumed: GivenSettings;
  /** The service to plan; undefined for the first web server. */
  readonly service: string | undefined;
  readonly runbook: boolean;
  readonly loadTest: 'locust' | 'k6' | undefined;
  /** Folder for generated files; undefined prints them. */
  readonly output: string | undefined;
  /** Of the numbers in texts. */
  readonly locale: string;
  readonly config: string | undefined;
  readonly composeFiles: readonly string[];
  readonly color: boolean;
}

export const usage = `Usage: headroom <command> [options]

  headroom check [paths]    report capacity defects of the stack in these folders (or files)
  headroom stack [path]     show services, processes, pools and stores with the origin of every value
  headroom plan [path]      say what the stack carries, what breaks first and which settings carry the load
  headroom explain <rule>   say why a rule exists, what it checks and how to silence it

Options
  --format text|json        how check, stack and plan report (default text); plan also writes markdown
  --fail-on SEVERITY        check: ${severities.join(', ')} (default warning): findings from here on end with 1
  --fix                     check: apply the fixes that can only improve
  --dry-run                 check: show what --fix would write as a unified diff, write nothing
  --why                     stack: show the way each value took, and what lost to it
  --config FILE             use this configuration instead of the folder's headroom.yaml
  --compose-file FILE       read this compose file as the project, as with docker compose -f (may be repeated)
  --no-color                no colours, as with NO_COLOR
  --help, --version

headroom plan --help lists the options of plan: machine, load, language, runbook and load test.

Ends with 0 when clean, 1 with findings, 2 after a usage or internal error or an invalid configuration.
`;

const commands = ['check', 'stack', 'plan', 'explain', 'help', 'version'] as const;

/** Reads the command line; throws a UsageError that says in one line what is wrong. */
export function readArguments(words: readonly string[]): Command {
  const { values, positionals } = parse(words);
  if (values.help) return positionals[0] === 'plan' ? { name: 'help', topic: 'plan' } : { name: 'help' };
  if (values.version) return { name: 'version' };
  const [word, ...rest] = positionals;
  if (word === undefined) throw new UsageError('a command is missing: check, stack, plan or explain (see --help)');
  const name = commands.find((command) => command === word);
  if (!name) throw new UsageError(`unknown command "${word}"${suggest(word, commands)} (see --help)`);
  const color = !values['no-color'];
  if (name !== 'plan') refuse(values, { command: name, options: [...Object.keys(planOptions), 'assume', 'runbook'] });
  if (name !== 'check') refuse(values, { command: name, options: ['fail-on', 'fix', 'dry-run'] });
  if (name !== 'stack') refuse(values, { command: name, options: ['why'] });
  const { config } = values;
  const chosen = values['compose-file'] && { composeFiles: values['compose-file'] };
  if (name === 'plan') return readPlan(values, { paths: rest, color });
  const format = oneOf(values.format, { option: '--format', allowed: ['text', 'json'] as const }) ?? 'text';
  if (name === 'check') {
    const failOn = oneOf(values['fail-on'], { option: '--fail-on', allowed: severities }) ?? 'warning';
    const dryRun = values['dry-run'] === true;
    const fix = values.fix === true || dryRun;
    const paths = rest.length > 0 ? rest : ['.'];
    return { name, paths, format, failOn, fix, dryRun, config, ...chosen, color };
  }
  if (name === 'stack') {
    if (rest.length > 1) throw new UsageError('stack takes one path');
    return { name, path: rest[0] ?? '.', why: values.why === true, format, config, ...chosen, color };
  }
  refuse(values, { command: name, options: ['format', 'config', 'compose-file'] });
  if (name === 'help') return rest[0] === 'plan' ? { name, topic: 'plan' } : { name };
  if (name === 'version') return { name };
  const rule = rest[0];
  if (rule === undefined || rest.length > 1) throw new UsageError('explain takes the id of one rule');
  return { name, rule };
}

function readPlan(
  values: ReturnType<typeof parse>['values'],
  from: { readonly paths: readonly string[]; readonly color: boolean },
): PlanCommand {
  const { paths, color } = from;
  if (paths.length > 1) throw new UsageError('plan takes one path');
  const formats = ['text', 'json', 'markdown'] as const;
  const format = oneOf(values.format, { option: '--format', allowed: formats }) ?? 'text';
  const loadTest = oneOf(values['load-test'], { option: '--load-test', allowed: ['locust', 'k6'] as const });
  const runbook = values.runbook === true;
  const path = paths[0];
  refuseGenerated(values, {
    isGenerated: runbook || loadTest !== undefined,
    areTwo: runbook && loadTest !== undefined,
  });
  if (path === undefined) refuseWithoutPath(values);
  return {
    name: 'plan',
    path,
    format,
    given: readGiven(values),
    assumed: readAssumptions(values.assume ?? []),
    service: values.service,
    runbook,
    loadTest,
    output: values.output,
    locale: readLocale(values.locale),
    config: values.config,
    composeFiles: values['compose-file'] ?? [],
    color,
  };
}

/** What goes with generated files, and what with none. */
function refuseGenerated(
  values: ReturnType<typeof parse>['values'],
  what: { readonly isGenerated: boolean; readonly areTwo: boolean },
): void {
  const { output, format } = values;
  if (output !== undefined && !what.isGenerated) {
    throw new UsageError('--output needs --runbook or --load-test, the files to write');
  }
  if (output === '') throw new UsageError('--output takes a folder, not ""');
  if (format !== undefined && what.isGenerated) {
    throw new UsageError('--format goes with the report, not with --runbook or --load-test');
  }
  if (output === undefined && what.areTwo) {
    throw new UsageError('--runbook and --load-test together need --output, a folder for both files');
  }
}

/** Options that speak of a project. */
function refuseWithoutPath(values: Readonly<Record<string, unknown>>): void {
  const given = ['service', 'assume', 'config', 'compose-file', 'runbook'].find(
    (option) => values[option] !== undefined,
  );
  if (given) throw new UsageError(`--${given} needs the path of a project`);
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: joinNegatives(words),
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        'fail-on': { type: 'string' },
        fix: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        why: { type: 'boolean' },
        ...planOptions,
        assume: { type: 'string', multiple: true },
        runbook: { type: 'boolean' },
        config: { type: 'string' },
        'compose-file': { type: 'string', multiple: true },
        'no-color': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message.split(/\.\s/)[0]?.replace(/^\w/, (letter) => letter.toLowerCase())} (see --help)`);
  }
}

/** `--cpus -4` as `--cpus=-4`: a negative number is no option, and the option says better what it takes. */
function joinNegatives(words: readonly string[]): string[] {
  const isOption = (word: string | undefined) => /^--[a-z-]+$/.test(word ?? '');
  const isNegative = (word: string | undefined) => /^-\.?\d/.test(word ?? '');
  return words.flatMap((word, index) => {
    if (isNegative(word) && isOption(words[index - 1])) return [];
    return isOption(word) && isNegative(words[index + 1]) ? [`${word}=${words[index + 1]}`] : [word];
  });
}

function oneOf<T extends string>(
  value: string | undefined,
  choice: { option: string; allowed: readonly T[] },
): T | undefined {
  if (value === undefined) return undefined;
  const found = choice.allowed.find((candidate) => candidate === value);
  if (!found)
    throw new UsageError(
      `${choice.option} takes ${choice.allowed.join(', ')}, not "${value}"${suggest(value, choice.allowed)}`,
    );
  return found;
}

function refuse(values: Readonly<Record<string, unknown>>, what: { command: string; options: readonly string[] }) {
  const given = what.options.find((option) => values[option] !== undefined);
  if (given) throw new UsageError(`--${given} does not go with ${what.command}`);
}
