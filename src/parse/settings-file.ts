import type { Span } from '../text/span.ts';
import { sizeCaps } from './parse-result.ts';

/** Whose configuration file it is: each program has its own rules for comments, quotes and including. */
export type SettingsDialect = 'mysql' | 'postgresql' | 'redis' | 'pgbouncer';

/** One line of a server's configuration file that sets something. */
export interface SettingLine {
  readonly kind: 'setting';
  /** Section in brackets above it; '' before the first. */
  readonly section: string;
  /** As written, without quotes. */
  readonly name: string;
  /** Without quotes and comment; undefined for a name alone (`skip-name-resolve`). */
  readonly value: string | undefined;
  readonly nameSpan: Span;
  /** The text between the quotes; an empty place behind a name alone. */
  readonly valueSpan: Span;
}

/** A line that reads another file, or every file of a folder, in its place. */
export interface IncludeLine {
  readonly kind: 'include';
  readonly reads: 'file' | 'file-if-there' | 'folder';
  readonly path: string;
  readonly span: Span;
}

export type SettingsEntry = SettingLine | IncludeLine;

/** Reads my.cnf, postgresql.conf, redis.conf or pgbouncer.ini in order; lines it cannot take are left out. */
export function parseSettings(text: string, dialect: SettingsDialect): readonly SettingsEntry[] {
  if (text.length > sizeCaps.env) return [];
  const entries: SettingsEntry[] = [];
  let section = '';
  let offset = 0;
  for (const raw of text.split('\n')) {
    const line = { text: raw.replace(/\r$/, ''), start: offset };
    offset += raw.length + 1;
    const header = dialect === 'mysql' || dialect === 'pgbouncer' ? /^\s*\[([^\]]*)\]/.exec(line.text) : null;
    if (header) section = header[1]?.trim() ?? '';
    else entries.push(...readers[dialect](line, section));
  }
  return entries;
}

interface Line {
  readonly text: string;
  readonly start: number;
}

type LineReader = (line: Line, section: string) => readonly SettingsEntry[];

const readers: Readonly<Record<SettingsDialect, LineReader>> = {
  mysql: readMysqlLine,
  postgresql: readPostgresqlLine,
  redis: readRedisLine,
  pgbouncer: readPgbouncerLine,
};

/** mysys/my_default.c: `#` ends a line outside quotes, `;` only begins a comment line; options before a group are refused. */
function readMysqlLine(line: Line, section: string): readonly SettingsEntry[] {
  const include = /^(\s*)!(includedir|include)\s+(.*\S)/.exec(line.text);
  if (include) {
    const [all, , keyword = '', path = ''] = include;
    return [includeLine(line, { reads: keyword === 'include' ? 'file' : 'folder', path, end: all.length })];
  }
  const match = /^(\s*)([A-Za-z_][\w-]*)(\s*=\s*|\s*$|\s*(?=#))(.*)$/.exec(line.text);
  if (!match || section === '') return [];
  const [, indent = '', name = '', gap = '', rest = ''] = match;
  const written = withoutHashComment(rest).trimEnd();
  const quoted = /^(['"])(.*)\1$/.exec(written);
  const value = gap.includes('=') ? unescapeMysql(quoted?.[2] ?? written) : undefined;
  const start = indent.length + name.length + gap.length + (quoted ? 1 : 0);
  const end = start + (quoted?.[2] ?? written).length;
  return [settingLine(line, { section, name, nameAt: indent.length, value, start, end })];
}

function withoutHashComment(text: string): string {
  let quote = '';
  let escaped = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (/['"]/.test(character) && !escaped) quote = quote === '' ? character : quote === character ? '' : quote;
    if (quote === '' && character === '#') return text.slice(0, index);
    escaped = quote !== '' && character === '\\' && !escaped;
  }
  return text;
}

function unescapeMysql(text: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', s: ' ' };
  return text.replace(/\\([ntrbs'"\\])/g, (_, character: string) => escapes[character] ?? character);
}

/** src/backend/utils/misc/guc-file.l: name, optional `=`, a quoted or plain value, a `#` comment; anything else is refused. */
function readPostgresqlLine(line: Line): readonly SettingsEntry[] {
  const match =
    /^(\s*)([A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)?)(\s*=\s*|\s+)('(?:[^'\\]|\\.|'')*'|[^\s'#]+)\s*(?:#.*)?$/.exec(
      line.text,
    );
  if (!match) return [];
  const [, indent = '', name = '', gap = '', written = ''] = match;
  const isQuoted = written.startsWith("'");
  const value = isQuoted ? unescapePostgresql(written.slice(1, -1)) : written;
  const start = indent.length + name.length + gap.length + (isQuoted ? 1 : 0);
  const end = start + written.length - (isQuoted ? 2 : 0);
  const reads = postgresqlIncludes.get(name.toLowerCase());
  if (reads) return [includeLine(line, { reads, path: value, end })];
  return [settingLine(line, { section: '', name, nameAt: indent.length, value, start, end })];
}

const postgresqlIncludes: ReadonlyMap<string, IncludeLine['reads']> = new Map([
  ['include', 'file'],
  ['include_if_exists', 'file-if-there'],
  ['include_dir', 'folder'],
]);

function unescapePostgresql(text: string): string {
  return text.replace(/''|\\(.)/g, (_, character: string | undefined) => character ?? "'");
}

/** src/config.c and sds.c: a name and words, which may stand in quotes; `#` begins a comment only at the start of a line. */
function readRedisLine(line: Line): readonly SettingsEntry[] {
  const match = /^(\s*)([A-Za-z][\w.-]*)(?:(\s+)(.*))?$/.exec(line.text);
  if (!match) return [];
  const [, indent = '', name = '', gap = '', rest = ''] = match;
  const written = rest.trimEnd();
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')$/.exec(written);
  const value = quoted ? (quoted[1] ?? quoted[2] ?? '') : written;
  const start = indent.length + name.length + gap.length + (quoted ? 1 : 0);
  if (name.toLowerCase() === 'include')
    return value === '' ? [] : [includeLine(line, { reads: 'file', path: value, end: start + value.length })];
  return [settingLine(line, { section: '', name, nameAt: indent.length, value, start, end: start + value.length })];
}

/** PgBouncer's libusual cfparser: comments are lines of their own, values reach to the end of the line. */
function readPgbouncerLine(line: Line, section: string): readonly SettingsEntry[] {
  const include = /^(\s*)%include\s+(.*\S)/.exec(line.text);
  if (include) return [includeLine(line, { reads: 'file', path: include[2] ?? '', end: include[0].length })];
  const match = /^(\s*)(\*|"[^"]*"|[A-Za-z0-9_][\w.-]*)(\s*=\s*)(.*)$/.exec(line.text);
  if (!match) return [];
  const [, indent = '', written = '', gap = '', rest = ''] = match;
  const value = rest.trimEnd();
  const start = indent.length + written.length + gap.length;
  const name = written.replace(/^"(.*)"$/, '$1');
  const nameAt = indent.length + (name === written ? 0 : 1);
  return [settingLine(line, { section, name, nameAt, value, start, end: start + value.length })];
}

function settingLine(
  line: Line,
  parts: { section: string; name: string; nameAt: number; value: string | undefined; start: number; end: number },
): SettingLine {
  const { section, name, nameAt, value, start, end } = parts;
  return {
    kind: 'setting',
    section,
    name,
    value,
    nameSpan: { start: line.start + nameAt, end: line.start + nameAt + name.length },
    valueSpan: { start: line.start + start, end: line.start + end },
  };
}

function includeLine(line: Line, parts: { reads: IncludeLine['reads']; path: string; end: number }): IncludeLine {
  const { reads, path, end } = parts;
  const indent = line.text.length - line.text.trimStart().length;
  return { kind: 'include', reads, path, span: { start: line.start + indent, end: line.start + end } };
}
