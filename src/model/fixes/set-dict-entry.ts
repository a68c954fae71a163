import { parsePython } from '../../parse/python.ts';
import type { PythonDict } from '../../parse/python-tree.ts';
import { derive } from '../../text/source-text.ts';
import type { Location, TextEdit } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import { finishEdits } from './finish-edits.ts';
import { appendToList, type BracketedList } from './python-list.ts';
import { callAt, dictAt, isLiteral } from './python-place.ts';
import { setCallKeywords } from './set-call-keyword.ts';

/** One entry of a dict: `text` is Python source. */
export interface DictEntry {
  readonly key: string;
  readonly text: string;
}

/** Writes one entry of the dict literal (or `dict(...)` call) at this place; see `setDictEntries`. */
export function setDictEntry(at: Location, key: string, text: string): Edits {
  return setDictEntries(at, [{ key, text }]);
}

/**
 * Writes entries of a dict literal (Django's databases, engine options): replaces values that are written out, adds the
 * others at the end in the dict's quote and line style. Refused for computed values.
 */
export function setDictEntries(at: Location, entries: readonly DictEntry[]): Edits {
  const module = derive(at.source, { kind: 'python', from: parsePython });
  const dict = dictAt(module, at);
  if (!dict) {
    const call = callAt(module, at);
    if (!call) return notFound;
    return setCallKeywords(
      at,
      entries.map(({ key, text }) => ({ name: key, text })),
    );
  }
  const quote = quoteOf(at.source.text, dict);
  const edits: TextEdit[] = [];
  const missing: string[] = [];
  for (const { key, text } of entries) {
    const entry = findEntry(dict, key);
    if (!entry) {
      missing.push(`${quote}${key}${quote}: ${text}`);
      continue;
    }
    const written = at.source.text.slice(entry.value.span.start, entry.value.span.end);
    if (written !== text && !isLiteral(entry.value)) {
      return { refused: `${key} is computed: it must be changed where its value comes from` };
    }
    edits.push({ source: at.source, span: entry.value.span, newText: text });
  }
  if (missing.length > 0) edits.push(...appendToList(listOf(at, dict), missing));
  return finishEdits(edits);
}

const notFound: Edits = { refused: 'the dict is not written there' };

function findEntry(dict: PythonDict, key: string): PythonDict['entries'][number] | undefined {
  return dict.entries.findLast((entry) => entry.key?.kind === 'string' && entry.key.text === key);
}

function quoteOf(text: string, dict: PythonDict): string {
  const first = dict.entries.find((entry) => entry.key?.kind === 'string')?.key;
  if (first) return text[first.span.end - 1] ?? '"';
  return text.split("'").length > text.split('"').length ? "'" : '"';
}

function listOf(at: Location, dict: PythonDict): BracketedList {
  const inside = { start: dict.span.start + 1, end: dict.span.end - 1 };
  return { source: at.source, inside, entries: dict.entries.map((entry) => entry.span) };
}
