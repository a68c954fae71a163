import { replaceNumber } from '../model/fixes/replace-text.ts';
import { isDefault } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'http-pool-keepalive-exceeds-limit',
  on: 'pool',
  severity: 'warning',
  summary: 'An HTTP client is told to keep more connections alive than it may open.',
  why: `The maximum bounds all connections of the client, idle ones included. A keep-alive count above it can never be reached: httpx cuts it to the maximum without a word. One of the two numbers is not what somebody meant, usually the maximum, which was lowered after the keep-alive count had been raised, and the client carries less than the file promises.`,
  references: [
    'httpx 0.28, httpx/_config.py: Limits; httpcore, connection_pool.py: min(max_keepalive, max_connections)',
  ],
  messages: {
    exceeds:
      '{service} keeps {keepAlive} connections alive but may open only {maximum}: {surplus} can never be kept. Lower the keep-alive count or raise the maximum.',
    lower: 'Keep at most {maximum} connections alive',
    raise: 'Allow {keepAlive} connections (each takes memory)',
  },
  *check({ pool, service }) {
    const { keepAlive, size } = pool;
    if (pool.kind !== 'http' || !keepAlive?.known || keepAlive.value === null || isDefault(keepAlive)) return;
    if (!size.known || isDefault(size) || keepAlive.value <= size.value) return;
    const numbers = { keepAlive: keepAlive.value, maximum: size.value };
    const kept = keepAlive.value;
    yield {
      at: keepAlive.at,
      subject: service.name,
      message: {
        says: 'exceeds',
        with: { ...numbers, service: service.name, surplus: keepAlive.value - size.value },
      },
      trail: [
        ...explain(`${size.value} connections at most`, size),
        ...keepAlive.trail,
        { at: pool.at, says: 'the limits of the client' },
      ],
      fixes: () => [
        { title: { says: 'lower', with: numbers }, safety: 'review', edits: replaceNumber(keepAlive, size.value) },
        { title: { says: 'raise', with: numbers }, safety: 'review', edits: replaceNumber(size, kept) },
      ],
    };
  },
});
