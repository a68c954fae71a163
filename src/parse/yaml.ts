import type { Alias, CST, Document, Pair, Range, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Span } from '../text/span.ts';
import { type ParseError, sizeCaps } from './parse-result.ts';
import { checkSize } from './size-check.ts';
import { joinFlowLines } from './yaml-flow.ts';
import { coreTagPrefix, type DecodedScalar, decodeScalar, resolveScalar, type WrittenScalar } from './yaml-scalar.ts';
import type {
  YamlAlias,
  YamlDocument,
  YamlEntry,
  YamlMapping,
  YamlNode,
  YamlScalar,
  YamlSequence,
} from './yaml-tree.ts';

/**
 * Reads the documents of a YAML file and keeps what can be recovered from a broken one; never throws. Spans cover
 * a node without its tag and anchor, a quoted scalar with its quotes, a block scalar from its `|` to its last line.
 */
export function parseYaml(text: string): YamlDocument {
  const tooLarge = checkSize(text, sizeCaps.yaml);
  if (tooLarge) return { root: undefined, roots: [], errors: [tooLarge], documentCount: 0 };
  try {
    return readDocuments(text);
  } catch {
    const errors = [{ code: 'parser-failed', span: { start: 0, end: 0 } }];
    return { root: undefined, roots: [], errors, documentCount: 0 };
  }
}

const maximumErrors = 100;
/** Deeper nodes are left out: no file that people write nests a tenth of this. */
const maximumDepth = 200;

/** How many flow collections that leave the indentation around them are read all the same. */
const maximumRepairs = 20;

interface Walk {
  /** The file with lone carriage returns as the line breaks they are to YAML; all offsets are the file's. */
  readonly text: string;
  readonly errors: ParseError[];
  /** Anchors whose node is complete; a later one of the same name takes its place. */
  readonly anchors: Map<string, YamlNode>;
  /** Where flow collections start that the library does not see the end of. */
  readonly openFlows: number[];
}

function readDocuments(text: string): YamlDocument {
  const first = readOnce(text, undefined);
  let best = first;
  // The library wants flow collections indented; other parsers, Compose's among them, only look for the end.
  for (let attempt = 0; best.openFlow !== undefined && attempt < maximumRepairs; attempt += 1) {
    const joined = joinFlowLines(best.read, best.openFlow);
    if (joined === undefined) return first.document;
    best = readOnce(text, joined);
  }
  return best.document.errors.length === 0 ? best.document : first.document;
}

interface Reading {
  readonly document: YamlDocument;
  /** The text that the library was given. */
  readonly read: string;
  readonly openFlow: number | undefined;
}

/** Reads the text, or in its place one of the same length whose flow collections stand on one line. */
function readOnce(text: string, joined: string | undefined): Reading {
  const walk: Walk = { text: text.replace(/\r(?!\n)/g, '\n'), errors: [], anchors: new Map(), openFlows: [] };
  const read = joined ?? replaceControls(walk);
  const documents = parseAllDocuments(read, {
    // All scalars stay strings, all tags stay as written: `resolveScalar` decides about values.
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    strict: false,
    keepSourceTokens: true,
  });
  const first: Document.Parsed | undefined = documents[0];
  for (const error of 'empty' in documents ? documents.errors : documents.flatMap((document) => document.errors)) {
    report(walk, error.code.toLowerCase().replaceAll('_', '-'), { start: error.pos[0], end: error.pos[1] });
  }
  const roots = [...documents].flatMap((document) => {
    walk.anchors.clear();
    return convert(walk, document.contents, 0) ?? [];
  });
  const document = { root: first && roots[0], roots, errors: walk.errors, documentCount: documents.length };
  return { document, read, openFlow: walk.openFlows[0] };
}

/** The library uses these characters as its own marks and loses count when a file holds them; YAML forbids them. */
function replaceControls(walk: Walk): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return walk.text.replace(/[\u0002\u0018\u001F\uFEFF]/g, (character, offset: number) => {
    if (character === '\uFEFF' && offset === 0) return character;
    report(walk, 'control-character', { start: offset, end: offset + 1 });
    return '\uFFFD';
  });
}

function report(walk: Walk, code: string, span: Span): void {
  if (walk.errors.length >= maximumErrors) return;
  const start = Math.max(0, Math.min(span.start, walk.text.length));
  const end = Math.max(start, Math.min(span.end, walk.text.length));
  walk.errors.push({ code, span: { start, end } });
}

/** Undefined for nothing at all (no text, tag or anchor) and for what lies too deep. */
function convert(walk: Walk, node: unknown, depth: number): YamlNode | undefined {
  if (isAlias(node)) return convertAlias(walk, node);
  if (isScalar(node)) return isNothing(node) ? undefined : keepAnchor(walk, convertScalar(walk, node));
  if (!isMap(node) && !isSeq(node)) return undefined;
  if (depth >= maximumDepth) {
    report(walk, 'too-deep', spanOf(walk, node));
    return undefined;
  }
  // An alias to the collection that holds it would make a cycle: inside, the name means nothing.
  if (node.anchor !== undefined) walk.anchors.delete(node.anchor);
  return keepAnchor(walk, isMap(node) ? convertMapping(walk, node, depth) : convertSequence(walk, node, depth));
}

function isNothing(node: Scalar): boolean {
  const [start, end] = node.range ?? [0, 0];
  return start === end && node.tag === undefined && node.anchor === undefined;
}

function keepAnchor(walk: Walk, node: YamlNode): YamlNode {
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  return node;
}

function convertAlias(walk: Walk, node: Alias): YamlAlias {
  return { kind: 'alias', span: spanOf(walk, node), name: node.source, target: walk.anchors.get(node.source) };
}

function convertMapping(walk: Walk, node: YAMLMap, depth: number): YamlMapping {
  noteOpenFlow(walk, node);
  const entries: YamlEntry[] = [];
  let end = 0;
  for (const pair of node.items) {
    const key = convertKey(walk, pair.key, depth);
    const value = convert(walk, pair.value, depth + 1);
    if (!key) continue;
    entries.push({ key, value });
    end = value?.span.end ?? colonEnd(pair) ?? key.span.end;
  }
  const start = entries[0]?.key.span.start;
  const span = node.flow || start === undefined ? spanOf(walk, node) : trimEnd(walk, { start, end });
  return { kind: 'mapping', span, ...propertiesOf(node), flow: node.flow === true, entries };
}

/** A key that is an alias reads as its scalar; a key that is a collection drops the entry. */
function convertKey(walk: Walk, node: unknown, depth: number): YamlScalar | undefined {
  if (isScalar(node)) {
    const scalar = convertScalar(walk, node);
    keepAnchor(walk, scalar);
    return scalar;
  }
  const key = convert(walk, node, depth + 1);
  if (key?.kind !== 'alias' || key.target?.kind !== 'scalar') return undefined;
  return {
    kind: 'scalar',
    span: key.span,
    text: key.target.text,
    style: 'plain',
    value: key.target.value,
    offsets: undefined,
  };
}

function colonEnd(pair: Pair): number | undefined {
  const colon = pair.srcToken?.sep?.find((token) => token.type === 'map-value-ind');
  return colon && colon.offset + colon.source.length;
}

/** Notes a flow collection whose closing bracket the library has not found. */
function noteOpenFlow(walk: Walk, { srcToken }: YAMLMap | YAMLSeq): void {
  if (srcToken?.type !== 'flow-collection') return;
  const closed = srcToken.end.some((token) => token.type === 'flow-map-end' || token.type === 'flow-seq-end');
  if (!closed) walk.openFlows.push(srcToken.start.offset);
}

function convertSequence(walk: Walk, node: YAMLSeq, depth: number): YamlSequence {
  noteOpenFlow(walk, node);
  const dashes = node.srcToken?.type === 'block-seq' ? findDashes(node.srcToken) : [];
  const items: YamlNode[] = [];
  for (const item of node.items) {
    const converted = convert(walk, item, depth + 1) ?? (isScalar(item) ? convertScalar(walk, item) : undefined);
    if (converted) items.push(converted);
  }
  const start = dashes[0];
  const lastDash = dashes.at(-1);
  const end = Math.max(items.at(-1)?.span.end ?? 0, lastDash === undefined ? 0 : lastDash + 1);
  const span = node.flow || start === undefined ? spanOf(walk, node) : trimEnd(walk, { start, end });
  return { kind: 'sequence', span, ...propertiesOf(node), flow: node.flow === true, items };
}

function findDashes(token: CST.BlockSequence): number[] {
  const tokens = token.items.flatMap((item) => item.start.filter((part) => part.type === 'seq-item-ind'));
  return tokens.map((part) => part.offset);
}

function convertScalar(walk: Walk, node: Scalar): YamlScalar {
  const style = styleOf(node);
  const written = writtenScalar(walk, node, style);
  const source = node.source ?? '';
  // Only an escape may give a carriage return; the library leaves one behind in unclosed quotes.
  const says = style === 'double' ? source : source.replaceAll('\r', '');
  const { text, offsets } = agree(walk, { text: says, decoded: decodeScalar(written) });
  const properties = propertiesOf(node);
  const value = resolveScalar(text, { plain: style === 'plain', tag: node.tag });
  return { kind: 'scalar', span: scalarSpan(walk, node, written), ...properties, text, style, value, offsets };
}

function styleOf(node: Scalar): YamlScalar['style'] {
  switch (node.type) {
    case 'QUOTE_SINGLE':
      return 'single';
    case 'QUOTE_DOUBLE':
      return 'double';
    case 'BLOCK_LITERAL':
      return 'literal';
    case 'BLOCK_FOLDED':
      return 'folded';
    default:
      return 'plain';
  }
}

function writtenScalar(walk: Walk, node: Scalar, style: YamlScalar['style']): WrittenScalar {
  const { start, end } = rangeSpan(walk, node);
  const token = node.srcToken;
  if (token?.type !== 'block-scalar') return { style, source: walk.text.slice(start, end), start };
  const header = token.props.map((part) => ('source' in part ? part.source : '')).join('');
  const digit = /^[|>][-+]?([1-9])/.exec(header)?.[1];
  const blockIndent = digit === undefined ? undefined : Math.max(0, token.indent) + Number(digit);
  const from = start + header.length;
  return { style, source: walk.text.slice(from, from + token.source.length), start: from, blockIndent };
}

/** The library decides what a scalar says; our offsets count only where our reading of the file comes to the same. */
function agree(
  walk: Walk,
  reading: { text: string; decoded: DecodedScalar | undefined },
): { text: string; offsets: readonly number[] | undefined } {
  const { text, decoded } = reading;
  if (!decoded) return { text, offsets: undefined };
  if (decoded.text.startsWith(text)) return { text, offsets: decoded.offsets.slice(0, text.length) };
  // A block at the end of a file without a last line break: the library adds one that is not there.
  if (text === `${decoded.text}\n` && !walk.text.endsWith('\n')) return decoded;
  return { text, offsets: undefined };
}

function scalarSpan(walk: Walk, node: Scalar, written: WrittenScalar): Span {
  const whole = spanOf(walk, node);
  if (written.style !== 'literal' && written.style !== 'folded') return whole;
  if (written.source.trim() !== '') return whole;
  const header = /^[|>][-+1-9]*/.exec(walk.text.slice(whole.start, whole.end))?.[0] ?? '';
  return { start: whole.start, end: whole.start + header.length };
}

function propertiesOf(node: { anchor?: string | undefined; tag?: string | undefined }): {
  anchor?: string;
  tag?: string;
} {
  const { anchor, tag } = node;
  return {
    ...(anchor === undefined ? {} : { anchor }),
    ...(tag === undefined || tag.startsWith(coreTagPrefix) ? {} : { tag }),
  };
}

interface Ranged {
  readonly range?: Range | null | undefined;
}

function rangeSpan(walk: Walk, node: Ranged): Span {
  const [from, to] = node.range ?? [0, 0];
  const start = Math.min(from, walk.text.length);
  return { start, end: Math.max(start, Math.min(to, walk.text.length)) };
}

/** The range of a node without blanks and line breaks at its end; nothing stands right after what comes before it. */
function spanOf(walk: Walk, node: Ranged): Span {
  const { start, end } = rangeSpan(walk, node);
  const { end: last } = trimEnd(walk, { start: start === end ? 0 : start, end });
  return { start: Math.min(start, last), end: last };
}

/** A span without the blanks and line breaks at its end, never shorter than nothing. */
function trimEnd(walk: Walk, { start, end }: Span): Span {
  let last = Math.max(start, end);
  while (last > start && /[ \t\r\n]/.test(walk.text[last - 1] ?? '')) last -= 1;
  return { start, end: last };
}
