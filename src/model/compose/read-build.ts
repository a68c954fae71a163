import { resolveInside } from '../workspace.ts';
import type { ComposeBuild } from './compose-service.ts';
import { type ConfigNode, childOf, presentChild } from './config-node.ts';
import { stringValue } from './config-text.ts';
import { isRemote } from './include.ts';
import { readPairs } from './read-environment.ts';
import type { ServiceContext } from './read-setting.ts';

/** `build:` in either form; undefined when absent. */
export function readBuild(context: ServiceContext): ComposeBuild | undefined {
  const node = presentChild(context.body, 'build');
  if (!node || node.kind === 'sequence') return undefined;
  const contextNode = node.kind === 'scalar' ? node : presentChild(node, 'context');
  const folder = contextNode ? readFolder(context, contextNode) : context.body.scope.folder;
  const inline = presentChild(node, 'dockerfile_inline');
  const dockerfileNode = presentChild(node, 'dockerfile');
  const dockerfile = dockerfileNode ? readKnown(context, dockerfileNode, 'Dockerfile') : 'Dockerfile';
  const hasFile = folder !== undefined && dockerfile !== undefined && !inline;
  const target = presentChild(node, 'target');
  return {
    context: folder,
    dockerfile: hasFile ? resolveInside(folder, dockerfile) : undefined,
    inlineDockerfile: inline?.at,
    target: target && readKnown(context, target, 'build target'),
    args: readPairs(childOf(node, 'args')),
    at: node.at,
  };
}

function readFolder(context: ServiceContext, node: ConfigNode): string | undefined {
  const text = readKnown(context, node, 'build context');
  if (text === undefined) return undefined;
  const folder = isRemote(text) ? undefined : resolveInside(node.scope.folder, text);
  const why = isRemote(text) ? 'it is fetched from elsewhere' : 'it leads out of the workspace';
  if (folder === undefined) context.notes.push({ what: `the build context of ${context.name}`, why, at: node.at });
  return folder;
}

function readKnown(context: ServiceContext, node: ConfigNode, what: string): string | undefined {
  const text = stringValue(node);
  if (text?.known) return text.value;
  const why = text?.why ?? 'Compose refuses this value';
  context.notes.push({ what: `the ${what} of ${context.name}`, why, at: node.at });
  return undefined;
}
