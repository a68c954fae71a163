import { type CommandLineWord, splitCommandLine } from '../../parse/shell-words.ts';
import {
  concatMapped,
  locateMapped,
  type MappedText,
  mappedLiteral,
  mappedUnknown,
  sliceMapped,
  trailOf,
  unknownReason,
} from '../../text/mapped-text.ts';
import type { Span } from '../../text/span.ts';
import type { ComposeCommand } from './compose-service.ts';
import { childOf, itemsOf } from './config-node.ts';
import { sharedHops, textOf } from './config-text.ts';
import type { ServiceContext } from './read-setting.ts';

/** `command:` or `entrypoint:` as words; undefined when absent or null. */
export function readCommand(context: ServiceContext, key: 'command' | 'entrypoint'): ComposeCommand | undefined {
  const node = childOf(context.body, key);
  const { incomplete } = context.body;
  if (!node && incomplete !== undefined) {
    return { words: [mappedUnknown(incomplete, { at: context.at })], at: context.at, form: 'text', trail: [] };
  }
  if (!node || node.kind === 'null') return undefined;
  const base = { at: node.at, trail: sharedHops(node) };
  if (node.kind === 'scalar') return { ...base, words: splitWords(textOf(node)), form: 'text' };
  if (node.kind !== 'sequence') return undefined;
  const words = itemsOf(node).flatMap((item) => (item.kind === 'scalar' ? [textOf(item)] : []));
  return { ...base, words, form: node.flow ? 'json' : 'yaml-list' };
}

/** Splits as Compose does; each character of a word keeps its place. */
function splitWords(text: MappedText): readonly MappedText[] {
  return splitCommandLine(text.text).map((word) => mapWord(text, word));
}

function mapWord(text: MappedText, word: CommandLineWord): MappedText {
  if (word.exact) return sliceMapped(text, word.span);
  const pieces = unquote(text.text, word.span).map((span) => sliceMapped(text, span));
  const mapped = concatMapped(pieces);
  if (mapped.text === word.text) return mapped;
  const whole = sliceMapped(text, word.span);
  const place = locateMapped(text, word.span) ?? text.segments[0]?.at;
  const why = unknownReason(whole);
  if (!place) return { text: word.text, segments: [] };
  return why === undefined
    ? mappedLiteral(word.text, { at: place, exact: false, trail: trailOf(whole) })
    : mappedUnknown(why, { at: place, trail: trailOf(whole) });
}

/** The runs of characters of a word that its quotes and backslashes leave. */
function unquote(text: string, word: Span): readonly Span[] {
  const pieces: Span[] = [];
  let quote: string | undefined;
  let runStart = word.start;
  const endRun = (end: number): void => {
    if (end > runStart) pieces.push({ start: runStart, end });
  };
  for (let index = word.start; index < word.end; index += 1) {
    const character = text[index] ?? '';
    if (character === '\\' && quote !== "'") {
      endRun(index);
      pieces.push({ start: index + 1, end: index + 2 });
      index += 1;
      runStart = index + 1;
    } else if (quote === undefined ? character === '"' || character === "'" : character === quote) {
      endRun(index);
      quote = quote === undefined ? character : undefined;
      runStart = index + 1;
    }
  }
  endRun(word.end);
  return pieces;
}
