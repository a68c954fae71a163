import { DockerfileParser } from 'dockerfile-ast';
import type { Span } from '../text/span.ts';
import { readCommand, readStringArray, readVariables, splitArguments } from './dockerfile-arguments.ts';
import {
  type EscapeCharacter,
  type HeredocBody,
  type JoinedText,
  joinContinuations,
  prepareDockerfile,
  spanOf,
} from './dockerfile-lines.ts';
import type { Dockerfile, DockerfileInstruction, DockerfileStage, DockerfileVariable } from './dockerfile-tree.ts';
import { type ParseError, sizeCaps } from './parse-result.ts';
import { checkSize } from './size-check.ts';

/** Reads a Dockerfile as BuildKit does; unknown instructions and ONBUILD are left out. Never throws. */
export function parseDockerfile(text: string): Dockerfile {
  const tooLarge = checkSize(text, sizeCaps.dockerfile);
  if (tooLarge) return failed(tooLarge);
  try {
    return readDockerfile(text);
  } catch {
    return failed({ code: 'unreadable', span: { start: 0, end: 0 } });
  }
}

function failed(error: ParseError): Dockerfile {
  return { globalArguments: [], stages: [], errors: [error] };
}

function readDockerfile(text: string): Dockerfile {
  const { escapeCharacter, masked, heredocs, errors } = prepareDockerfile(text);
  const globalArguments: DockerfileVariable[] = [];
  const stages: OpenStage[] = [];
  for (const { keyword, keywordEnd, span } of findInstructions(masked)) {
    const joined = joinContinuations(text, { span: { start: keywordEnd, end: span.end }, escapeCharacter });
    if (keyword === 'FROM') {
      stages.push(openStage(joined, span));
      continue;
    }
    const instruction = readInstruction(joined, { keyword, span, escapeCharacter, heredocs });
    if (!instruction) continue;
    const stage = stages.at(-1);
    if (stage) {
      stage.instructions.push(instruction);
      stage.end = span.end;
    } else if (instruction.kind === 'variables' && keyword === 'ARG') globalArguments.push(...instruction.variables);
  }
  return { globalArguments, stages: stages.map(closeStage), errors };
}

interface FoundInstruction {
  readonly keyword: string;
  readonly keywordEnd: number;
  readonly span: Span;
}

/** Only the extent of each instruction is taken from the library: it keeps quotes, and its heredocs may throw. */
function findInstructions(masked: string): FoundInstruction[] {
  const lineStarts = [0];
  for (let at = masked.indexOf('\n'); at !== -1; at = masked.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const offsetOf = (position: { line: number; character: number }) =>
    Math.min((lineStarts[position.line] ?? masked.length) + position.character, masked.length);
  return DockerfileParser.parse(masked)
    .getInstructions()
    .map((instruction) => {
      const range = instruction.getRange();
      const start = offsetOf(range.start);
      const keywordEnd = offsetOf(instruction.getInstructionRange().end);
      const body = masked.slice(start, offsetOf(range.end)).trimEnd();
      const span = { start, end: Math.max(keywordEnd, start + body.length) };
      return { keyword: instruction.getKeyword(), keywordEnd, span };
    });
}

interface OpenStage extends Omit<DockerfileStage, 'span' | 'instructions'> {
  readonly start: number;
  end: number;
  readonly instructions: DockerfileInstruction[];
}

function openStage(joined: JoinedText, span: Span): OpenStage {
  const { rest, words } = splitArguments(joined);
  const image = words[0] ?? { start: 0, end: 0 };
  const [, as, name] = words.map((word) => rest.text.slice(word.start, word.end).toLowerCase());
  return {
    name: as === 'as' ? name : undefined,
    base: { text: rest.text.slice(image.start, image.end), span: spanOf(rest, image) },
    start: span.start,
    end: span.end,
    instructions: [],
  };
}

function closeStage({ start, end, ...stage }: OpenStage): DockerfileStage {
  return { ...stage, span: { start, end } };
}

function readInstruction(
  joined: JoinedText,
  options: { keyword: string; span: Span; escapeCharacter: EscapeCharacter; heredocs: readonly HeredocBody[] },
): DockerfileInstruction | undefined {
  const { keyword, span, escapeCharacter, heredocs } = options;
  switch (keyword) {
    case 'ENV':
    case 'ARG':
      return { kind: 'variables', keyword, span, variables: readVariables(joined, { keyword, escapeCharacter }) };
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
      return { kind: 'command', keyword, span, form: readCommand(joined) };
    case 'COPY':
    case 'ADD':
      return readCopy(joined, { keyword, span, heredocs });
    case 'WORKDIR':
    case 'STOPSIGNAL':
    case 'USER':
    case 'EXPOSE':
    case 'HEALTHCHECK':
    case 'RUN': {
      const argument = { text: joined.text, span: spanOf(joined, { start: 0, end: joined.text.length }) };
      return { kind: 'other', keyword, span, argument };
    }
    default:
      return undefined;
  }
}

function readCopy(
  joined: JoinedText,
  options: { keyword: 'COPY' | 'ADD'; span: Span; heredocs: readonly HeredocBody[] },
): DockerfileInstruction | undefined {
  const { keyword, span } = options;
  const { flags, rest, words } = splitArguments(joined);
  const paths =
    readStringArray(rest)?.map((item) => item.text) ?? words.map((word) => rest.text.slice(word.start, word.end));
  const destination = paths.at(-1);
  if (destination === undefined || paths.length < 2) return undefined;
  const from = flags.find((flag) => flag.startsWith('--from='))?.slice('--from='.length);
  const sources = paths.slice(0, -1).filter((path) => !path.startsWith('<<'));
  const heredocs = options.heredocs.flatMap(({ instruction, ...heredoc }) =>
    instruction.start <= span.start && span.start < instruction.end ? [heredoc] : [],
  );
  return { kind: 'copy', keyword, span, from, sources, destination, heredocs };
}
