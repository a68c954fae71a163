import { parseEnv } from '../../parse/env.ts';
import { lineEnding, type SourceText } from '../../text/source-text.ts';
import type { Edits } from '../fix.ts';
import { finishEdits } from './finish-edits.ts';
import { isPlainWord, replaceText } from './replace-text.ts';

/**
 * Writes a variable of an env file: replaces the value of the line that counts (quotes and comment stay), or adds a line
 * at the end. Refused where the value is made of other variables or needs quotes.
 */
export function setEnvValue(source: SourceText, name: string, text: string): Edits {
  const entry = parseEnv(source.text, 'compose').entries.findLast((candidate) => candidate.name === name);
  if (entry?.value) return replaceText({ source, span: entry.value.span }, text);
  if (!isPlainWord(text)) return { refused: 'the value would need quotes' };
  if (entry) {
    const at = entry.nameSpan.end;
    return finishEdits([{ source, span: { start: at, end: at }, newText: `=${text}` }]);
  }
  const eol = lineEnding(source);
  const before = source.text === '' || source.text.endsWith('\n') ? '' : eol;
  const end = source.text.length;
  return finishEdits([{ source, span: { start: end, end }, newText: `${before}${name}=${text}${eol}` }]);
}
