import type { MappedText } from '../../text/mapped-text.ts';

/** A command with its wrappers removed. */
export interface Unwrapped {
  readonly words: readonly MappedText[];
  /** True when a wrapper is an init that passes signals on (tini, dumb-init). */
  readonly init: boolean;
  /** True when `exec` stood in front. */
  readonly exec: boolean;
  /** Variables that `env NAME=value` sets. */
  readonly assignments: readonly { readonly name: string; readonly value: MappedText }[];
}

/** How many words of its own a wrapper takes before the command; options that take an argument; words it skips to. */
interface Wrapper {
  readonly operands?: number;
  readonly valueOptions?: readonly string[];
  /** Subcommand that must follow for the program to be a wrapper. */
  readonly subcommand?: string;
  /** The command starts only after `--`. */
  readonly afterDashes?: true;
  readonly init?: true;
}

const wrappers: Readonly<Record<string, Wrapper>> = {
  tini: { init: true, valueOptions: ['-p', '-e'] },
  'tini-static': { init: true, valueOptions: ['-p', '-e'] },
  'docker-init': { init: true },
  'dumb-init': { init: true, valueOptions: ['-r', '--rewrite'] },
  catatonit: { init: true },
  gosu: { operands: 1 },
  'su-exec': { operands: 1 },
  's6-setuidgid': { operands: 1 },
  chpst: { valueOptions: ['-u', '-U', '-e', '-d', '-n', '-l', '-L', '-m', '-o', '-p', '-f', '-c', '-t'] },
  setpriv: {},
  sudo: { valueOptions: ['-u', '-g', '-C', '-h', '-p'] },
  nice: { valueOptions: ['-n', '--adjustment'] },
  ionice: { valueOptions: ['-c', '-n', '-p'] },
  nohup: {},
  setsid: {},
  time: {},
  stdbuf: { valueOptions: ['-i', '-o', '-e'] },
  timeout: { operands: 1, valueOptions: ['-k', '-s'] },
  'newrelic-admin': { subcommand: 'run-program' },
  'ddtrace-run': {},
  'opentelemetry-instrument': {
    valueOptions: ['--service_name', '--traces_exporter', '--metrics_exporter', '--logs_exporter'],
  },
  'opentelemetry-bootstrap': {},
  'sentry-run': {},
  uv: {
    subcommand: 'run',
    valueOptions: [
      '--extra',
      '--group',
      '--with',
      '--python',
      '-p',
      '--package',
      '--project',
      '--directory',
      '--env-file',
      '--only-group',
      '--no-group',
    ],
  },
  poetry: { subcommand: 'run' },
  pipenv: { subcommand: 'run' },
  pdm: { subcommand: 'run' },
  hatch: { subcommand: 'run' },
  rye: { subcommand: 'run' },
  pyenv: { subcommand: 'exec' },
  bundle: { subcommand: 'exec' },
  npx: {},
  'wait-for-it': { afterDashes: true },
  'wait-for-it.sh': { afterDashes: true },
  'wait-for': { afterDashes: true },
  'wait-for.sh': { afterDashes: true },
  'wait-for-db.sh': { afterDashes: true },
  dockerize: { valueOptions: ['-wait', '-timeout', '-template', '-stdout', '-stderr', '-wait-retry-interval'] },
  watchmedo: { afterDashes: true },
  watchfiles: {},
};

/** Removes `exec`, `env`, and the wrappers above, however many stand in a row. */
export function unwrapCommand(words: readonly MappedText[]): Unwrapped {
  let rest = words;
  let init = false;
  let exec = false;
  const assignments: { name: string; value: MappedText }[] = [];
  for (let round = 0; round < 12; round++) {
    const program = programName(rest[0]);
    if (program === 'exec') {
      exec = true;
      rest = skipOptions(rest.slice(1), ['-a']);
    } else if (program === 'command' || program === 'builtin') rest = rest.slice(1);
    else if (program === 'env') rest = unwrapEnv(rest.slice(1), assignments);
    else {
      const wrapper = Object.hasOwn(wrappers, program) ? wrappers[program] : undefined;
      const inner = wrapper && unwrapOne(rest.slice(1), wrapper);
      if (!inner || inner.length === 0) break;
      init ||= wrapper.init === true;
      rest = inner;
    }
  }
  return { words: rest, init, exec, assignments };
}

/** Last component of the program's path. */
export function programName(word: MappedText | undefined): string {
  if (!word) return '';
  return word.text.slice(word.text.lastIndexOf('/') + 1);
}

function unwrapOne(words: readonly MappedText[], wrapper: Wrapper): readonly MappedText[] | undefined {
  if (wrapper.afterDashes) {
    const dashes = words.findIndex((word) => word.text === '--');
    return dashes === -1 ? undefined : words.slice(dashes + 1);
  }
  let rest = skipOptions(words, wrapper.valueOptions ?? []);
  if (wrapper.subcommand !== undefined) {
    if (rest[0]?.text !== wrapper.subcommand) return undefined;
    rest = skipOptions(rest.slice(1), wrapper.valueOptions ?? []);
  }
  return skipDashes(rest.slice(wrapper.operands ?? 0));
}

function unwrapEnv(
  words: readonly MappedText[],
  assignments: { name: string; value: MappedText }[],
): readonly MappedText[] {
  let rest = skipOptions(words, ['-u', '-C', '--unset', '--chdir']);
  while (rest[0] && /^[A-Za-z_]\w*=/.test(rest[0].text)) {
    const equals = rest[0].text.indexOf('=');
    assignments.push({ name: rest[0].text.slice(0, equals), value: after(rest[0], equals + 1) });
    rest = rest.slice(1);
  }
  return rest;
}

function after(word: MappedText, start: number): MappedText {
  const text = word.text.slice(start);
  const segments = word.segments
    .filter((segment) => segment.end > start)
    .map((segment) => ({ ...segment, start: Math.max(0, segment.start - start), end: segment.end - start }));
  return { text, segments };
}

function skipOptions(words: readonly MappedText[], valueOptions: readonly string[]): readonly MappedText[] {
  let index = 0;
  while (words[index]?.text.startsWith('-') && words[index]?.text !== '--') {
    index += valueOptions.includes(words[index]?.text ?? '') ? 2 : 1;
  }
  return skipDashes(words.slice(index));
}

function skipDashes(words: readonly MappedText[]): readonly MappedText[] {
  return words[0]?.text === '--' ? words.slice(1) : words;
}
