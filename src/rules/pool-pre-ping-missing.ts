import { knownValue } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import { setPoolSettings } from '../plan/pool-size.ts';
import { isServerDatabase, nameOfEngine } from '../plan/pool-store.ts';
import { headOf, isSharedPool } from '../plan/pool-use.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'pool-pre-ping-missing',
  on: 'pool',
  severity: 'information',
  summary: 'Pooled connections are neither checked nor replaced before the server or a firewall drops them.',
  why: `A pooled connection may be dead when it is taken: the database restarted, a failover happened, a firewall or load balancer cut it after minutes of silence, or MySQL closed it after \`wait_timeout\` (8 hours). The first request that gets it fails with \`server has gone away\` or \`connection already closed\`; after a restart of the database one request fails for every pooled connection.

\`pool_pre_ping=True\` sends a cheap ping at checkout and replaces what does not answer. \`pool_recycle\` replaces connections by age, which helps against time-outs but not against restarts. Either of them silences this rule, and so does a pool class that keeps no connections.`,
  references: [
    'SQLAlchemy 2.0, doc/build/core/pooling.rst: "Dealing with Disconnects"; lib/sqlalchemy/engine/create.py',
    'MySQL 8.0, wait_timeout: 28800 s',
  ],
  messages: {
    unchecked:
      'Connections to {engine} are reused without a check: after a restart or a cut connection, requests fail. Set pool_pre_ping=True (one ping per checkout).',
    addPrePing: 'Add pool_pre_ping=True (one ping for each checkout)',
    addRecycle: 'Add pool_recycle=1800 (no ping; does not help after a restart)',
  },
  *check({ pool, process }) {
    if (pool.library !== 'sqlalchemy' && pool.library !== 'flask-sqlalchemy') return;
    if (!isSharedPool(pool, process)) return;
    const engine = knownValue(pool.engine);
    if (engine === undefined || !isServerDatabase(pool)) return;
    if (knownValue(pool.prePing) !== false || knownValue(pool.recycleSeconds) !== null) return;
    yield {
      at: headOf(pool.at),
      subject: pool.alias ?? '',
      message: { says: 'unchecked', with: { engine: nameOfEngine(engine) } },
      trail: [
        ...explain(`the engine is ${nameOfEngine(engine)}`, pool.engine),
        ...explain('no pool_pre_ping', pool.prePing),
        ...explain('no pool_recycle', pool.recycleSeconds),
      ],
      fixes: () => [
        {
          title: { says: 'addPrePing' },
          safety: 'review',
          edits: setPoolSettings(pool, [{ key: 'pool_pre_ping', text: 'True' }]),
        },
        {
          title: { says: 'addRecycle' },
          safety: 'review',
          edits: setPoolSettings(pool, [{ key: 'pool_recycle', text: '1800' }]),
        },
      ],
    };
  },
});
