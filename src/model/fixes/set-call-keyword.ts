import { parsePython } from '../../parse/python.ts';
import type { PythonArgument, PythonCall } from '../../parse/python-tree.ts';
import { derive } from '../../text/source-text.ts';
import type { Location, TextEdit } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import { finishEdits } from './finish-edits.ts';
import { appendToList, type BracketedList } from './python-list.ts';
import { callAt, isLiteral } from './python-place.ts';

/** One keyword of a call: `text` is Python source (`True`, `3600`, `"gthread"`). */
export interface CallKeyword {
  readonly name: string;
  readonly text: string;
}

/** Writes one keyword argument of the call at this place; see `setCallKeywords`. */
export function setCallKeyword(at: Location, name: string, text: string): Edits {
  return setCallKeywords(at, [{ name, text }]);
}

/**
 * Writes keyword arguments of the call at this place (callee and arguments): replaces values that are written out, adds
 * the others behind the last argument in the call's own style. Refused for computed values and behind `**arguments`.
 */
export function setCallKeywords(at: Location, keywords: readonly CallKeyword[]): Edits {
  const call = callAt(derive(at.source, { kind: 'python', from: parsePython }), at);
  return call ? writeKeywords(at, { call, keywords }) : notFound;
}

const notFound: Edits = { refused: 'the call is not written there' };

function writeKeywords(at: Location, work: { call: PythonCall; keywords: readonly CallKeyword[] }): Edits {
  const { call } = work;
  const edits: TextEdit[] = [];
  const missing: string[] = [];
  for (const { name, text } of work.keywords) {
    const argument = call.arguments.findLast((candidate) => candidate.name === name);
    if (!argument) {
      missing.push(`${name}=${text}`);
      continue;
    }
    const edit = replaceValue(at, { argument, text });
    if (!edit) return { refused: `${name} is computed: it must be changed where its value comes from` };
    edits.push(edit);
  }
  if (missing.length > 0) {
    if (call.arguments.some(isDoubleStarred)) return { refused: 'the arguments come through ** from elsewhere' };
    if (call.arguments.length === 1 && call.arguments[0]?.value.kind === 'other') {
      return { refused: 'the arguments cannot be read' };
    }
    edits.push(...appendToList(listOf(at, call), missing));
  }
  return finishEdits(edits);
}

function replaceValue(at: Location, change: { argument: PythonArgument; text: string }): TextEdit | undefined {
  const { span } = change.argument.value;
  const written = at.source.text.slice(span.start, span.end);
  if (written !== change.text && !isLiteral(change.argument.value)) return undefined;
  return { source: at.source, span, newText: change.text };
}

function isDoubleStarred(argument: PythonArgument): boolean {
  return argument.value.kind === 'starred' && argument.value.double;
}

function listOf(at: Location, call: PythonCall): BracketedList {
  return {
    source: at.source,
    inside: call.argumentsSpan,
    entries: call.arguments.map((argument) => argument.span),
  };
}
