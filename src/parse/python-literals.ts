import type { PythonNode } from './python-syntax.ts';
import { nodeText } from './python-syntax.ts';
import type { PythonExpression } from './python-tree.ts';

/** Reads a string, f-string or several adjacent ones; `convert` reads the expressions of an f-string. */
export function readString(node: PythonNode, convert: (node: PythonNode) => PythonExpression): PythonExpression {
  const span = { start: node.from, end: node.to };
  const pieces = node.name === 'ContinuedString' ? node.children : [node];
  const parts: (string | PythonExpression)[] = [];
  let contentSpan: { start: number; end: number } | undefined;
  let formatted = false;
  for (const piece of pieces) {
    const quotes = readQuotes(piece);
    if (!quotes) return { kind: 'other', span };
    contentSpan = { start: contentSpan?.start ?? quotes.start, end: quotes.end };
    formatted ||= piece.name === 'FormatString';
    let start = quotes.start;
    for (const child of piece.children) {
      if (child.name !== 'FormatReplacement') continue;
      append(parts, decode(piece, { ...quotes, start, end: child.from }));
      parts.push(readReplacement(child, convert));
      start = child.to;
    }
    append(parts, decode(piece, { ...quotes, start }));
  }
  if (!contentSpan) return { kind: 'other', span };
  if (formatted) return { kind: 'format', span, parts };
  const text = typeof parts[0] === 'string' ? parts[0] : '';
  const exact = pieces.length === 1 && node.source.slice(contentSpan.start, contentSpan.end) === text;
  return { kind: 'string', span, text, contentSpan, exact };
}

/** Reads an integer or float; complex numbers and Python 2's octal form are `other`. */
export function readNumber(node: PythonNode): PythonExpression {
  const span = { start: node.from, end: node.to };
  const text = nodeText(node).replaceAll('_', '');
  const value = /^0\d*[1-9]\d*$/.test(text) ? Number.NaN : Number(text);
  return Number.isNaN(value) || text === '' ? { kind: 'other', span } : { kind: 'number', span, value };
}

interface Quotes {
  readonly start: number;
  readonly end: number;
  readonly raw: boolean;
  readonly bytes: boolean;
}

function readQuotes(node: PythonNode): Quotes | undefined {
  const text = nodeText(node);
  const match = /^([A-Za-z]{0,2})("""|'''|"|')/.exec(text);
  if (!match || node.error || node.children.some((child) => child.error)) return undefined;
  const [opening, prefix = '', quote = ''] = match;
  if (text.length < opening.length + quote.length || !text.endsWith(quote)) return undefined;
  const end = node.to - quote.length;
  let backslashes = 0;
  while (node.source[end - 1 - backslashes] === '\\') backslashes += 1;
  // A closing quote behind an odd number of backslashes belongs to an unclosed string.
  if (end - backslashes >= node.from + opening.length && backslashes % 2 === 1) return undefined;
  return { start: node.from + opening.length, end, raw: /r/i.test(prefix), bytes: /b/i.test(prefix) };
}

function append(parts: (string | PythonExpression)[], text: string): void {
  const last = parts.at(-1);
  if (typeof last === 'string') parts[parts.length - 1] = last + text;
  else if (text !== '') parts.push(text);
}

function decode(node: PythonNode, quotes: Quotes): string {
  let text = node.source.slice(quotes.start, quotes.end);
  if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n');
  if (!quotes.raw && text.includes('\\')) {
    text = text.replace(escapeSequence, (whole, body: string) => decodeEscape(body, quotes.bytes) ?? whole);
  }
  return node.name === 'FormatString' ? text.replaceAll('{{', '{').replaceAll('}}', '}') : text;
}

const escapeSequence = /\\([0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/g;

function decodeEscape(body: string, bytes: boolean): string | undefined {
  const simple = simpleEscapes.get(body);
  if (simple !== undefined) return simple;
  if (/^[0-7]/.test(body)) return String.fromCodePoint(Number.parseInt(body, 8));
  if (body.length === 1 || (bytes && !body.startsWith('x'))) return undefined;
  const code = Number.parseInt(body.slice(1), 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

// A conversion or format specification may change the text, so only the harmless ones leave the expression readable.
function readReplacement(node: PythonNode, convert: (node: PythonNode) => PythonExpression): PythonExpression {
  const span = { start: node.from, end: node.to };
  const values: PythonNode[] = [];
  let plain = true;
  for (const child of node.children) {
    if (child.name === '{' || child.name === '}') continue;
    if (child.name === 'FormatConversion') plain &&= nodeText(child) === '!s';
    else if (child.name === 'FormatSpec') plain &&= /^:[sd]?$/.test(nodeText(child));
    else if (child.error || child.name === ',' || child.name === '*' || child.name === 'FormatSelfDoc') plain = false;
    else values.push(child);
  }
  const [value] = values;
  if (plain && value && values.length === 1) return convert(value);
  return { kind: 'other', span, parts: values.map(convert) };
}
