import { replaceText } from '../model/fixes/replace-text.ts';
import type { Pool, PoolFault } from '../model/pool.ts';
import { movePoolSettings } from '../plan/move-pool-setting.ts';
import { emptyDjangoPool } from '../plan/pool-use.ts';
import type { Location } from '../text/span.ts';
import { defineRule, type RuleFix } from './rule.ts';

export default defineRule({
  id: 'pool-setting-ignored',
  on: 'pool',
  severity: 'warning',
  summary: 'A pool setting has no effect, or another one than it seems.',
  why: `A setting that nobody reads is worse than none: the file says 20 connections and the pool has 15. Flask-SQLAlchemy 3 removed \`SQLALCHEMY_POOL_SIZE\` and its siblings without a warning; SQLAlchemy hands the query of a URL to the driver, so \`?pool_size=20\` never reaches the pool; Django takes \`"pool": {}\` for "off", because an empty dict is false; \`httpx.Limits(max_keepalive_connections=20)\` drops the default of 100 connections, so their number has no bound.`,
  references: [
    'Flask-SQLAlchemy 3, docs/config.rst and CHANGES.rst: removed in 3.0',
    'SQLAlchemy 2.0, lib/sqlalchemy/engine/create.py',
    'Django 5.2, db/backends/postgresql/base.py: pool_options',
    'httpx 0.28, httpx/_config.py: Limits',
  ],
  messages: {
    ignored: '{setting} does not do what it says here: {says}.',
    empty:
      'The empty dict switches the pool of "{alias}" off: Django takes it for false. Write True for psycopg_pool\'s default of 4 connections, or give it a max_size.',
    replace: 'Write {replacement} instead',
    move: 'Write it where it has an effect',
  },
  *check({ pool, process }) {
    const empty = emptyDjangoPool(pool, process);
    if (empty) {
      yield {
        at: empty,
        subject: pool.alias ?? '',
        message: { says: 'empty', with: { alias: pool.alias ?? '' } },
        trail: [{ at: pool.at, says: 'the database it is meant for' }],
        fixes: () => [replacing(empty, 'True')],
      };
    }
    for (const fault of pool.faults) {
      if (fault.kind !== 'setting-ignored') continue;
      const { setting, says, at } = fault;
      yield {
        at,
        subject: setting,
        message: { says: 'ignored', with: { setting, says } },
        trail: [{ at: pool.at, says: 'the pool it is meant for' }],
        fixes: () => fixesFor(fault, pool),
      };
    }
  },
});

function fixesFor(fault: PoolFault, pool: Pool): RuleFix<'replace' | 'move'>[] {
  const { at, replacement } = fault;
  if (replacement !== undefined) return [replacing(at, replacement)];
  const edits = movePoolSettings(pool, fault);
  return edits ? [{ title: { says: 'move' }, safety: 'review', edits }] : [];
}

function replacing(at: Location, replacement: string): RuleFix<'replace'> {
  return { title: { says: 'replace', with: { replacement } }, safety: 'review', edits: replaceText(at, replacement) };
}
