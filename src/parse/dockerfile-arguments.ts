import type { Span } from '../text/span.ts';
import { type EscapeCharacter, type JoinedText, sliceJoined, spanOf } from './dockerfile-lines.ts';
import type { CommandForm, DockerfileString, DockerfileVariable } from './dockerfile-tree.ts';

/** Reads CMD, ENTRYPOINT, SHELL: a JSON array of strings is the exec form, anything else text for the shell. */
export function readCommand(joined: JoinedText): CommandForm {
  const span = spanOf(joined, { start: 0, end: joined.text.length });
  const items = readStringArray(joined);
  return items ? { kind: 'exec', span, items } : { kind: 'shell', span, text: joined.text, offsets: joined.offsets };
}

/** The strings of a JSON array, or undefined when the text is no valid array of strings. */
export function readStringArray(joined: JoinedText): readonly DockerfileString[] | undefined {
  const { source, text } = joined;
  if (!text.startsWith('[')) return undefined;
  const values = parseJson(text);
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'string')) return undefined;
  // A valid array of strings holds no quotation mark outside its strings.
  return [...text.matchAll(/"([^"\\]*(?:\\.[^"\\]*)*)"/gs)].map((match, index) => {
    const start = match.index + 1;
    const span = spanOf(joined, { start, end: start + (match[1]?.length ?? 0) });
    const value: string = values[index] ?? '';
    return { text: value, span, exact: source.slice(span.start, span.end) === value };
  });
}

/** Reads `NAME=value ...`, the old `ENV NAME value`, and `ARG NAME`; a word that Docker refuses is left out. */
export function readVariables(
  joined: JoinedText,
  options: { keyword: 'ENV' | 'ARG'; escapeCharacter: EscapeCharacter },
): readonly DockerfileVariable[] {
  const words = splitQuoted(joined.text, options.escapeCharacter);
  const first = words[0];
  if (!first) return [];
  if (options.keyword === 'ENV' && !joined.text.slice(first.start, first.end).includes('=')) {
    return readOldVariable(joined, options.escapeCharacter);
  }
  const variables: DockerfileVariable[] = [];
  for (const word of words) {
    const equals = joined.text.slice(word.start, word.end).indexOf('=');
    if (equals > 0) {
      const nameEnd = word.start + equals;
      const value = { start: nameEnd + 1, end: word.end };
      variables.push(
        makeVariable(joined, {
          name: { start: word.start, end: nameEnd },
          value,
          escapeCharacter: options.escapeCharacter,
        }),
      );
    } else if (equals === -1 && options.keyword === 'ARG') {
      const nameSpan = spanOf(joined, word);
      const name = joined.text.slice(word.start, word.end);
      variables.push({ name, nameSpan, value: undefined, valueSpan: { start: nameSpan.end, end: nameSpan.end } });
    }
  }
  return variables;
}

/** Splits at blanks; `flags` are the leading words that begin with `--`. */
export function splitArguments(joined: JoinedText): { flags: readonly string[]; rest: JoinedText; words: Span[] } {
  const flags: string[] = [];
  let start = 0;
  for (const match of joined.text.matchAll(/\S+/g)) {
    if (!match[0].startsWith('--')) break;
    flags.push(match[0]);
    start = match.index + match[0].length;
  }
  while (/\s/.test(joined.text[start] ?? '')) start++;
  const rest = sliceJoined(joined, { start, end: joined.text.length });
  const words = [...rest.text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
  }));
  return { flags, rest, words };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Words as Docker splits them: blanks inside quotes and behind the escape character belong to the word. */
function splitQuoted(text: string, escapeCharacter: EscapeCharacter): Span[] {
  const words: Span[] = [];
  let start: number | undefined;
  let quote: string | undefined;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (quote === undefined && /\s/.test(character)) {
      if (start !== undefined) words.push({ start, end: index });
      start = undefined;
      continue;
    }
    start ??= index;
    if (character === escapeCharacter && quote !== "'") index++;
    else if (quote === character) quote = undefined;
    else if (quote === undefined && (character === '"' || character === "'")) quote = character;
  }
  if (start !== undefined) words.push({ start, end: text.length });
  return words;
}

function readOldVariable(joined: JoinedText, escapeCharacter: EscapeCharacter): DockerfileVariable[] {
  const found = /^(\S+)(\s+)\S/.exec(joined.text);
  if (!found?.[1] || !found[2]) return [];
  const name = { start: 0, end: found[1].length };
  const value = { start: name.end + found[2].length, end: joined.text.length };
  return [makeVariable(joined, { name, value, escapeCharacter })];
}

function makeVariable(
  joined: JoinedText,
  options: { name: Span; value: Span; escapeCharacter: EscapeCharacter },
): DockerfileVariable {
  const { name, value } = options;
  const decoded = removeQuotes(joined.text.slice(value.start, value.end), options.escapeCharacter);
  const inner = decoded.enclosed ? { start: value.start + 1, end: value.end - 1 } : value;
  return {
    name: joined.text.slice(name.start, name.end),
    nameSpan: spanOf(joined, name),
    value: decoded.text,
    valueSpan: spanOf(joined, inner),
    ...(decoded.literalDollar ? { literalDollar: true } : {}),
  };
}

function removeQuotes(
  raw: string,
  escapeCharacter: EscapeCharacter,
): { text: string; enclosed: boolean; literalDollar: boolean } {
  let text = '';
  let quote: string | undefined;
  let literalDollar = false;
  let firstQuoteEnd: number | undefined;
  for (let index = 0; index < raw.length; index++) {
    const character = raw[index] ?? '';
    const next = raw[index + 1] ?? '';
    if (quote === character) {
      quote = undefined;
      firstQuoteEnd ??= index;
    } else if (quote === "'") {
      text += character;
      literalDollar ||= character === '$';
    } else if (
      character === escapeCharacter &&
      (quote === undefined || next === '"' || next === '$' || next === escapeCharacter)
    ) {
      text += next;
      literalDollar ||= next === '$';
      index++;
    } else if (quote === undefined && (character === '"' || character === "'")) quote = character;
    else text += character;
  }
  const opened = raw[0] === '"' || raw[0] === "'";
  return { text, enclosed: opened && firstQuoteEnd === raw.length - 1, literalDollar };
}
