import { convertBlock } from './python-blocks.ts';
import {
  convertAnnotation,
  convertArgumentList,
  convertArguments,
  convertExpression,
  convertParameters,
  convertSequence,
  missingAt,
  opaque,
} from './python-expressions.ts';
import { convertImport } from './python-imports.ts';
import { nodeText, type PythonNode } from './python-syntax.ts';
import type { PythonExpression, PythonFunction, PythonStatement } from './python-tree.ts';

/** Converts the statements among some nodes, in order; blocks nested above 100 levels become `other`. */
export function convertStatements(nodes: readonly PythonNode[], depth: number): readonly PythonStatement[] {
  const statements: PythonStatement[] = [];
  for (const [index, node] of nodes.entries()) {
    if (node.error) {
      appendError(statements, node, depth);
    } else if (node.name === 'StatementGroup') {
      for (const statement of convertStatements(node.children, depth)) statements.push(statement);
    } else if (isStatement(node) && node.from < node.to) {
      const statement = convertStatement(node, depth);
      statements.push(isCutOff(node, nodes[index + 1]) ? spoil(statement) : statement);
    }
  }
  return statements;
}

const maximumDepth = 100;

// The broken text is one `other`; statements that Lezer put inside of it are kept.
function appendError(statements: PythonStatement[], node: PythonNode, depth: number): void {
  if (node.from === node.to) return;
  const inner = convertStatements(node.children, depth);
  const previous = statements.at(-1);
  const span = { start: node.from, end: inner[0]?.span.start ?? node.to };
  if (previous?.kind === 'other' && previous.span.end === span.start)
    statements[statements.length - 1] = { ...previous, span: { start: previous.span.start, end: span.end } };
  else if (span.start < span.end) statements.push({ kind: 'other', span });
  for (const statement of inner) statements.push(statement);
}

function isStatement(node: PythonNode): boolean {
  return /(?:Statement|Definition)$/.test(node.name);
}

// `A = 3 4`: Lezer ends the statement and goes on, but the value is not what will stand there.
function isCutOff(node: PythonNode, next: PythonNode | undefined): boolean {
  return next?.error === true && !node.source.slice(node.to, next.from).includes('\n');
}

function spoil(statement: PythonStatement): PythonStatement {
  if (statement.kind === 'assign') return { ...statement, value: { kind: 'other', span: statement.value.span } };
  const simple = statement.kind === 'expression' || statement.kind === 'return';
  return simple ? { kind: 'other', span: statement.span } : statement;
}

function convertStatement(node: PythonNode, depth: number): PythonStatement {
  const span = { start: node.from, end: node.to };
  if (depth > maximumDepth) return { kind: 'other', span };
  const children = node.children;
  switch (node.name) {
    case 'AssignStatement':
      return convertAssignment(node);
    case 'UpdateStatement':
      return convertUpdate(node);
    case 'ExpressionStatement':
      return { kind: 'expression', span, value: convertSequence(children, 0) };
    case 'YieldStatement':
      return { kind: 'expression', span, value: { ...opaque(children, 0), span } };
    case 'ImportStatement':
      return convertImport(node);
    case 'ReturnStatement':
      return { kind: 'return', span, value: children.length > 1 ? convertSequence(children.slice(1), 0) : undefined };
    case 'RaiseStatement':
      return { ...opaque(children, 0), kind: 'raise', span };
    case 'FunctionDefinition':
      return convertFunction(node, { depth, decorators: [], span });
    case 'ClassDefinition':
      return convertClass(node, { depth, decorators: [], span });
    case 'DecoratedStatement':
      return convertDecorated(node, depth);
    default:
      return convertBlock(node, (body) => convertBody(body, depth));
  }
}

function convertAssignment(node: PythonNode): PythonStatement {
  const span = { start: node.from, end: node.to };
  const type = node.children.find((child) => child.name === 'TypeDef');
  const segments: PythonNode[][] = [[]];
  let end = node.from;
  for (const child of node.children) {
    if (child.name === 'AssignOp') segments.push([]);
    else if (child !== type) segments.at(-1)?.push(child);
    end = child.to;
  }
  const sides = segments.map(
    (segment): PythonExpression => (segment.length === 0 ? missingAt(end) : convertSequence(segment, 0)),
  );
  const value = sides.at(-1);
  const target = sides[0];
  if (!value || !target) return { kind: 'other', span };
  if (sides.length > 1) {
    const assignment = { kind: 'assign', span, targets: sides.slice(0, -1), value, operator: undefined } as const;
    return type ? { ...assignment, annotation: convertAnnotation(type, 0) } : assignment;
  }
  return type ? { kind: 'annotation', span, target, annotation: convertAnnotation(type, 0) } : { kind: 'other', span };
}

function convertUpdate(node: PythonNode): PythonStatement {
  const span = { start: node.from, end: node.to };
  const index = node.children.findIndex((child) => child.name === 'UpdateOp');
  const operator = node.children[index];
  if (!operator || index < 1) return { kind: 'other', span };
  const written = node.children.slice(index + 1);
  const value = written.length > 0 ? convertSequence(written, 0) : missingAt(node.to);
  const targets = [convertSequence(node.children.slice(0, index), 0)];
  return { kind: 'assign', span, targets, value, operator: nodeText(operator) };
}

interface Definition {
  readonly depth: number;
  readonly decorators: readonly PythonExpression[];
  /** Of the whole statement, decorators included. */
  readonly span: { readonly start: number; readonly end: number };
}

function convertFunction(node: PythonNode, definition: Definition): PythonStatement {
  const { decorators, span } = definition;
  const name = node.children.find((child) => child.name === 'VariableName');
  const block = node.children.find((child) => child.name === 'Body');
  if (!name || !block) return { kind: 'other', span, parts: decorators };
  const body = convertBody(block, definition.depth);
  const start = body[0]?.span.start ?? block.to;
  const converted: PythonFunction = {
    kind: 'function',
    span,
    name: nodeText(name),
    nameSpan: { start: name.from, end: name.to },
    async: node.children[0]?.name === 'async',
    decorators,
    parameters: convertParameters(
      node.children.find((child) => child.name === 'ParamList'),
      0,
    ),
    body,
    bodySpan: { start, end: body.at(-1)?.span.end ?? start },
  };
  return converted;
}

function convertClass(node: PythonNode, definition: Definition): PythonStatement {
  const { decorators, span } = definition;
  const name = node.children.find((child) => child.name === 'VariableName');
  const block = node.children.find((child) => child.name === 'Body');
  if (!name || !block) return { kind: 'other', span, parts: decorators };
  const list = node.children.find((child) => child.name === 'ArgList');
  const given = list ? convertArguments(list, 0) : [];
  return {
    kind: 'class',
    span,
    name: nodeText(name),
    nameSpan: { start: name.from, end: name.to },
    decorators,
    bases: given.filter((argument) => argument.name === undefined).map((argument) => argument.value),
    keywords: given.filter((argument) => argument.name !== undefined),
    body: convertBody(block, definition.depth),
  };
}

function convertDecorated(node: PythonNode, depth: number): PythonStatement {
  const decorators = node.children.filter((child) => child.name === 'Decorator').map(convertDecorator);
  const definition = { depth, decorators, span: { start: node.from, end: node.to } };
  const inner = node.children.find((child) => child.name === 'FunctionDefinition' || child.name === 'ClassDefinition');
  if (!inner) return { kind: 'other', span: definition.span, parts: decorators };
  return inner.name === 'ClassDefinition' ? convertClass(inner, definition) : convertFunction(inner, definition);
}

function convertDecorator(node: PythonNode): PythonExpression {
  const parts = node.children.filter((child) => child.name !== 'At' && child.name !== '.');
  const [first, ...rest] = parts;
  if (!first || parts.length > maximumDepth || parts.some((part) => part.error))
    return { ...opaque(parts, 0), span: { start: node.from, end: node.to } };
  let expression = convertExpression(first, 0);
  for (const part of rest) {
    const span = { start: expression.span.start, end: part.to };
    if (part.name === 'ArgList')
      expression = { kind: 'call', span, callee: expression, ...convertArgumentList(part, 1) };
    else {
      const nameSpan = { start: part.from, end: part.to };
      expression = { kind: 'attribute', span, object: expression, name: nodeText(part), nameSpan };
    }
  }
  return expression;
}

function convertBody(body: PythonNode | undefined, depth: number): readonly PythonStatement[] {
  return convertStatements(body?.children ?? [], depth + 1);
}
