import { parseShell } from '../../parse/shell.ts';
import type { ShellAssignment, ShellCommand, ShellScript } from '../../parse/shell-tree.ts';
import { type MappedText, mappedFrom, mappedUnknown } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import { absolutePath } from '../image/image-stage.ts';
import { textValue } from '../mapped-value.ts';
import type { Session } from '../session.ts';
import type { Environment } from '../stack.ts';
import { unknown, type Value, withHop } from '../value.ts';
import { decideBranches } from './decided-branches.ts';
import { expandAssigned, expandWord, locate, type ShellScope } from './shell-scope.ts';
import { programName } from './wrappers.ts';

/** A command that a script reaches. */
export interface ScriptStep {
  /** Conditional only as far as nobody can decide the branches around it. */
  readonly command: ShellCommand;
  readonly words: readonly MappedText[];
  readonly scope: ShellScope;
  readonly workingDirectory: string;
  /** The script handles signals itself. */
  readonly traps: boolean;
}

export interface ScriptStart {
  readonly at: Location;
  readonly environment: Environment;
  readonly arguments: readonly MappedText[];
  readonly workingDirectory: string;
  readonly session: Session;
  /** The file that the script reads with `source`. */
  readonly read: (path: string, workingDirectory: string) => SourceText | undefined;
  /** Takes a command; true when it stays in the foreground. */
  readonly visit: (step: ScriptStep) => boolean;
}

/** Walks the commands of a script in the order in which they run, calls of its functions included. */
export function walkScript(text: MappedText, start: ScriptStart): void {
  const script = parseScript(text, start.session);
  const { at, environment } = start;
  const scope = { script, text, at, environment, arguments: start.arguments, variables: new Map(), arrays: new Map() };
  const traps = script.commands.some((command) => wordText(command, 0, scope) === 'trap');
  const progress = { workingDirectory: start.workingDirectory, stepsLeft: maximumSteps };
  walkCommands(script.commands, { start, scope, traps, progress, conditional: false, depth: 0 });
}

/** Bounds functions that call each other. */
const maximumSteps = 20_000;
const maximumDepth = 8;

interface Walk {
  readonly start: ScriptStart;
  readonly scope: ShellScope;
  readonly traps: boolean;
  readonly progress: { workingDirectory: string; stepsLeft: number };
  /** The function whose body this is may not be called. */
  readonly conditional: boolean;
  readonly depth: number;
}

/** True when the script goes no further. */
function walkCommands(commands: readonly ShellCommand[], walk: Walk): boolean {
  const { start, progress, traps } = walk;
  let { scope } = walk;
  let emptyTest: string | undefined;
  const branches = decideBranches(scope.text.text);
  for (const found of commands) {
    if (branches.isDead(found)) continue;
    if (--progress.stepsLeft < 0) return true;
    const conditional = walk.conditional || (found.conditional && !branches.isSure(found));
    const command = { ...found, conditional };
    applyAssignments(command, { scope, emptyTest });
    const words = command.words.flatMap((word) => expandWord(word, scope));
    if (!conditional) applyDefaults(command, scope);
    if (words.length === 0) continue;
    branches.observe(command, words);
    emptyTest = testedForEmptiness(command, emptyTest);
    const mayEnd = !conditional && !command.background && !command.piped;
    const body = scope.script.functions.get(wordText(command, 0, scope) ?? '');
    if (body) {
      if (walk.depth === maximumDepth) continue;
      const inner = { ...scope, arguments: words.slice(1) };
      const ended = walkCommands(body, { ...walk, scope: inner, conditional, depth: walk.depth + 1 });
      if (ended && mayEnd) return true;
      continue;
    }
    const name = programName(words[0]);
    if (name === 'return' && mayEnd) return false;
    if (name === 'exit' && mayEnd) return true;
    if (name === 'cd' && words[1] && !conditional)
      progress.workingDirectory = absolutePath(progress.workingDirectory, words[1].text);
    if (name === 'set' || name === 'shift') scope = { ...scope, arguments: argumentsAfter(words, { command, scope }) };
    const { workingDirectory } = progress;
    if (name === 'source' || name === '.') sourceFile(words[1], { scope, start, workingDirectory });
    const stays = start.visit({ command, words, scope, workingDirectory, traps });
    // Nothing after a server in the foreground is ever run; any other program may end by itself.
    if (mayEnd && (stays || (name === 'exec' && words.length > 1))) return true;
  }
  return false;
}

function parseScript(text: MappedText, session: Session): ShellScript {
  const only = text.segments.length === 1 ? text.segments[0] : undefined;
  const wholeFile = only?.exact && only.at.span.start === 0 && only.at.span.end === only.at.source.text.length;
  return wholeFile ? session.derive(only.at.source, { kind: 'shell', from: parseShell }) : parseShell(text.text);
}

function wordText(command: ShellCommand, index: number, scope: Pick<ShellScope, 'text'>): string | undefined {
  const span = command.words[index]?.span;
  return span && scope.text.text.slice(span.start, span.end);
}

/** `$1`, `$2`, ... after `set -- ...` or `shift`. */
function argumentsAfter(
  words: readonly MappedText[],
  work: { command: ShellCommand; scope: ShellScope },
): readonly MappedText[] {
  const { command, scope } = work;
  const at = locate(scope, command.span);
  const [name, first] = words;
  const dashes = words.findIndex((word) => word.text === '--');
  if (name?.text === 'set' && dashes === -1 && (!first || /^[-+]/.test(first.text))) return scope.arguments;
  if (command.conditional) return [mappedUnknown('the arguments depend on a branch of the script', { at })];
  if (name?.text === 'set') return words.slice(dashes === -1 ? 1 : dashes + 1);
  const count = first?.text ?? '1';
  return /^\d+$/.test(count)
    ? scope.arguments.slice(Number(count))
    : [mappedUnknown('how many arguments `shift` takes away is not known', { at })];
}

function applyAssignments(command: ShellCommand, work: { scope: ShellScope; emptyTest: string | undefined }): void {
  const { scope, emptyTest } = work;
  for (const assignment of command.assignments) {
    if (assignment.elements) fillArray({ ...assignment, elements: assignment.elements }, { command, scope });
    const at = locate(scope, assignment.span);
    const value = textValue(expandAssigned(assignment.value, scope), at);
    const before = scope.variables.get(assignment.name) ?? scope.environment.variables.get(assignment.name);
    const named = withHop(value, { at, says: `${assignment.name} set in the script` });
    if (!command.conditional) scope.variables.set(assignment.name, named);
    else if (emptyTest === assignment.name) {
      if (before === undefined) scope.variables.set(assignment.name, named);
    } else {
      const why = `${assignment.name} depends on a branch of the script`;
      const options: Value<string>[] = before ? [before, named] : [named];
      scope.variables.set(assignment.name, unknown(why, at, { oneOf: options }));
    }
  }
}

/** `NAME=(...)` and `NAME+=(...)`; in a branch that nobody can decide, what is added is not known. */
function fillArray(
  { name, span, elements }: ShellAssignment & Required<Pick<ShellAssignment, 'elements'>>,
  work: { command: ShellCommand; scope: ShellScope },
): void {
  const { command, scope } = work;
  const [first, ...others] = elements;
  const earlier = first?.parts[0];
  const adds = earlier?.kind === 'parameter' && earlier.name === name && earlier.allElements === true;
  const before = adds ? (scope.arrays.get(name) ?? []) : [];
  const added = (adds ? others : elements).flatMap((word) => expandWord(word, scope));
  if (!command.conditional) {
    scope.arrays.set(name, [...before, ...added]);
    return;
  }
  const options = new Set(before.map((word) => word.text.split('=')[0]));
  const overrides = added.some((word) => word.text.startsWith('-') && options.has(word.text.split('=')[0]));
  const doubt = mappedUnknown(`${name} depends on a branch of the script`, { at: locate(scope, span) });
  scope.arrays.set(name, [...(overrides ? [] : before), doubt]);
}

/** What `${NAME:=word}` leaves in NAME. */
function applyDefaults(command: ShellCommand, scope: ShellScope): void {
  for (const part of command.words.flatMap((word) => word.parts)) {
    if (part.kind !== 'parameter' || !/^:?=$/.test(part.operator ?? '')) continue;
    const at = locate(scope, part.span);
    scope.variables.set(part.name, textValue(expandAssigned({ span: part.span, parts: [part] }, scope), at));
  }
}

/** The variable that `[ -z "$NAME" ]` asks for; commands of the branch that follows may give it a value. */
function testedForEmptiness(command: ShellCommand, before: string | undefined): string | undefined {
  const [program, option, operand] = command.words;
  const first = program?.parts[0];
  if (first?.kind !== 'literal') return before;
  if (first.text !== '[' && first.text !== 'test' && first.text !== '[[') return before;
  const flag = option?.parts[0];
  const parameter = operand?.parts.find((part) => part.kind === 'parameter');
  return flag?.kind === 'literal' && flag.text === '-z' && parameter?.kind === 'parameter' ? parameter.name : undefined;
}

function sourceFile(
  word: MappedText | undefined,
  work: { scope: ShellScope; start: ScriptStart; workingDirectory: string },
): void {
  const source = word && work.start.read(word.text, work.workingDirectory);
  if (!source || source.text === '') return;
  const text = mappedFrom({ source, span: { start: 0, end: source.text.length } });
  const script = parseScript(text, work.start.session);
  const inner: ShellScope = { ...work.scope, script, text };
  for (const command of script.commands) applyAssignments(command, { scope: inner, emptyTest: undefined });
}
