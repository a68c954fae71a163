import { parseDockerfile } from '../../parse/dockerfile.ts';
import type {
  CommandForm,
  Dockerfile,
  DockerfileHeredoc,
  DockerfileStage,
  DockerfileVariable,
} from '../../parse/dockerfile-tree.ts';
import { concatMapped, type MappedText, mappedFrom } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location, Span } from '../../text/span.ts';
import { textValue } from '../mapped-value.ts';
import type { Session } from '../session.ts';
import { known, unknown, type Value, withHop } from '../value.ts';
import { expandVariables } from './expand-variables.ts';
import { lookUpServingImage } from './serving-images.ts';

/** What an image stage gives to a container that runs it, inherited settings included. */
export interface ImageStage {
  readonly source: SourceText;
  /** Registry image at the bottom of the chain of stages. */
  readonly baseImage: Value<string>;
  readonly environment: ReadonlyMap<string, Value<string>>;
  readonly workingDirectory: string;
  readonly entrypoint: ImageCommand | undefined;
  readonly command: ImageCommand | undefined;
  readonly stopSignal: Value<string> | undefined;
  /** Interpreter for shell-form commands: `/bin/sh -c` unless SHELL says otherwise. */
  readonly shell: readonly string[];
  /** COPY and ADD in order, inherited stages first. */
  readonly copies: readonly ImageCopy[];
}

export interface ImageCommand {
  readonly form: CommandForm;
  readonly source: SourceText;
  /** The instruction's arguments. */
  readonly at: Location;
}

export interface ImageCopy {
  /** Absolute path in the image; ends with `/` where the Dockerfile says a folder. */
  readonly destination: string;
  readonly sources: readonly string[];
  /** Name or number of the stage the files come from; undefined for the build context. */
  readonly from: string | undefined;
  /** Files whose text stands in the Dockerfile itself, as the build writes them. */
  readonly inline: readonly { readonly name: string; readonly text: MappedText }[];
}

export interface StageRequest {
  readonly source: SourceText;
  readonly target: string | undefined;
  readonly buildArguments: ReadonlyMap<string, Value<string>>;
}

/** The stage that a build with this target ends in; undefined when the file holds no such stage. */
export function readImageStage(request: StageRequest, session: Session): ImageStage | undefined {
  const dockerfile = session.derive(request.source, { kind: 'dockerfile', from: parseDockerfile });
  const index = findStage(dockerfile, request.target);
  return index === undefined ? undefined : buildStage(dockerfile, { index, request, depth: 0 });
}

function findStage(dockerfile: Dockerfile, target: string | undefined): number | undefined {
  if (dockerfile.stages.length === 0) return undefined;
  if (target === undefined) return dockerfile.stages.length - 1;
  const named = dockerfile.stages.findIndex((stage) => stage.name === target.toLowerCase());
  if (named !== -1) return named;
  const numbered = /^\d+$/.test(target) ? Number(target) : -1;
  return dockerfile.stages[numbered] ? numbered : undefined;
}

interface Draft {
  environment: Map<string, Value<string>>;
  workingDirectory: string;
  entrypoint: ImageCommand | undefined;
  command: ImageCommand | undefined;
  stopSignal: Value<string> | undefined;
  shell: readonly string[];
  copies: ImageCopy[];
}

function buildStage(
  dockerfile: Dockerfile,
  place: { index: number; request: StageRequest; depth: number },
): ImageStage | undefined {
  const stage = dockerfile.stages[place.index];
  if (!stage || place.depth > 32) return undefined;
  const { source } = place.request;
  const globals = new Map<string, Value<string>>();
  for (const variable of dockerfile.globalArguments) defineArgument(variable, { into: globals, place, known: globals });
  const base = expandVariables({ text: stage.base.text, at: { source, span: stage.base.span }, exact: true }, globals);
  const baseImage = textValue(base, { source, span: stage.base.span });
  const parentIndex = baseImage.known ? parentStage(dockerfile, place.index, baseImage.value) : undefined;
  const parent =
    parentIndex === undefined
      ? undefined
      : buildStage(dockerfile, { ...place, index: parentIndex, depth: place.depth + 1 });
  const draft = parent ? inherit(parent) : startDraft(baseImage);
  applyInstructions(stage, { draft, globals, place });
  return { ...draft, source, baseImage: parent?.baseImage ?? baseImage };
}

function parentStage(dockerfile: Dockerfile, index: number, name: string): number | undefined {
  for (let earlier = index - 1; earlier >= 0; earlier--) {
    if (dockerfile.stages[earlier]?.name === name.toLowerCase()) return earlier;
  }
  return undefined;
}

function inherit(parent: ImageStage): Draft {
  return { ...parent, environment: new Map(parent.environment), copies: [...parent.copies] };
}

function startDraft(image: Value<string>): Draft {
  const serving = image.known ? lookUpServingImage(image.value) : undefined;
  const set = [...(serving?.environment ?? [])].map(
    ([name, value]) => [name, known(value, image.at, [{ at: image.at, says: `${name} set in the image` }])] as const,
  );
  return {
    environment: new Map(set),
    workingDirectory: serving?.workingDirectory ?? '/',
    entrypoint: undefined,
    command: undefined,
    stopSignal: undefined,
    shell: ['/bin/sh', '-c'],
    copies: [],
  };
}

function applyInstructions(
  stage: DockerfileStage,
  work: { draft: Draft; globals: ReadonlyMap<string, Value<string>>; place: { request: StageRequest } },
): void {
  const { draft, place } = work;
  const { source } = place.request;
  const locals = new Map<string, Value<string>>();
  let commandSetHere = false;
  const visible = () => new Map([...locals, ...draft.environment]);
  const expand = (text: string, span: Span) =>
    textValue(expandVariables({ text, at: { source, span }, exact: true }, visible()), { source, span });
  for (const instruction of stage.instructions) {
    if (instruction.kind === 'variables') {
      // All variables of one ENV see the values from before it.
      const before = visible();
      for (const variable of instruction.variables) {
        if (instruction.keyword === 'ARG')
          defineArgument(variable, { into: locals, place, known: before, globals: work.globals });
        else draft.environment.set(variable.name, environmentValue(variable, { source, variables: before }));
      }
    } else if (instruction.kind === 'command') {
      const { form } = instruction;
      const command = {
        form,
        source,
        at: { source, span: form.kind === 'exec' ? form.span : instructionText(form, instruction.span) },
      };
      if (instruction.keyword === 'SHELL') {
        if (form.kind === 'exec') draft.shell = form.items.map((item) => item.text);
      } else if (instruction.keyword === 'CMD') {
        draft.command = command;
        commandSetHere = true;
      } else {
        draft.entrypoint = command;
        // Docker drops a CMD inherited from below when a stage sets its own ENTRYPOINT.
        if (!commandSetHere) draft.command = undefined;
      }
    } else if (instruction.kind === 'copy') {
      const destination = expand(instruction.destination, instruction.span);
      if (!destination.known) continue;
      draft.copies.push({
        destination: absolutePath(draft.workingDirectory, destination.value),
        sources: instruction.sources.flatMap((text) => {
          const path = expand(text, instruction.span);
          return path.known ? [path.value] : [];
        }),
        from: instruction.from,
        inline: instruction.heredocs.map((heredoc) => ({
          name: heredoc.name,
          text: heredocText(heredoc, { source, variables: visible() }),
        })),
      });
    } else if (instruction.keyword === 'WORKDIR') {
      const path = expand(instruction.argument.text, instruction.argument.span);
      if (path.known) draft.workingDirectory = absolutePath(draft.workingDirectory, path.value).replace(/(.)\/$/, '$1');
    } else if (instruction.keyword === 'STOPSIGNAL') {
      draft.stopSignal = expand(instruction.argument.text, instruction.argument.span);
    }
  }
}

/** The lines of a heredoc; variables of the build are expanded unless its name is quoted. */
function heredocText(
  heredoc: DockerfileHeredoc,
  from: { source: SourceText; variables: ReadonlyMap<string, Value<string>> },
): MappedText {
  const { source, variables } = from;
  const { start, end } = heredoc.span;
  const lines = heredoc.tabbed ? [...source.text.slice(start, end).matchAll(/^(\t*)([^\n]*\n?)/gm)] : undefined;
  const spans = lines?.map((line) => {
    const from = start + line.index + (line[1] ?? '').length;
    return { start: from, end: from + (line[2] ?? '').length };
  }) ?? [heredoc.span];
  return concatMapped(
    spans.map((span) => {
      const at = { source, span };
      const text = source.text.slice(span.start, span.end);
      return heredoc.quoted ? mappedFrom(at) : expandVariables({ text, at, exact: true }, variables);
    }),
  );
}

function instructionText(form: CommandForm & { kind: 'shell' }, fallback: Span): Span {
  const first = form.offsets[0];
  const last = form.offsets.at(-1);
  return first === undefined || last === undefined ? fallback : { start: first, end: last + 1 };
}

function defineArgument(
  variable: DockerfileVariable,
  work: {
    into: Map<string, Value<string>>;
    place: { request: StageRequest };
    known: ReadonlyMap<string, Value<string>>;
    globals?: ReadonlyMap<string, Value<string>>;
  },
): void {
  const { source, buildArguments } = work.place.request;
  const at = { source, span: variable.valueSpan };
  const passed = buildArguments.get(variable.name);
  if (passed) work.into.set(variable.name, passed);
  else if (variable.value === undefined) {
    const inherited = work.globals?.get(variable.name);
    work.into.set(variable.name, inherited ?? unknown(`build argument ${variable.name} has no default`, at));
  } else work.into.set(variable.name, environmentValue(variable, { source, variables: work.known }));
}

function environmentValue(
  variable: DockerfileVariable,
  work: { source: SourceText; variables: ReadonlyMap<string, Value<string>> },
): Value<string> {
  const at = { source: work.source, span: variable.valueSpan };
  const text = variable.value ?? '';
  const exact = text === at.source.text.slice(at.span.start, at.span.end);
  const value = textValue(expandVariables({ text, at, exact }, work.variables), at);
  if (text === '') return known('', at, [{ at, says: `${variable.name} set in the Dockerfile` }]);
  return withHop(value, { at, says: `${variable.name} set in the Dockerfile` });
}

/** Joins a container path to a working directory; a trailing `/` survives. */
export function absolutePath(workingDirectory: string, path: string): string {
  const joined = path.startsWith('/') ? path : `${workingDirectory}/${path}`;
  const parts: string[] = [];
  for (const part of joined.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  const folder = (/(\/|\/\.|^\.)$/.test(path) || path === '.') && parts.length > 0 ? '/' : '';
  return `/${parts.join('/')}${folder}`;
}
