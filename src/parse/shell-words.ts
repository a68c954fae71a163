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
 * at the first unquoted `;`, `&`, `|`, `<` or `>`, since no shell reads the string. An open quote runs to the end.
 */
export function splitCommandLine(text: string): readonly CommandLineWord[] {
  const words: CommandLineWord[] = [];
  let word: OpenWord | undefined;
  let quote: string | undefined;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (quote === undefined && /[ \t\r\n]/.test(character)) {
      if (word) words.push(closeWord(text, { word, end: index }));
      word = undefined;
      continue;
    }
    if (quote === undefined && /[;&|<>]/.test(character)) {
      // `2>` is a redirection of a file descriptor, not an argument.
      if (character === '>' && word && /^\d+$/.test(word.text)) word = undefined;
      return word ? [...words, closeWord(text, { word, end: index })] : words;
    }
    if (quote === undefined && character === '\\' && index + 1 === text.length) break;
    word ??= { start: index, text: '' };
    if (character === '\\' && quote !== "'") {
      index++;
      const next = text[index] ?? '';
      word.text += next === 'n' ? '\n' : next === 't' ? '\t' : next;
    } else if (character === quote) quote = undefined;
    else if (quote === undefined && (character === '"' || character === "'")) quote = character;
    else word.text += character;
  }
  return word ? [...words, closeWord(text, { word, end: text.length })] : words;
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
