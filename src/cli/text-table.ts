/** Columns side by side, indented by two. */
export function textTable(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, index) =>
    Math.max(...rows.map((row) => textWidth(row[index] ?? ''))),
  );
  const pad = (cell: string, index: number) => cell + ' '.repeat((widths[index] ?? 0) - textWidth(cell));
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd());
}

/** Columns that a text takes in a terminal. */
export function textWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + widthOf(character), 0);
}

/** Columns that a character takes: two for East Asian wide characters and emoji, none for a mark on the one before. */
export function widthOf(character: string): number {
  if (/[\p{Mn}\p{Me}\u200B-\u200F]/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

const wide =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
