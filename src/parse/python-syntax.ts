import { parser } from '@lezer/python';
import type { ParseError } from './parse-result.ts';
import { findPythonRepairs, type PythonRepair } from './python-repair.ts';

/** A node of the concrete syntax: Lezer's names, comments left out, white space and comments cut off both ends. */
export interface PythonNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** True for what Lezer skipped or missed; may be empty, may hold tokens. */
  readonly error: boolean;
  readonly children: readonly PythonNode[];
  /** The whole text, so that a node can be read on its own. */
  readonly source: string;
}

export interface PythonSyntax {
  readonly root: PythonNode;
  readonly errors: readonly ParseError[];
}

/**
 * Parses a text into nodes, with pauses for the caller; unclosed brackets and missing colons of half-typed code are
 * repaired unless that leaves more errors. May throw RangeError on extreme nesting.
 */
export function* readPythonSyntax(text: string): Generator<undefined, PythonSyntax, undefined> {
  const first = yield* readTree(text, []);
  if (first.errorCount === 0 || first.errorCount > maximumRepairableErrors) return first;
  const repairs = findPythonRepairs(text);
  if (repairs.length === 0) return first;
  const second = yield* readTree(text, repairs);
  if (second.errorCount > first.errorCount) return first;
  const unfinished = repairs.map(({ at }) => ({ code: 'unfinished', span: { start: at, end: at } }));
  return { root: second.root, errors: [...unfinished, ...second.errors] };
}

/** Text of a node. */
export function nodeText(node: PythonNode): string {
  return node.source.slice(node.from, node.to);
}

/** A step of the parser takes microseconds. */
const stepsBetweenPauses = 500;
const maximumErrors = 100;
/** More is not Python, or an attack; a second parse would only cost time. */
const maximumRepairableErrors = 1000;
/** Deeper nodes keep their place but lose their children; well above what the conversion keeps. */
const maximumTreeDepth = 1500;

interface Draft {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly error: boolean;
  readonly children: PythonNode[];
  /** Where Lezer ends each child, before white space was cut off. */
  readonly rawEnds: number[];
}

function* readTree(
  text: string,
  repairs: readonly PythonRepair[],
): Generator<undefined, PythonSyntax & { readonly errorCount: number }, undefined> {
  const top: Draft = { name: '', from: 0, to: text.length, error: false, children: [], rawEnds: [] };
  const open: Draft[] = [top];
  const errors: ParseError[] = [];
  let errorCount = 0;
  const finish = (draft: Draft) => {
    const parent = open.at(-1) ?? top;
    parent.children.push(finishNode(draft, text));
    parent.rawEnds.push(draft.to);
  };
  const parse = parser.startParse(insertRepairs(text, repairs));
  let tree = parse.advance();
  for (let step = 1; !tree; step++) {
    if (step % stepsBetweenPauses === 0) yield;
    tree = parse.advance();
  }
  yield;
  tree.iterate({
    enter(node) {
      const from = originalOffset(node.from, repairs);
      const to = originalOffset(node.to, repairs);
      const draft = { name: node.name, from, to, error: node.type.isError, children: [], rawEnds: [] };
      if (draft.error) {
        errorCount += 1;
        if (errors.length < maximumErrors) errors.push({ code: 'syntax', span: { start: from, end: to } });
      }
      if (open.length < maximumTreeDepth) {
        open.push(draft);
        return true;
      }
      finish(draft);
      return false;
    },
    leave() {
      const draft = open.pop();
      if (draft) finish(draft);
    },
  });
  const root = top.children[0] ?? finishNode(top, text);
  return { root, errors, errorCount };
}

function insertRepairs(text: string, repairs: readonly PythonRepair[]): string {
  let result = '';
  let done = 0;
  for (const repair of repairs) {
    result += text.slice(done, repair.at) + repair.text;
    done = repair.at;
  }
  return done === 0 && result === '' ? text : result + text.slice(done);
}

function originalOffset(offset: number, repairs: readonly PythonRepair[]): number {
  let shift = 0;
  for (const repair of repairs) {
    if (offset <= repair.at + shift) break;
    if (offset < repair.at + shift + repair.text.length) return repair.at;
    shift += repair.text.length;
  }
  return offset - shift;
}

function finishNode(draft: Draft, source: string): PythonNode {
  const to = significantEnd(draft, source);
  let from = draft.from;
  while (from < to && isSpace(source, from)) from += 1;
  const children = draft.children.filter((child) => child.name !== 'Comment');
  // What Lezer missed behind the last comment belongs to the end of the code.
  for (let index = children.length - 1; index >= 0; index -= 1) {
    const child = children[index];
    if (!child || child.to <= to) break;
    children[index] = { ...child, from: to, to, children: [] };
  }
  return { name: draft.name, from, to, error: draft.error, children, source };
}

// Looks at white space only behind the last child, so that deep trees over long blanks stay linear.
function significantEnd(draft: Draft, source: string): number {
  let end = draft.to;
  for (let index = draft.children.length - 1; index >= 0; index -= 1) {
    const child = draft.children[index];
    const rawEnd = draft.rawEnds[index];
    if (!child || rawEnd === undefined) break;
    while (end > rawEnd && isSpace(source, end - 1)) end -= 1;
    if (end > rawEnd) return end;
    const insignificant = child.name === 'Comment' || child.from === child.to;
    if (!insignificant) return child.to;
    end = Math.min(end, child.from);
  }
  while (end > draft.from && isSpace(source, end - 1)) end -= 1;
  return end;
}

function isSpace(source: string, offset: number): boolean {
  return source.charCodeAt(offset) <= 32;
}
