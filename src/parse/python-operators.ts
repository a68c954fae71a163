import type { PythonNode } from './python-syntax.ts';
import { nodeText } from './python-syntax.ts';
import type { PythonExpression } from './python-tree.ts';

/** Operands and operators of an expression in the order of the text. */
export type OperatorToken =
  | { readonly kind: 'operand'; readonly node: PythonNode }
  | { readonly kind: 'prefix' | 'infix'; readonly operator: string; readonly start: number };

/**
 * Takes nested binary, unary and await nodes apart, because Lezer's nesting is not Python's (`not a and b`,
 * `await a + b`); undefined when one of them is broken.
 */
export function flattenOperators(root: PythonNode): readonly OperatorToken[] | undefined {
  const tokens: OperatorToken[] = [];
  const pending: (PythonNode | OperatorToken)[] = [root];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if ('kind' in next) {
      tokens.push(next);
      continue;
    }
    if (!operatorNodes.has(next.name)) {
      tokens.push({ kind: 'operand', node: next });
      continue;
    }
    const parts = splitOperator(next);
    if (!parts) return undefined;
    for (const part of parts.reverse()) pending.push(part);
  }
  return tokens;
}

/**
 * Puts tokens together again by Python's precedence; undefined when they do not fit together. A chained comparison
 * `a < b < c` becomes `a < b and b < c`, with the same object for both `b`.
 */
export function nestOperators(
  tokens: readonly OperatorToken[],
  convert: (node: PythonNode) => PythonExpression,
): PythonExpression | undefined {
  const operands: Operand[] = [];
  const operators: Exclude<OperatorToken, { kind: 'operand' }>[] = [];
  const reduce = () => {
    const operator = operators.pop();
    const right = operands.pop();
    if (!operator || !right) return false;
    const left = operator.kind === 'infix' ? operands.pop() : undefined;
    if (operator.kind === 'prefix') operands.push(applyPrefix(operator, right));
    else if (left) operands.push(applyInfix(operator.operator, { left, right }));
    return operator.kind === 'prefix' || left !== undefined;
  };
  for (const token of tokens) {
    if (token.kind === 'operand')
      operands.push({ value: convert(token.node), start: token.node.from, end: token.node.to });
    else if (token.kind === 'prefix') operators.push(token);
    else {
      const strength = strengthOf(token);
      for (let top = operators.at(-1); top; top = operators.at(-1)) {
        const tighter = strengthOf(top) > strength || (strengthOf(top) === strength && token.operator !== '**');
        if (!tighter) break;
        if (!reduce()) return undefined;
      }
      operators.push(token);
    }
  }
  while (operators.length > 0) if (!reduce()) return undefined;
  return operands.length === 1 ? operands[0]?.value : undefined;
}

/** Names of the nodes that `flattenOperators` takes apart. */
export const operatorNodes: ReadonlySet<string> = new Set(['BinaryExpression', 'UnaryExpression', 'AwaitExpression']);

const operatorParts: ReadonlySet<string> = new Set('ArithOp BitOp CompareOp and or not in is await'.split(' '));

function splitOperator(node: PythonNode): (PythonNode | OperatorToken)[] | undefined {
  const words = node.children.filter((child) => operatorParts.has(child.name));
  const operands = node.children.filter((child) => !operatorParts.has(child.name));
  const [first] = words;
  const [left, right] = operands;
  if (!first || operands.some((operand) => operand.error)) return undefined;
  const operator = words.map(nodeText).join(' ');
  if (node.name !== 'BinaryExpression') {
    return left && operands.length === 1 ? [{ kind: 'prefix', operator, start: first.from }, left] : undefined;
  }
  return left && right && operands.length === 2
    ? [left, { kind: 'infix', operator, start: first.from }, right]
    : undefined;
}

const infixStrength: ReadonlyMap<string, number> = new Map([
  ['or', 1],
  ['and', 2],
  ['|', 5],
  ['^', 6],
  ['&', 7],
  ['<<', 8],
  ['>>', 8],
  ['+', 9],
  ['-', 9],
  ['*', 10],
  ['/', 10],
  ['//', 10],
  ['%', 10],
  ['@', 10],
  ['**', 12],
]);
const notStrength = 3;
const comparisonStrength = 4;
const signStrength = 11;
const awaitStrength = 13;

function strengthOf(token: { readonly kind: 'prefix' | 'infix'; readonly operator: string }): number {
  if (token.kind === 'infix') return infixStrength.get(token.operator) ?? comparisonStrength;
  if (token.operator === 'not') return notStrength;
  return token.operator === 'await' ? awaitStrength : signStrength;
}

/** An expression with its extent in the text, which includes parentheses around it. */
interface Operand {
  readonly value: PythonExpression;
  readonly start: number;
  readonly end: number;
  /** Of a comparison without parentheses: its right side, where a chain goes on. */
  readonly last?: Operand;
}

function applyPrefix(token: { readonly operator: string; readonly start: number }, operand: Operand): Operand {
  const span = { start: token.start, end: operand.end };
  const value: PythonExpression =
    token.operator === 'await'
      ? { kind: 'await', span, value: operand.value }
      : { kind: 'unary', span, operator: token.operator, operand: operand.value };
  return { value, ...span };
}

function applyInfix(operator: string, sides: { readonly left: Operand; readonly right: Operand }): Operand {
  const { left, right } = sides;
  const span = { start: left.start, end: right.end };
  if (operator === 'and' || operator === 'or') return { value: nestBoolean(operator, sides), ...span };
  const compares = !infixStrength.has(operator);
  if (compares && left.last) {
    const step = applyInfix(operator, { left: left.last, right });
    return { value: nestBoolean('and', { left, right: step }), ...span, last: right };
  }
  const value: PythonExpression = { kind: 'binary', span, operator, left: left.value, right: right.value };
  return compares ? { value, ...span, last: right } : { value, ...span };
}

function nestBoolean(
  operator: 'and' | 'or',
  sides: { readonly left: Operand; readonly right: Operand },
): PythonExpression {
  const { left, right } = sides;
  return {
    kind: 'boolean',
    span: { start: left.start, end: right.end },
    operator,
    left: left.value,
    right: right.value,
  };
}
