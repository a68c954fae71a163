import type { SourceText } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';

/** Groups entries by the file they stand in, each group in the order of the file. */
export function perFile<T>(entries: readonly T[], place: (entry: T) => Location): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<SourceText, [T, ...T[]]>();
  const ordered = [...entries].sort((left, right) => place(left).span.start - place(right).span.start);
  for (const entry of ordered) {
    const { source } = place(entry);
    const group = groups.get(source);
    if (group) group.push(entry);
    else groups.set(source, [entry]);
  }
  return [...groups.values()];
}
