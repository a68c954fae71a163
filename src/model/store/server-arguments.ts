import { splitCommandLine } from '../../parse/shell-words.ts';
import { type MappedText, mappedLiteral, sliceMapped, unknownReason } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import { textValue } from '../mapped-value.ts';
import type { CommandLine } from '../stack.ts';
import { known, unknown, type Value } from '../value.ts';
import { type SettingStep, underscored } from './store-settings.ts';

/** What a server's command line says. */
export interface ServerArguments {
  /** Settings in the order of their words, and words that may hold others. */
  readonly steps: readonly SettingStep[];
  /** Words that are no options: Redis' configuration file. */
  readonly operands: readonly MappedText[];
}

export type ArgumentStyle = 'postgresql' | 'mysql' | 'redis' | 'pgbouncer';

/**
 * Arguments of the server itself: the image's entrypoint puts its program in front of a command of options, a shell's
 * `-c` holds it in its text, and a script of one's own may pass anything.
 */
export function readServerArguments(
  command: CommandLine | undefined,
  how: { style: ArgumentStyle; at: Location },
): ServerArguments {
  const all = command?.words ?? [];
  const inShell = isShell(all[0]);
  const words = all.flatMap((word) => (inShell && /\s/.test(word.text) ? splitAtBlanks(word) : [word]));
  const program = words.findIndex((word) => serverProgram.test(word.text));
  const first = words[0]?.text ?? '';
  const starter = first.slice(first.lastIndexOf('/') + 1);
  const isForeign = program === -1 && first !== '' && !/^-|(^|\/)docker-entrypoint\.sh$|\.conf$/.test(first);
  const own = words.slice(program + 1);
  const end = inShell ? own.findIndex((word) => /^(&&|\|\|?|;|&|\d?>.*)$/.test(word.text)) : -1;
  const { steps, operands } = readers[how.style](end === -1 ? own : own.slice(0, end), how.at);
  const hidden = isForeign ? [{ hidden: hiddenBy(words[0], starter), at: how.at }] : [];
  const open = operands.flatMap((word) => {
    const why =
      unknownReason(word) ?? (inShell && word.text.startsWith('$') ? 'a shell variable holds options' : undefined);
    return why === undefined ? [] : [{ hidden: why, at: how.at }];
  });
  return { steps: [...hidden, ...open, ...steps], operands };
}

/** Splits a text of further options, as a shell or an entrypoint does: `--maxmemory 1gb --save ""`. */
export function readOptionText(
  value: Value<string>,
  how: { style: ArgumentStyle; at: Location },
): readonly SettingStep[] {
  if (!value.known) return [{ hidden: value.why, at: how.at }];
  const text = mappedLiteral(value.value, { at: value.at, exact: false, trail: value.trail });
  return readers[how.style](splitAtBlanks(text), how.at).steps;
}

const serverProgram =
  /(^|\/)(postgres|mysqld|mysqld_safe|mariadbd|mariadbd-safe|redis-server|valkey-server|keydb-server|pgbouncer|memcached|mongod)$/;

function hiddenBy(first: MappedText | undefined, starter: string): string {
  return (first && unknownReason(first)) ?? `${starter} starts the server`;
}

function isShell(word: MappedText | undefined): boolean {
  return word !== undefined && /(^|\/)(sh|bash|ash|dash)$/.test(word.text);
}

function splitAtBlanks(word: MappedText): readonly MappedText[] {
  return splitCommandLine(word.text).map(({ span }) => unquoted(sliceMapped(word, span)));
}

function unquoted(word: MappedText): MappedText {
  const isQuoted = /^(["']).*\1$/.test(word.text) && word.text.length > 1;
  return isQuoted ? sliceMapped(word, { start: 1, end: word.text.length - 1 }) : word;
}

type Reader = (words: readonly MappedText[], at: Location) => ServerArguments;

const readers: Readonly<Record<ArgumentStyle, Reader>> = {
  postgresql: readPostgresqlWords,
  mysql: readMysqlWords,
  redis: readRedisWords,
  pgbouncer: (words) => ({ steps: [], operands: words.filter((word) => !word.text.startsWith('-')) }),
};

/** `-c name=value`, `--name=value`, and the letters that stand for settings (`-N 200`, `-B 16384`, `-S 4096`). */
function readPostgresqlWords(words: readonly MappedText[], at: Location): ServerArguments {
  const steps: SettingStep[] = [];
  const operands: MappedText[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) continue;
    const letter = /^-([A-Za-z])/.exec(word.text)?.[1];
    if (letter !== undefined && /[BcCDdfhkNprStvW]/.test(letter)) {
      const attached = word.text.length > 2;
      const value = attached ? from(word, 2) : words[index + 1];
      if (!attached) index++;
      const name = postgresqlLetters.get(letter);
      if (value && letter === 'c') steps.push(...pair(value, at));
      else if (value && name !== undefined) steps.push({ name, value: textValue(value, at) });
    } else if (/^--[A-Za-z]/.test(word.text)) steps.push(...pair(from(word, 2), at));
    else if (!word.text.startsWith('-')) operands.push(word);
  }
  return { steps, operands };
}

const postgresqlLetters: ReadonlyMap<string, string> = new Map([
  ['N', 'max_connections'],
  ['B', 'shared_buffers'],
  ['S', 'work_mem'],
  ['D', 'data_directory'],
]);

/** `--name=value`, `--name value`, `--name`, `--skip-name`. */
function readMysqlWords(words: readonly MappedText[], at: Location): ServerArguments {
  const steps: SettingStep[] = [];
  const operands: MappedText[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) continue;
    if (!/^--[A-Za-z]/.test(word.text)) {
      operands.push(word);
      continue;
    }
    const next = words[index + 1];
    const whole = from(word, 2);
    if (whole.text.includes('=')) steps.push(...pair(whole, at));
    else if (next && !next.text.startsWith('-')) {
      steps.push({ name: underscored(whole.text), value: textValue(next, at) });
      index++;
    } else {
      const name = underscored(whole.text);
      const place = textValue(word, at).at;
      steps.push(switchStep(name, place));
    }
  }
  return { steps, operands };
}

/** An option without a value: `slow_query_log` switches on, `skip_slow_query_log` off (MySQL manual, program option modifiers). */
export function switchStep(name: string, at: Location): SettingStep {
  const off = /^(skip|disable)_(.+)$/.exec(name)?.[2];
  const on = /^enable_(.+)$/.exec(name)?.[1];
  return { name: off ?? on ?? name, value: known(off === undefined ? '1' : '0', at) };
}

/** An option takes the words up to the next one: `--save 60 1 --appendonly yes`. */
function readRedisWords(words: readonly MappedText[], at: Location): ServerArguments {
  const steps: SettingStep[] = [];
  const operands: MappedText[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) continue;
    if (!/^--[A-Za-z]/.test(word.text)) {
      operands.push(word);
      continue;
    }
    const name = word.text.slice(2).toLowerCase();
    const values: MappedText[] = [];
    for (let next = words[index + 1]; next && !/^--[A-Za-z]/.test(next.text); next = words[index + 1]) {
      // Behind a complete option, a word that cannot be known may hold further options.
      if (values.length > 0 && unknownReason(next) !== undefined) operands.push(next);
      else values.push(next);
      index++;
    }
    const [first] = values;
    const value = first && textValue(first, at);
    if (value === undefined) steps.push({ name, value: known('', textValue(word, at).at) });
    else if (values.length === 1) steps.push({ name, value });
    else steps.push({ name, value: joined(values, at) });
  }
  return { steps, operands };
}

function joined(values: readonly MappedText[], at: Location): Value<string> {
  const parts = values.map((value) => textValue(value, at));
  const first = parts[0]?.at ?? at;
  const missing = parts.find((part) => !part.known);
  if (missing && !missing.known) return unknown(missing.why, first);
  return known(parts.map((part) => (part.known ? part.value : '')).join(' '), first);
}

function pair(word: MappedText, at: Location): readonly SettingStep[] {
  const equals = word.text.indexOf('=');
  if (equals === -1) return [];
  return [{ name: underscored(word.text.slice(0, equals)), value: textValue(from(word, equals + 1), at) }];
}

function from(word: MappedText, start: number): MappedText {
  return sliceMapped(word, { start, end: word.text.length });
}
