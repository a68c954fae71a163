import { convertSequence, missingAt, opaque, spanOf } from './python-expressions.ts';
import { nodeText, type PythonNode } from './python-syntax.ts';
import type { PythonExpression, PythonStatement } from './python-tree.ts';

/**
 * Converts if, for, while, with, try and match; a match becomes an `if` whose tests are `other`. Any other statement, and
 * a block that has no body yet, becomes `other`.
 */
export function convertBlock(node: PythonNode, readBody: ReadBody): PythonStatement {
  const span = { start: node.from, end: node.to };
  const clauses = splitClauses(node, clauseWords.get(node.name) ?? noWords);
  const first = clauses[0];
  const async = node.children[0]?.name === 'async';
  if (node.name === 'MatchStatement') return convertMatch(node, readBody);
  if (!first || !clauses.some((clause) => clause.body)) return { ...opaque(node.children, 0), kind: 'other', span };
  const bodyOf = (word: string) => readBody(clauses.find((clause) => clause.word.name === word)?.body);
  switch (node.name) {
    case 'IfStatement':
      return { kind: 'if', span, branches: clauses.map((clause) => convertBranch(clause, readBody)) };
    case 'WhileStatement':
      return { kind: 'while', span, test: convertHeader(first), body: bodyOf('while'), otherwise: bodyOf('else') };
    case 'ForStatement':
      return { kind: 'for', span, ...convertLoop(first), body: bodyOf('for'), otherwise: bodyOf('else'), async };
    case 'WithStatement':
      return { kind: 'with', span, async, items: convertWithItems(first.header), body: bodyOf('with') };
    case 'TryStatement':
      return {
        kind: 'try',
        span,
        body: bodyOf('try'),
        handlers: clauses.filter((clause) => clause.word.name === 'except').map((clause) => readBody(clause.body)),
        otherwise: bodyOf('else'),
        finally: clauses.some((clause) => clause.word.name === 'finally') ? bodyOf('finally') : undefined,
      };
    default:
      return { kind: 'other', span };
  }
}

type ReadBody = (body: PythonNode | undefined) => readonly PythonStatement[];

interface Clause {
  readonly word: PythonNode;
  readonly header: readonly PythonNode[];
  readonly body: PythonNode | undefined;
}

const noWords: ReadonlySet<string> = new Set();
const clauseWords: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['IfStatement', new Set(['if', 'elif', 'else'])],
  ['WhileStatement', new Set(['while', 'else'])],
  ['ForStatement', new Set(['for', 'else'])],
  ['WithStatement', new Set(['with'])],
  ['TryStatement', new Set(['try', 'except', 'else', 'finally'])],
  ['MatchStatement', noWords],
]);

function splitClauses(node: PythonNode, words: ReadonlySet<string>): readonly Clause[] {
  const clauses: { word: PythonNode; header: PythonNode[]; body: PythonNode | undefined }[] = [];
  for (const child of node.children) {
    const clause = clauses.at(-1);
    if (words.has(child.name)) clauses.push({ word: child, header: [], body: undefined });
    else if (clause && child.name === 'Body') clause.body ??= child;
    else if (clause) clause.header.push(child);
  }
  return clauses;
}

function convertBranch(clause: Clause, readBody: ReadBody) {
  const end = clause.body?.to ?? clause.header.at(-1)?.to ?? clause.word.to;
  const test = clause.word.name === 'else' ? undefined : convertHeader(clause);
  return { test, body: readBody(clause.body), span: { start: clause.word.from, end } };
}

function convertHeader(clause: Clause): PythonExpression {
  return clause.header.length > 0 ? convertSequence(clause.header, 0) : missingAt(clause.word.to);
}

function convertLoop(clause: Clause): { readonly target: PythonExpression; readonly iterable: PythonExpression } {
  const at = clause.header.findIndex((child) => child.name === 'in');
  const split = at === -1 ? clause.header.length : at;
  const target = convertHeader({ ...clause, header: clause.header.slice(0, split) });
  return { target, iterable: convertHeader({ ...clause, header: clause.header.slice(split + 1) }) };
}

// Lezer does not know `with (a as b, c as d):`; the pieces it recovers still read as items.
function convertWithItems(header: readonly PythonNode[]) {
  const items: { value: PythonExpression; target: PythonExpression | undefined }[] = [];
  let target = false;
  for (const node of header) {
    const last = items.at(-1);
    if (node.name === 'as') target = true;
    else if (node.name === ',') target = false;
    else if (node.error) {
      if (last?.target && nodeText(node).startsWith('.')) last.target = { kind: 'other', span: last.target.span };
    } else if (target && last) last.target = convertSequence([node], 0);
    else for (const value of withValues(node)) items.push({ value: convertSequence([value], 0), target: undefined });
  }
  return items;
}

function withValues(node: PythonNode): readonly PythonNode[] {
  const wrapped = node.name === 'ParenthesizedExpression' || node.name === 'TupleExpression';
  return wrapped ? node.children.filter((child) => !child.error && /\w$/.test(child.name)) : [node];
}

function convertMatch(node: PythonNode, readBody: ReadBody): PythonStatement {
  const clauses = node.children.find((child) => child.name === 'MatchBody')?.children ?? [];
  const branches = clauses
    .filter((clause) => clause.name === 'MatchClause')
    .map((clause) => {
      const pattern = clause.children.filter((child) => child.name !== 'case' && child.name !== 'Body');
      const [only] = pattern;
      const always = only !== undefined && pattern.length === 1 && nodeText(only) === '_';
      const test: PythonExpression | undefined = always
        ? undefined
        : { kind: 'other', span: spanOf(pattern.length > 0 ? pattern : [clause]) };
      const body = readBody(clause.children.find((child) => child.name === 'Body'));
      return { test, body, span: { start: clause.from, end: clause.to } };
    });
  const span = { start: node.from, end: node.to };
  return branches.length > 0 ? { kind: 'if', span, branches } : { kind: 'other', span };
}
