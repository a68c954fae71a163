import { parsePython } from '../../parse/python.ts';
import { walkExpressions, walkStatements } from '../../parse/python-walk.ts';
import { lineEnding, type SourceText } from '../../text/source-text.ts';
import { applyEdits, type Span, type TextEdit } from '../../text/span.ts';
import type { SessionUse } from '../code-facts.ts';
import type { Edits } from '../fix.ts';
import { finishEdits } from './finish-edits.ts';
import { endOfLine, indentationAt, insertAt } from './line-places.ts';
import { stringLines } from './python-strings.ts';
import { findSessionBlock, type SessionBlock } from './session-block.ts';

export interface WrapOptions {
  /** Another context manager than the opening call itself, as Python source: `session_scope()`. */
  readonly manager?: string;
  /** Forces one form; else `with`, and `try` where the code returns in between or a connection is opened. */
  readonly form?: 'with' | 'try';
}

/**
 * Makes sure that a session is closed: `with SessionLocal() as db:` around the statements that need it, or `try` /
 * `finally` where the code returns in between. Comments, blank lines, strings and line ends stay. Refused for
 * generators that leave it open, nested functions, closing in branches, variables set again or handed on.
 */
export function wrapSession(use: SessionUse, options: WrapOptions = {}): Edits {
  const block = findSessionBlock(use);
  if ('refused' in block) return block;
  const { source } = use.at;
  const layout = readLayout(source, block);
  if ('refused' in layout) return layout;
  const annotated = block.open.annotation !== undefined;
  const usual = (block.returns && block.close) || annotated || isConnection(use) ? 'try' : 'with';
  const form = options.form ?? (options.manager === undefined ? usual : 'with');
  const work: Work = { use, block, layout, options };
  const edits = [...(form === 'with' ? openWith(work) : openTry(work)), ...indentLines(source, layout)];
  const result = finishEdits(edits);
  if ('refused' in result) return result;
  return sameStrings(source, result.edits) ? result : { refused: 'a string in between cannot be kept as it is' };
}

interface Layout {
  readonly indentation: string;
  readonly step: string;
  /** Offsets of the line starts between opening and closing. */
  readonly lines: readonly number[];
}

interface Work {
  readonly use: SessionUse;
  readonly block: SessionBlock;
  readonly layout: Layout;
  readonly options: WrapOptions;
}

/** `with` on a connection of the DB API ends a transaction and leaves the connection open in most drivers. */
function isConnection(use: SessionUse): boolean {
  return /connect|getconn|get_conn|acquire/i.test(use.factory.split('.').at(-1) ?? '');
}

function openWith({ use, block, options }: Work): TextEdit[] {
  const { source } = use.at;
  const { open, call } = block;
  const manager = options.manager ?? source.text.slice(call.span.start, call.span.end);
  const keyword = block.awaited ? 'async with' : 'with';
  const first: TextEdit = { source, span: open.span, newText: `${keyword} ${manager} as ${use.variable}:` };
  return block.close ? [first, removeClose(source, block.close.span)] : [first];
}

function openTry({ use, block, layout }: Work): TextEdit[] {
  const { source } = use.at;
  const { text } = source;
  const eol = lineEnding(source);
  const { indentation, step } = layout;
  const opened = endOfLine(text, block.open.span.end);
  const edits: TextEdit[] = [insertAt(source, opened, `${eol}${indentation}try:`)];
  if (block.close) {
    edits.push(insertAt(source, block.close.span.start, `finally:${eol}${indentation}${step}`));
  } else {
    const end = endOfLine(text, block.body.at(-1)?.span.end ?? opened);
    edits.push(insertAt(source, end, `${eol}${indentation}finally:${eol}${indentation}${step}${use.variable}.close()`));
  }
  return edits;
}

/** Takes the line away; a comment behind the call stays on a line of its own. */
function removeClose(source: SourceText, span: Span): TextEdit {
  const { text } = source;
  const end = endOfLine(text, span.end);
  const comment = /^[ \t]*(#.*)$/.exec(text.slice(span.end, end))?.[1];
  if (comment !== undefined) return { source, span: { start: span.start, end }, newText: comment };
  const start = text.lastIndexOf('\n', span.start - 1) + 1;
  const newline = text.indexOf('\n', end);
  if (newline !== -1) return { source, span: { start, end: newline + 1 }, newText: '' };
  const before = text.slice(0, start).replace(/\r?\n$/, '').length;
  return { source, span: { start: before, end }, newText: '' };
}

function readLayout(source: SourceText, block: SessionBlock): Layout | { readonly refused: string } {
  const { text } = source;
  const { open, body, close } = block;
  const own = [open, ...(close ? [close] : [])];
  if (own.some(({ span }) => !isAloneOnLine(text, span))) return { refused: 'several statements share a line' };
  const indentation = indentationAt(text, open.span.start) ?? '';
  const owner = block.function;
  const functionIndentation = /^[ \t]*/.exec(text.slice(lineStart(text, owner.nameSpan.start)))?.[0] ?? '';
  const bodyIndentation = indentationAt(text, owner.bodySpan.start);
  const deeper = bodyIndentation?.startsWith(functionIndentation);
  if (bodyIndentation === undefined || !deeper) return { refused: 'the indentation cannot be read' };
  const step = bodyIndentation.slice(functionIndentation.length) || '    ';
  const firstLine = endOfLine(text, open.span.end);
  const lastLine = close ? lineStart(text, close.span.start) : endOfLine(text, body.at(-1)?.span.end ?? firstLine);
  const strings = stringLines(text, { start: firstLine, end: lastLine });
  const lines: number[] = [];
  for (let at = text.indexOf('\n', firstLine) + 1; at > 0 && at < lastLine; at = text.indexOf('\n', at) + 1) {
    const blank = text.slice(at, endOfLine(text, at)).trim() === '';
    if (!blank && !strings.has(at)) lines.push(at);
  }
  return { indentation, step, lines };
}

function indentLines(source: SourceText, { lines, step }: Layout): TextEdit[] {
  return lines.map((line) => insertAt(source, line, step));
}

function isAloneOnLine(text: string, span: Span): boolean {
  const rest = text.slice(span.end, endOfLine(text, span.end));
  return indentationAt(text, span.start) !== undefined && /^[ \t]*(#.*)?$/.test(rest);
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function sameStrings(source: SourceText, edits: readonly TextEdit[]): boolean {
  const before = stringsOf(source.text);
  const after = stringsOf(applyEdits(source, edits));
  return before.length === after.length && before.every((text, index) => text === after[index]);
}

function stringsOf(text: string): string[] {
  const found: string[] = [];
  walkStatements(parsePython(text).body, (statement) =>
    walkExpressions(statement, (expression) => {
      if (expression.kind === 'string') found.push(expression.text);
      if (expression.kind === 'format') {
        for (const part of expression.parts) if (typeof part === 'string') found.push(part);
      }
    }),
  );
  return found;
}
