import { lineEnding, type SourceText } from '../../text/source-text.ts';
import type { TextEdit } from '../../text/span.ts';
import type { CommandPlace, ListPlace, TextPlace } from './command-place.ts';
import { endOfLine, indentationAt, insertAt } from './line-places.ts';
import { isPlainWord } from './replace-text.ts';
import { listItem } from './yaml-insert.ts';

/** Adds words to a command behind the place's word, as the command is written; undefined where they would need quotes. */
export function addWords(
  source: SourceText,
  place: CommandPlace,
  options: readonly (readonly string[])[],
): TextEdit | undefined {
  if (options.length === 0) return undefined;
  if (options.flat().some((word) => !isPlainWord(word))) return undefined;
  return place.kind === 'text' ? addToText(source, place, options) : addToList(source, place, options.flat());
}

function addToText(source: SourceText, place: TextPlace, options: readonly (readonly string[])[]): TextEdit {
  const at = place.words[place.index]?.end ?? 0;
  const pieces = options.map((words) => words.join(' '));
  const separator = continuation(source, place) ?? ' ';
  return insertAt(source, at, pieces.map((piece) => `${separator}${piece}`).join(''));
}

/** Backslash, line break and indentation, when the word is the last of a command that is written over several lines. */
function continuation(source: SourceText, place: TextPlace): string | undefined {
  const { words, index, continues } = place;
  const word = words[index];
  const first = words[0];
  if (!continues || !word || !first || index === 0 || index < words.length - 1) return undefined;
  const start = words.find(
    (candidate) => indentationAt(source.text, candidate.start) !== undefined && candidate !== first,
  );
  const broken = /\\\r?\n[ \t]*$/.exec(source.text.slice(first.start, start?.start ?? first.start));
  return broken ? ` ${broken[0].replace(/^\\\r?\n/, `\\${lineEnding(source)}`)}` : undefined;
}

function addToList(source: SourceText, place: ListPlace, words: readonly string[]): TextEdit {
  const { text } = source;
  const item = place.items[place.index] ?? { start: 0, end: 0 };
  const own = text[item.start];
  const quote = own === '"' || own === "'" ? own : undefined;
  const items = words.map((word) => writeItem(word, { quote, place }));
  const eol = lineEnding(source);
  if (place.style === 'yaml-block') {
    const dash = text.slice(text.lastIndexOf('\n', item.start - 1) + 1, item.start);
    const lead = /^[ \t]*-[ \t]+$/.test(dash) ? dash : `${' '.repeat(Math.max(0, dash.lastIndexOf('-')))}- `;
    return insertAt(source, endOfLine(text, item.end), items.map((line) => `${eol}${lead}${line}`).join(''));
  }
  const indentation = place.style === 'yaml-flow' ? indentationAt(text, item.start) : undefined;
  const line = text.slice(item.end, endOfLine(text, item.end));
  if (indentation !== undefined && /^,[ \t]*(#.*)?$/.test(line)) {
    return insertAt(source, item.end + line.length, `${eol}${indentation}${items.join(', ')},`);
  }
  if (indentation !== undefined && line.trim() === '') {
    return insertAt(source, item.end, `,${eol}${indentation}${items.join(', ')}`);
  }
  return insertAt(source, item.end, items.map((each) => `, ${each}`).join(''));
}

function writeItem(word: string, how: { quote: string | undefined; place: ListPlace }): string {
  return how.quote === undefined ? listItem(word, how.place.quote) : `${how.quote}${word}${how.quote}`;
}
