import { isDefault, type Value } from '../model/value.ts';
import type { Hop } from '../text/trail.ts';

/** The place (or default) that decides a value, said with its number, and whatever assumption it rests on. */
export function explain(says: string, value: Value<unknown>): readonly Hop[] {
  const assumed = value.trail.filter((hop) => hop.assumed === true);
  const last = value.trail.at(-1);
  const at = isDefault(value) && last ? last.at : value.at;
  return [{ at, says }, ...assumed];
}
