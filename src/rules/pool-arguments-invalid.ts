import { removeArgument } from '../model/fixes/remove-argument.ts';
import { replaceExpression } from '../model/fixes/replace-expression.ts';
import type { PoolFault } from '../model/pool.ts';
import { defineRule, type RuleFix } from './rule.ts';

export default defineRule({
  id: 'pool-arguments-invalid',
  on: 'pool',
  severity: 'error',
  summary: 'A pool is given arguments that its library refuses, so the program does not start.',
  why: `Pool arguments are checked together when the pool is made. \`create_engine(url, poolclass=NullPool, pool_size=20)\` raises \`Invalid argument(s) 'pool_size'\`: a NullPool keeps no connections and has no size. An asyncio engine takes neither a \`QueuePool\` nor a driver without asyncio, \`psycopg_pool\` raises a \`TypeError\` for names it does not know, and a size read with \`os.getenv\` is a text, which fails as soon as the variable is set. Django hands \`OPTIONS["pool"]\` on to \`psycopg_pool\`, and with psycopg2 raises \`Database pooling requires psycopg >= 3\`.

An engine at module level fails when the module is imported, so every worker dies at its start. Where only one environment sets the argument (SQLite in the tests, PostgreSQL in production), only that environment fails.`,
  references: [
    'SQLAlchemy 2.0, lib/sqlalchemy/engine/create.py: "Invalid argument(s) ... sent to create_engine()"',
    'SQLAlchemy 2.0, doc/build/errors.rst: pcls (pool class and asyncio)',
    'psycopg_pool 3.3, psycopg_pool/pool.py and pool_async.py',
    'Django 5.2, django/db/backends/postgresql/base.py: pool and get_connection_params',
    'MySQL Connector/Python 26.7, mysql/connector/pooling.py',
  ],
  messages: {
    refused: '{service} fails when it makes this pool: {says}.',
    remove: 'Remove {setting}',
    replace: 'Write {replacement}',
  },
  *check({ pool, service }) {
    for (const fault of pool.faults) {
      if (fault.kind !== 'arguments-refused') continue;
      yield {
        at: fault.at,
        subject: service.name,
        message: { says: 'refused', with: { service: service.name, says: fault.says } },
        trail: [{ at: pool.at, says: 'the pool' }],
        fixes: () => fixesFor(fault),
      };
    }
  },
});

function fixesFor({ at, setting, replacement, removable }: PoolFault): RuleFix<'remove' | 'replace'>[] {
  if (replacement !== undefined) {
    const title = { says: 'replace' as const, with: { replacement } };
    return [{ title, safety: 'review', edits: replaceExpression(at, replacement) }];
  }
  if (!removable) return [];
  return [{ title: { says: 'remove', with: { setting } }, safety: 'review', edits: removeArgument(at) }];
}
