import { parseShell } from '../../parse/shell.ts';
import type { ShellCommand, ShellScript } from '../../parse/shell-tree.ts';
import { locateMapped, type MappedText, mappedFrom } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { ContainerFiles } from '../image/container-files.ts';
import { absolutePath } from '../image/image-stage.ts';
import { textValue } from '../mapped-value.ts';
import type { Session } from '../session.ts';
import type { Environment, SignalPath } from '../stack.ts';
import { known, unknown, type Value, withHop } from '../value.ts';
import { type Files, nameOf } from '../workspace.ts';
import { decideBranches } from './decided-branches.ts';
import { identifyServer, isShortLived } from './identify-server.ts';
import { isServer, keepRunning } from './keep-running.ts';
import type { Launch, Supervision } from './launch.ts';
import { isProjectScript, missingScript } from './missing-script.ts';
import { expandAssigned, expandWord, locate, type ShellScope } from './shell-scope.ts';
import { findSupervised } from './supervisors.ts';
import { programName, unwrapCommand } from './wrappers.ts';

/** A container's command as its runtime starts it. */
export interface StartCommand {
  readonly words: readonly MappedText[];
  readonly at: Location;
  readonly form: 'json' | 'yaml-list' | 'text';
  readonly trail: readonly Hop[];
  readonly environment: Environment;
  readonly workingDirectory: string;
  /** An init process passes signals on (`init: true`). */
  readonly init: boolean;
  /** Which shell `/bin/sh` is in this image, where its name tells. */
  readonly systemShell: 'dash' | 'busybox' | 'bash' | undefined;
}

export interface FollowTools {
  readonly files: Files;
  readonly session: Session;
  readonly container: ContainerFiles;
}

interface State extends StartCommand {
  readonly signals: SignalPath;
  readonly depth: number;
  readonly throughShell: boolean;
  readonly alternative: boolean;
  readonly supervised: Supervision | undefined;
}

const deepest = 12;

/** Follows a command to the programs that stay running; a command that ends by itself gives none. */
export function followCommand(start: StartCommand, tools: FollowTools): readonly Launch[] {
  const forwarded: SignalPath = {
    forwarded: known(true, start.at),
    blockedAt: undefined,
    blockedBy: undefined,
  };
  return follow(
    { ...start, signals: forwarded, depth: 0, throughShell: false, alternative: false, supervised: undefined },
    tools,
  );
}

function follow(state: State, tools: FollowTools): readonly Launch[] {
  const { words, init, assignments } = unwrapCommand(state.words);
  const first = words[0];
  if (!first || state.depth > deepest) return [];
  const environment = withAssignments(state.environment, assignments, state.at);
  const inner: State = { ...state, words, environment, init: state.init || init, depth: state.depth + 1 };
  const name = programName(first);
  if (/^(sh|bash|ash|dash|zsh)$/.test(name)) return followShell(inner, tools);
  const supervised = findSupervised(inner, tools);
  if (supervised) return followSupervised(supervised, { state: inner, tools });
  const script = scriptAt(first.text, inner, tools);
  if (script) return followScript(script, { ...inner, words: words.slice(1) }, tools);
  if (isProjectScript(first.text) && pathInWorkspace(first.text, inner, tools) === undefined)
    return [missingScript(inner, { word: first })];
  const found = identifyServer(words);
  if (!found) return [];
  const scriptPath = found.script && pathInWorkspace(found.script, inner, tools);
  return [
    {
      server: found.server,
      program: programName(found.words[0]),
      at: locateMapped(found.words[0] ?? first, { start: 0, end: (found.words[0] ?? first).text.length }) ?? state.at,
      command: { words: found.words, at: state.at, form: state.form, trail: state.trail },
      environment,
      workingDirectory: state.workingDirectory,
      signals: inner.init ? { ...state.signals, forwarded: known(true, state.at) } : state.signals,
      alternative: state.alternative,
      throughShell: state.throughShell,
      scriptPath,
      supervised: state.supervised,
    },
  ];
}

/** Each program on its own: the supervisor passes the stop signal on. */
function followSupervised(
  found: NonNullable<ReturnType<typeof findSupervised>>,
  work: { state: State; tools: FollowTools },
): readonly Launch[] {
  const { state, tools } = work;
  const [first, ...rest] = state.words;
  if ('missing' in found) return first ? [missingScript(state, { word: first, what: found.missing })] : [];
  const started = found.programs.flatMap((program) => {
    const trail = [...state.trail, ...program.trail];
    return follow({ ...state, ...program, trail, form: 'text', init: true, throughShell: true }, tools);
  });
  // The init of s6-overlay runs the command behind its own word beside its services.
  return programName(first) === 'init' ? [...started, ...follow({ ...state, words: rest }, tools)] : started;
}

function followShell(state: State, tools: FollowTools): readonly Launch[] {
  const shell = programName(state.words[0]);
  let index = 1;
  let inline = false;
  for (; state.words[index]?.text.startsWith('-'); index++) {
    const option = state.words[index]?.text ?? '';
    if (!option.startsWith('--') && option.includes('c')) inline = true;
    if (option === '-o' || option === '-O') index++;
  }
  const operand = state.words[index];
  if (!operand) return [];
  const rest = state.words.slice(index + 1);
  if (!inline) {
    const path = pathInWorkspace(operand.text, state, tools);
    const source = path === undefined ? undefined : tools.files.read(path);
    return source
      ? followScript(
          mappedFrom({ source, span: { start: 0, end: source.text.length } }),
          { ...state, words: rest },
          tools,
        )
      : path === undefined || !tools.files.pending(path)
        ? [missingScript(state, { word: operand })]
        : [];
  }
  const kind = shell === 'sh' ? state.systemShell : shell === 'bash' ? 'bash' : shell === 'ash' ? 'busybox' : 'dash';
  // The word after the script is $0, the arguments start behind it.
  return runScript(operand, { ...state, words: rest.slice(1) }, { tools, inlineShell: kind ?? 'unknown' });
}

function followScript(text: MappedText, state: State, tools: FollowTools): readonly Launch[] {
  const source = text.segments[0]?.at.source;
  const hop: Hop | undefined = source && {
    at: { source, span: { start: 0, end: 0 } },
    says: `runs ${nameOf(source.path)}`,
  };
  return runScript(
    text,
    { ...state, form: 'text', trail: hop ? [...state.trail, hop] : state.trail },
    { tools, inlineShell: undefined },
  );
}

interface Run {
  readonly tools: FollowTools;
  /** The shell that runs the text of `-c`; undefined for a script file. */
  readonly inlineShell: 'dash' | 'busybox' | 'bash' | 'unknown' | undefined;
}

function runScript(text: MappedText, state: State, run: Run): readonly Launch[] {
  if (text.text === '') return [];
  const script = parseScript(text, run.tools.session);
  const scope: ShellScope = {
    script,
    text,
    at: state.at,
    variables: new Map(),
    environment: state.environment,
    arguments: state.words,
  };
  const launches: Launch[] = [];
  const traps = script.commands.some((command) => wordText(command, 0, scope) === 'trap');
  let workingDirectory = state.workingDirectory;
  let emptyTest: string | undefined;
  const branches = decideBranches(text.text);
  for (const found of withFunctionBodies(script, scope)) {
    if (branches.isDead(found)) continue;
    const command = branches.isSure(found) ? { ...found, conditional: false } : found;
    applyAssignments(command, { scope, emptyTest });
    if (command.words.length === 0) continue;
    const words = command.words.flatMap((word) => expandWord(word, scope));
    branches.observe(command, words);
    emptyTest = testedForEmptiness(command, emptyTest);
    const name = programName(words[0]);
    if (name === 'cd' && words[1] && !command.conditional)
      workingDirectory = absolutePath(workingDirectory, words[1].text);
    if (name === 'source' || name === '.')
      sourceFile(words[1], { scope, state: { ...state, workingDirectory }, tools: run.tools });
    if (isShortLived(unwrapCommand(words).words)) continue;
    const inner: State = {
      ...state,
      words,
      at: locate(scope, command.span),
      form: 'text',
      workingDirectory,
      environment: { ...state.environment, variables: exported(state.environment, scope) },
      signals: signalsThrough(command, { state, scope, run, traps, words }),
      throughShell: true,
      alternative: state.alternative || command.conditional,
    };
    const started = follow(inner, run.tools);
    launches.push(...started);
    // Nothing after a server in the foreground is ever run; any other program may end by itself.
    if (started.some(isServer) && !command.conditional && !command.background && !command.piped) break;
  }
  return keepRunning(launches);
}

function parseScript(text: MappedText, session: Session): ShellScript {
  const only = text.segments.length === 1 ? text.segments[0] : undefined;
  const wholeFile = only?.exact && only.at.span.start === 0 && only.at.span.end === only.at.source.text.length;
  return wholeFile ? session.derive(only.at.source, { kind: 'shell', from: parseShell }) : parseShell(text.text);
}

/** Commands in order, calls of the script's own functions replaced by their bodies, `main` calling others included. */
function withFunctionBodies(script: ShellScript, scope: ShellScope): readonly ShellCommand[] {
  return inlineFunctions(script.commands, { script, scope, depth: 3 });
}

function inlineFunctions(
  commands: readonly ShellCommand[],
  work: { script: ShellScript; scope: ShellScope; depth: number },
): readonly ShellCommand[] {
  const { script, scope, depth } = work;
  return commands.flatMap((command) => {
    const body = script.functions.get(wordText(command, 0, scope) ?? '');
    if (!body || depth === 0) return [command];
    const inner = body.map((entry) => ({ ...entry, conditional: entry.conditional || command.conditional }));
    return inlineFunctions(inner, { ...work, depth: depth - 1 });
  });
}

function wordText(command: ShellCommand, index: number, scope: ShellScope): string | undefined {
  const span = command.words[index]?.span;
  return span && scope.text.text.slice(span.start, span.end);
}

function applyAssignments(command: ShellCommand, work: { scope: ShellScope; emptyTest: string | undefined }): void {
  const { scope, emptyTest } = work;
  for (const assignment of command.assignments) {
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

function sourceFile(word: MappedText | undefined, work: { scope: ShellScope; state: State; tools: FollowTools }): void {
  const path = word && pathInWorkspace(word.text, work.state, work.tools);
  const source = path === undefined ? undefined : work.tools.files.read(path);
  if (!source || source.text === '') return;
  const text = mappedFrom({ source, span: { start: 0, end: source.text.length } });
  const script = parseScript(text, work.tools.session);
  const inner: ShellScope = { ...work.scope, script, text };
  for (const command of script.commands) applyAssignments(command, { scope: inner, emptyTest: undefined });
}

function exported(environment: Environment, scope: ShellScope): ReadonlyMap<string, Value<string>> {
  return scope.variables.size === 0 ? environment.variables : new Map([...environment.variables, ...scope.variables]);
}

function signalsThrough(
  command: ShellCommand,
  work: { state: State; scope: ShellScope; run: Run; traps: boolean; words: readonly MappedText[] },
): SignalPath {
  const { state, scope, run } = work;
  const at = locate(scope, command.words[0]?.span ?? command.span);
  if (unwrapCommand(work.words).exec || state.init) return state.signals;
  const passesLast = run.inlineShell === 'bash' || run.inlineShell === 'busybox';
  if (command.last && passesLast && !command.background && !command.piped) return state.signals;
  if (work.traps || command.background || run.inlineShell === 'unknown') {
    return { forwarded: unknown('the shell may pass the signal on', at), blockedAt: undefined, blockedBy: undefined };
  }
  return { forwarded: known(false, at), blockedAt: at, blockedBy: run.inlineShell === undefined ? 'script' : 'shell' };
}

function withAssignments(
  environment: Environment,
  assignments: readonly { readonly name: string; readonly value: MappedText }[],
  at: Location,
): Environment {
  if (assignments.length === 0) return environment;
  const variables = new Map(environment.variables);
  for (const { name, value } of assignments) variables.set(name, textValue(value, at));
  return { ...environment, variables };
}

function scriptAt(path: string, state: State, tools: FollowTools): MappedText | undefined {
  const found = pathInWorkspace(path, state, tools);
  if (found === undefined || /\.(py|js|mjs|cjs|ts)$/.test(found)) return undefined;
  const source = tools.files.read(found);
  if (!source || source.text === '') return undefined;
  const isShell = /^#!.*\b(sh|bash|ash|dash)\b/.test(source.text) || /\.(sh|bash)$/.test(found);
  return isShell ? mappedFrom({ source, span: { start: 0, end: source.text.length } }) : undefined;
}

function pathInWorkspace(path: string, state: State, tools: FollowTools): string | undefined {
  const absolute = absolutePath(state.workingDirectory, path);
  const found = tools.container.find(absolute);
  if (found !== undefined || path.includes('/')) return found;
  // A bare name is looked up on the PATH, where images usually put their own scripts.
  return tools.container.find(`/usr/local/bin/${path}`) ?? tools.container.find(`/usr/bin/${path}`);
}
