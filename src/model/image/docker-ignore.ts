import type { SourceText } from '../../text/source-text.ts';
import { derive } from '../../text/source-text.ts';
import { type Files, joinPath } from '../workspace.ts';

/** Tells whether a path of the build context is kept out of the build. */
export type DockerIgnore = (path: string) => boolean;

/**
 * The `.dockerignore` of a build (moby patternmatcher): the one beside the Dockerfile under its name, else that of the
 * context. Patterns count from the context's root; the last one that matches a path or a folder above it decides.
 */
export function readDockerIgnore(
  files: Files,
  build: { readonly context: string; readonly dockerfile: string },
): DockerIgnore {
  const own = files.read(`${build.dockerfile}.dockerignore`);
  const source = own ?? files.read(joinPath(build.context, '.dockerignore'));
  if (!source) return () => false;
  const patterns = patternsOf(source);
  const prefix = build.context === '' ? '' : `${build.context}/`;
  return (path) => path.startsWith(prefix) && isIgnored(path.slice(prefix.length), patterns);
}

interface Pattern {
  readonly matches: RegExp;
  readonly ignores: boolean;
}

function patternsOf(source: SourceText): readonly Pattern[] {
  return derive(source, {
    kind: 'docker-ignore',
    from: (text) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('#') && line.length <= longestPattern)
        .slice(0, mostPatterns)
        .flatMap(readPattern),
  });
}

const longestPattern = 500;
const mostPatterns = 1000;

function readPattern(line: string): readonly Pattern[] {
  const ignores = !line.startsWith('!');
  const plain = (ignores ? line : line.slice(1))
    .trim()
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '');
  if (plain === '' || plain === '.') return [];
  const body = plain.replace(/\*\*\/?|\*|\?|\[[^\]]*\]|[^*?[\]]+|[\]]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return /^\[[^\]]+\]$/.test(part) ? part.replace(/^\[!/, '[^') : part.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
  });
  try {
    return [{ matches: new RegExp(`^${body}$`), ignores }];
  } catch {
    return [];
  }
}

function isIgnored(path: string, patterns: readonly Pattern[]): boolean {
  const parts = path.split('/');
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return patterns.findLast(({ matches }) => paths.some((one) => matches.test(one)))?.ignores ?? false;
}
