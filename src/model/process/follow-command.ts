import { locateMapped, type MappedText, mappedFrom } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { ContainerFiles } from '../image/container-files.ts';
import { absolutePath } from '../image/image-stage.ts';
import { textValue } from '../mapped-value.ts';
import type { Session } from '../session.ts';
import type { Environment, SignalPath } from '../stack.ts';
import { known, unknown, type Value } from '../value.ts';
import { type Files, nameOf } from '../workspace.ts';
import { identifyServer, isShortLived } from './identify-server.ts';
import { isServer, keepRunning } from './keep-running.ts';
import type { Launch, Supervision } from './launch.ts';
import { isProjectScript, missingScript } from './missing-script.ts';
import { type ScriptStep, walkScript } from './script-walk.ts';
import { locate, type ShellScope } from './shell-scope.ts';
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
    const written = inlineFile(operand.text, state, tools);
    if (written) return followScript(written, { ...state, words: rest }, tools);
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
  const { tools } = run;
  const launches: Launch[] = [];
  walkScript(text, {
    at: state.at,
    environment: state.environment,
    arguments: state.words,
    workingDirectory: state.workingDirectory,
    session: tools.session,
    read: (path, workingDirectory) => {
      const found = pathInWorkspace(path, { ...state, workingDirectory }, tools);
      return found === undefined ? undefined : tools.files.read(found);
    },
    visit: (step) => {
      const { command, words, scope, workingDirectory } = step;
      const rest = lastSourced(step);
      if (rest && pathInWorkspace(rest.text, { ...state, workingDirectory }, tools) === undefined)
        launches.push(missingScript({ ...state, at: locate(scope, command.span) }, { word: rest }));
      if (isShortLived(unwrapCommand(words).words)) return false;
      const inner: State = {
        ...state,
        words,
        at: locate(scope, command.span),
        form: 'text',
        workingDirectory,
        environment: { ...state.environment, variables: exported(state.environment, scope) },
        signals: signalsThrough(step, { state, run }),
        throughShell: true,
        alternative: state.alternative || command.conditional,
      };
      const started = follow(inner, tools);
      const [program] = unwrapCommand(words).words;
      const isGiven = program !== undefined && program === scope.arguments[0];
      launches.push(...started.map((launch) => (isGiven ? { ...launch, isGiven } : launch)));
      return started.some(isServer) && !words.some(({ text }) => detaches.has(text));
    },
  });
  return keepRunning(launches);
}

/** The script that a last `source` or `.` hands over to. */
function lastSourced({ command, words }: ScriptStep): MappedText | undefined {
  const isLast = command.last && !command.conditional && /^(source|\.)$/.test(words[0]?.text ?? '');
  return isLast && isProjectScript(words[1]?.text ?? '') ? words[1] : undefined;
}

/** Options with which a server goes into the background by itself. */
const detaches: ReadonlySet<string> = new Set(['--detach', '--daemon', '--daemonize', '-D']);

function exported(environment: Environment, scope: ShellScope): ReadonlyMap<string, Value<string>> {
  return scope.variables.size === 0 ? environment.variables : new Map([...environment.variables, ...scope.variables]);
}

function signalsThrough(step: ScriptStep, work: { state: State; run: Run }): SignalPath {
  const { command, scope, words } = step;
  const { state, run } = work;
  const at = locate(scope, command.words[0]?.span ?? command.span);
  if (unwrapCommand(words).exec || state.init) return state.signals;
  const passesLast = run.inlineShell === 'bash' || run.inlineShell === 'busybox';
  if (command.last && passesLast && !command.background && !command.piped) return state.signals;
  if (step.traps || command.background || run.inlineShell === 'unknown') {
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
  const written = inlineFile(path, state, tools);
  if (written) return isShellScript(written.text, path) ? written : undefined;
  const found = pathInWorkspace(path, state, tools);
  if (found === undefined || /\.(py|js|mjs|cjs|ts)$/.test(found)) return undefined;
  const source = tools.files.read(found);
  if (!source || source.text === '') return undefined;
  return isShellScript(source.text, found)
    ? mappedFrom({ source, span: { start: 0, end: source.text.length } })
    : undefined;
}

function isShellScript(text: string, path: string): boolean {
  return /^#!.*\b(sh|bash|ash|dash)\b/.test(text) || /\.(sh|bash)$/.test(path);
}

/** A file whose text stands in the Dockerfile. */
function inlineFile(path: string, state: State, tools: FollowTools): MappedText | undefined {
  return tools.container.inline(absolutePath(state.workingDirectory, path));
}

function pathInWorkspace(path: string, state: State, tools: FollowTools): string | undefined {
  const absolute = absolutePath(state.workingDirectory, path);
  const found = tools.container.find(absolute);
  if (found !== undefined || path.includes('/')) return found;
  // A bare name is looked up on the PATH, where images usually put their own scripts.
  return tools.container.find(`/usr/local/bin/${path}`) ?? tools.container.find(`/usr/bin/${path}`);
}
