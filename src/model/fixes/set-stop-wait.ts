import { lineEnding } from '../../text/source-text.ts';
import { textAt } from '../../text/span.ts';
import type { Edits } from '../fix.ts';
import { isDefault, type Known } from '../value.ts';
import { finishEdits } from './finish-edits.ts';
import { insertAt } from './line-places.ts';

/** Gives a program of supervisord another `stopwaitsecs`: where it is written, or on a line behind its command. */
export function setStopWait(value: Known<number>, seconds: number): Edits {
  const { source, span } = value.at;
  if (!isDefault(value)) {
    if (textAt(value.at) !== String(value.value)) return { refused: 'it is computed there, not written as a number' };
    return finishEdits([{ source, span, newText: String(seconds) }]);
  }
  const newline = source.text.indexOf('\n', span.end);
  const end = newline === -1 ? source.text.length : newline - (source.text[newline - 1] === '\r' ? 1 : 0);
  return finishEdits([insertAt(source, end, `${lineEnding(source)}stopwaitsecs=${seconds}`)]);
}
