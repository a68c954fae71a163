import { withComprehension } from './python-comprehensions.ts';
import { readNumber, readString } from './python-literals.ts';
import { flattenOperators, nestOperators, operatorNodes } from './python-operators.ts';
import { nodeText, type PythonNode } from './python-syntax.ts';
import type { PythonArgument, PythonCall, PythonDict, PythonExpression, PythonParameter } from './python-tree.ts';

/** Converts an expression node; what is broken, nested above 200 levels, or not modelled becomes `other`. */
export function convertExpression(node: PythonNode, depth: number): PythonExpression {
  const span = { start: node.from, end: node.to };
  if (depth > maximumDepth) return { kind: 'other', span };
  if (operatorNodes.has(node.name)) return convertOperators(node, depth);
  switch (node.name) {
    case 'Number':
      return readNumber(node);
    case 'String':
    case 'FormatString':
    case 'ContinuedString':
      return readString(node, (part) => convertExpression(part, depth + 1));
    case 'Boolean':
      return { kind: 'constant', span, value: nodeText(node) === 'True' };
    case 'None':
      return { kind: 'constant', span, value: null };
    case 'VariableName':
      return { kind: 'name', span, name: nodeText(node) };
    case 'MemberExpression':
      return convertMember(node, depth);
    case 'CallExpression':
      return convertCall(node, depth);
    case 'DictionaryExpression':
      return convertDict(node, depth);
    case 'ArrayExpression':
      return { kind: 'list', span, type: 'list', items: convertItems(node, depth) };
    case 'TupleExpression':
      return { kind: 'list', span, type: 'tuple', items: convertItems(node, depth) };
    case 'SetExpression':
      return { kind: 'list', span, type: 'set', items: convertItems(node, depth) };
    case 'ParenthesizedExpression':
    case 'NamedExpression':
      return convertWrapped(node, depth);
    case 'ConditionalExpression':
      return convertConditional(node, depth);
    case 'LambdaExpression':
      return convertLambda(node, depth);
    default:
      return withComprehension(opaqueNode(node, depth), node.children, depth);
  }
}

/** Converts what stands between two separators of a statement: one expression, or a tuple without parentheses. */
export function convertSequence(nodes: readonly PythonNode[], depth: number): PythonExpression {
  if (nodes.some((node) => node.error)) return opaque(nodes, depth);
  if (!nodes.some((node) => node.name === ',')) return convertGroup(nodes, depth);
  const items = splitGroups(nodes).map((group) => convertGroup(group.nodes, depth + 1));
  return { kind: 'list', span: spanOf(nodes), type: 'tuple', items };
}

/** Converts the arguments between the parentheses of an ArgList, keeping those around a broken one. */
export function convertArguments(list: PythonNode, depth: number): readonly PythonArgument[] {
  return splitGroups(list.children).map((group) => {
    const span = spanOf(group.nodes);
    const [name, equals, ...rest] = group.nodes;
    const named = name?.name === 'VariableName' && equals?.name === 'AssignOp' && nodeText(equals) === '=';
    if (!named)
      return {
        span,
        name: undefined,
        value: group.broken ? opaque(group.nodes, depth) : convertGroup(group.nodes, depth),
      };
    if (rest.length === 0) return { span, name: nodeText(name), value: missingAt(equals.to) };
    return { span, name: nodeText(name), value: group.broken ? opaque(rest, depth) : convertGroup(rest, depth) };
  });
}

/** Converts a ParamList; the bare `*` and `/` are left out. */
export function convertParameters(list: PythonNode | undefined, depth: number): readonly PythonParameter[] {
  const parameters: PythonParameter[] = [];
  for (const { nodes } of splitGroups(list?.children ?? [])) {
    const name = nodes.find((node) => node.name === 'VariableName');
    if (!name) continue;
    const first = nodes[0]?.name;
    const type = nodes.find((node) => node.name === 'TypeDef');
    const equals = nodes.findIndex((node) => node.name === 'AssignOp');
    const written = nodes.slice(equals + 1);
    const given = written.length > 0 ? convertSequence(written, depth) : missingAt(name.to);
    parameters.push({
      name: nodeText(name),
      span: spanOf(nodes),
      default: equals === -1 ? undefined : given,
      annotation: type && convertAnnotation(type, depth),
      star: first === '*' || first === '**' ? first : '',
    });
  }
  return parameters;
}

/** Converts the expression of a TypeDef (`: int`). */
export function convertAnnotation(type: PythonNode, depth: number): PythonExpression {
  const written = type.children.filter((child) => child.name !== ':');
  return written.length > 0 ? convertSequence(written, depth) : missingAt(type.to);
}

/** An `other` over the nodes, with the expressions among them as its parts. */
export function opaque(nodes: readonly PythonNode[], depth: number): PythonExpression & { readonly kind: 'other' } {
  const span = spanOf(nodes);
  const parts =
    depth < maximumDepth ? nodes.filter(isExpression).map((part) => convertExpression(part, depth + 1)) : [];
  return parts.length === 0 ? { kind: 'other', span } : { kind: 'other', span, parts };
}

/** Stands for an expression that is not written yet. */
export function missingAt(offset: number): PythonExpression {
  return { kind: 'other', span: { start: offset, end: offset } };
}

/** From the first to the last of some nodes; empty without nodes. */
export function spanOf(nodes: readonly PythonNode[]): { readonly start: number; readonly end: number } {
  const start = nodes[0]?.from ?? 0;
  return { start, end: Math.max(start, nodes.at(-1)?.to ?? 0) };
}

const maximumDepth = 200;

function opaqueNode(node: PythonNode, depth: number): PythonExpression {
  return { ...opaque(node.children, depth), span: { start: node.from, end: node.to } };
}

function isExpression(node: PythonNode): boolean {
  return !node.error && /(?:Expression|String)$|^(?:VariableName|Number|Boolean|None)$/.test(node.name);
}

function convertOperators(node: PythonNode, depth: number): PythonExpression {
  const tokens = flattenOperators(node);
  if (!tokens) return opaqueNode(node, depth);
  const inner = depth + tokens.length / 2;
  const nested =
    inner > maximumDepth ? undefined : nestOperators(tokens, (operand) => convertExpression(operand, inner));
  return nested ?? { kind: 'other', span: { start: node.from, end: node.to } };
}

function convertMember(node: PythonNode, depth: number): PythonExpression {
  const span = { start: node.from, end: node.to };
  const [object, separator, ...rest] = node.children;
  const property = rest[0];
  // Lezer has no `1.`; it reads a member without a name.
  if (object?.name === 'Number' && separator?.name === '.' && property?.error && nodeText(node).endsWith('.'))
    return readNumber({ ...object, to: node.to });
  if (!object || !separator || object.error || separator.error) return opaqueNode(node, depth);
  if (separator.name === '.') {
    if (property?.name !== 'PropertyName') return opaqueNode(node, depth);
    const nameSpan = { start: property.from, end: property.to };
    return {
      kind: 'attribute',
      span,
      object: convertExpression(object, depth + 1),
      name: nodeText(property),
      nameSpan,
    };
  }
  const index = rest.filter((child) => child.name !== ']');
  const readable = index.length > 0 && !index.some((child) => child.name === ':');
  return {
    kind: 'subscript',
    span,
    object: convertExpression(object, depth + 1),
    index: readable
      ? convertSequence(index, depth + 1)
      : convertSlice(index.length > 0 ? index : [separator], depth + 1),
  };
}

function convertSlice(nodes: readonly PythonNode[], depth: number): PythonExpression {
  const whole = opaque(nodes, depth);
  const colon = nodes.findIndex((node) => node.name === ':');
  const isPlain =
    !nodes.some((node) => node.error || node.name === ',') &&
    colon === nodes.findLastIndex((node) => node.name === ':');
  if (colon === -1 || !isPlain) return whole;
  const bound = (side: readonly PythonNode[]) => (side.length === 0 ? undefined : convertGroup(side, depth + 1));
  return { ...whole, slice: { lower: bound(nodes.slice(0, colon)), upper: bound(nodes.slice(colon + 1)) } };
}

function convertCall(node: PythonNode, depth: number): PythonExpression {
  const [callee, list] = node.children;
  if (!callee || list?.name !== 'ArgList' || callee.error) return opaqueNode(node, depth);
  return {
    kind: 'call',
    span: { start: node.from, end: node.to },
    callee: convertExpression(callee, depth + 1),
    ...convertArgumentList(list, depth + 1),
  };
}

/** The arguments of an ArgList and the span between its parentheses. */
export function convertArgumentList(list: PythonNode, depth: number): Pick<PythonCall, 'arguments' | 'argumentsSpan'> {
  const last = list.children.at(-1);
  const start = Math.min(list.to, (list.children[0]?.from ?? list.from) + 1);
  const end = last?.name === ')' ? last.from : list.to;
  return { arguments: convertArguments(list, depth), argumentsSpan: { start, end: Math.max(start, end) } };
}

function convertDict(node: PythonNode, depth: number): PythonDict {
  const entries: PythonDict['entries'][number][] = [];
  for (const { nodes, broken } of splitGroups(node.children)) {
    const span = spanOf(nodes);
    const colon = nodes.findIndex((child) => child.name === ':');
    const spread = nodes[0]?.name === '**';
    if (colon <= 0 && !spread) continue;
    const written = nodes.slice(spread ? 1 : colon + 1);
    const readable = broken ? opaque(written, depth + 1) : convertGroup(written, depth + 1);
    const key = spread ? undefined : convertGroup(nodes.slice(0, colon), depth + 1);
    entries.push({ key, value: written.length === 0 ? missingAt(span.end) : readable, span });
  }
  return { kind: 'dict', span: { start: node.from, end: node.to }, entries };
}

function convertItems(node: PythonNode, depth: number): readonly PythonExpression[] {
  return splitGroups(node.children).map((group) =>
    group.broken ? opaque(group.nodes, depth + 1) : convertGroup(group.nodes, depth + 1),
  );
}

function convertWrapped(node: PythonNode, depth: number): PythonExpression {
  const inner = node.children.filter((child) => child.name !== '(' && child.name !== ')');
  if (node.name === 'ParenthesizedExpression')
    return inner.length > 0 ? convertSequence(inner, depth + 1) : opaqueNode(node, depth);
  const value = inner.at(-1);
  return value && inner.length === 3 && !value.error ? convertNamed(inner, depth) : opaqueNode(node, depth);
}

function convertConditional(node: PythonNode, depth: number): PythonExpression {
  const [then, , test, , otherwise] = node.children;
  if (!then || !test || !otherwise || node.children.some((child) => child.error)) return opaqueNode(node, depth);
  return {
    kind: 'conditional',
    span: { start: node.from, end: node.to },
    test: convertExpression(test, depth + 1),
    // biome-ignore lint/suspicious/noThenProperty: the tree's word for this branch; no tree is ever awaited
    then: convertExpression(then, depth + 1),
    otherwise: convertExpression(otherwise, depth + 1),
  };
}

function convertLambda(node: PythonNode, depth: number): PythonExpression {
  const body = node.children.at(-1);
  if (!body || body.name === ':' || node.children.some((child) => child.error)) return opaqueNode(node, depth);
  return {
    kind: 'lambda',
    span: { start: node.from, end: node.to },
    parameters: convertParameters(
      node.children.find((child) => child.name === 'ParamList'),
      depth + 1,
    ),
    body: convertExpression(body, depth + 1),
  };
}

/** Converts what stands between two commas. */
export function convertGroup(nodes: readonly PythonNode[], depth: number): PythonExpression {
  const [first, second] = nodes;
  if (first && nodes.length === 1) return convertExpression(first, depth);
  if (first && second && nodes.length === 2 && (first.name === '*' || first.name === '**')) {
    const value = convertExpression(second, depth + 1);
    return { kind: 'starred', span: spanOf(nodes), value, double: first.name === '**' };
  }
  const value = nodes[2];
  const walrus = second?.name === 'AssignOp' && nodeText(second) === ':=';
  if (first && walrus && value && nodes.length === 3) return convertNamed(nodes, depth);
  return withComprehension(opaque(nodes, depth), nodes, depth);
}

function convertNamed(nodes: readonly PythonNode[], depth: number): PythonExpression {
  const [target, value] = [nodes[0], nodes.at(-1)];
  if (!target || !value) return opaque(nodes, depth);
  return {
    kind: 'named',
    span: spanOf(nodes),
    target: convertExpression(target, depth + 1),
    value: convertExpression(value, depth + 1),
  };
}

interface Group {
  readonly nodes: readonly PythonNode[];
  /** True when something on the same line could not be read, so that the value may be half typed. */
  readonly broken: boolean;
}

// Errors separate like commas: behind a forgotten comma, the next item is readable again.
function splitGroups(children: readonly PythonNode[]): readonly Group[] {
  const groups: Group[] = [];
  let nodes: PythonNode[] = [];
  let broken = false;
  // The commas of `f(a for a, b in c)` stand among those of the arguments.
  let loop = false;
  const close = (separator: PythonNode | undefined, after: PythonNode | undefined) => {
    const last = nodes.at(-1);
    const damaged = separator?.error === true && last !== undefined && after !== undefined && sameLine(last, after);
    if (nodes.length > 0) groups.push({ nodes, broken: broken || damaged });
    const next = separator?.error === true && after !== undefined && sameLine(separator, after);
    nodes = [];
    broken = next;
  };
  for (const [index, child] of children.entries()) {
    if (child.name === 'for' || child.name === 'in') loop = child.name === 'for';
    if ((child.name === ',' && !loop) || child.error) close(child, children[index + 1]);
    else if (!brackets.has(child.name)) nodes.push(child);
  }
  close(undefined, undefined);
  return groups;
}

const brackets: ReadonlySet<string> = new Set(['(', ')', '[', ']', '{', '}']);

function sameLine(left: PythonNode, right: PythonNode): boolean {
  return !left.source.slice(left.to, right.from).includes('\n');
}
