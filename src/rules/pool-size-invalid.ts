import { replaceText } from '../model/fixes/replace-text.ts';
import { explain } from '../plan/explain.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'pool-size-invalid',
  on: 'pool',
  severity: 'error',
  summary: 'A pool has a size that its library refuses.',
  why: `Some libraries check their sizes when the pool is created and raise an error, which for a pool at module level means that the process does not start: mysql.connector takes 1 to 32 connections (\`Pool size should be higher than 0 and lower or equal to 32\`), psycopg_pool and asyncpg take no \`max_size\` below \`min_size\`. Such a size often comes from a variable, so that only one environment fails.`,
  references: [
    'MySQL Connector/Python 8.3, mysql/connector/pooling.py: CNX_POOL_MAXSIZE',
    'psycopg_pool 3.2, psycopg_pool/base.py: _check_size',
    'asyncpg 0.31, asyncpg/pool.py',
  ],
  messages: {
    refused: 'This pool cannot be created, {service} fails: {says}. Give {setting} a size that the library takes.',
    replace: 'Set {setting} to {replacement}',
  },
  *check({ pool, service }) {
    for (const fault of pool.faults) {
      if (fault.kind !== 'size-refused') continue;
      const { setting, says, at, replacement } = fault;
      yield {
        at,
        subject: service.name,
        message: { says: 'refused', with: { service: service.name, says, setting } },
        trail: [...explain(`${setting} is set here`, { ...pool.size, at }), { at: pool.at, says: 'the pool' }],
        fixes: () =>
          replacement === undefined
            ? []
            : [
                {
                  title: { says: 'replace', with: { setting, replacement } },
                  safety: 'review',
                  edits: replaceText(at, replacement),
                },
              ],
      };
    }
  },
});
