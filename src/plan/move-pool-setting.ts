import { type Edits, joinEdits } from '../model/fix.ts';
import { replaceExpression } from '../model/fixes/replace-expression.ts';
import type { Pool, PoolFault } from '../model/pool.ts';
import { textAt } from '../text/span.ts';
import { setPoolSettings } from './pool-size.ts';

/** Takes pool settings out of the query of a URL that is written as one text, and gives them to the pool. */
export function moveUrlSettings(pool: Pool, { at, meant = [] }: PoolFault): Edits {
  const url = textAt(at);
  const isPlain = /^(["'])[^"'\\{}%]*\1$/.test(url) && meant.every(({ text }) => /^-?\d+$/.test(text));
  if (!isPlain) return { refused: 'the URL is not written as one text' };
  const settings = new Set(meant.map(({ key, text }) => `${key}=${text}`));
  const pairs = url.slice(1, -1).split(/[?&]/);
  const [address = '', ...others] = pairs.filter((pair) => !settings.has(pair));
  if (others.length !== pairs.length - 1 - settings.size) return { refused: 'a setting stands in the URL twice' };
  const query = others.length === 0 ? '' : `?${others.join('&')}`;
  const quote = url[0] ?? '"';
  return joinEdits([replaceExpression(at, `${quote}${address}${query}${quote}`), setPoolSettings(pool, meant)]);
}
