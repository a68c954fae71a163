/**
 * The text with the flow collection that starts at `start` on one line: its line breaks and comments as blanks, so
 * that nothing moves. Undefined when its brackets do not close or it is on one line already.
 */
export function joinFlowLines(text: string, start: number): string | undefined {
  const open: string[] = [];
  let joined = '';
  let done = start;
  const blank = (from: number, to: number): void => {
    joined += text.slice(done, from) + ' '.repeat(to - from);
    done = to;
  };
  for (let index = start; index < text.length; index += 1) {
    const character = text[index] ?? '';
    const before = text[index - 1] ?? ' ';
    if (character === '[' || character === '{') open.push(character === '[' ? ']' : '}');
    else if (character === open.at(-1)) open.pop();
    else if (character === ']' || character === '}') return undefined;
    else if ((character === '"' || character === "'") && /[[{,:\s]/.test(before)) index = endOfQuote(text, index);
    else if (character === '#' && /\s/.test(before)) {
      const end = text.indexOf('\n', index);
      blank(index, end === -1 ? text.length : end);
      index = done - 1;
    } else if (character === '\n' || character === '\r') {
      if (/^\r?\n(?:---|\.\.\.)(?:\s|$)/.test(text.slice(index, index + 6))) return undefined;
      blank(index, index + 1);
    }
    if (open.length === 0) return done === start ? undefined : text.slice(0, start) + joined + text.slice(done);
  }
  return undefined;
}

/** Offset of the closing quote; the end of the text for one that does not close. */
function endOfQuote(text: string, start: number): number {
  const quote = text[start];
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\' && quote === '"') index += 1;
    else if (text[index] === quote && quote === "'" && text[index + 1] === quote) index += 1;
    else if (text[index] === quote) return index;
  }
  return text.length;
}
