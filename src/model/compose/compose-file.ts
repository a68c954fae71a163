import type { ParseError } from '../../parse/parse-result.ts';
import { parseYaml } from '../../parse/yaml.ts';
import { resolveAlias } from '../../parse/yaml-read.ts';
import type { YamlDocument, YamlMapping, YamlNode } from '../../parse/yaml-tree.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { ComposeReading } from './variables.ts';

/** A file that holds compose configuration, whole or broken. */
export interface ComposeFile {
  readonly source: SourceText;
  /** Undefined for an empty file and for one whose top level is no mapping. */
  readonly root: YamlMapping | undefined;
  /** What keeps Compose from reading the file, and where. */
  readonly problem: { readonly why: string; readonly at: Location } | undefined;
}

/** Reads a YAML file; undefined when it is absent or not loaded yet. */
export function readComposeFile({ files, session }: ComposeReading, path: string): ComposeFile | undefined {
  const source = files.read(path);
  if (!source) return undefined;
  const checked = session.derive(source, { kind: 'compose-file', from: checkYaml });
  const { problem } = checked;
  return { source, root: checked.root, problem: problem && { why: problem.why, at: { source, span: problem.span } } };
}

interface CheckedYaml {
  readonly root: YamlMapping | undefined;
  readonly problem: { readonly why: string; readonly span: ParseError['span'] } | undefined;
}

function checkYaml(text: string): CheckedYaml {
  const document = parseYaml(text);
  const root = resolveAlias(document.root);
  return { root: root?.kind === 'mapping' ? root : undefined, problem: findProblem(document) };
}

function findProblem({ errors, documentCount, root }: YamlDocument): CheckedYaml['problem'] {
  const [error] = errors;
  if (error) {
    const why = error.code === 'too-large' ? 'it is too large to be read' : 'it is not valid YAML';
    return { why, span: error.span };
  }
  if (documentCount > 1) return { why: 'it holds more than one YAML document', span: { start: 0, end: 0 } };
  const alias = root && findUndefinedAlias(root);
  return alias && { why: 'it uses an anchor that is not defined', span: alias.span };
}

function findUndefinedAlias(root: YamlNode): YamlNode | undefined {
  const open: YamlNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'alias' && !node.target) return node;
    if (node.kind === 'sequence') for (const item of node.items) open.push(item);
    if (node.kind === 'mapping') for (const { value } of node.entries) if (value) open.push(value);
  }
  return undefined;
}
