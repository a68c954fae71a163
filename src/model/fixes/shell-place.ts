import { parseShell } from '../../parse/shell.ts';
import type { ShellCommand, ShellScript, ShellWord } from '../../parse/shell-tree.ts';
import type { Span } from '../../text/span.ts';

/** Text that a shell reads, with the offset in the file of each of its characters. */
export interface ShellSource {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** The simple command that a place of the file belongs to; its spans are offsets in the file. */
export interface ShellPlace {
  readonly script: ShellScript;
  readonly command: ShellCommand;
  /** The command's words as they are written. */
  readonly words: readonly Span[];
  /** The word at the place. */
  readonly index: number;
}

/** The text of a span that stands in the file one to one. */
export function shellSource(text: string, start: number): ShellSource {
  return { text, offsets: Array.from({ length: text.length }, (_, index) => start + index) };
}

/** Finds the command around an offset of the file, inside `sh -c '...'` too. */
export function findShellCommand(source: ShellSource, offset: number): ShellPlace | undefined {
  let current = source;
  for (let depth = 0; depth < maximumDepth; depth += 1) {
    const found = findIn(current, offset);
    const inner = found && innerScript(current, { found, offset });
    if (!inner) return found;
    current = inner;
  }
  return undefined;
}

const maximumDepth = 4;

function findIn({ text, offsets }: ShellSource, offset: number): ShellPlace | undefined {
  const script = parseShell(text);
  const at = offsets.indexOf(offset);
  if (at === -1) return undefined;
  const commands = [...script.commands, ...[...script.functions.values()].flat()];
  for (const command of commands) {
    const index = command.words.findIndex((word) => word.span.start <= at && at < word.span.end);
    if (index === -1) continue;
    const words = command.words.map((word) => mapSpan(offsets, word.span));
    return { script, command, words, index };
  }
  return undefined;
}

/** The script of `sh -c` when the place lies inside it. */
function innerScript(source: ShellSource, place: { found: ShellPlace; offset: number }): ShellSource | undefined {
  const { command, index } = place.found;
  const word = command.words[index];
  const before = command.words.slice(0, index).map(wordText);
  if (!word || !isShellPrefix(before)) return undefined;
  const at = source.offsets.indexOf(place.offset);
  const part = word.parts.find((candidate) => candidate.span.start <= at && at < candidate.span.end);
  if (word.parts.length === 1 && part?.kind === 'literal' && part.exact) {
    return { text: part.text, offsets: source.offsets.slice(part.span.start, part.span.end) };
  }
  const quote = source.text[word.span.start];
  const quoted = (quote === '"' || quote === "'") && source.text[word.span.end - 1] === quote;
  const inner = { start: word.span.start + 1, end: word.span.end - 1 };
  const text = source.text.slice(inner.start, inner.end);
  if (!quoted || text.includes('\\') || text.includes(quote ?? '')) return undefined;
  return { text, offsets: source.offsets.slice(inner.start, inner.end) };
}

/** True when the words before a script are a shell with `-c`: `sh -c`, `/bin/bash -lc`, `exec sh -c`. */
export function isShellPrefix(words: readonly string[]): boolean {
  const shell = words.findIndex((word) => /(^|\/)(sh|bash|ash|dash|zsh)$/.test(word));
  return shell !== -1 && words.slice(shell + 1).some((word) => /^-[a-z]*c[a-z]*$/.test(word));
}

function wordText(word: ShellWord): string {
  return word.parts.map((part) => (part.kind === 'literal' ? part.text : '')).join('');
}

function mapSpan(offsets: readonly number[], span: Span): Span {
  const start = offsets[span.start] ?? 0;
  return { start, end: (offsets[span.end - 1] ?? start) + 1 };
}
