import { containsSpan, type Location, type Span } from '../../text/span.ts';

/**
 * True when the place overlaps a `$NAME`, `${NAME...}`, `$(...)` or backquotes of its line. The default inside
 * `${NAME:-4}` is free when the place lies wholly in it: only that text is edited then.
 */
export function isInterpolated(at: Location): boolean {
  const { text } = at.source;
  const from = text.lastIndexOf('\n', at.span.start - 1) + 1;
  const newline = text.indexOf('\n', at.span.end);
  const line = { start: from, end: newline === -1 ? text.length : newline };
  return findReferences(text, line).some(
    ({ span, operand }) =>
      span.start < at.span.end &&
      at.span.start < span.end &&
      !(operand !== undefined && containsSpan(operand, at.span)),
  );
}

interface Reference {
  readonly span: Span;
  /** The default that counts while the name is not set. */
  readonly operand: Span | undefined;
}

function findReferences(text: string, line: Span): Reference[] {
  const found: Reference[] = [];
  for (let index = line.start; index < line.end; index += 1) {
    if (text[index] === '`') {
      const close = text.indexOf('`', index + 1);
      if (close === -1 || close >= line.end) continue;
      found.push({ span: { start: index, end: close + 1 }, operand: undefined });
      index = close;
      continue;
    }
    if (text[index] !== '$') continue;
    if (text[index + 1] === '$') {
      index += 1;
      continue;
    }
    const reference = referenceAt(text, { start: index, end: line.end });
    if (!reference) continue;
    found.push(reference);
    // A default may hold references of its own.
    if (!reference.operand) index = reference.span.end - 1;
  }
  return found;
}

function referenceAt(text: string, { start, end }: Span): Reference | undefined {
  const opening = text[start + 1];
  if (opening !== '{' && opening !== '(') {
    const name = /^[A-Za-z_]\w*|^[\d@*#?!]/.exec(text.slice(start + 1, end))?.[0];
    return name === undefined ? undefined : { span: { start, end: start + 1 + name.length }, operand: undefined };
  }
  const close = closing(text, { start: start + 1, end });
  const span = { start, end: close + 1 };
  const before = /^\$\{[A-Za-z_]\w*:?[-=]/.exec(text.slice(start, close))?.[0];
  return { span, operand: before === undefined ? undefined : { start: start + before.length, end: close } };
}

function closing(text: string, { start, end }: Span): number {
  const open = text[start] ?? '{';
  const close = open === '{' ? '}' : ')';
  let depth = 0;
  for (let index = start; index < end; index += 1) {
    if (text[index] === open) depth += 1;
    else if (text[index] === close) depth -= 1;
    if (depth === 0) return index;
  }
  return end - 1;
}
