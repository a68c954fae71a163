import { parseSettings, type SettingLine } from '../../parse/settings-file.ts';
import { lineEnding, type SourceText } from '../../text/source-text.ts';
import type { TextEdit } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import { finishEdits } from './finish-edits.ts';
import { endOfLine, indentationAt, insertAt } from './line-places.ts';
import { setModuleSetting } from './set-module-setting.ts';

/** How a server's configuration file is written: `name = value`, `name value` (redis.conf), or Python (gunicorn.conf.py). */
export type ConfigurationStyle = 'equals' | 'blank' | 'python';

/** A setting to write; `section` without brackets, '' for files without sections. */
export interface ConfigurationLine {
  readonly section: string;
  readonly name: string;
  readonly value: string;
}

/** Writes one setting of a server's configuration file; see `setConfigurationLines`. */
export function setConfigurationLine(source: SourceText, style: ConfigurationStyle, line: ConfigurationLine): Edits {
  return setConfigurationLines(source, style, [line]);
}

/**
 * Writes settings of my.cnf, postgresql.conf, redis.conf or gunicorn.conf.py: replaces the last line that counts, else
 * adds a line behind the last one of its section, which is added when the file lacks it.
 */
export function setConfigurationLines(
  source: SourceText,
  style: ConfigurationStyle,
  lines: readonly ConfigurationLine[],
): Edits {
  if (lines.some((line) => /[\r\n]/.test(line.value))) return { refused: 'the value has several lines' };
  if (style === 'python') return setPythonLines(source, lines);
  const written = parseSettings(source.text, style);
  const edits: TextEdit[] = [];
  const missing = new Map<string, ConfigurationLine[]>();
  for (const line of lines) {
    const found = written.findLast((candidate) => sameSection(candidate, line) && sameName(candidate, line));
    if (!found) missing.set(line.section, [...(missing.get(line.section) ?? []), line]);
    else if (found.valueSpan.start === found.valueSpan.end)
      return { refused: `${line.name} stands there without a value` };
    else edits.push({ source, span: found.valueSpan, newText: withoutQuotes(source, { found, value: line.value }) });
  }
  for (const [section, group] of missing) edits.push(addLines({ source, style, written }, { section, group }));
  return finishEdits(edits);
}

function setPythonLines(source: SourceText, lines: readonly ConfigurationLine[]): Edits {
  const edits: TextEdit[] = [];
  for (const line of lines) {
    const part = setModuleSetting(source, line.name, line.value);
    if ('refused' in part) return part;
    edits.push(...part.edits);
  }
  return { edits };
}

interface File {
  readonly source: SourceText;
  readonly style: 'equals' | 'blank';
  readonly written: readonly SettingLine[];
}

function addLines(file: File, wanted: { section: string; group: readonly ConfigurationLine[] }): TextEdit {
  const { source, style, written } = file;
  const { text } = source;
  const eol = lineEnding(source);
  const neighbour = written.findLast((candidate) => sameSection(candidate, wanted)) ?? written.at(-1);
  const separator = style === 'blank' ? ' ' : separatorOf(text, neighbour);
  const lines = wanted.group.map((line) => `${line.name}${separator}${line.value}`);
  const last = written.findLast((candidate) => sameSection(candidate, wanted));
  if (last) {
    const indentation = indentationAt(text, last.nameSpan.start) ?? '';
    const at = endOfLine(text, last.valueSpan.end);
    return insertAt(source, at, lines.map((line) => `${eol}${indentation}${line}`).join(''));
  }
  const header = findHeader(text, wanted.section);
  if (header !== undefined) return insertAt(source, header, lines.map((line) => `${eol}${line}`).join(''));
  const firstHeader = /^[ \t]*\[/m.exec(text)?.index;
  if (wanted.section === '' && firstHeader !== undefined) {
    return insertAt(source, firstHeader, lines.map((line) => `${line}${eol}`).join(''));
  }
  const before = text === '' || text.endsWith('\n') ? '' : eol;
  const title = wanted.section === '' ? [] : [...(text.trim() === '' ? [] : ['']), `[${wanted.section}]`];
  return insertAt(source, text.length, `${before}${[...title, ...lines].join(eol)}${eol}`);
}

function findHeader(text: string, section: string): number | undefined {
  for (const match of text.matchAll(/^[ \t]*\[([^\]\n]*)\]/gm)) {
    if (match[1]?.trim() === section) return endOfLine(text, match.index + match[0].length);
  }
  return undefined;
}

function separatorOf(text: string, neighbour: SettingLine | undefined): string {
  if (!neighbour) return ' = ';
  const between = text.slice(neighbour.nameSpan.end, neighbour.valueSpan.start).replace(/['"]$/, '');
  return between === '=' ? '=' : ' = ';
}

function withoutQuotes(source: SourceText, line: { found: SettingLine; value: string }): string {
  const quote = source.text[line.found.valueSpan.start - 1] ?? '';
  const quoted = quote === "'" || quote === '"';
  return quoted ? line.value.replace(/^(['"])(.*)\1$/, '$2') : line.value;
}

function sameSection(left: { section: string }, right: { section: string }): boolean {
  return left.section === right.section;
}

function sameName(left: { name: string }, right: { name: string }): boolean {
  return normalise(left.name) === normalise(right.name);
}

function normalise(name: string): string {
  return name.replaceAll('-', '_').toLowerCase();
}
