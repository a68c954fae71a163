import type { Edits } from './fix.ts';
import type { Value } from './value.ts';

/**
 * Writes another text in the place of a value; refused where the value came from somewhere else (a variable, a shared
 * anchor, an `extends`), since the edit would then reach further than the finding.
 */
export function replaceValue(value: Value<unknown>, newText: string): Edits {
  const origin = value.trail[0];
  if (origin) return { refused: `the value is ${origin.says}` };
  return { edits: [{ ...value.at, newText }] };
}
