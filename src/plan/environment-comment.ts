import { isAssumed, type Value } from '../model/value.ts';
import type { Location } from '../text/span.ts';

/** A value of an env file with the comment that its reader took for a part of it. */
export interface CommentedValue {
  /** The value that was meant. */
  readonly value: string;
  /** From `#` on. */
  readonly comment: string;
  readonly at: Location;
}

/**
 * The parts of an unquoted value that ends in a comment: `300 # at most`, `none#off`. Only where a number or a word such as
 * `none` or `true` stands before it, because other texts may well hold a `#`; templates are left alone.
 */
export function commentInValue(variable: Value<string> | undefined): CommentedValue | undefined {
  if (!variable?.known || isAssumed(variable)) return undefined;
  const [, value, comment] = /^([^\s#]+)\s*(#.*)$/.exec(variable.value) ?? [];
  if (value === undefined || comment === undefined || !isPlainSetting(value)) return undefined;
  const { source, span } = variable.at;
  const written = source.text.slice(span.start, span.end);
  const isQuoted = /["'`]/.test(source.text[span.start - 1] ?? '');
  return isQuoted || written !== variable.value ? undefined : { value, comment, at: variable.at };
}

function isPlainSetting(text: string): boolean {
  return /^[-+]?\d+(\.\d+)?(ms|s|m|h|k|kb|mb|g|gb|%)?$|^(none|null|true|false|yes|no|on|off|auto)$/i.test(text);
}
