import { type MappedText, mappedLiteral } from '../../text/mapped-text.ts';
import type { Session } from '../session.ts';
import type { Mount } from '../stack.ts';
import { type Files, folderOf, joinPath, nameOf, resolveInside } from '../workspace.ts';
import { readDockerIgnore } from './docker-ignore.ts';
import { type ImageCopy, type ImageStage, readImageStage, type StageRequest } from './image-stage.ts';

/** Finds the workspace file behind a path inside a container. */
export interface ContainerFiles {
  /** Workspace path of the file that stands at this absolute container path; undefined when no file of the workspace does. */
  find(containerPath: string): string | undefined;
  /** True for a path that a COPY would bring if `.dockerignore` did not keep it out of the build. */
  isKeptOut(containerPath: string): boolean;
  /** Text that the Dockerfile itself writes to this path, or a config of the compose file; undefined for other files. */
  inline(containerPath: string): MappedText | undefined;
  /** Workspace folders whose content lands in this container folder, most specific first. */
  folders(containerPath: string): readonly string[];
  /** Names of the files and folders that the workspace puts directly into this container folder, in order. */
  names(containerPath: string): readonly string[];
  /** Container paths of the workspace's files that stand directly in this container folder, in name order. */
  list(containerPath: string): readonly string[];
}

export interface ContainerLayout {
  readonly files: Files;
  readonly session: Session;
  readonly stage: ImageStage | undefined;
  readonly request: StageRequest | undefined;
  /** Build context, relative to the workspace; undefined for an image that is not built here. */
  readonly context: string | undefined;
  readonly mounts: readonly Mount[];
}

/** Reads bind mounts first (they hide what the image holds), then the image's COPY instructions, last one first. */
export function openContainerFiles(layout: ContainerLayout): ContainerFiles {
  const { files, context, request } = layout;
  const isIgnored =
    context === undefined ? () => false : readDockerIgnore(files, { context, dockerfile: request?.source.path ?? '' });
  const copied = (path: string) => fromCopies(path, layout, { depth: 0 });
  const candidates = (path: string) => [
    ...fromMounts(path, layout.mounts),
    ...copied(path).filter((origin) => !isIgnored(origin)),
  ];
  const find = (path: string) => candidates(path).find((candidate) => files.exists(candidate));
  const names = (folder: string) => namesIn(folder, { layout, folders: candidates(folder) });
  return {
    find,
    inline: (path) => findInline(path, layout),
    isKeptOut: (path) => find(path) === undefined && copied(path).some(isIgnored),
    folders: (path) => [...new Set([...candidates(path), ...parents(path, layout)])],
    names: (path) => names(path.replace(/\/$/, '')),
    list: (path) => {
      const folder = path.replace(/\/$/, '');
      const paths = names(folder).map((name) => `${folder}/${name}`);
      return paths.filter((candidate) => find(candidate) !== undefined);
    },
  };
}

function findInline(path: string, layout: ContainerLayout): MappedText | undefined {
  const { files, context, mounts } = layout;
  const exists = (candidate: string) => files.exists(candidate);
  const given = mounts.find(({ target }) => target === path)?.content;
  if (given?.known) return mappedLiteral(given.value, { at: given.at, exact: false, trail: given.trail });
  if (fromMounts(path, mounts).some(exists)) return undefined;
  for (const copy of [...(layout.stage?.copies ?? [])].reverse()) {
    const found = copy.inline.find(({ name }) => path === fileDestination(copy.destination, name));
    if (found) return found.text;
    if (copy.from !== undefined || context === undefined) continue;
    if (fromCopy(path, copy, { files, context }).some(exists)) return undefined;
  }
  return undefined;
}

function fileDestination(destination: string, name: string): string {
  return destination.endsWith('/') ? `${destination}${name}` : destination;
}

/** Names of what mounts, folders and COPY put into a container folder. */
function namesIn(folder: string, from: { layout: ContainerLayout; folders: readonly string[] }): readonly string[] {
  const { layout, folders } = from;
  const names = new Set<string>();
  const addFirst = (path: string, base: string) => {
    const first = path.startsWith(`${base}/`) ? path.slice(base.length + 1).split('/')[0] : undefined;
    if (first) names.add(first);
  };
  for (const { target } of layout.mounts) addFirst(target, folder);
  const sources = new Set(folders);
  for (const { destination, sources: copied } of layout.stage?.copies ?? []) {
    addFirst(destination, folder);
    if (below(folder, destination) !== '' || layout.context === undefined) continue;
    for (const source of copied) {
      const origin = resolveInside(layout.context, source.replace(/^\/+/, ''));
      if (origin !== undefined && /[*?[]/.test(source)) sources.add(folderOf(origin));
      else if (origin !== undefined) names.add(nameOf(origin));
    }
  }
  for (const source of sources) for (const path of layout.files.workspace.paths) addFirst(path, source);
  return [...names].sort();
}

/** Folders of which a part lands below the path under its own name: `COPY app /code/app` for /code. */
function parents(path: string, layout: ContainerLayout): string[] {
  const mounted = layout.mounts.map(({ source, target }) => ({ origin: source, destination: target }));
  const { context } = layout;
  const copied = (layout.stage?.copies ?? []).flatMap(({ from, sources, destination }) =>
    from !== undefined || context === undefined
      ? []
      : sources.map((source) => ({ origin: resolveInside(context, source.replace(/^\/+/, '')), destination })),
  );
  return [...mounted, ...copied].flatMap(({ origin, destination }) => {
    const rest = below(destination.replace(/\/$/, ''), path);
    if (rest === undefined || rest === '' || origin === undefined) return [];
    if (origin === rest) return [''];
    return origin.endsWith(`/${rest}`) ? [origin.slice(0, -rest.length - 1)] : [];
  });
}

function fromMounts(path: string, mounts: readonly Mount[]): string[] {
  const mostSpecificFirst = [...mounts].sort((left, right) => right.target.length - left.target.length);
  return mostSpecificFirst.flatMap((mount) => {
    const rest = mount.source === undefined ? undefined : below(path, mount.target);
    if (rest === undefined || mount.source === undefined) return [];
    const joined = rest === '' ? mount.source : resolveInside(mount.source, rest);
    return joined === undefined ? [] : [joined];
  });
}

function fromCopies(
  path: string,
  layout: Pick<ContainerLayout, 'files' | 'session' | 'stage' | 'request' | 'context'>,
  search: { depth: number },
): string[] {
  const { stage, request, context } = layout;
  if (!stage || context === undefined || search.depth > 8) return [];
  return [...stage.copies].reverse().flatMap((copy) => {
    if (copy.from === undefined) return fromCopy(path, copy, { ...layout, context });
    const sibling = request && readImageStage({ ...request, target: copy.from }, layout.session);
    if (!sibling) return [];
    return copy.sources.flatMap((source) => {
      const rest = below(path, copy.destination);
      if (rest === undefined) return [];
      const inner = rest === '' ? source : `${source.replace(/\/$/, '')}/${rest}`;
      const plain = inner.startsWith('/') ? inner : `/${inner}`;
      return fromCopies(plain, { ...layout, stage: sibling }, { depth: search.depth + 1 });
    });
  });
}

function fromCopy(path: string, copy: ImageCopy, layout: { files: Files; context: string }): string[] {
  return copy.sources.flatMap((source) => {
    const origin = resolveInside(layout.context, source.replace(/^\/+/, ''));
    if (origin === undefined) return [];
    const isFile = layout.files.workspace.paths.has(origin);
    const rest = below(path, copy.destination);
    if (rest === undefined) return [];
    if (/[*?[]/.test(source)) return rest === '' ? [] : globbed(origin, rest);
    if (!isFile) return [rest === '' ? origin : joinPath(origin, rest)];
    const name = origin.slice(origin.lastIndexOf('/') + 1);
    if (rest === '' && !copy.destination.endsWith('/')) return [origin];
    return rest === name ? [origin] : [];
  });
}

/** `COPY *.sh /app/` puts files of the pattern's folder side by side into the destination. */
function globbed(pattern: string, rest: string): string[] {
  const slash = pattern.lastIndexOf('/');
  return [slash === -1 ? rest : `${pattern.slice(0, slash)}/${rest}`];
}

/** What remains of `path` below `folder`; '' when they are equal, undefined when it lies elsewhere. */
function below(path: string, folder: string): string | undefined {
  const base = folder.replace(/\/$/, '');
  if (path === base || (base === '' && path === '/')) return '';
  return path.startsWith(`${base}/`) ? path.slice(base.length + 1).replace(/\/$/, '') : undefined;
}
