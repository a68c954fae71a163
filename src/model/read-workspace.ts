import type { SourceText } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';
import type { ComposeProject } from './compose/compose-service.ts';
import {
  brokenComposeFiles,
  type ComposeRequest,
  readComposeProjects,
  readOverlays,
} from './compose/read-compose-projects.ts';
import { readComposeProject } from './compose-project.ts';
import { findImageBuilds } from './image-builds.ts';
import { finish, mapPausing, type Pausable } from './pausable.ts';
import type { Session } from './session.ts';
import type { Project, Stack } from './stack.ts';
import { readStandaloneProjects } from './standalone-projects.ts';
import { openFiles, type Workspace } from './workspace.ts';

/** What one reading of a workspace gives; preliminary while `wanted` is not empty. */
export interface Reading {
  readonly stack: Stack;
  /** Files that would tell more; the host loads them and reads again. */
  readonly wanted: ReadonlySet<string>;
  /** Every path that was read or looked for. */
  readonly touched: ReadonlySet<string>;
  /** Loaded files that were looked at. */
  readonly files: readonly SourceText[];
  /** The compose projects that the files form, whether or not others were chosen; for letting the user choose. */
  readonly composeProjects: readonly ComposeChoice[];
  /** Files that matter and could not be understood. */
  readonly broken: readonly { readonly at: Location; readonly why: string }[];
}

/** Compose files that form one project. */
export interface ComposeChoice {
  readonly name: string;
  /** In merge order. */
  readonly files: readonly string[];
}

/** How a workspace is to be read. */
export interface ReadingOptions {
  /** Compose files, in merge order, to read as the only compose project; empty to find the projects. */
  readonly composeFiles?: readonly string[];
}

/** Joins the workspace's files into the resolved stack; the default project comes first. */
export function readWorkspace(workspace: Workspace, session: Session, options: ReadingOptions = {}): Reading {
  return finish(readWorkspacePausing(workspace, session, options));
}

/** `readWorkspace` as pausable work; the workspace must stay as it is until the work is done. */
export function* readWorkspacePausing(
  workspace: Workspace,
  session: Session,
  options: ReadingOptions = {},
): Pausable<Reading> {
  const files = openFiles(workspace);
  const tools = { files, session };
  const request = { ...tools, ...(workspace.name !== undefined && { rootName: workspace.name }) };
  const found = yield* readComposeProjects(request);
  const chosen = yield* chooseProjects(found, { request, composeFiles: options.composeFiles ?? [] });
  const builds = findImageBuilds(() => [...new Set([...found, ...chosen]), ...readOverlays(request)], tools);
  const read = (project: ComposeProject) => readComposeProject(project, { ...tools, builds });
  const composed = yield* mapPausing(chosen, read);
  const left = found.filter((project) => !chosen.includes(project));
  // What only the other projects run is no project of its own.
  const besides = yield* mapPausing(left, read);
  const used = new Set([...composed, ...besides].flatMap((entry) => [...entry.used]));
  const { projects: standalone, joined } = yield* readStandaloneProjects({ composed, used }, tools);
  const projects: readonly Project[] = [...joined, ...standalone];
  return {
    stack: { projects },
    wanted: files.wanted,
    touched: files.touched,
    files: [...files.touched].flatMap((path) => workspace.texts.get(path) ?? []),
    composeProjects: found.map(({ name, entry }) => ({ name, files: entry.map((file) => file.path) })),
    broken: [
      ...brokenComposeFiles(tools),
      ...[...files.conflicted.values()].map((at) => ({ at, why: 'it holds merge-conflict markers' })),
    ],
  };
}

/** The projects of the files that were chosen; all of them when none were. */
function* chooseProjects(
  found: readonly ComposeProject[],
  { request, composeFiles }: { request: ComposeRequest; composeFiles: readonly string[] },
): Pausable<readonly ComposeProject[]> {
  if (composeFiles.length === 0) return found;
  const same = found.filter(({ entry }) => entry.map((file) => file.path).join('\n') === composeFiles.join('\n'));
  return same.length > 0 ? same : yield* readComposeProjects({ ...request, composeFiles });
}
