import type { Span } from '../text/span.ts';
import type { ShellCommand, ShellPart, ShellWord } from './shell-tree.ts';

/** The script without the carriage returns of its line ends, which the library would keep in words. */
export interface ShellText {
  readonly text: string;
  readonly original: string;
  readonly spanOf: (pos: number, end: number) => Span;
}

/** Takes a script as the library will see it. */
export function createShellText(original: string): ShellText {
  const text = original.replace(/\r(?=\n|$)/g, '');
  const clamp = (offset: number) => Math.max(0, Math.min(offset, text.length));
  if (text.length === original.length) {
    return { text, original, spanOf: (pos, end) => ({ start: clamp(pos), end: Math.max(clamp(pos), clamp(end)) }) };
  }
  const offsets: number[] = [];
  for (const match of original.matchAll(/[^\r]|\r(?!\n|$)/g)) offsets.push(match.index);
  offsets.push(original.length);
  const offsetOf = (offset: number) => offsets[clamp(offset)] ?? original.length;
  const spanOf = (pos: number, end: number) => {
    const start = offsetOf(pos);
    const last = clamp(end) - 1;
    return { start, end: last < clamp(pos) ? start : offsetOf(last) + 1 };
  };
  return { text, original, spanOf };
}

/** `[[`, one or two operands with their operator, `]]`; nothing is split inside the brackets. */
export function bracketWords(
  script: ShellText,
  test: { readonly pos: number; readonly operator: string; readonly operands: readonly ShellWord[] },
): readonly ShellWord[] {
  const mark = (text: string) => markWord(script, { text, pos: test.pos });
  const [first, ...others] = test.operands.map(unsplit);
  const inner = others.length === 0 ? [mark(test.operator), first] : [first, mark(test.operator), ...others];
  return [mark('[['), ...inner.filter((word) => word !== undefined), mark(']]')];
}

/** `case WORD` with the arms behind it; the word is never split. */
export function caseHead(
  script: ShellText,
  node: {
    readonly pos: number;
    readonly items: readonly {
      readonly pos: number;
      readonly end: number;
      readonly pattern: readonly { readonly pos: number; readonly end: number }[];
      readonly terminator: string | undefined;
    }[];
    readonly subject: ShellWord;
  },
): Pick<ShellCommand, 'span' | 'assignments' | 'words' | 'arms'> {
  const { pos, items, subject } = node;
  const arms = items.map(({ pattern, terminator = ';;', ...item }) => ({
    span: script.spanOf(item.pos, item.end),
    patterns: pattern.map((word) => script.text.slice(word.pos, word.end)),
    goesOn: terminator !== ';;',
  }));
  const span = { start: script.spanOf(pos, pos).start, end: subject.span.end };
  return { span, assignments: [], words: [markWord(script, { text: 'case', pos }), unsplit(subject)], arms };
}

function markWord(script: ShellText, mark: { text: string; pos: number }): ShellWord {
  const span = script.spanOf(mark.pos, mark.pos);
  return { span, parts: [{ kind: 'literal', text: mark.text, span, exact: false }] };
}

function unsplit({ parts, ...word }: ShellWord): ShellWord {
  return { ...word, parts: parts.map((part) => (part.kind === 'parameter' ? { ...part, quoted: true } : part)) };
}

/** The elements with a blank between them, or one substitution when splitting at blanks would not give them back. */
export function joinElements(script: ShellText, options: { elements: readonly ShellWord[]; span: Span }): ShellPart[] {
  const { elements, span } = options;
  const parts: ShellPart[] = [];
  for (const [index, element] of elements.entries()) {
    if (element.parts.some((part) => part.kind === 'literal' && /[\s"'\\]|^$/.test(part.text))) {
      const source = script.original.slice(span.start + 1, span.end - 1);
      return [{ kind: 'substitution', source, arithmetic: false, span }];
    }
    const previous = elements[index - 1];
    if (previous) {
      const gap = { start: Math.min(previous.span.end, element.span.start), end: element.span.start };
      parts.push({ kind: 'literal', text: ' ', span: gap, exact: script.original.slice(gap.start, gap.end) === ' ' });
    }
    parts.push(...element.parts);
  }
  return parts;
}

/** An expansion whose outcome is not known; `source` is its text without the delimiters. */
export function readSubstitution(script: ShellText, part: { type: string; pos: number; end: number }): ShellPart {
  const raw = script.text.slice(part.pos, part.end);
  const arithmetic = part.type === 'ArithmeticExpansion';
  const isBare = part.type.endsWith('Glob') || part.type === 'BraceExpansion' || part.type === 'Word';
  const opening = isBare ? '' : (/^(?:\$\(\(|[$<>]\(|\$[[{]|`)/.exec(raw)?.[0] ?? '');
  const open = part.type === 'CommandExpansion' && opening === '$((' ? '$(' : opening;
  const close = open === '$((' ? '))' : open === '`' ? '`' : open === '$[' ? ']' : open === '${' ? '}' : ')';
  const body = raw.slice(open.length);
  const source = open !== '' && body.endsWith(close) ? body.slice(0, -close.length) : body;
  return { kind: 'substitution', source, arithmetic, span: script.spanOf(part.pos, part.end) };
}

/** `$NAME` without an operator. */
export function bareParameter(
  name: string,
  from: { readonly span: Span; readonly quoted: boolean },
): Extract<ShellPart, { kind: 'parameter' }> {
  return { kind: 'parameter', name, operator: undefined, operand: undefined, ...from };
}

/** Text that stands for itself. */
export function readLiteral(script: ShellText, part: { value: string; pos: number; end: number }): ShellPart {
  const span = script.spanOf(part.pos, part.end);
  const exact = script.original.slice(span.start, span.end) === part.value;
  return { kind: 'literal', text: part.value, span, exact };
}

/** The range between the quotes of a quoted part, whose closing quote may be missing. */
export function insideQuotes(part: { text: string; pos: number; end: number }): { pos: number; end: number } {
  const open = part.text.startsWith('$') ? 2 : 1;
  const closed = part.text.length > open && part.text.at(-1) === part.text[open - 1];
  return { pos: Math.min(part.pos + open, part.end), end: closed ? part.end - 1 : part.end };
}
