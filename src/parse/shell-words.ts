import type { Span } from '../text/span.ts';

/** One argument of a command line. */
export interface CommandLineWord {
  readonly text: string;
  /** The word with its quotes; when `exact`, only the characters between the outer quotes. */
  readonly span: Span;
  /** True when `text` stands at `span` one to one. */
  readonly exact: boolean;
}

/**
 * Splits a compose `command:` or `entrypoint:` string as Compose does (go-shellwords without expansion): the words end
 * at the first unquoted `;`, `&`, `|`, `<` or `>`, since no shell reads the string; `$(…)` and backquotes hold a word
 * together. An open quote, which Compose refuses, runs to the end.
 */
export function splitCommandLine(text: string): readonly CommandLineWord[] {
  return scan(text).words;
}

/** True when Compose refuses the string: an open quote, or a parenthesis that no `$` opens. */
export function isBrokenCommandLine(text: string): boolean {
  return scan(text).broken;
}

type Quote = '"' | "'" | '`' | '(';

interface Scan {
  readonly words: readonly CommandLineWord[];
  readonly broken: boolean;
}

function scan(text: string): Scan {
  const words: CommandLineWord[] = [];
  let word: OpenWord | undefined;
  let quote: Quote | undefined;
  let broken = false;
  const close = (end: number): void => {
    if (word) words.push(closeWord(text, { word, end }));
    word = undefined;
  };
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (quote === undefined && /[ \t\r\n]/.test(character)) {
      close(index);
      continue;
    }
    if (quote === undefined && /[;&|<>]/.test(character)) {
      // `2>` is a redirection of a file descriptor, not an argument.
      if (character === '>' && word && /^\d/.test(word.text)) word = undefined;
      close(index);
      return { words, broken };
    }
    if (quote === undefined && character === '\\' && index + 1 === text.length) {
      broken = true;
      break;
    }
    word ??= { start: index, text: '' };
    if (character === '\\' && quote !== "'") {
      index++;
      word.text += text[index] ?? '';
      broken ||= index === text.length;
      continue;
    }
    const next = quoteAfter(character, quote, word.text);
    if (next === 'broken') {
      broken = true;
      word.text += character;
      continue;
    }
    const isMark = next !== quote && (character === '"' || character === "'");
    quote = next;
    if (!isMark) word.text += character;
  }
  close(text.length);
  return { words, broken: broken || quote !== undefined };
}

/** The quote that is open behind this character; the marks of substitutions stay part of the word. */
function quoteAfter(character: string, quote: Quote | undefined, before: string): Quote | undefined | 'broken' {
  if (quote === '"' || quote === "'") return character === quote ? undefined : quote;
  if (character === '`') return quote === undefined ? '`' : quote === '`' ? undefined : quote;
  if (character === '(' && quote !== '`') return quote === undefined && before.endsWith('$') ? '(' : 'broken';
  if (character === ')' && quote !== '`') return quote === '(' ? undefined : '(';
  if (quote === undefined && (character === '"' || character === "'")) return character;
  return quote;
}

interface OpenWord {
  readonly start: number;
  text: string;
}

function closeWord(text: string, options: { word: OpenWord; end: number }): CommandLineWord {
  const { word, end } = options;
  const raw = text.slice(word.start, end);
  if (raw === word.text) return { text: word.text, span: { start: word.start, end }, exact: true };
  const first = raw[0];
  const quoted = raw.length > 1 && (first === '"' || first === "'") && raw.at(-1) === first;
  if (quoted && raw.slice(1, -1) === word.text) {
    return { text: word.text, span: { start: word.start + 1, end: end - 1 }, exact: true };
  }
  return { text: word.text, span: { start: word.start, end }, exact: false };
}
