import { readNumber } from '../mapped-value.ts';
import type { Refusal } from '../stack.ts';
import { known, unknown, type Value } from '../value.ts';
import { type OptionTable, type ParsedCommandLine, parseOptions } from './command-options.ts';
import { argumentsOf, type Launch } from './launch.ts';
import { hiddenOptions, lastOption, optionNumber } from './server-settings.ts';

/** A server's command line with readers of its numbers. */
export interface OpenLine {
  readonly line: ParsedCommandLine;
  readonly refusals: Refusal[];
  /** The number that an option gives, else that of the first variable that is set, else the fallback. */
  number(
    setting: string,
    from: { readonly variables?: readonly string[]; readonly fallback: Value<number> },
  ): Value<number>;
}

/** Parses the command line of a launch. */
export function openLine(launch: Launch, table: OptionTable): OpenLine {
  const line = parseOptions(argumentsOf(launch), table);
  const refusals: Refusal[] = [];
  const hidden = hiddenOptions(line.positional);
  return {
    line,
    refusals,
    number(setting, { variables, fallback }) {
      const option = lastOption(line, setting);
      if (option) return optionNumber(option, { cast: 'int', refusals });
      if (hidden !== undefined) return unknown(`options of the command: ${hidden}`, launch.at);
      for (const name of variables ?? []) {
        const value = variableNumber(launch, name);
        if (value) return value;
      }
      // What may be set from outside may be one of these variables.
      const isOpen = variables !== undefined && fallback.known && !launch.environment.complete;
      return isOpen
        ? { ...fallback, trail: fallback.trail.map((hop) => ({ ...hop, assumed: true as const })) }
        : fallback;
    },
  };
}

/** The number in a variable of the process's environment; undefined where it is not set. */
export function variableNumber(launch: Launch, name: string): Value<number> | undefined {
  const variable = launch.environment.variables.get(name);
  if (!variable) return undefined;
  if (!variable.known) return unknown(`${name}: ${variable.why}`, variable.at, { trail: variable.trail });
  const number = readNumber(variable.value, 'int');
  if (number === undefined) return unknown(`${name} is not a number`, variable.at, { trail: variable.trail });
  return known(number, variable.at, [{ at: variable.at, says: name }, ...variable.trail]);
}
