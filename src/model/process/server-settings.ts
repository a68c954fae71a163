import type { DefaultId } from '../../capacity/defaults.ts';
import { documentedDefaults } from '../../capacity/defaults.ts';
import { type MappedText, unknownReason } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import { readNumber, textValue } from '../mapped-value.ts';
import type { ConcurrencyKind, GunicornSettings, Refusal } from '../stack.ts';
import { known, type Unknown, unknown, type Value } from '../value.ts';
import type { ParsedCommandLine, ParsedOption } from './command-options.ts';
import { cpuCountReason } from './shell-scope.ts';

/** A server's effective settings; what a server does not have keeps a value that says so. */
export interface ServerSettings {
  readonly workers: Value<number>;
  readonly threads: Value<number>;
  readonly workerClass: Value<string>;
  readonly timeoutSeconds: Value<number>;
  readonly gracefulTimeoutSeconds: Value<number>;
  readonly maxRequests: Value<number>;
  readonly bind: Value<readonly string[]>;
  readonly reload: Value<boolean>;
  readonly concurrency: Value<number>;
  readonly concurrencyKind: ConcurrencyKind;
  readonly gunicorn: GunicornSettings | undefined;
  readonly refusals: readonly Refusal[];
  /** Dotted module (and object) of the application, when the command names it. */
  readonly application: string | undefined;
  /** Folders that the command adds to Python's path (`--chdir`, `--pythonpath`), as written. */
  readonly pythonPath: readonly string[];
}

/** Settings of a server that has none of them, for programs we do not follow further. */
export function noSettings(program: string, at: Location): ServerSettings {
  const none = <T>(): Unknown<T> => unknown(`not known for ${program}`, at);
  return {
    workers: none(),
    threads: none(),
    workerClass: none(),
    timeoutSeconds: none(),
    gracefulTimeoutSeconds: none(),
    maxRequests: none(),
    bind: none(),
    reload: none(),
    concurrency: none(),
    concurrencyKind: 'unknown',
    gunicorn: undefined,
    refusals: [],
    application: undefined,
    pythonPath: [],
  };
}

/** A documented default as a value whose trail names the catalogue's entry. */
export function defaultNumber(id: DefaultId, at: Location): Value<number> {
  return known(Number(documentedDefaults[id].value), at, [defaultHop(id)]);
}

/** A documented default that is a text. */
export function defaultText(id: DefaultId, at: Location): Value<string> {
  return known(String(documentedDefaults[id].value), at, [defaultHop(id)]);
}

/** The hop of a documented default: "Gunicorn's default for workers". */
export function defaultHop(id: DefaultId): { at: { default: DefaultId }; says: string } {
  const entry = documentedDefaults[id];
  return { at: { default: id }, says: `${entry.program}'s default for ${entry.setting}` };
}

/** Reads an option's argument as a number; what is no number is unknown and, when certain, a refusal. */
export function optionNumber(
  option: ParsedOption,
  work: { cast: 'int' | 'float'; refusals: Refusal[] },
): Value<number> {
  if (!option.value) {
    work.refusals.push({ setting: option.flag, kind: 'missing-value', at: option.at, trail: [] });
    return unknown(`${option.flag} has no value`, option.at);
  }
  return textNumber(option.value, { ...work, setting: option.setting, at: option.at });
}

/** Reads a text as the number of a setting. */
export function textNumber(
  text: MappedText,
  work: { cast: 'int' | 'float'; refusals: Refusal[]; setting: string; at: Location },
): Value<number> {
  const value = textValue(text, work.at);
  if (!value.known) {
    return value.why === cpuCountReason
      ? unknown(value.why, value.at, { trail: value.trail, atLeast: 1, fromCpuCount: true })
      : unknown(value.why, value.at, { trail: value.trail });
  }
  const number = readNumber(value.value, work.cast);
  if (number !== undefined) return known(number, value.at, value.trail);
  if (!/\$/.test(value.value)) {
    const kind = value.value === '' ? 'empty' : 'not-a-number';
    work.refusals.push({ setting: work.setting, kind, at: value.at, trail: value.trail });
  }
  return unknown(`the value of ${work.setting} is not a number`, value.at, { trail: value.trail });
}

/** The last option that sets `setting`: a repeated option wins over earlier ones. */
export function lastOption(parsed: ParsedCommandLine, setting: string): ParsedOption | undefined {
  return parsed.options.findLast((option) => option.setting === setting);
}

/** Why options may be missing from a command line: a whole word of it, other than an option's value, is unknown. */
export function hiddenOptions(words: readonly MappedText[]): string | undefined {
  const hidden = words.find((word) => word.segments.length === 1 && unknownReason(word) !== undefined);
  return hidden && unknownReason(hidden);
}
