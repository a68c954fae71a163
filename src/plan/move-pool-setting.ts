import { type Edits, joinEdits } from '../model/fix.ts';
import { gatherAssignments } from '../model/fixes/gather-assignments.ts';
import { replaceExpression } from '../model/fixes/replace-expression.ts';
import type { Pool, PoolFault } from '../model/pool.ts';
import { removedSettingNames } from '../model/python/pools/flask-pools.ts';
import { textAt } from '../text/span.ts';
import { setPoolSettings } from './pool-size.ts';

/** Writes settings without effect where the library reads them; undefined for those that have no such place. */
export function movePoolSettings(pool: Pool, fault: PoolFault): Edits | undefined {
  if (removedSettingNames.has(fault.setting)) return moveFlaskSettings(pool, fault);
  return fault.meant && moveUrlSettings(pool, fault);
}

// Flask-SQLAlchemy 3 reads the engine options alone.
function moveFlaskSettings(pool: Pool, { at }: PoolFault): Edits {
  if (/^(\{|dict\b)/.test(textAt(pool.at))) return { refused: 'the engine options are written already' };
  return gatherAssignments(at, { into: 'SQLALCHEMY_ENGINE_OPTIONS', keys: removedSettingNames });
}

// Takes pool settings out of the query of a URL that is written as one text, and gives them to the pool.
function moveUrlSettings(pool: Pool, { at, meant = [] }: PoolFault): Edits {
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
