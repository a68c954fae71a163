import { convertGroup, convertSequence } from './python-expressions.ts';
import type { PythonNode } from './python-syntax.ts';
import type { PythonComprehension, PythonExpression } from './python-tree.ts';

/** Adds what can be evaluated to the `other` of a comprehension; anything else stays as it is. */
export function withComprehension(
  whole: PythonExpression,
  nodes: readonly PythonNode[],
  depth: number,
): PythonExpression {
  const isLoop =
    nodes.some((node) => node.name === 'for') && !nodes.some((node) => node.error || node.name === 'async');
  const comprehension = isLoop && whole.kind === 'other' ? readComprehension(nodes, depth) : undefined;
  return comprehension && whole.kind === 'other' ? { ...whole, comprehension } : whole;
}

function readComprehension(nodes: readonly PythonNode[], depth: number): PythonComprehension | undefined {
  const inner = nodes.filter((node) => !brackets.has(node.name));
  const [head = [], ...loops] = splitBefore(inner, 'for');
  const colon = head.findIndex((node) => node.name === ':');
  const value = head.slice(colon + 1);
  const clauses = loops.map((loop) => readClause(loop, depth));
  if (value.length === 0 || clauses.includes(undefined)) return undefined;
  return {
    key: colon === -1 ? undefined : convertGroup(head.slice(0, colon), depth + 1),
    value: convertGroup(value, depth + 1),
    clauses: clauses.filter((clause) => clause !== undefined),
  };
}

function readClause(loop: readonly PythonNode[], depth: number): PythonComprehension['clauses'][number] | undefined {
  const [source = [], ...tests] = splitBefore(loop, 'if');
  const inside = source.findIndex((node) => node.name === 'in');
  const target = source.slice(1, inside);
  const iterable = source.slice(inside + 1);
  if (inside === -1 || target.length === 0 || iterable.length === 0) return undefined;
  return {
    target: convertSequence(target, depth + 1),
    iterable: convertGroup(iterable, depth + 1),
    tests: tests.map((test) => convertGroup(test.slice(1), depth + 1)),
  };
}

function splitBefore(nodes: readonly PythonNode[], word: string): readonly (readonly PythonNode[])[] {
  const parts: PythonNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === word) parts.push([]);
    parts.at(-1)?.push(node);
  }
  return parts;
}

const brackets: ReadonlySet<string> = new Set(['(', ')', '[', ']', '{', '}']);
