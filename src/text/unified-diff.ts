/** Files whose text differs: by path the text before and after. */
export type TextChanges = ReadonlyMap<string, { readonly before: string; readonly after: string }>;

/** Changes of several files as a unified diff; `nameFile` gives the paths in it. */
export function formatChanges(changes: TextChanges, nameFile: (path: string) => string): string {
  return [...changes]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, texts]) => unifiedDiff(nameFile(path), texts))
    .join('');
}

/** A unified diff of one file with three lines of context, or '' when the texts are equal. Paths have forward slashes. */
export function unifiedDiff(path: string, texts: { readonly before: string; readonly after: string }): string {
  if (texts.before === texts.after) return '';
  const before = splitLines(texts.before);
  const after = splitLines(texts.after);
  const changes = compareLines(before, after);
  return `--- a/${path}\n+++ b/${path}\n${toHunks(changes).map(formatHunk).join('')}`;
}

interface Change {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
  /** Zero-based lines before and after that this entry stands at. */
  readonly before: number;
  readonly after: number;
}

const context = 3;

/** Lines with their endings, so that a changed ending or a missing last newline is a difference. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function compareLines(before: readonly string[], after: readonly string[]): Change[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++;
  }
  const changes: Change[] = [];
  const same = (from: number, shift: number) =>
    changes.push({ kind: ' ', text: before[from] ?? '', before: from, after: from + shift });
  for (let line = 0; line < head; line++) same(line, 0);
  changes.push(...compareMiddle({ before, after, head, tail }));
  for (let line = before.length - tail; line < before.length; line++) same(line, after.length - before.length);
  return changes;
}

function compareMiddle(work: {
  before: readonly string[];
  after: readonly string[];
  head: number;
  tail: number;
}): Change[] {
  const { before, after, head, tail } = work;
  const rows = before.length - tail - head;
  const columns = after.length - tail - head;
  // Above this a table of all pairs would be too large; the middle is then shown as replaced.
  const lengths = rows * columns <= 4_000_000 ? commonLengths(work, { rows, columns }) : undefined;
  const changes: Change[] = [];
  let row = 0;
  let column = 0;
  while (row < rows || column < columns) {
    const left = before[head + row];
    const right = after[head + column];
    const place = { before: head + row, after: head + column };
    const at = (r: number, c: number) => lengths?.[r * (columns + 1) + c] ?? 0;
    if (lengths && row < rows && column < columns && left === right) {
      changes.push({ kind: ' ', text: left ?? '', ...place });
      row++;
      column++;
    } else if (row < rows && (column >= columns || at(row + 1, column) >= at(row, column + 1))) {
      changes.push({ kind: '-', text: left ?? '', ...place });
      row++;
    } else {
      changes.push({ kind: '+', text: right ?? '', ...place });
      column++;
    }
  }
  return changes;
}

/** Length of the longest common run of lines from each pair of positions on. */
function commonLengths(
  work: { before: readonly string[]; after: readonly string[]; head: number },
  size: { rows: number; columns: number },
): Uint32Array {
  const width = size.columns + 1;
  const lengths = new Uint32Array((size.rows + 1) * width);
  for (let row = size.rows - 1; row >= 0; row--) {
    for (let column = size.columns - 1; column >= 0; column--) {
      const here = row * width + column;
      lengths[here] =
        work.before[work.head + row] === work.after[work.head + column]
          ? (lengths[here + width + 1] ?? 0) + 1
          : Math.max(lengths[here + width] ?? 0, lengths[here + 1] ?? 0);
    }
  }
  return lengths;
}

function toHunks(changes: readonly Change[]): Change[][] {
  const hunks: Change[][] = [];
  let end = -1;
  changes.forEach((change, index) => {
    if (change.kind === ' ') return;
    const from = Math.max(index - context, 0);
    if (from > end || hunks.length === 0) hunks.push([]);
    const start = Math.max(from, end);
    end = Math.min(index + context + 1, changes.length);
    hunks.at(-1)?.push(...changes.slice(start, end));
  });
  return hunks;
}

function formatHunk(hunk: readonly Change[]): string {
  const first = hunk[0];
  const removed = hunk.filter((change) => change.kind !== '+').length;
  const added = hunk.filter((change) => change.kind !== '-').length;
  const range = (start: number, count: number) => `${count === 0 ? start : start + 1}${count === 1 ? '' : `,${count}`}`;
  const lines = hunk.map(({ kind, text }) =>
    text.endsWith('\n') ? kind + text : `${kind}${text}\n\\ No newline at end of file\n`,
  );
  return `@@ -${range(first?.before ?? 0, removed)} +${range(first?.after ?? 0, added)} @@\n${lines.join('')}`;
}
