import { parseDockerfile } from '../../parse/dockerfile.ts';
import { parseYaml } from '../../parse/yaml.ts';
import type { YamlSequence } from '../../parse/yaml-tree.ts';
import { derive } from '../../text/source-text.ts';
import type { Location, Span } from '../../text/span.ts';
import { kindOfFile } from './file-kind.ts';
import { findShellCommand, isShellPrefix, type ShellPlace, shellSource } from './shell-place.ts';
import { findScalar, preferredQuote, sharingOf, type YamlPlace } from './yaml-place.ts';

/** How a command is written at the place of one of its words. */
export type CommandPlace = ListPlace | TextPlace;

/** A JSON array or YAML list, one word an item. */
export interface ListPlace {
  readonly kind: 'list';
  readonly style: 'json' | 'yaml-flow' | 'yaml-block';
  /** The items with their quotes. */
  readonly items: readonly Span[];
  /** The item of the word. */
  readonly index: number;
  /** For numbers and other words that YAML would not take for strings. */
  readonly quote: '"' | "'";
}

/** Text that a shell (or Compose) splits into words. */
export interface TextPlace extends ShellPlace {
  readonly kind: 'text';
  /** A backslash at the end of a line continues the command. */
  readonly continues: boolean;
}

/** Finds how the command around a word is written, from the file itself. */
export function findCommandPlace(word: Location): CommandPlace | { readonly refused: string } {
  const { text } = word.source;
  switch (kindOfFile(word.source)) {
    case 'yaml':
      return findInYaml(word);
    case 'dockerfile':
      return findInDockerfile(word);
    case 'python':
    case 'env':
    case 'settings':
      return unreadable;
    default:
      return fromShell(findShellCommand(shellSource(text, 0), word.span.start), { continues: true });
  }
}

const unreadable = { refused: 'the command is not written in one place that can be edited' } as const;

function fromShell(
  found: ShellPlace | undefined,
  how: { continues: boolean },
): TextPlace | { readonly refused: string } {
  return found ? { kind: 'text', ...found, ...how } : unreadable;
}

function findInYaml(word: Location): CommandPlace | { readonly refused: string } {
  const { root } = derive(word.source, { kind: 'yaml', from: parseYaml });
  const found = findScalar(root, word.span);
  if (!found) return unreadable;
  const sharing = sharingOf(root, found);
  if (sharing !== undefined) return { refused: sharing };
  const parent = found.ancestors.at(-1);
  const list = parent?.kind === 'sequence' ? parent : undefined;
  if (list && !isScript(list, found)) return findInList(word, { list, found, quote: preferredQuote(root) });
  const { style, text, offsets } = found.node;
  if (style === 'folded') return { refused: 'the command is written in a folded block' };
  if (!offsets) return { refused: 'the command is written with escapes' };
  return fromShell(findShellCommand({ text, offsets }, word.span.start), { continues: style === 'literal' });
}

function isScript(list: YamlSequence, { node }: YamlPlace): boolean {
  const before = list.items.slice(0, list.items.indexOf(node));
  return isShellPrefix(before.map((item) => (item.kind === 'scalar' ? item.text : '')));
}

function findInList(
  word: Location,
  place: { list: YamlSequence; found: YamlPlace; quote: '"' | "'" },
): CommandPlace | { readonly refused: string } {
  const { list, found, quote } = place;
  if (list.items.some((item) => item.kind !== 'scalar')) return unreadable;
  const index = list.items.indexOf(found.node);
  const written = word.source.text.slice(found.node.span.start, found.node.span.end);
  if (written.includes('\n')) return { refused: 'the command is written in a block' };
  return {
    kind: 'list',
    style: list.flow ? 'yaml-flow' : 'yaml-block',
    items: list.items.map((item) => item.span),
    index,
    quote,
  };
}

function findInDockerfile(word: Location): CommandPlace | { readonly refused: string } {
  const { source, span } = word;
  const instructions = derive(source, { kind: 'dockerfile', from: parseDockerfile }).stages.flatMap(
    (stage) => stage.instructions,
  );
  for (const instruction of instructions) {
    if (instruction.kind !== 'command' || span.start < instruction.span.start || span.end > instruction.span.end)
      continue;
    const { form } = instruction;
    if (form.kind === 'shell') return fromShell(findShellCommand(form, span.start), { continues: true });
    const index = form.items.findIndex((item) => item.span.start <= span.start && span.end <= item.span.end);
    const item = form.items[index];
    if (!item) continue;
    if (isShellPrefix(form.items.slice(0, index).map((before) => before.text))) {
      if (!item.exact) return { refused: 'the command is written with escapes' };
      return fromShell(findShellCommand(shellSource(item.text, item.span.start), span.start), { continues: false });
    }
    const items = form.items.map((each) => ({ start: each.span.start - 1, end: each.span.end + 1 }));
    return { kind: 'list', style: 'json', items, index, quote: '"' };
  }
  return unreadable;
}
