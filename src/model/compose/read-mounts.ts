import { unknownMark } from '../../text/mapped-text.ts';
import type { Mount } from '../stack.ts';
import { resolveInside } from '../workspace.ts';
import { type ConfigNode, type ConfigScalar, childOf, itemsOf, presentChild } from './config-node.ts';
import { knownChild, knownText, stringValue, textOf } from './config-text.ts';
import type { ServiceContext } from './read-setting.ts';

/** Volumes, configs and secrets by their place in the container, which one thing takes at a time. */
export function readMounts(context: ServiceContext): readonly Mount[] {
  const mounts = new Map<string, Mount>();
  for (const item of itemsOf(childOf(context.body, 'volumes'))) {
    const mount = item.kind === 'scalar' ? readShort(item) : readLong(item);
    if (mount) mounts.set(mount.target, mount);
  }
  for (const section of ['configs', 'secrets'] as const) {
    for (const item of itemsOf(childOf(context.body, section))) {
      const mount = readFileMount(context, { section, item });
      if (mount) mounts.set(mount.target, mount);
    }
  }
  return [...mounts.values()];
}

function readShort(item: ConfigScalar): Mount | undefined {
  // Compose sets PWD to the project's folder.
  const fromFolder = /^\$(?:PWD|\{PWD\})(?=[/:])/.exec(item.scalar.text)?.[0];
  const { text } = textOf(item);
  const [first = '', second] = splitVolume(text);
  const target = second ?? first;
  if (target === '' || target.includes(unknownMark)) return undefined;
  const path = fromFolder === undefined ? first : first.replace(unknownMark, '.');
  const source = second !== undefined && path.startsWith('.') ? resolveSource(item, path) : undefined;
  return { source, target: cleanPath(target), at: item.at };
}

/** The parts between colons; the colon of a Windows drive does not count. */
function splitVolume(text: string): readonly string[] {
  const parts: string[] = [];
  for (const part of text.split(':')) {
    const last = parts.at(-1);
    if (last !== undefined && /^[A-Za-z]$/.test(last) && /^[\\/]/.test(part))
      parts[parts.length - 1] = `${last}:${part}`;
    else parts.push(part);
  }
  return parts;
}

function readLong(item: ConfigNode): Mount | undefined {
  const target = knownChild(item, 'target');
  if (target === undefined) return undefined;
  const source = knownChild(item, 'source');
  const isBind = knownChild(item, 'type') === 'bind' && source !== undefined;
  return { source: isBind ? resolveSource(item, source) : undefined, target: cleanPath(target), at: item.at };
}

function resolveSource(item: ConfigNode, source: string): string | undefined {
  return source.includes(unknownMark) ? undefined : resolveInside(item.scope.folder, source);
}

function readFileMount(
  context: ServiceContext,
  { section, item }: { section: 'configs' | 'secrets'; item: ConfigNode },
): Mount | undefined {
  const name = item.kind === 'mapping' ? knownChild(item, 'source') : knownText(item);
  if (name === undefined) return undefined;
  const definition = childOf(childOf(context.root, section), name);
  const file = childOf(definition, 'file');
  const content = stringValue(presentChild(definition, 'content'));
  const path = knownText(file);
  const folder = section === 'configs' ? '/' : '/run/secrets/';
  const target = knownChild(item, 'target') ?? name;
  return {
    source: file && path !== undefined ? resolveInside(file.scope.folder, path) : undefined,
    ...(content && { content }),
    target: cleanPath(target.startsWith('/') ? target : `${folder}${target}`),
    at: item.at,
  };
}

function cleanPath(path: string): string {
  if (!path.startsWith('/')) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
