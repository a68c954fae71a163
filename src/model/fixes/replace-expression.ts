import type { Location } from '../../text/span.ts';
import { textAt } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import { finishEdits } from './finish-edits.ts';

/** Writes another Python expression where one is written, its quotes included. Refused over several lines. */
export function replaceExpression(at: Location, text: string): Edits {
  if (/[\r\n]/.test(textAt(at))) return { refused: 'the value is written on several lines' };
  return finishEdits([{ source: at.source, span: at.span, newText: text }]);
}
