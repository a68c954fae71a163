import type { ShellPart, ShellScript, ShellWord } from '../../parse/shell-tree.ts';
import {
  concatMapped,
  locateMapped,
  type MappedText,
  mappedLiteral,
  mappedUnknown,
  sliceMapped,
  unknownReason,
} from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { Environment } from '../stack.ts';
import type { Value } from '../value.ts';

/** Why a piece of a command is unknown when it comes from counting CPUs; also marks such values for the rules. */
export const cpuCountReason = 'computed from the number of CPUs at start-up';

/** What a shell knows while it runs a script. */
export interface ShellScope {
  readonly script: ShellScript;
  /** The script's text with the places it is written at. */
  readonly text: MappedText;
  /** Where the script is started from, for text that stands in no file. */
  readonly at: Location;
  readonly variables: Map<string, Value<string>>;
  /** Elements of the arrays that the script itself fills. */
  readonly arrays: Map<string, readonly MappedText[]>;
  readonly environment: Environment;
  /** `$1`, `$2`, ... */
  readonly arguments: readonly MappedText[];
}

/** Expands a word to the arguments it becomes: none for an empty `$@`, several where an unquoted value has blanks. */
export function expandWord(word: ShellWord, scope: ShellScope, depth = 0): readonly MappedText[] {
  const only = word.parts.length === 1 ? word.parts[0] : undefined;
  const several = only?.kind === 'parameter' ? expandList(only, scope) : undefined;
  if (several) return several;
  const pieces: MappedText[] = [];
  let splits = false;
  for (const part of word.parts) {
    const at = locate(scope, part.span);
    if (part.kind === 'literal') {
      pieces.push(part.exact ? sliceMapped(scope.text, part.span) : mappedLiteral(part.text, { at, exact: false }));
    } else if (part.kind === 'substitution') {
      pieces.push(mappedUnknown(substitutionReason(part.source, scope), { at }));
    } else {
      const value = expandParameter(part, { scope, at, depth });
      if (!part.quoted && /\s/.test(value.text)) splits = true;
      pieces.push(value);
    }
  }
  const joined = concatMapped(pieces);
  if (!splits)
    return joined.text === '' && word.parts.every((part) => part.kind === 'parameter' && !part.quoted) ? [] : [joined];
  return splitAtBlanks(joined);
}

/** Expands a word as an assignment does: never split, and `$@` joined with blanks. */
export function expandAssigned(word: ShellWord, scope: ShellScope): MappedText {
  const parts = word.parts.map((part) => (part.kind === 'parameter' ? { ...part, quoted: true } : part));
  const words = expandWord({ ...word, parts }, scope);
  const blank = mappedLiteral(' ', { at: locate(scope, word.span), exact: false });
  return concatMapped(words.flatMap((each, index) => (index === 0 ? [each] : [blank, each])));
}

/** Place in a file of a part of the script's text. */
export function locate(scope: Pick<ShellScope, 'text' | 'at'>, span: { start: number; end: number }): Location {
  return locateMapped(scope.text, span) ?? scope.at;
}

type Parameter = Extract<ShellPart, { kind: 'parameter' }>;

/** `$@`, `${@:2}` and `${NAME[@]}`, each of which becomes any number of words; undefined for other parameters. */
function expandList(part: Parameter, scope: ShellScope): readonly MappedText[] | undefined {
  const isArguments = part.name === '@' || part.name === '*';
  if (!isArguments && part.allElements !== true) return undefined;
  const at = locate(scope, part.span);
  const list = isArguments ? scope.arguments : scope.arrays.get(part.name);
  if (!list) return [mappedUnknown(`${part.name} is filled when the script runs`, { at })];
  if (part.operator === undefined) return list;
  const from = part.operator === ':' && isArguments ? /^\d+$/.exec(literalOf(part.operand) ?? '') : null;
  return from && from[0] !== '0' ? list.slice(Number(from[0]) - 1) : [mappedUnknown(changedReason, { at })];
}

const changedReason = 'changed by the script';

/** The text of a word that the shell takes as it is. */
function literalOf(word: ShellWord | undefined): string | undefined {
  const texts = word?.parts.map((part) => (part.kind === 'literal' ? part.text : undefined)) ?? [];
  return texts.includes(undefined) ? undefined : texts.join('');
}

function expandParameter(part: Parameter, work: { scope: ShellScope; at: Location; depth: number }): MappedText {
  const changes = part.operator !== undefined && !/^:?[-=+?]$/.test(part.operator);
  if (!changes) return readParameter(part, work);
  return changeText(part, { ...work, before: readParameter({ ...part, operator: undefined }, work) });
}

/** `${NAME#prefix}`, `${NAME%suffix}`, `${NAME:0:1}`; what other operators make of a text is not known. */
function changeText(part: Parameter, work: { before: MappedText; at: Location }): MappedText {
  const { before, at } = work;
  const operand = literalOf(part.operand);
  if (before.text === '' || unknownReason(before) !== undefined) return before;
  const { text } = before;
  if (operand !== undefined && part.operator?.startsWith('#'))
    return sliceMapped(before, { start: text.startsWith(operand) ? operand.length : 0, end: text.length });
  if (operand !== undefined && part.operator?.startsWith('%'))
    return sliceMapped(before, { start: 0, end: text.length - (text.endsWith(operand) ? operand.length : 0) });
  const slice = part.operator === ':' ? /^(\d+)(?::(\d+))?$/.exec(operand ?? '') : null;
  if (!slice) return mappedUnknown(changedReason, { at });
  const start = Math.min(Number(slice[1]), text.length);
  return sliceMapped(before, { start, end: Math.min(text.length, start + Number(slice[2] ?? text.length)) });
}

function readParameter(part: Parameter, work: { scope: ShellScope; at: Location; depth: number }): MappedText {
  const { scope, at, depth } = work;
  if (part.name === '#') return countArguments(scope, at);
  const array = part.allElements === true ? undefined : scope.arrays.get(part.name);
  if (array) return array[0] ?? mappedLiteral('', { at, exact: false });
  const value = findVariable(part.name, scope);
  const operator = part.operator?.replace(':', '');
  const operand = () =>
    part.operand && depth < 8
      ? concatMapped(expandWord(part.operand, scope, depth + 1))
      : mappedLiteral('', { at, exact: false });
  const argument = /^\d+$/.test(part.name) ? scope.arguments[Number(part.name) - 1] : undefined;
  if (operator === '+') {
    const filled = value?.known ? value.value !== '' : (argument?.text ?? '') !== '';
    if (value && !value.known) return mappedUnknown(value.why, { at, trail: value.trail });
    return filled ? operand() : mappedLiteral('', { at, exact: false });
  }
  if (value?.known && (value.value !== '' || (operator !== '-' && operator !== '='))) {
    return mappedLiteral(value.value, { at: value.at, exact: false, trail: value.trail });
  }
  if (value && !value.known) return mappedUnknown(value.why, { at, trail: value.trail });
  if (argument && argument.text !== '') return argument;
  if (operator === '-' || operator === '=') return withDefaultHop(operand(), { scope, at, name: part.name });
  if (/^\d+$/.test(part.name)) return mappedLiteral('', { at, exact: false });
  return mappedUnknown(`${part.name} is set in no file`, { at });
}

function countArguments(scope: ShellScope, at: Location): MappedText {
  const why = scope.arguments.map(unknownReason).find((reason) => reason !== undefined);
  return why === undefined
    ? mappedLiteral(String(scope.arguments.length), { at, exact: false })
    : mappedUnknown(why, { at });
}

function findVariable(name: string, scope: ShellScope): Value<string> | undefined {
  return scope.variables.get(name) ?? scope.environment.variables.get(name);
}

/** The fallback of `${NAME:-word}` holds unless an environment that is not fully known sets the name. */
function withDefaultHop(operand: MappedText, work: { scope: ShellScope; at: Location; name: string }): MappedText {
  const hop: Hop = {
    at: work.at,
    says: `default of \${${work.name}}`,
    ...(!work.scope.environment.complete && { assumed: true as const }),
  };
  return { ...operand, segments: operand.segments.map((segment) => ({ ...segment, trail: [hop, ...segment.trail] })) };
}

function substitutionReason(source: string, scope: ShellScope): string {
  if (/\b(nproc|getconf\s+_NPROCESSORS|cpuinfo|cpu_count)\b/.test(source)) return cpuCountReason;
  for (const match of source.matchAll(/[A-Za-z_]\w*/g)) {
    const value = findVariable(match[0], scope);
    if (value && !value.known && value.why === cpuCountReason) return cpuCountReason;
  }
  return 'computed when the script runs';
}

function splitAtBlanks(mapped: MappedText): MappedText[] {
  return [...mapped.text.matchAll(/\S+/g)].map((match) =>
    sliceMapped(mapped, { start: match.index, end: match.index + match[0].length }),
  );
}
