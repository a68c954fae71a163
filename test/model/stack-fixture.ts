import { type ContainerFiles, openContainerFiles } from '../../src/model/image/container-files.ts';
import { readImageStage } from '../../src/model/image/image-stage.ts';
import { followCommand } from '../../src/model/process/follow-command.ts';
import type { Launch } from '../../src/model/process/launch.ts';
import { systemShellOf } from '../../src/model/service/known-images.ts';
import { joinStartCommand } from '../../src/model/service/start-command.ts';
import { createSession } from '../../src/model/session.ts';
import type { Environment } from '../../src/model/stack.ts';
import { known, type Value } from '../../src/model/value.ts';
import { type Files, openFiles, type Workspace } from '../../src/model/workspace.ts';
import { createSourceText } from '../../src/text/source-text.ts';

/** A workspace of texts by path, everything loaded. */
export function workspaceOf(texts: Readonly<Record<string, string>>): Workspace {
  const entries = Object.entries(texts).map(([path, text]) => [path, createSourceText(path, text)] as const);
  return { paths: new Set(Object.keys(texts)), texts: new Map(entries), skipped: new Map() };
}

/** Files, container and launches of the image that `Dockerfile` at the root builds. */
export function launchImage(
  texts: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): { launches: readonly Launch[]; files: Files; container: ContainerFiles } {
  const files = openFiles(workspaceOf(texts));
  const session = createSession();
  const source = files.read('Dockerfile');
  if (!source) throw new Error('the fixture needs a Dockerfile');
  const request = { source, target: undefined, buildArguments: new Map<string, Value<string>>() };
  const stage = readImageStage(request, session);
  const container = openContainerFiles({ files, session, stage, request, context: '', mounts: [] });
  const joined = joinStartCommand(undefined, { stage, container });
  if (!stage || !joined) return { launches: [], files, container };
  const place = { source, span: { start: 0, end: 0 } };
  const own = Object.entries(environment).map(([name, value]) => [name, known(value, place)] as const);
  const variables: Environment = { variables: new Map([...stage.environment, ...own]), complete: true };
  const systemShell = stage.baseImage.known ? systemShellOf(stage.baseImage.value) : undefined;
  const start = {
    ...joined,
    environment: variables,
    workingDirectory: stage.workingDirectory,
    init: false,
    systemShell,
  };
  return { launches: followCommand(start, { files, session, container }), files, container };
}

/** The texts of a launch's words. */
export function wordsOf(launch: Launch | undefined): readonly string[] {
  return launch?.command.words.map((word) => word.text) ?? [];
}
