import type { Span } from '../text/span.ts';
import type { ParseError } from './parse-result.ts';

/** The character that `# escape=` chooses. */
export type EscapeCharacter = '\\' | '`';

/** A part of a Dockerfile with its continuations, and the comments and blank lines between them, taken out. */
export interface JoinedText {
  readonly source: string;
  readonly text: string;
  /** Offset in `source` of each character of `text`. */
  readonly offsets: readonly number[];
  /** Offset in `source` behind the last character. */
  readonly end: number;
}

export interface PreparedDockerfile {
  readonly escapeCharacter: EscapeCharacter;
  /**
   * As long as the file. Heredoc bodies and comments are blank, every kind of blank is a space, and the only escape
   * character left is a backslash in front of a line feed, so that nothing but the instructions themselves remains.
   */
  readonly masked: string;
  readonly heredocs: readonly HeredocBody[];
  readonly errors: readonly ParseError[];
}

/** The text of a heredoc. */
export interface HeredocBody {
  readonly name: string;
  /** The first line of its instruction. */
  readonly instruction: Span;
  /** Its lines, without the one that ends it. */
  readonly span: Span;
  /** Written `<<-`: tabs at the start of its lines are taken away. */
  readonly tabbed: boolean;
  /** Its name stands in quotes: nothing in the text is expanded. */
  readonly quoted: boolean;
}

/** Finds the escape character and blanks out what is no instruction; offsets stay the same. */
export function prepareDockerfile(text: string): PreparedDockerfile {
  const escapeCharacter = findEscape(text);
  const lines = splitLines(text);
  const masked: string[] = [];
  const errors: ParseError[] = [];
  const heredocs: HeredocBody[] = [];
  while (masked.length < lines.length) {
    const first = lines[masked.length];
    if (!first) break;
    if (isSkipped(first.text)) {
      masked.push(' '.repeat(first.text.length));
      continue;
    }
    let instruction = '';
    for (let continues = true; continues && masked.length < lines.length; ) {
      const line = lines[masked.length]?.text ?? '';
      if (isSkipped(line)) {
        masked.push(' '.repeat(line.length));
        continue;
      }
      const cut = findContinuation(line, escapeCharacter);
      const kept = line.slice(0, cut);
      const blanked = kept.replace(/\s/g, ' ').replace(/[<\\`]/g, '_');
      instruction += kept;
      continues = cut !== undefined;
      masked.push(continues ? `${blanked.padEnd(line.length - 1)}\\` : blanked);
    }
    for (const heredoc of findHeredocs(instruction)) {
      const end = findTerminator(lines, { from: masked.length, heredoc });
      if (end === undefined && !heredoc.certain) continue;
      if (end === undefined) errors.push({ code: 'unterminated-heredoc', span: spanOfLine(first) });
      const start = lines[masked.length]?.start ?? text.length;
      const span = { start, end: end === undefined ? text.length : Math.max(start, lines[end]?.start ?? start) };
      heredocs.push({ ...heredoc, instruction: spanOfLine(first), span });
      while (masked.length < lines.length && masked.length <= (end ?? lines.length)) {
        masked.push(' '.repeat(lines[masked.length]?.text.length ?? 0));
      }
    }
  }
  return { escapeCharacter, masked: masked.join('\n'), heredocs, errors };
}

/** Joins the lines of one instruction as Docker does: a comment line between continuations is not part of it. */
export function joinContinuations(
  source: string,
  options: { span: Span; escapeCharacter: EscapeCharacter },
): JoinedText {
  const { span, escapeCharacter } = options;
  const pieces: string[] = [];
  const offsets: number[] = [];
  for (let start = span.start, continues = true; continues && start < span.end; ) {
    const lineFeed = source.indexOf('\n', start);
    const end = lineFeed === -1 || lineFeed > span.end ? span.end : lineFeed;
    const line = source.slice(start, end).replace(/\r$/, '');
    if (start === span.start || !isSkipped(line)) {
      const cut = findContinuation(line, escapeCharacter);
      continues = cut !== undefined;
      pieces.push(line.slice(0, cut));
      for (let index = 0; index < (cut ?? line.length); index++) offsets.push(start + index);
    }
    start = end + 1;
  }
  return trim({ source, text: pieces.join(''), offsets, end: span.end });
}

/** The part of a joined text in `range` (offsets of its `text`). */
export function sliceJoined(joined: JoinedText, range: Span): JoinedText {
  const span = spanOf(joined, range);
  const offsets = joined.offsets.slice(range.start, range.end);
  return { source: joined.source, text: joined.text.slice(range.start, range.end), offsets, end: span.end };
}

/** Where a part of a joined text stands in the file. */
export function spanOf(joined: JoinedText, range: Span): Span {
  const last = joined.offsets[range.end - 1];
  const start = joined.offsets[range.start] ?? (last === undefined ? joined.end : last + 1);
  return { start, end: range.end > range.start && last !== undefined ? last + 1 : start };
}

interface Line {
  readonly start: number;
  /** Without its line feed. */
  readonly text: string;
}

interface Heredoc {
  readonly name: string;
  readonly tabbed: boolean;
  readonly quoted: boolean;
  /** False for a shape that Docker does not take for a heredoc, but the shell does. */
  readonly certain: boolean;
}

function findEscape(text: string): EscapeCharacter {
  for (const line of text.replace(/^\uFEFF/, '').split('\n', 8)) {
    const directive = /^\s*#\s*([a-z][a-z0-9]*)\s*=\s*(\S*)\s*$/i.exec(line);
    if (!directive) break;
    if (directive[1]?.toLowerCase() === 'escape') return directive[2] === '`' ? '`' : '\\';
  }
  return '\\';
}

function splitLines(text: string): Line[] {
  let start = 0;
  return text.split('\n').map((line) => {
    const found = { start, text: line };
    start += line.length + 1;
    return found;
  });
}

function spanOfLine(line: Line): Span {
  return { start: line.start, end: line.start + line.text.trimEnd().length };
}

function isSkipped(line: string): boolean {
  const first = line.trimStart()[0];
  return first === undefined || first === '#';
}

/** Where a continuation begins; a doubled escape character at the end of a line is none (as in BuildKit). */
function findContinuation(line: string, escapeCharacter: EscapeCharacter): number | undefined {
  const body = line.trimEnd();
  const at = body.length - 1;
  return body[at] === escapeCharacter && body[at - 1] !== escapeCharacter ? at : undefined;
}

function findHeredocs(instruction: string): Heredoc[] {
  if (!/^\s*(?:onbuild\s+)?(?:run|copy|add)\s(?!\s*\[)/i.test(instruction) || !instruction.includes('<<')) return [];
  const heredocs: Heredoc[] = [];
  let quote: string | undefined;
  for (let index = 0; index < instruction.length; index++) {
    const character = instruction[index] ?? '';
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === '\\') index++;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '<' && /^[\s\d]?$/.test(instruction[index - 1] ?? '')) {
      const found = /^<<(-?)(\s*)(['"]?)([^\s<'"]+)\3(?=\s|$)/.exec(instruction.slice(index, index + 200));
      if (!found?.[4]) continue;
      const certain = found[2] === '' && /^[\w.-]+$/.test(found[4]);
      heredocs.push({ name: found[4], tabbed: found[1] === '-', quoted: found[3] !== '', certain });
      index += found[0].length - 1;
    }
  }
  return heredocs;
}

function findTerminator(lines: readonly Line[], options: { from: number; heredoc: Heredoc }): number | undefined {
  const { name, tabbed } = options.heredoc;
  for (let index = options.from; index < lines.length; index++) {
    const line = lines[index]?.text.replace(/\r$/, '') ?? '';
    if ((tabbed ? line.replace(/^\t+/, '') : line) === name) return index;
  }
  return undefined;
}

function trim(joined: JoinedText): JoinedText {
  const start = joined.text.length - joined.text.trimStart().length;
  const end = Math.max(start, joined.text.trimEnd().length);
  if (start === 0 && end === joined.text.length) return joined;
  return sliceJoined(joined, { start, end });
}
