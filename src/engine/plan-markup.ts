/** A Markdown table; cells are plain text. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plainText).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** A Markdown list; items are plain text. */
export function listOf(items: readonly string[], mark = '-'): string {
  return items.map((item) => `${mark} ${plainText(item)}`).join('\n');
}

/** A fence that no line of the text can close. */
export function fenceOf(language: string, text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(Math.max(3, longest + 1));
  return `${ticks}${language}\n${text}\n${ticks}`;
}

/** Names of the user's files stay text. */
export function plainText(text: string): string {
  return text.replace(/[\\|<>`*[\]]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}
