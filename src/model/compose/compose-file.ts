import { parseYaml } from '../../parse/yaml.ts';
import { resolveAlias } from '../../parse/yaml-read.ts';
import type { YamlDocument, YamlMapping, YamlNode } from '../../parse/yaml-tree.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location, Span } from '../../text/span.ts';
import type { ComposeReading } from './variables.ts';

/** A file that holds compose configuration, whole or broken. */
export interface ComposeFile {
  readonly source: SourceText;
  /** Undefined for an empty file and for one whose top level is no mapping. */
  readonly root: YamlMapping | undefined;
  /** The mappings of all documents in the file, which Compose merges like files of their own. */
  readonly roots: readonly YamlMapping[];
  /** What Compose refuses in YAML that can be read: keys written twice, merge keys of no mapping. */
  readonly mistakes: readonly Mistake[];
  /** What keeps Compose from reading the file, and where. */
  readonly problem: { readonly why: string; readonly at: Location } | undefined;
}

export interface Mistake {
  readonly why: string;
  readonly span: Span;
}

/** Reads a YAML file; undefined when it is absent or not loaded yet. */
export function readComposeFile({ files, session }: ComposeReading, path: string): ComposeFile | undefined {
  const source = files.read(path);
  if (!source) return undefined;
  const checked = session.derive(source, { kind: 'compose-file', from: checkYaml });
  const { problem, roots, mistakes } = checked;
  const broken = problem && { why: problem.why, at: { source, span: problem.span } };
  return { source, root: roots[0], roots, mistakes, problem: broken };
}

interface CheckedYaml {
  readonly roots: readonly YamlMapping[];
  readonly mistakes: readonly Mistake[];
  readonly problem: Mistake | undefined;
}

function checkYaml(text: string): CheckedYaml {
  const document = parseYaml(text);
  const roots = document.roots.map(resolveAlias).filter((root) => root?.kind === 'mapping');
  return { roots, mistakes: roots.flatMap(findMistakes).slice(0, 20), problem: findProblem(document) };
}

function findProblem({ errors, roots }: YamlDocument): CheckedYaml['problem'] {
  const [error] = errors;
  if (error) {
    const why = error.code === 'too-large' ? 'it is too large to be read' : 'it is not valid YAML';
    return { why, span: error.span };
  }
  const alias = roots.map(findUndefinedAlias).find((found) => found !== undefined);
  return alias && { why: 'it uses an anchor that is not defined', span: alias.span };
}

function findUndefinedAlias(root: YamlNode): YamlNode | undefined {
  for (const node of nodesBelow(root)) if (node.kind === 'alias' && !node.target) return node;
  return undefined;
}

function findMistakes(root: YamlNode): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  for (const node of nodesBelow(root)) {
    if (node.kind !== 'mapping') continue;
    const seen = new Set<string>();
    for (const { key, value } of node.entries) {
      if (seen.has(key.text)) mistakes.push({ why: `${key.text} is written twice`, span: key.span });
      seen.add(key.text);
      const isMerge = key.text === '<<' && key.style === 'plain';
      if (isMerge && !mergesMappings(value)) mistakes.push({ why: 'it merges what is no mapping', span: key.span });
    }
  }
  return mistakes;
}

function mergesMappings(value: YamlNode | undefined): boolean {
  const node = resolveAlias(value);
  if (node?.kind === 'sequence') return node.items.every((item) => resolveAlias(item)?.kind === 'mapping');
  return node?.kind === 'mapping';
}

function* nodesBelow(root: YamlNode): Generator<YamlNode> {
  const open: YamlNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    yield node;
    if (node.kind === 'sequence') for (const item of node.items) open.push(item);
    if (node.kind === 'mapping') for (const { value } of node.entries) if (value) open.push(value);
  }
}
