import { expect } from 'vitest';

/** Expects every span inside a parse tree to lie in the text, and every exact piece to equal the text there. */
export function expectSpansInside(tree: unknown, text: string): void {
  const left: unknown[] = [tree];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    if ('start' in node && 'end' in node && typeof node.start === 'number' && typeof node.end === 'number') {
      if (!(node.start >= 0 && node.start <= node.end && node.end <= text.length)) {
        expect.fail(`span ${node.start}..${node.end} in a text of ${text.length}`);
      }
    }
    if ('exact' in node && node.exact === true && 'text' in node && 'span' in node) {
      const span = node.span as { start: number; end: number };
      if (text.slice(span.start, span.end) !== node.text) expect.fail(`not exact at ${span.start}..${span.end}`);
    }
    const children: Iterable<unknown> = node instanceof Map ? node.values() : Object.values(node);
    for (const child of children) if (child !== undefined) left.push(child);
  }
}
