import type { Span } from '../text/span.ts';
import { type ParseError, sizeCaps } from './parse-result.ts';
import { checkSize } from './size-check.ts';

/** An nginx configuration file, or a template of one. */
export interface NginxFile {
  readonly directives: readonly NginxDirective[];
  readonly errors: readonly ParseError[];
}

export interface NginxDirective {
  readonly name: string;
  readonly arguments: readonly NginxArgument[];
  /** From the name to the semicolon or the closing brace. */
  readonly span: Span;
  /** What stands between the braces; undefined for a simple directive. */
  readonly block: readonly NginxDirective[] | undefined;
}

export interface NginxArgument {
  readonly text: string;
  /** Without enclosing quotes. */
  readonly span: Span;
  /** True when `text` stands at `span` one to one. */
  readonly exact: boolean;
}

/** Reads an nginx configuration; `*_by_lua_block` bodies are left out, open blocks end with the file. Never throws. */
export function parseNginx(text: string): NginxFile {
  const tooLarge = checkSize(text, sizeCaps.shell);
  if (tooLarge) return { directives: [], errors: [tooLarge] };
  const root: NginxDirective[] = [];
  const open: OpenBlock[] = [];
  const errors: ParseError[] = [];
  let words: NginxArgument[] = [];
  for (let at = 0; at < text.length; ) {
    const token = nextToken(text, at);
    at = token.end;
    if (token.kind === 'word') {
      words.push(token.word);
      continue;
    }
    const [head, ...rest] = words;
    const target = open.at(-1)?.children ?? root;
    words = [];
    if (token.kind === '}') {
      const closed = open.pop();
      if (!closed) errors.push({ code: 'unexpected-brace', span: { start: at - 1, end: at } });
      else (open.at(-1)?.children ?? root).push(closeBlock(closed, at));
    } else if (!head) {
      if (token.kind === '{') open.push({ name: '', arguments: [], start: at - 1, children: [] });
    } else if (token.kind === ';') {
      const span = { start: head.span.start, end: at };
      target.push({ name: head.text, arguments: rest, span, block: undefined });
    } else if (head.text.endsWith('_by_lua_block')) at = skipBraces(text, at);
    else if (token.kind === '{') {
      if (open.length >= deepest)
        return { directives: root, errors: [{ code: 'too-deep', span: { start: at - 1, end: at } }] };
      open.push({ name: head.text, arguments: rest, start: head.span.start, children: [] });
    }
  }
  if (open.length > 0) errors.push({ code: 'unclosed-block', span: { start: text.length, end: text.length } });
  for (let block = open.pop(); block; block = open.pop())
    (open.at(-1)?.children ?? root).push(closeBlock(block, text.length));
  return { directives: root, errors };
}

const deepest = 64;

interface OpenBlock {
  readonly name: string;
  readonly arguments: readonly NginxArgument[];
  readonly start: number;
  readonly children: NginxDirective[];
}

/** A word, or what ends a directive; `end` is the offset behind it. */
type Token =
  | { readonly kind: 'word'; readonly word: NginxArgument; readonly end: number }
  | { readonly kind: ';' | '{' | '}' | 'end'; readonly end: number };

function closeBlock({ start, children, ...block }: OpenBlock, end: number): NginxDirective {
  return { ...block, span: { start, end }, block: children };
}

function nextToken(text: string, from: number): Token {
  const blank = /(?:\s+|#[^\n]*)*/y;
  blank.lastIndex = from;
  blank.exec(text);
  const start = blank.lastIndex;
  const character = text[start];
  if (character === undefined) return { kind: 'end', end: text.length };
  if (character === ';' || character === '{' || character === '}') return { kind: character, end: start + 1 };
  return character === '"' || character === "'" ? quotedWord(text, start) : plainWord(text, start);
}

function quotedWord(text: string, start: number): Token {
  const quote = text[start];
  let end = start + 1;
  while (end < text.length && text[end] !== quote) end += text[end] === '\\' ? 2 : 1;
  const span = { start: start + 1, end: Math.min(end, text.length) };
  const raw = text.slice(span.start, span.end);
  const value = raw.replace(/\\(["'\\])/g, '$1');
  return {
    kind: 'word',
    word: { text: value, span, exact: value === raw },
    end: Math.min(span.end + 1, text.length),
  };
}

function plainWord(text: string, start: number): Token {
  // `${name}` is a variable: its braces open no block.
  const word = /(?:\\.|\$\{[^}\s]*\}|[^\s;{}\\]|\\)+/sy;
  word.lastIndex = start;
  const raw = word.exec(text)?.[0] ?? text.slice(start, start + 1);
  const value = raw.replace(/\\([;{}"'\s])/g, '$1');
  const end = start + raw.length;
  return { kind: 'word', word: { text: value, span: { start, end }, exact: value === raw }, end };
}

function skipBraces(text: string, from: number): number {
  let depth = 1;
  let at = from;
  for (; at < text.length && depth > 0; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}') depth--;
  }
  return at;
}
