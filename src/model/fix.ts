import type { TextEdit } from '../text/span.ts';

/** A fix as a builder hands it to a rule: the edits, or the reason why the place cannot be edited safely. */
export type Edits = { readonly edits: readonly TextEdit[] } | { readonly refused: string };

/** Joins edits that belong to one fix; refused when one of them is. */
export function joinEdits(parts: readonly Edits[]): Edits {
  const edits: TextEdit[] = [];
  for (const part of parts) {
    if ('refused' in part) return part;
    edits.push(...part.edits);
  }
  return { edits };
}
