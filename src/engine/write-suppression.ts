import type { Edits } from '../model/fix.ts';
import { parseDockerfile } from '../parse/dockerfile.ts';
import { parsePython } from '../parse/python.ts';
import { parseYaml } from '../parse/yaml.ts';
import { createSourceText, lineEnding, lineText, positionAt, type SourceText } from '../text/source-text.ts';
import { applyEdits, type Location, type TextEdit } from '../text/span.ts';
import { findSuppressions, suppresses, trailingCommentIsText } from './suppressions.ts';
import { firstLineOf } from './written-lines.ts';

/**
 * The edit that silences one rule at one place by a comment: behind the line in YAML and Python, above it elsewhere and
 * where a comment behind the line would become text, at the head of the file as the last resort. Refused when the
 * format has no comments or every place would change what the file says.
 */
export function writeSuppression(finding: { readonly rule: string; readonly at: Location }, reason: string): Edits {
  const { source } = finding.at;
  if (/\.json$/i.test(source.path)) return { refused: 'JSON has no comments.' };
  const comment = ` ${finding.rule} -- ${cleanReason(reason)}`;
  const line = positionAt(source, finding.at.span.start).line;
  for (const edit of [
    ...(takesTrailingComment(source) ? [behindLine(source, { line, comment })] : []),
    aboveLine(source, { line: firstLineOf(source, line), comment }),
    atHead(source, comment),
  ]) {
    if (silences(edit, finding) && keepsMeaning(edit)) return { edits: [edit] };
  }
  return { refused: 'A comment here would change what the file says.' };
}

function cleanReason(reason: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a comment ends where its line ends
  return reason.replace(/[\u0000-\u001F\u007F\u0085\u2028\u2029\s]+/g, ' ').trim();
}

function takesTrailingComment(source: SourceText): boolean {
  return /\.(ya?ml|pyi?)$/i.test(source.path) && !trailingCommentIsText(source.path);
}

interface Placement {
  readonly line: number;
  readonly comment: string;
}

function behindLine(source: SourceText, { line, comment }: Placement): TextEdit {
  const offset = (source.lineStarts[line] ?? 0) + lineText(source, line).trimEnd().length;
  return insertion(source, { offset, text: `  # headroom-ignore${comment}` });
}

function aboveLine(source: SourceText, { line, comment }: Placement): TextEdit {
  const indent = /^[ \t]*/.exec(lineText(source, line))?.[0] ?? '';
  const text = `${indent}# headroom-ignore${comment}${lineEnding(source)}`;
  return insertion(source, { offset: source.lineStarts[line] ?? 0, text });
}

/** Below what must stay at the head: `#!`, parser directives, encoding declarations. */
function atHead(source: SourceText, comment: string): TextEdit {
  let line = 0;
  while (/^#(!|\s*(syntax|escape|check)\s*=|.*coding[:=])/.test(lineText(source, line))) line++;
  return insertion(source, {
    offset: source.lineStarts[line] ?? source.text.length,
    text: `# headroom-ignore-file${comment}${lineEnding(source)}`,
  });
}

function insertion(source: SourceText, what: { offset: number; text: string }): TextEdit {
  return { source, span: { start: what.offset, end: what.offset }, newText: what.text };
}

function silences(edit: TextEdit, finding: { readonly rule: string; readonly at: Location }): boolean {
  const after = textAfter(edit);
  const { start, end } = finding.at.span;
  const moved = edit.span.start <= start ? edit.newText.length : 0;
  const at = { source: after, span: { start: start + moved, end: end + moved } };
  return findSuppressions(after).some((suppression) => suppresses(suppression, { rule: finding.rule, at }));
}

function keepsMeaning(edit: TextEdit): boolean {
  return meaningOf(edit.source) === meaningOf(textAfter(edit));
}

function textAfter(edit: TextEdit): SourceText {
  return createSourceText(edit.source.path, applyEdits(edit.source, [edit]));
}

/** What the file says, without places: equal before and after for a comment that is one. */
function meaningOf({ path, text }: SourceText): string {
  if (/\.ya?ml$/i.test(path)) return withoutPlaces(parseYaml(text));
  if (/\.pyi?$/i.test(path)) return withoutPlaces(parsePython(text));
  if (/dockerfile|containerfile/i.test(path)) return withoutPlaces(parseDockerfile(text));
  return '';
}

function withoutPlaces(tree: object): string {
  return JSON.stringify(tree, (key, value) =>
    /span|offsets|target|^at$|^start$|^end$/i.test(key) ? undefined : value,
  );
}
