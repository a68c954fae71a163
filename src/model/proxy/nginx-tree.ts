import { type NginxDirective, parseNginx } from '../../parse/nginx.ts';
import { concatMapped, type MappedText, mappedLiteral, mappedUnknown, unknownReason } from '../../text/mapped-text.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { ContainerFiles } from '../image/container-files.ts';
import { absolutePath } from '../image/image-stage.ts';
import type { Session } from '../session.ts';
import type { Environment } from '../stack.ts';
import { type Files, folderOf, nameOf } from '../workspace.ts';

/** A directive of the configuration that nginx runs with: includes put in, templates filled in. */
export interface NginxNode {
  readonly name: string;
  readonly arguments: readonly MappedText[];
  /** The whole directive. */
  readonly at: Location;
  readonly block: readonly NginxNode[] | undefined;
}

export interface NginxInput {
  readonly files: Files;
  readonly session: Session;
  readonly container: ContainerFiles;
  readonly environment: Environment;
  /** The container's command, for `nginx -c FILE` and `envsubst < TEMPLATE > FILE`. */
  readonly command: string;
}

/**
 * The content of nginx's `http` block. Without a main file in the workspace the image's own one holds: it includes
 * conf.d, and sites-enabled or http.d in the packages of Debian and Alpine.
 */
export function readNginxTree(input: NginxInput): readonly NginxNode[] {
  const work: Work = { ...input, outputs: templateOutputs(input), open: [], budget: { files: mostFiles } };
  const main = /(?:^|\s)nginx\s(?:.*\s)?-c\s*(\S+)/.exec(input.command)?.[1];
  const loaded = [main, ...mainFiles].flatMap((path) => (path === undefined ? [] : (loadFile(path, work) ?? [])));
  const http = loaded.filter((node) => node.name === 'http').flatMap((node) => node.block ?? []);
  return http.length > 0 ? http : includedByDefault.flatMap((pattern) => loadPattern(pattern, work) ?? []);
}

const mostFiles = 100;
const deepestInclude = 8;
const mainFiles = ['/etc/nginx/nginx.conf', '/usr/local/openresty/nginx/conf/nginx.conf'];
const includedByDefault = ['/etc/nginx/conf.d/*.conf', '/etc/nginx/http.d/*.conf', '/etc/nginx/sites-enabled/*'];

interface Work extends NginxInput {
  /** Template by the container path that it is written to when the container starts. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Files that are being read, outermost first. */
  readonly open: readonly string[];
  readonly budget: { files: number };
}

/** The image writes templates/NAME.template to conf.d/NAME (20-envsubst-on-templates.sh); some commands do it themselves. */
function templateOutputs(input: NginxInput): ReadonlyMap<string, string> {
  const outputs = new Map<string, string>();
  for (const name of input.container.names('/etc/nginx/templates'))
    if (name.endsWith('.template'))
      outputs.set(`/etc/nginx/conf.d/${name.slice(0, -'.template'.length)}`, `/etc/nginx/templates/${name}`);
  for (const [, from = '', to = ''] of input.command.matchAll(
    /\benvsubst\b[^<>|;]{0,2000}<\s*([^\s<>|;&]+)\s*>\s*([^\s<>|;&]+)/g,
  ))
    outputs.set(to, from);
  return outputs;
}

/** Undefined when the file is not in the workspace. */
function loadFile(path: string, work: Work): readonly NginxNode[] | undefined {
  const template = work.outputs.get(path);
  const found = work.container.find(template ?? path);
  const source = found === undefined ? undefined : work.files.read(found);
  if (!source || work.open.includes(path) || work.open.length > deepestInclude || work.budget.files-- <= 0)
    return undefined;
  const { directives } = work.session.derive(source, { kind: 'nginx', from: parseNginx });
  const inner = { ...work, open: [...work.open, path] };
  return buildNodes(directives, { source, isTemplate: template !== undefined, work: inner });
}

interface OpenFile {
  readonly source: SourceText;
  readonly isTemplate: boolean;
  readonly work: Work;
}

function buildNodes(directives: readonly NginxDirective[], file: OpenFile): readonly NginxNode[] {
  return directives.flatMap((directive): readonly NginxNode[] => {
    const node: NginxNode = {
      name: directive.name,
      arguments: directive.arguments.map((argument) => {
        const at = { source: file.source, span: argument.span };
        const { text, exact } = argument;
        return file.isTemplate ? fillIn(text, { at, exact, file }) : mappedLiteral(text, { at, exact });
      }),
      at: { source: file.source, span: directive.span },
      block: directive.block && buildNodes(directive.block, file),
    };
    return node.name === 'include' ? (loadInclude(node, file.work) ?? [node]) : [node];
  });
}

/** What an include brings in; undefined, so that it stays as it is, when its file is not in the workspace. */
function loadInclude(node: NginxNode, work: Work): readonly NginxNode[] | undefined {
  const [path] = node.arguments;
  if (!path || unknownReason(path) !== undefined) return undefined;
  return loadPattern(absolutePath(folderOf(work.open[0] ?? '/etc/nginx/'), path.text), work);
}

function loadPattern(pattern: string, work: Work): readonly NginxNode[] | undefined {
  const name = nameOf(pattern);
  if (!/[*?[]/.test(name)) return loadFile(pattern, work);
  const folder = folderOf(pattern);
  const written = [...work.outputs.keys()].filter((path) => folderOf(path) === folder).map(nameOf);
  const names = [...new Set([...work.container.names(folder), ...written])].sort();
  return names.filter((each) => matchesName(each, name)).flatMap((each) => loadFile(`${folder}/${each}`, work) ?? []);
}

function matchesName(name: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '[^]*')
    .replaceAll('?', '.');
  try {
    return new RegExp(`^${source}$`).test(name);
  } catch {
    return false;
  }
}

/** envsubst replaces the variables that the container has and leaves nginx's own (`$host`) alone. */
function fillIn(text: string, from: { at: Location; exact: boolean; file: OpenFile }): MappedText {
  const { at, exact, file } = from;
  const { environment } = file.work;
  const pieces: MappedText[] = [];
  let done = 0;
  const place = (start: number, end: number): Location =>
    exact ? { source: at.source, span: { start: at.span.start + start, end: at.span.start + end } } : at;
  for (const match of text.matchAll(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g)) {
    const name = match[1] ?? match[2] ?? '';
    const value = environment.variables.get(name);
    const isOwn = name === name.toLowerCase();
    if (!value && (isOwn || environment.complete)) continue;
    pieces.push(mappedLiteral(text.slice(done, match.index), { at: place(done, match.index), exact }));
    done = match.index + match[0].length;
    const here = place(match.index, done);
    if (value?.known) pieces.push(mappedLiteral(value.value, { at: value.at, exact: false, trail: value.trail }));
    else pieces.push(mappedUnknown(value?.why ?? `${name} is set in no file`, { at: here }));
  }
  pieces.push(mappedLiteral(text.slice(done), { at: place(done, text.length), exact }));
  return concatMapped(pieces);
}
