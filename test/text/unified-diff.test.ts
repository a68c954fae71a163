import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unifiedDiff } from '../../src/text/unified-diff.ts';

it('is empty for equal texts', () => {
  expect(unifiedDiff('a', { before: 'x\n', after: 'x\n' })).toBe('');
});

it('separates distant changes and joins near ones', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `${index}\n`);
  const change = (...at: number[]) => lines.map((line, index) => (at.includes(index) ? `new ${line}` : line)).join('');
  const hunks = (text: string) => text.match(/^@@.*$/gm);
  expect(hunks(unifiedDiff('a', { before: lines.join(''), after: change(2, 20) }))).toEqual([
    '@@ -1,6 +1,6 @@',
    '@@ -18,7 +18,7 @@',
  ]);
  expect(hunks(unifiedDiff('a', { before: lines.join(''), after: change(10, 16) }))).toEqual(['@@ -8,13 +8,13 @@']);
});

it('marks a missing last newline', () => {
  expect(unifiedDiff('a', { before: 'x', after: 'x\ny\n' })).toBe(
    '--- a/a\n+++ b/a\n@@ -1 +1,2 @@\n-x\n\\ No newline at end of file\n+x\n+y\n',
  );
});

it('gives the new text when it is applied', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '', 'd\r'), { maxLength: 25 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(apply(before, unifiedDiff('f', { before, after }))).toBe(after);
    }),
  );
});

/** A patch tool in miniature that trusts nothing but the hunks. */
function apply(before: string, diff: string): string {
  const source = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  let result = '';
  let at = 0;
  let left = 0;
  let lastKind = '';
  for (const line of diff.match(/[^\n]*\n/g)?.slice(2) ?? []) {
    const head = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (head) {
      const start = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      while (at < start) result += source[at++] ?? '';
      left = Number(head[2] ?? 1);
    } else if (line.startsWith('\\')) {
      // Belongs to the line above, whose newline is not part of the file.
      if (lastKind !== '-') result = result.slice(0, -1);
    } else {
      if (line[0] !== '-') result += line.slice(1);
      if (line[0] !== '+') {
        expect(`${source[at] ?? ''}`.replace(/\n?$/, '\n')).toBe(line.slice(1));
        at++;
        left--;
      }
    }
    lastKind = line[0] ?? '';
  }
  expect(left).toBe(0);
  return result + source.slice(at).join('');
}
