import { lineText, type SourceText } from '../text/source-text.ts';

/**
 * The first line of the statement that a line belongs to, which is where a comment about it can stand: the key of a
 * YAML block scalar, the first of several lines joined by backslashes, else the line itself. Lines are zero-based.
 */
export function firstLineOf(source: SourceText, line: number): number {
  const start = /\.ya?ml$/i.test(source.path) ? blockScalarKey(source, line) : line;
  return joinedFrom(source, start);
}

function blockScalarKey(source: SourceText, line: number): number {
  let found = line;
  let indent = indentOf(lineText(source, line));
  for (let above = line - 1; above >= 0 && indent > 0; above--) {
    const text = lineText(source, above);
    if (text.trim() === '' || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    if (/(^|[:\s-]\s*)[|>][-+0-9]{0,2}\s*(\s#.*)?$/.test(text)) found = above;
  }
  return found;
}

function joinedFrom(source: SourceText, line: number): number {
  if (!joinsLines(source.path)) return line;
  let first = line;
  for (let above = line - 1; above >= 0; above--) {
    const text = lineText(source, above);
    if (/\\\s*$/.test(text)) first = above;
    else if (!/^\s*#/.test(text)) break;
  }
  return first;
}

function joinsLines(path: string): boolean {
  return !/\.(ya?ml|json|ini|cnf|conf)$|(^|\/)\.?env[^/]*$|\.env[^/]*$/i.test(path);
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
