import { parse as parseDotenv } from 'dotenv';
import type { Span } from '../text/span.ts';
import { decodeComposeDouble, decodeComposeSingle, decodePythonDouble, decodePythonSingle } from './env-escapes.ts';
import type { EnvDialect, EnvEntry, EnvFile, EnvValue } from './env-tree.ts';
import { type ParseError, sizeCaps } from './parse-result.ts';
import { checkSize } from './size-check.ts';

/**
 * Reads an env file as the program of the dialect does, with positions; a line it would refuse is left out and reported.
 * Never throws. `compose`: compose-go dotenv; `raw`: docker/cli kvfile; `python-dotenv`: its parser, which expands
 * `${NAME}` in every value, quoted or not, and never `$NAME`; `dotenv`: the Node package, which refuses nothing.
 */
export function parseEnv(text: string, dialect: EnvDialect): EnvFile {
  const tooLarge = checkSize(text, sizeCaps.env);
  if (tooLarge) return { entries: [], errors: [tooLarge] };
  const reader: Reader = { text, at: 0, errors: [] };
  try {
    if (dialect === 'dotenv') return { entries: readWithDotenv(text), errors: [] };
    const entries: EnvEntry[] = [];
    while (reader.at < text.length) {
      const entry = readers[dialect](reader);
      if (entry) entries.push(entry);
    }
    return { entries, errors: reader.errors };
  } catch {
    return { entries: [], errors: [{ code: 'parser-failed', span: { start: 0, end: 0 } }] };
  }
}

/** Each reads one statement, comment or run of blanks, and moves on by at least one character. */
const readers: Readonly<Record<Exclude<EnvDialect, 'dotenv'>, (reader: Reader) => EnvEntry | undefined>> = {
  compose: readCompose,
  raw: readRaw,
  'python-dotenv': readPython,
};

const maximumErrors = 100;

interface Reader {
  readonly text: string;
  at: number;
  readonly errors: ParseError[];
}

function readCompose(reader: Reader): EnvEntry | undefined {
  take(reader, /[\s\x85]*/y);
  if (reader.at >= reader.text.length) return undefined;
  if (isTaken(take(reader, /#[^\n]*/y))) return undefined;
  take(reader, /export[^\S\n]+/y);
  const nameSpan = trimEnd(reader.text, take(reader, /[\p{L}\p{N}_.\-[\]\t\v\f\r \x85\xA0]*/uy));
  const separator = reader.text[reader.at] ?? '\n';
  const problem = nameProblem(reader.text, nameSpan, separator);
  if (problem) return refuse(reader, problem);
  reader.at += 1;
  if (separator === '\n') return readEntry(reader, nameSpan, undefined);
  take(reader, /[\t\v\f\r \x85\xA0]*/y);
  const quote = reader.text[reader.at];
  if (quote === '"' || quote === "'") return readComposeQuoted(reader, nameSpan, quote);
  const line = take(reader, /[^\n]*/y);
  const comment = reader.text.slice(line.start, line.end).indexOf(' #');
  const end = comment === -1 ? line.end : line.start + comment;
  const span = trimEnd(reader.text, { start: line.start, end });
  return readEntry(reader, nameSpan, { span, quote: undefined, expands: true, decode: asWritten });
}

function nameProblem(text: string, name: Span, separator: string): string | undefined {
  if (separator !== '=' && separator !== ':' && separator !== '\n') return 'unexpected-character';
  if (name.start === name.end) return 'missing-name';
  return /\s/.test(text.slice(name.start, name.end)) ? 'blank-in-name' : undefined;
}

function readComposeQuoted(reader: Reader, nameSpan: Span, quote: '"' | "'"): EnvEntry | undefined {
  const start = reader.at;
  const close = findClosingQuote(reader.text, start);
  if (close === undefined) return refuse(reader, 'unclosed-quote');
  reader.at = close + 1;
  const span = { start: start + 1, end: close };
  const decode = quote === '"' ? decodeComposeDouble : decodeComposeSingle;
  return readEntry(reader, nameSpan, { span, quote, expands: quote === '"', decode });
}

function findClosingQuote(text: string, open: number): number | undefined {
  for (let index = open + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === text[open]) return index;
  }
  return undefined;
}

function readRaw(reader: Reader): EnvEntry | undefined {
  const line = take(reader, /[^\n]*/y);
  reader.at += 1;
  const end = line.end > line.start && reader.text[line.end - 1] === '\r' ? line.end - 1 : line.end;
  const start = trimStart(reader.text, { start: line.start, end }).start;
  if (start === end || reader.text[start] === '#') return undefined;
  const equals = reader.text.slice(start, end).indexOf('=');
  const nameSpan = { start, end: equals === -1 ? end : start + equals };
  if (equals === 0) return report(reader, 'missing-name', { start, end });
  if (/[ \t]/.test(reader.text.slice(nameSpan.start, nameSpan.end))) return report(reader, 'blank-in-name', nameSpan);
  if (equals === -1) return readEntry(reader, nameSpan, undefined);
  const span = { start: nameSpan.end + 1, end };
  return readEntry(reader, nameSpan, { span, quote: undefined, expands: false, decode: asWritten });
}

function readPython(reader: Reader): EnvEntry | undefined {
  take(reader, /\s*/y);
  if (reader.at >= reader.text.length) return undefined;
  if (isTaken(take(reader, /#[^\r\n]*/y))) return undefined;
  take(reader, /export[^\S\r\n]+/y);
  const nameSpan = takePythonName(reader);
  if (!nameSpan) return refuse(reader, 'missing-name');
  take(reader, /[^\S\r\n]*/y);
  const value = reader.text[reader.at] === '=' ? takePythonValue(reader) : undefined;
  if (value === 'unclosed-quote') return refuse(reader, value);
  take(reader, /(?:[^\S\r\n]*#[^\r\n]*)?/y);
  take(reader, /[^\S\r\n]*/y);
  if (reader.at < reader.text.length && !/[\r\n]/.test(reader.text[reader.at] ?? '')) {
    return refuse(reader, 'unexpected-character');
  }
  return readEntry(reader, nameSpan, value);
}

function takePythonName(reader: Reader): Span | undefined {
  const quoted = reader.text[reader.at] === "'";
  const span = take(reader, quoted ? /'[^']+'/y : /[^=#\s]+/y);
  if (!isTaken(span)) return undefined;
  return quoted ? { start: span.start + 1, end: span.end - 1 } : span;
}

function takePythonValue(reader: Reader): Written | 'unclosed-quote' {
  take(reader, /=[^\S\r\n]*/y);
  const quote = reader.text[reader.at];
  if (quote === '"' || quote === "'") {
    const written = take(reader, quote === '"' ? /"(?:\\"|[^"])*"/y : /'(?:\\'|[^'])*'/y);
    if (!isTaken(written)) return 'unclosed-quote';
    const span = { start: written.start + 1, end: written.end - 1 };
    const decode = quote === '"' ? decodePythonDouble : decodePythonSingle;
    return { span, quote, expands: true, decode };
  }
  const written = take(reader, /[^\r\n]*/y);
  const end = findPythonComment(reader.text, written);
  const span = trimEnd(reader.text, { start: written.start, end });
  return { span, quote: undefined, expands: true, decode: asWritten };
}

/** Offset of the first `#` after a blank, or the end. */
function findPythonComment(text: string, { start, end }: Span): number {
  const value = text.slice(start, end);
  for (let at = value.indexOf('#', 1); at !== -1; at = value.indexOf('#', at + 1)) {
    if (/\s/.test(value[at - 1] ?? '')) return start + at;
  }
  return end;
}

/** A value found in the file. */
interface Written {
  readonly span: Span;
  readonly quote: EnvValue['quote'];
  readonly expands: boolean;
  readonly decode: (raw: string) => string;
}

function readEntry({ text }: Reader, nameSpan: Span, found: Written | undefined): EnvEntry {
  const name = text.slice(nameSpan.start, nameSpan.end);
  return { name, nameSpan, value: found && readValue(text, found) };
}

function readValue(text: string, { span, quote, expands, decode }: Written): EnvValue {
  const raw = text.slice(span.start, span.end);
  const decoded = decode(raw);
  return { text: decoded, span, quote, exact: decoded === raw, expands };
}

/** The values are the library's; their places are found again, because it keeps none. */
function readWithDotenv(text: string): readonly EnvEntry[] {
  const values = parseDotenv(text, { fast: true });
  const entries: EnvEntry[] = [];
  const start = /^[^\S\n]*(?:export[^\S\n]+)?([\w.-]+)(?:[^\S\n]*=|:(?=[^\S\n]))[^\S\n]*/gm;
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const name = match[1] ?? '';
    const decoded = values[name];
    if (decoded === undefined) continue;
    const value = placeOf(decoded, { text, at: match.index + match[0].length });
    const nameStart = match.index + match[0].lastIndexOf(name, match[0].search(/[=:][^\S\n]*$/));
    entries.push({ name, nameSpan: { start: nameStart, end: nameStart + name.length }, value });
    // What stands inside a value of several lines is no entry.
    start.lastIndex = value.span.end;
  }
  // The library keeps the last value of a name: the earlier places are not where it is written.
  const last = new Map(entries.map((entry) => [entry.name, entry]));
  return entries.filter((entry) => last.get(entry.name) === entry);
}

function placeOf(decoded: string, { text, at }: { readonly text: string; readonly at: number }): EnvValue {
  const quote = ["'", '"', '`'].find((mark): mark is NonNullable<EnvValue['quote']> => mark === text[at]);
  const start = quote && text.startsWith(decoded, at + 1) ? at + 1 : at;
  const exact = text.startsWith(decoded, start);
  const end = exact ? start + decoded.length : trimEnd(text, { start, end: lineEnd(text, start) }).end;
  return { text: decoded, span: { start, end }, quote, exact, expands: false };
}

function asWritten(raw: string): string {
  return raw;
}

/** Moves over what the sticky pattern matches here; an empty span when it does not match. */
function take(reader: Reader, pattern: RegExp): Span {
  pattern.lastIndex = reader.at;
  const start = reader.at;
  reader.at += pattern.exec(reader.text)?.[0].length ?? 0;
  return { start, end: reader.at };
}

function isTaken(span: Span): boolean {
  return span.end > span.start;
}

/** Reports the rest of the line and skips it. */
function refuse(reader: Reader, code: string): undefined {
  const end = lineEnd(reader.text, reader.at);
  report(reader, code, trimEnd(reader.text, { start: reader.at, end }));
  reader.at = end;
  return undefined;
}

function report({ errors }: Reader, code: string, span: Span): undefined {
  if (errors.length < maximumErrors) errors.push({ code, span });
  return undefined;
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline === -1 ? text.length : newline;
}

function trimStart(text: string, { start, end }: Span): Span {
  return { start: end - text.slice(start, end).trimStart().length, end };
}

function trimEnd(text: string, { start, end }: Span): Span {
  return { start, end: start + text.slice(start, end).trimEnd().length };
}
