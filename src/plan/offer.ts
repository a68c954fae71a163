import type { Edits } from '../model/fix.ts';

/** Leaves out fixes that would change nothing: what they write stands there already, or elsewhere. */
export function offered<Fix extends { readonly edits: Edits }>(fixes: readonly Fix[]): readonly Fix[] {
  return fixes.filter(({ edits }) => 'refused' in edits || edits.edits.length > 0);
}
