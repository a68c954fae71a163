import { concatMapped, type MappedText, mappedFrom, mappedLiteral } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { ComposeCommand, ComposeService } from '../compose/compose-service.ts';
import type { ContainerFiles } from '../image/container-files.ts';
import type { ImageCommand, ImageStage } from '../image/image-stage.ts';
import { lookUpServingImage } from '../image/serving-images.ts';

/** The words a container starts with, ENTRYPOINT and CMD joined, compose's own settings in front of the image's. */
export interface ContainerWords {
  readonly words: readonly MappedText[];
  readonly at: Location;
  readonly form: 'json' | 'yaml-list' | 'text';
  readonly trail: readonly Hop[];
  /** True when the words come from an exec form that no shell has seen. */
  readonly execForm: boolean;
}

/**
 * Joins them as Docker does: compose `entrypoint` replaces the image's ENTRYPOINT and drops its CMD, compose `command`
 * replaces CMD, a shell-form ENTRYPOINT takes no arguments. Scripts of an image that is known to serve stand for what
 * they run. Undefined when only the (foreign) image knows the command.
 */
export function joinStartCommand(
  service: Pick<ComposeService, 'command' | 'entrypoint'> | undefined,
  image: { readonly stage: ImageStage | undefined; readonly container: ContainerFiles },
): ContainerWords | undefined {
  const joined = joinWords(service, image.stage);
  return fromServingImage(joined, image) ?? joined;
}

function joinWords(
  service: Pick<ComposeService, 'command' | 'entrypoint'> | undefined,
  stage: ImageStage | undefined,
): ContainerWords | undefined {
  const entrypoint = service?.entrypoint
    ? fromCompose(service.entrypoint)
    : stage?.entrypoint && fromImage(stage.entrypoint, stage);
  const command = service?.command
    ? fromCompose(service.command)
    : service?.entrypoint
      ? undefined
      : stage?.command && fromImage(stage.command, stage);
  const shellEntrypoint = !service?.entrypoint && stage?.entrypoint?.form.kind === 'shell';
  const parts = [entrypoint, shellEntrypoint ? undefined : command].filter((part) => part !== undefined);
  const last = parts.at(-1);
  if (!last) return undefined;
  return {
    words: parts.flatMap((part) => part.words),
    at: last.at,
    form: last.form,
    trail: parts.flatMap((part) => part.trail),
    execForm: last.execForm,
  };
}

function fromServingImage(
  joined: ContainerWords | undefined,
  { stage, container }: { stage: ImageStage | undefined; container: ContainerFiles },
): ContainerWords | undefined {
  if (!stage?.baseImage.known || (joined && joined.words.length !== 1)) return undefined;
  const { value, at } = stage.baseImage;
  const holds = (path: string) => container.find(path) !== undefined;
  const path = joined?.words[0]?.text;
  const script = path !== undefined && holds(path) ? undefined : lookUpServingImage(value)?.script(path, holds);
  if (script === undefined) return undefined;
  const words = ['/bin/sh', '-c', script].map((text) => mappedLiteral(text, { at, exact: false }));
  return { words, at, form: 'text', trail: [{ at, says: `started by the image ${value}` }], execForm: false };
}

function fromCompose(command: ComposeCommand): ContainerWords {
  return { ...command, execForm: false };
}

function fromImage(command: ImageCommand, stage: ImageStage): ContainerWords {
  const { form, source, at } = command;
  const trail: Hop[] = [{ at, says: `started by ${source.path}` }];
  if (form.kind === 'exec') {
    const words = form.items.map((item) => {
      const place = { source, span: item.span };
      return item.exact ? mappedFrom(place) : mappedLiteral(item.text, { at: place, exact: false });
    });
    return { words, at, form: 'json', trail, execForm: true };
  }
  const shell = stage.shell.map((word) => mappedLiteral(word, { at, exact: false }));
  return { words: [...shell, shellText(form, at)], at, form: 'text', trail, execForm: false };
}

/** Shell-form text: pieces between removed line continuations keep their exact places. */
function shellText(form: { readonly text: string; readonly offsets: readonly number[] }, at: Location): MappedText {
  return mapOffsets(form.text, { offsets: form.offsets, at });
}

/** Text whose characters stand at known offsets of a file, as few exact pieces as possible. */
function mapOffsets(text: string, from: { readonly offsets: readonly number[]; readonly at: Location }): MappedText {
  const pieces: MappedText[] = [];
  const { source } = from.at;
  let start = 0;
  for (let index = 1; index <= text.length; index++) {
    const previous = from.offsets[index - 1] ?? 0;
    if (index < text.length && from.offsets[index] === previous + 1) continue;
    const first = from.offsets[start] ?? 0;
    const place = { source, span: { start: first, end: previous + 1 } };
    const piece = text.slice(start, index);
    const exact = source.text.slice(place.span.start, place.span.end) === piece;
    pieces.push(mappedLiteral(piece, { at: place, exact }));
    start = index;
  }
  return concatMapped(pieces);
}
