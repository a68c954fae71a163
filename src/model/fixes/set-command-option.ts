import { parseYaml } from '../../parse/yaml.ts';
import { locateMapped, type MappedText, sliceMapped } from '../../text/mapped-text.ts';
import { derive } from '../../text/source-text.ts';
import { applyEdits, type Location, type TextEdit, textAt } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import type { CommandLine } from '../stack.ts';
import { type CommandPlace, findCommandPlace } from './command-place.ts';
import { addWords } from './command-words.ts';
import { kindOfFile } from './file-kind.ts';
import { finishEdits, noEdits } from './finish-edits.ts';
import { isPlainWord, replaceText } from './replace-text.ts';
import { differOnlyAt, findScalar } from './yaml-place.ts';

/** An option to write into a command. */
export interface CommandOption {
  /** As it is written where it is new: `--workers`, `--slow_query_log`, `-c`. */
  readonly flag: string;
  /** Other spellings that set the same: `-w`. */
  readonly aliases?: readonly string[];
  /** Undefined for a switch. For `-c` of postgres `name=value`: `--name` and a `-c` of the same name are replaced. */
  readonly value?: string;
  /** `--flag=value` or `--flag value`; unless given, as the command does it (`equals` when it writes any option so). */
  readonly style?: 'equals' | 'blank';
}

/** Writes one option of a command; see `setCommandOptions`. */
export function setCommandOption(command: CommandLine, option: CommandOption): Edits {
  return setCommandOptions(command, [option]);
}

/**
 * Writes options of a command where it is written (JSON array, YAML list, text of a shell, script): replaces the values
 * that are there, adds the others behind the program, or at the end for programs that need it so. Refused for folded
 * blocks, escapes, shared anchors, values made of variables, and words that would need quotes.
 */
export function setCommandOptions(command: CommandLine, options: readonly CommandOption[]): Edits {
  const edits: TextEdit[] = [];
  const missing: string[][] = [];
  for (const option of options) {
    const found = findOption(command.words, option);
    if (!found) {
      missing.push(writeOption(command, option));
      continue;
    }
    const part = option.value === undefined ? noEdits : replaceValue(found, option);
    if ('refused' in part) return part;
    edits.push(...part.edits);
  }
  if (missing.length > 0) {
    const part = insertOptions(command, missing);
    if ('refused' in part) return part;
    edits.push(...part.edits);
  }
  return finishEdits(edits);
}

/** Programs that take options of their subcommand, or a file, before anything may follow. */
const optionsAtEnd =
  /^(celery|rq|flask|fastapi|python[\d.]*|manage\.py|.*\.py|npm|yarn|pnpm|redis-server|valkey-server|keydb-server|mysqld|mariadbd|postgres|docker-entrypoint(\.sh)?)$/;

interface FoundOption {
  readonly word: MappedText;
  /** Undefined when the option stands there without a value. */
  readonly value: MappedText | undefined;
}

function findOption(words: readonly MappedText[], option: CommandOption): FoundOption | undefined {
  const assigned = /^-[co]$/.test(option.flag) ? /^([A-Za-z_][\w.-]*)=/.exec(option.value ?? '')?.[1] : undefined;
  const own = assigned === undefined ? [option.flag] : [`--${assigned}`];
  const flags = [...own, ...(option.aliases ?? [])].map(normalise);
  let found: FoundOption | undefined;
  for (const [index, word] of words.entries()) {
    if (index === 0 && !word.text.startsWith('-')) continue;
    const next = words[index + 1];
    found =
      (assigned !== undefined && readAssignment({ word, next }, assigned)) ||
      readOption({ word, next }, { flags, takesValue: option.value !== undefined }) ||
      found;
  }
  return found;
}

/** `-c name=value` of postgres, in one word or two. */
function readAssignment(at: { word: MappedText; next: MappedText | undefined }, name: string): FoundOption | undefined {
  const { word, next } = at;
  const pair = /^-[co]$/.test(word.text) ? next : /^-c./.test(word.text) ? from(word, 2) : undefined;
  const equals = pair?.text.indexOf('=') ?? -1;
  if (!pair || equals === -1 || normalise(pair.text.slice(0, equals)) !== normalise(name)) return undefined;
  return { word, value: from(pair, equals + 1) };
}

function from(word: MappedText, start: number): MappedText {
  return sliceMapped(word, { start, end: word.text.length });
}

function readOption(
  at: { word: MappedText; next: MappedText | undefined },
  option: { flags: readonly string[]; takesValue: boolean },
): FoundOption | undefined {
  const { word, next } = at;
  const { text } = word;
  if (option.flags.includes(normalise(text))) {
    const value = option.takesValue && next && !/^-(?![\d.])/.test(next.text) ? next : undefined;
    return { word, value };
  }
  const equals = text.indexOf('=');
  if (equals > 0 && option.flags.includes(normalise(text.slice(0, equals)))) {
    return { word, value: from(word, equals + 1) };
  }
  const short = text.slice(0, 2);
  if (/^-[A-Za-z]./.test(text) && option.flags.includes(short) && option.takesValue) {
    return { word, value: from(word, 2) };
  }
  return undefined;
}

function replaceValue({ word, value }: FoundOption, option: CommandOption): Edits {
  const text = /^-[co]$/.test(option.flag)
    ? (option.value ?? '').replace(/^[A-Za-z_][\w.-]*=/, '')
    : (option.value ?? '');
  const at = exactPlace(value ?? word);
  if (!at) return notWritten(option);
  if (value) return replaceText(at, text);
  if (!isPlainWord(text)) return notWritten(option);
  const { end } = at.span;
  return finishEdits([{ source: at.source, span: { start: end, end }, newText: `=${text}` }]);
}

function notWritten(option: CommandOption): Edits {
  return { refused: `${option.flag} is not written as one text that can be replaced` };
}

/** Where a whole text stands in a file, character by character. */
function exactPlace(mapped: MappedText): Location | undefined {
  const at = locateMapped(mapped, { start: 0, end: mapped.text.length });
  return at && mapped.text !== '' && textAt(at) === mapped.text ? at : undefined;
}

function writeOption(command: CommandLine, option: CommandOption): string[] {
  const { flag, value } = option;
  if (value === undefined) return [flag];
  const equals = command.words.some((word) => /^--[\w-]+=/.test(word.text));
  const style = option.style ?? (equals && flag.startsWith('--') ? 'equals' : 'blank');
  return style === 'equals' ? [`${flag}=${value}`] : [flag, value];
}

function insertOptions(command: CommandLine, options: readonly (readonly string[])[]): Edits {
  const program = command.words[0];
  if (!program) return { refused: 'the command has no words' };
  if (runsOwnScript(command.words)) return { refused: 'a script of the project starts the server' };
  const place = findInsertion(command);
  if ('refused' in place) return place;
  const edit = addWords(place.at.source, place.found, options);
  if (!edit) return { refused: 'a word of the option would need quotes' };
  const result = finishEdits([edit]);
  if ('refused' in result) return result;
  return changesOnlyCommand(edit, place.at) ? result : { refused: 'the edit would change other parts of the file' };
}

/** True for `python serve.py`: the server that the script starts sees none of its arguments. */
function runsOwnScript(words: readonly MappedText[]): boolean {
  const [program = '', ...rest] = words.map(({ text }) => text.slice(text.lastIndexOf('/') + 1));
  const isPython = /^python[\d.]*$/.test(program);
  const script = isPython ? rest.find((word) => !/^-[A-Za-z]*[^mc]$/.test(word)) : program;
  return script?.endsWith('.py') === true && script !== 'manage.py';
}

function findInsertion(command: CommandLine): WordPlace | { readonly refused: string } {
  const program = command.words[0];
  if (!program) return { refused: 'the command has no words' };
  const name = program.text.slice(program.text.lastIndexOf('/') + 1);
  const first = placeOfWord(program);
  if (!optionsAtEnd.test(name) && !name.startsWith('-')) return first;
  const last = command.words.findLast((word) => !('refused' in placeOfWord(word)));
  const place = last ? placeOfWord(last) : first;
  if ('refused' in place) return first;
  const end = place.found.kind === 'list' ? place.found.items.length : place.found.words.length;
  return { at: place.at, found: { ...place.found, index: end - 1 } };
}

interface WordPlace {
  readonly at: Location;
  readonly found: CommandPlace;
}

/** How the command is written around one of its words; the end of the word counts, its start may come from a variable. */
function placeOfWord(word: MappedText): WordPlace | { readonly refused: string } {
  const last = word.segments.findLast((segment) => segment.exact && segment.end > segment.start);
  if (!last) return { refused: 'the command is not written in one place that can be edited' };
  const found = findCommandPlace(last.at);
  return 'refused' in found ? found : { at: last.at, found };
}

function changesOnlyCommand(edit: TextEdit, at: Location): boolean {
  if (kindOfFile(at.source) !== 'yaml') return true;
  const before = derive(at.source, { kind: 'yaml', from: parseYaml }).root;
  const place = findScalar(before, at.span);
  if (!place) return false;
  const path = place.ancestors.at(-1)?.kind === 'sequence' ? place.path.slice(0, -1) : place.path;
  return differOnlyAt([path], { before, after: parseYaml(applyEdits(at.source, [edit])).root });
}

function normalise(flag: string): string {
  return flag.replace(/(?<=\w)_/g, '-');
}
