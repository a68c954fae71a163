import { parsePython } from '../../parse/python.ts';
import type { PythonCall, PythonExpression, PythonFunction, PythonStatement } from '../../parse/python-tree.ts';
import { type StatementContext, walkExpressions, walkStatements } from '../../parse/python-walk.ts';
import type { Span } from '../../text/span.ts';
import type { SessionUse } from '../code-facts.ts';

/** A session opened and used in one block of statements, as far as it can be taken into a `with` or `try`. */
export interface SessionBlock {
  readonly function: PythonFunction;
  readonly open: Assignment;
  readonly call: PythonCall;
  /** The statements that need the session, between opening and closing. */
  readonly body: readonly PythonStatement[];
  /** The statement that closes it; undefined when nothing does. */
  readonly close: PythonStatement | undefined;
  /** True when closing is awaited. */
  readonly awaited: boolean;
  /** True when the function returns from between opening and closing. */
  readonly returns: boolean;
}

type Assignment = PythonStatement & { readonly kind: 'assign' };

/** Finds the block of a session; refused where moving its statements could change what they do. */
export function findSessionBlock(use: SessionUse): SessionBlock | { readonly refused: string } {
  const { text } = use.at.source;
  const { body } = parsePython(text);
  const found = findOpening(body, use);
  if (!found?.context.function) return { refused: 'the session is not opened by a plain assignment in a function' };
  const { open, call, context } = found;
  const owner = found.context.function;
  const block = context.ancestors.at(-1);
  const statements = block && blocksOf(block).find((candidate) => candidate.includes(open));
  if (!statements) return { refused: 'the session is opened in a place that cannot be read' };
  const from = statements.indexOf(open) + 1;
  const rest = statements.slice(from);
  const closes = rest.findIndex((statement) => use.closeAt !== undefined && closeCall(statement, use) !== undefined);
  if (use.closeAt && closes === -1) return { refused: 'the session is closed inside a branch' };
  const last = rest.findLastIndex((statement) => mentions(statement, use.variable));
  const inside = rest.slice(0, use.closeAt ? closes : last + 1);
  const close = use.closeAt ? rest[closes] : undefined;
  const after = use.closeAt ? rest.slice(closes + 1) : [];
  const problem = findProblem({ owner, inside, close, after, text }, use.variable);
  if (problem !== undefined) return { refused: problem };
  if (!close && owner.async) return { refused: 'it cannot be told whether closing must be awaited' };
  return {
    function: owner,
    open,
    call,
    body: inside,
    close,
    awaited: close?.kind === 'expression' && close.value.kind === 'await',
    returns: inside.some((statement) => [...nested(statement)].some((inner) => inner.kind === 'return')),
  };
}

function findOpening(
  body: readonly PythonStatement[],
  use: SessionUse,
): { open: Assignment; call: PythonCall; context: StatementContext } | undefined {
  let found: { open: Assignment; call: PythonCall; context: StatementContext } | undefined;
  walkStatements(body, (statement, context) => {
    if (statement.kind !== 'assign' || statement.value.kind !== 'call' || statement.operator !== undefined) return;
    const [target, more] = statement.targets;
    if (more || target?.kind !== 'name' || target.name !== use.variable) return;
    if (within(use.at.span, statement.span)) found = { open: statement, call: statement.value, context };
  });
  return found;
}

interface Parts {
  readonly owner: PythonFunction;
  readonly inside: readonly PythonStatement[];
  readonly close: PythonStatement | undefined;
  readonly after: readonly PythonStatement[];
  readonly text: string;
}

function findProblem({ owner, inside, close, after, text }: Parts, variable: string): string | undefined {
  if (inside.length === 0) return 'nothing stands between opening and closing';
  const everything = [...nestedAll(owner.body)];
  if (!close && everything.some((statement) => yields(statement, text))) return 'the function is a generator';
  const closes = everything.filter((statement) => statement !== close && closesVariable(statement, variable));
  if (closes.length > 0) return 'the session is closed in several places';
  for (const statement of nestedAll(inside)) {
    if (statement.kind === 'function' || statement.kind === 'class') return 'a nested function stands in between';
    if (statement.kind === 'other' && !isHarmless(statement, text)) return 'a statement in between cannot be read';
    if (reassigns(statement, variable)) return `${variable} is set again in between`;
    if (keeps(statement, variable) || (!close && handsOn(statement, variable)))
      return `${variable} is handed on and must stay open`;
  }
  return after.some((statement) => mentions(statement, variable))
    ? `${variable} is used after it is closed`
    : undefined;
}

function closeCall(statement: PythonStatement, use: SessionUse): PythonExpression | undefined {
  if (!closesVariable(statement, use.variable) || !use.closeAt) return undefined;
  return statement.kind === 'expression' && within(use.closeAt.span, statement.span) ? statement.value : undefined;
}

function closesVariable(statement: PythonStatement, variable: string): boolean {
  if (statement.kind !== 'expression') return false;
  const value = statement.value.kind === 'await' ? statement.value.value : statement.value;
  if (value.kind !== 'call' || value.callee.kind !== 'attribute' || value.callee.name !== 'close') return false;
  return value.callee.object.kind === 'name' && value.callee.object.name === variable;
}

function reassigns(statement: PythonStatement, variable: string): boolean {
  const targets: (PythonExpression | undefined)[] =
    statement.kind === 'assign'
      ? [...statement.targets]
      : statement.kind === 'for'
        ? [statement.target]
        : statement.kind === 'with'
          ? statement.items.map((item) => item.target)
          : [];
  return targets.some((target) => {
    if (!target) return false;
    let named = false;
    walkExpressions(target, (part) => {
      if (part.kind === 'attribute' || part.kind === 'subscript') return false;
      if (part.kind === 'name' && part.name === variable) named = true;
      return true;
    });
    return named;
  });
}

/** True when the session itself outlives the block: returned, or kept in an object or another name. */
function keeps(statement: PythonStatement, variable: string): boolean {
  const value = statement.kind === 'return' || statement.kind === 'assign' ? statement.value : undefined;
  if (!value) return false;
  const parts =
    value.kind === 'list' ? value.items : value.kind === 'dict' ? value.entries.map((e) => e.value) : [value];
  return parts.some((part) => part.kind === 'name' && part.name === variable);
}

function mentions(statement: PythonStatement, variable: string): boolean {
  return [...nested(statement)].some((inner) => {
    let found = false;
    walkExpressions(inner, (expression) => {
      if (expression.kind === 'name' && expression.name === variable) found = true;
    });
    return found;
  });
}

/** True when the session goes into a new object, which may need it for as long as it lives. */
function handsOn(statement: PythonStatement, variable: string): boolean {
  let found = false;
  walkExpressions(statement, (expression) => {
    if (expression.kind !== 'call') return;
    const { callee } = expression;
    const name = callee.kind === 'name' || callee.kind === 'attribute' ? callee.name : '';
    const given = expression.arguments.some(({ value }) => value.kind === 'name' && value.name === variable);
    if (given && /^[A-Z]/.test(name)) found = true;
  });
  return found;
}

/** The tree has no kind for `yield`; it shows as `other`. */
function yields(statement: PythonStatement, text: string): boolean {
  let found = false;
  walkExpressions(statement, (expression) => {
    if (expression.kind === 'other' && /^yield\b/.test(text.slice(expression.span.start, expression.span.end))) {
      found = true;
    }
  });
  return found;
}

function isHarmless(statement: PythonStatement, text: string): boolean {
  return /^(pass|break|continue|assert)\b/.test(text.slice(statement.span.start, statement.span.end));
}

function blocksOf(statement: PythonStatement): readonly (readonly PythonStatement[])[] {
  switch (statement.kind) {
    case 'function':
    case 'class':
    case 'with':
      return [statement.body];
    case 'if':
      return statement.branches.map((branch) => branch.body);
    case 'for':
    case 'while':
      return [statement.body, statement.otherwise];
    case 'try':
      return [statement.body, ...statement.handlers, statement.otherwise, statement.finally ?? []];
    default:
      return [];
  }
}

function* nestedAll(statements: readonly PythonStatement[]): Generator<PythonStatement> {
  for (const statement of statements) yield* nested(statement);
}

/** The statement and all inside it, nested functions included. */
function* nested(root: PythonStatement): Generator<PythonStatement> {
  const open = [root];
  for (let next = open.pop(); next; next = open.pop()) {
    yield next;
    open.push(...blocksOf(next).flat().reverse());
  }
}

function within(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
