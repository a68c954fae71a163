import type { SourceText } from '../text/source-text.ts';
import type { Location } from '../text/span.ts';
import { brokenComposeFiles, readComposeProjects } from './compose/read-compose-projects.ts';
import { readComposeProject } from './compose-project.ts';
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
  /** Files that matter and could not be understood. */
  readonly broken: readonly { readonly at: Location; readonly why: string }[];
}

/** Joins the workspace's files into the resolved stack; the default project comes first. */
export function readWorkspace(workspace: Workspace, session: Session): Reading {
  const files = openFiles(workspace);
  const tools = { files, session };
  const composed = readComposeProjects({
    ...tools,
    ...(workspace.name !== undefined && { rootName: workspace.name }),
  }).map((project) => readComposeProject(project, tools));
  const used = new Set(composed.flatMap((entry) => [...entry.used]));
  const { projects: standalone, joined } = readStandaloneProjects({ composed, used }, tools);
  const projects: readonly Project[] = [...joined, ...standalone];
  return {
    stack: { projects },
    wanted: files.wanted,
    touched: files.touched,
    files: [...files.touched].flatMap((path) => workspace.texts.get(path) ?? []),
    broken: [
      ...brokenComposeFiles(tools),
      ...[...files.conflicted.values()].map((at) => ({ at, why: 'it holds merge-conflict markers' })),
    ],
  };
}
