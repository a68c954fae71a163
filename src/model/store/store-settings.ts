import type { SettingLine } from '../../parse/settings-file.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import { known, unknown, type Value } from '../value.ts';

/** One step of a server's configuration, weakest first: something that is set, or that may set anything unseen. */
export type SettingStep =
  | { readonly name: string; readonly value: Value<string> }
  | { readonly hidden: string; readonly at: Location };

/** The step that decides a setting: the last that names it, or one behind it that may set anything. Undefined: the default holds. */
export function lookUp(steps: readonly SettingStep[], ...names: readonly string[]): Value<string> | undefined {
  const step = steps.findLast((candidate) => 'hidden' in candidate || names.includes(candidate.name));
  if (step === undefined) return undefined;
  return 'hidden' in step ? unknown(step.hidden, step.at) : step.value;
}

/** Why a server may be given settings that nothing here shows; undefined when all of them are seen. */
export function hiddenReason(steps: readonly SettingStep[]): string | undefined {
  return steps.find((step) => 'hidden' in step)?.hidden;
}

/** A line of a configuration file as a value; a name alone has the value `alone`. */
export function lineValue(line: SettingLine, from: { source: SourceText; alone: string }): Value<string> {
  const at = { source: from.source, span: line.valueSpan };
  return known(line.value ?? from.alone, at, [{ at, says: `${line.name} in ${from.source.path}` }]);
}

/** Dashes as underscores, lower case: how MySQL and PostgreSQL compare names on their command lines. */
export function underscored(name: string): string {
  return name.trim().replaceAll('-', '_').toLowerCase();
}
