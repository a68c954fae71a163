/** Characters that half-typed code lacks, to be inserted at an offset before parsing. */
export interface PythonRepair {
  readonly at: number;
  readonly text: string;
}

/**
 * Finds what a half-typed text lacks, in order: closing brackets where a line plainly starts a new statement, quotes
 * that never close, a colon before an indented block. A guess, for texts that do not parse; it may be wrong.
 */
export function findPythonRepairs(text: string): readonly PythonRepair[] {
  const repairs: PythonRepair[] = [];
  let brackets: string[] = [];
  let lineStart = 0;
  let colon = false;
  let codeEnd = 0;
  let operand = '';
  const scanner = new RegExp(tokens);
  for (let match = scanner.exec(text); match && repairs.length < maximumRepairs; match = scanner.exec(text)) {
    const token = match[0];
    const quote = match[1];
    const between = { codeEnd, start: match.index, operand };
    if (brackets.length > 0 && lacksComma(text, between)) repairs.push({ at: codeEnd, text: ',' });
    if (!/^[#\\\r\n]/.test(token)) operand = quote === undefined ? token : quote;
    if (quote !== undefined) {
      const string = scanString(text, { start: match.index, contentStart: scanner.lastIndex, quote });
      if (string.repair) repairs.push(string.repair);
      scanner.lastIndex = string.end;
      codeEnd = string.end;
    } else if (token.endsWith('\n')) {
      const next = scanner.lastIndex;
      if (token.startsWith('\\')) continue;
      if (brackets.length > 0) {
        const deeper = indentAt(text, next) > indentAt(text, lineStart);
        if (deeper ? !startsBody(text, { lineStart, next }) : !startsStatement(text, next)) continue;
        repairs.push({ at: next, text: `${brackets.reverse().join('')}${deeper ? ':' : ''}\n` });
      } else if (!colon && blockStart.test(text.slice(lineStart, lineStart + 200))) {
        repairs.push({ at: codeEnd, text: isBlockBelow(text, { lineStart, next }) ? ':' : ': pass' });
      }
      brackets = [];
      lineStart = next;
      colon = false;
    } else if (token === ':') {
      colon ||= brackets.length === 0;
      codeEnd = scanner.lastIndex;
    } else if (!token.startsWith('#')) {
      const closer = closers.get(token);
      if (closer !== undefined) brackets.push(closer);
      else if (brackets.includes(token)) brackets.length = brackets.lastIndexOf(token);
      codeEnd = scanner.lastIndex;
    }
  }
  return repairs;
}

const maximumRepairs = 50;
const tokens = /#[^\r\n]*|(?:\b[A-Za-z]{1,2})?("""|'''|"|')|\\\r?\n|\r?\n|[()[\]{}:]|[^\s#"'()[\]{}:\\]+/g;
const closers: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

// Between two operands on two lines, or before `name=`, only a comma can be missing; adjacent strings are one.
function lacksComma(
  text: string,
  gap: { readonly codeEnd: number; readonly start: number; readonly operand: string },
): boolean {
  if (!/["'\w)\]}]$/.test(gap.operand)) return false;
  const next = /^(?:(\w{1,100})([ \t]*=(?!=))?|["'])/.exec(text.slice(gap.start, gap.start + 120));
  if (!next || keywords.has(next[1] ?? '') || keywords.has(/\w{1,10}$/.exec(gap.operand)?.[0] ?? '')) return false;
  if (/["']$/.test(gap.operand) && /^\w{0,2}["']/.test(text.slice(gap.start, gap.start + 3))) {
    const key = /^\w{0,2}(?:"[^"\n]{0,100}"|'[^'\n]{0,100}')[ \t]*:/;
    return key.test(text.slice(gap.start, gap.start + 120)) && text.slice(gap.codeEnd, gap.start).includes('\n');
  }
  return next[2] !== undefined || text.slice(gap.codeEnd, gap.start).includes('\n');
}

const keywords: ReadonlySet<string> = new Set(
  'and or not in is if else for lambda await async from import as yield return'.split(' '),
);

interface ScannedString {
  readonly end: number;
  readonly repair: PythonRepair | undefined;
}

function scanString(
  text: string,
  string: { readonly start: number; readonly contentStart: number; readonly quote: string },
): ScannedString {
  const { contentStart, quote } = string;
  const long = quote.length === 3;
  for (let index = contentStart; index < text.length; index += 1) {
    const char = text[index];
    if (char === '\\') index += text.startsWith('\r\n', index + 1) ? 2 : 1;
    else if (char === quote[0] && (!long || text.startsWith(quote, index)))
      return { end: index + quote.length, repair: undefined };
    else if (!long && (char === '\n' || char === '\r')) return { end: index, repair: closeFormat(text, string, index) };
  }
  const lineEnd = lineEndAt(text, contentStart);
  return { end: lineEnd, repair: long ? { at: lineEnd, text: quote } : closeFormat(text, string, lineEnd) };
}

// Lezer ends an unclosed plain string at its line by itself; only an open `{` of an f-string runs on.
function closeFormat(
  text: string,
  string: { readonly start: number; readonly contentStart: number; readonly quote: string },
  end: number,
): PythonRepair | undefined {
  if (!/f/i.test(text.slice(string.start, string.contentStart))) return undefined;
  let depth = 0;
  for (const brace of text.slice(string.contentStart, end).replaceAll('{{', '').match(/[{}]/g) ?? [])
    depth = Math.max(0, depth + (brace === '{' ? 1 : -1));
  return depth === 0 ? undefined : { at: end, text: '}'.repeat(depth) + string.quote };
}

function startsStatement(text: string, lineStart: number): boolean {
  return statementStart.test(text.slice(lineStart, Math.min(lineEndAt(text, lineStart), lineStart + 300)));
}

// The first line below `def f(` or `class A(`; a parameter with annotation looks like a statement, so it does not count.
function startsBody(text: string, line: { readonly lineStart: number; readonly next: number }): boolean {
  if (!blockStart.test(text.slice(line.lineStart, line.lineStart + 200))) return false;
  return startsStatement(text, line.next) && !/^[ \t]*\w+[ \t]*:/.test(text.slice(line.next, line.next + 200));
}

// Keyword arguments are written `name=value`, statements `name = value`; within brackets at that indentation the
// spaced form is rare, and a wrong guess does not survive the comparison of errors.
const statementStart =
  /^[ \t]*(?:[A-Za-z_][\w.]*[ \t]*(?::[^=]{1,200})?[ \t][-+*/|&%]?=[ \t]|(?:async|class|def|import|from|return|try|while|with|raise|assert|del|global|pass)\b|@[A-Za-z_])/;

function isBlockBelow(text: string, line: { readonly lineStart: number; readonly next: number }): boolean {
  const code = /[ \t]*[^\s#]/y;
  for (let next = line.next; next < text.length; ) {
    code.lastIndex = next;
    if (code.test(text)) return indentAt(text, next) > indentAt(text, line.lineStart);
    const newline = text.indexOf('\n', next);
    next = newline === -1 ? text.length : newline + 1;
  }
  return false;
}

const blockStart = /^[ \t]*(?:(?:async[ \t]+)?(?:def|for|with)|class|if|elif|else|while|try|except|finally)\b/;

function indentAt(text: string, lineStart: number): number {
  let width = 0;
  for (let index = lineStart; index < text.length; index += 1) {
    if (text[index] === ' ') width += 1;
    else if (text[index] === '\t') width += 8 - (width % 8);
    else break;
  }
  return width;
}

function lineEndAt(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end === -1) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}
