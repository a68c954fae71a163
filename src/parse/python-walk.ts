import type {
  PythonArgument,
  PythonCall,
  PythonClass,
  PythonExpression,
  PythonFunction,
  PythonModule,
  PythonParameter,
  PythonStatement,
} from './python-tree.ts';

export { type ScannedImport, scanImports } from './python-imports.ts';

/** Where a statement stands. */
export interface StatementContext {
  /** Innermost enclosing function. */
  readonly function: PythonFunction | undefined;
  /** Innermost enclosing class, also from within its methods. */
  readonly class: PythonClass | undefined;
  /** True below an if, a loop, an except handler or the else of a try: the statement may not run. */
  readonly conditional: boolean;
  /** Every enclosing statement, outermost first. */
  readonly ancestors: readonly PythonStatement[];
}

export interface WalkOptions {
  /** Enter bodies of functions; true unless given. */
  readonly functions?: boolean;
  /** Enter bodies of classes; true unless given. */
  readonly classes?: boolean;
}

/** Visits statements in source order, nested bodies included; a visitor that returns false keeps out of that body. */
export function walkStatements(
  body: readonly PythonStatement[],
  visit: (statement: PythonStatement, context: StatementContext) => unknown,
  options: WalkOptions = {},
): void {
  const outside: StatementContext = { function: undefined, class: undefined, conditional: false, ancestors: [] };
  const open: Block[] = [{ statements: body, context: outside, next: 0 }];
  for (let block = open.at(-1); block; block = open.at(-1)) {
    const statement = block.statements[block.next];
    block.next += 1;
    if (!statement) {
      open.pop();
      continue;
    }
    const entered = visit(statement, block.context) !== false && mayEnter(statement, options);
    if (!entered) continue;
    for (const nested of nestedBlocks(statement, block.context).reverse()) open.push(nested);
  }
}

/**
 * Visits an expression, or the expressions of a statement's own line (tests, values, decorators, defaults; not its
 * nested statements), with all their sub-expressions, in source order where the tree keeps it. A visitor that returns
 * false keeps out of that expression.
 */
export function walkExpressions(
  root: PythonStatement | PythonExpression,
  visit: (expression: PythonExpression) => unknown,
): void {
  const pending = isStatement(root) ? statementExpressions(root).reverse() : [root];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (visit(next) === false) continue;
    for (const child of subExpressions(next).reverse()) pending.push(child);
  }
}

/** The dotted path of a name or attribute chain ("os.environ.get"), undefined for anything else. */
export function dottedName(expression: PythonExpression): string | undefined {
  const names: string[] = [];
  let current = expression;
  while (current.kind === 'attribute') {
    names.push(current.name);
    current = current.object;
  }
  return current.kind === 'name' ? [current.name, ...names.reverse()].join('.') : undefined;
}

/** The keyword argument of that name, if it is written out. */
export function keywordArgument(call: PythonCall, name: string): PythonArgument | undefined {
  return call.arguments.find((argument) => argument.name === name);
}

/** A call with the statement it belongs to and where that stands. */
export interface FoundCall extends StatementContext {
  readonly call: PythonCall;
  readonly statement: PythonStatement;
}

/** Every call that fits, in source order; an outer call comes before those in its arguments. */
export function findCalls(module: PythonModule, predicate: (call: PythonCall) => boolean): readonly FoundCall[] {
  const found: FoundCall[] = [];
  walkStatements(module.body, (statement, context) => {
    walkExpressions(statement, (expression) => {
      if (expression.kind === 'call' && predicate(expression)) found.push({ call: expression, statement, ...context });
    });
  });
  return found;
}

interface Block {
  readonly statements: readonly PythonStatement[];
  readonly context: StatementContext;
  next: number;
}

function mayEnter(statement: PythonStatement, options: WalkOptions): boolean {
  if (statement.kind === 'function') return options.functions ?? true;
  return statement.kind !== 'class' || (options.classes ?? true);
}

function nestedBlocks(statement: PythonStatement, outer: StatementContext): Block[] {
  const context = { ...outer, ancestors: [...outer.ancestors, statement] };
  const always = (statements: readonly PythonStatement[]): Block => ({ statements, context, next: 0 });
  const maybe = (statements: readonly PythonStatement[]): Block => ({
    statements,
    context: { ...context, conditional: true },
    next: 0,
  });
  switch (statement.kind) {
    case 'function':
      return [{ statements: statement.body, context: { ...context, function: statement }, next: 0 }];
    case 'class':
      return [{ statements: statement.body, context: { ...context, class: statement }, next: 0 }];
    case 'if':
      return statement.branches.map((branch) => maybe(branch.body));
    case 'for':
    case 'while':
      return [maybe(statement.body), maybe(statement.otherwise)];
    case 'with':
      return [always(statement.body)];
    case 'try': {
      const rest = [...statement.handlers, statement.otherwise].map(maybe);
      return [always(statement.body), ...rest, always(statement.finally ?? [])];
    }
    default:
      return [];
  }
}

const statementKinds: ReadonlySet<string> = new Set(
  'assign annotation expression import import-from function class if for while with try return raise'.split(' '),
);

function isStatement(root: PythonStatement | PythonExpression): root is PythonStatement {
  return statementKinds.has(root.kind);
}

function statementExpressions(statement: PythonStatement): PythonExpression[] {
  switch (statement.kind) {
    case 'assign':
      return [...statement.targets, ...present(statement.annotation), statement.value];
    case 'annotation':
      return [statement.target, statement.annotation];
    case 'expression':
      return [statement.value];
    case 'function':
      return [...statement.decorators, ...statement.parameters.flatMap(parameterExpressions)];
    case 'class':
      return [...statement.decorators, ...statement.bases, ...statement.keywords.map((keyword) => keyword.value)];
    case 'if':
      return statement.branches.flatMap((branch) => present(branch.test));
    case 'for':
      return [statement.target, statement.iterable];
    case 'while':
      return [statement.test];
    case 'with':
      return statement.items.flatMap((item) => [item.value, ...present(item.target)]);
    case 'return':
      return present(statement.value);
    case 'raise':
    case 'other':
      return [...(statement.parts ?? [])];
    default:
      return [];
  }
}

function subExpressions(expression: PythonExpression): PythonExpression[] {
  switch (expression.kind) {
    case 'format':
      return expression.parts.filter((part) => typeof part !== 'string');
    case 'attribute':
      return [expression.object];
    case 'call':
      return [expression.callee, ...expression.arguments.map((argument) => argument.value)];
    case 'subscript':
      return [expression.object, expression.index];
    case 'dict':
      return expression.entries.flatMap((entry) => [...present(entry.key), entry.value]);
    case 'list':
      return [...expression.items];
    case 'named':
      return [expression.target, expression.value];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'boolean':
      return booleanParts(expression);
    case 'conditional':
      return [expression.then, expression.test, expression.otherwise];
    case 'starred':
    case 'await':
      return [expression.value];
    case 'lambda':
      return [...expression.parameters.flatMap(parameterExpressions), expression.body];
    case 'other':
      return [...(expression.parts ?? [])];
    default:
      return [];
  }
}

// `a < b < c` is `a < b and b < c` with one object for both `b`; it is visited once.
function booleanParts(expression: PythonExpression & { kind: 'boolean' }): PythonExpression[] {
  const { left, right } = expression;
  const step = left.kind === 'boolean' ? left.right : left;
  const shared = right.kind === 'binary' && step.kind === 'binary' && right.left === step.right;
  return shared ? [left, right.right] : [left, right];
}

function parameterExpressions(parameter: PythonParameter): PythonExpression[] {
  return [...present(parameter.annotation), ...present(parameter.default)];
}

function present(expression: PythonExpression | undefined): PythonExpression[] {
  return expression === undefined ? [] : [expression];
}
