import { defineRule } from './rule.ts';

export default defineRule({
  id: 'queue-keys-without-expiry',
  on: 'process',
  severity: 'information',
  summary: 'A key for each job or state is written to Redis without an expiry, so they pile up for ever.',
  why: `One key for each job, task or session (\`job:<id>\`) and no expiry means that Redis never forgets one. At 1 KB for each job and 10 jobs a second, that is 0.86 GB a day. Nothing fails for weeks; then \`maxmemory\` is reached and every write fails, or, without \`maxmemory\`, the host runs out of memory.

Give the key the time for which somebody may still ask for it: \`set(key, value, ex=3600)\`, or \`expire(key, 3600)\` right after a write that takes no expiry (\`hset\`). An expiry is also what \`volatile-*\` policies go by.`,
  references: ['Redis documentation: SET (EX), EXPIRE; key eviction, volatile policies', 'redis-py: Redis.set(ex=...)'],
  messages: {
    forever:
      '{prefix}* keys are written without an expiry: one for each {noun}, and Redis keeps them all. Add {remedy}.',
    expire: 'Add ex={seconds}: the key is gone after {seconds} s',
  },
  options: { seconds: { default: 3600, description: 'Expiry that the fix writes, in seconds.' } },
  *check({ process, service }, { options: { seconds } }) {
    for (const write of process.code.redisWrites) {
      const noun = jobNoun(write.keyPrefix);
      if (write.expires || noun === undefined) continue;
      const { source } = write.at;
      const edits = write.argumentsEnd
        ? { edits: [{ source, span: write.argumentsEnd, newText: `, ex=${seconds}` }] }
        : { refused: `${write.method} takes no expiry: an expire() call belongs right after it` };
      yield {
        at: write.at,
        subject: `${service.name} ${write.keyPrefix}`,
        message: {
          says: 'forever',
          with: {
            prefix: write.keyPrefix,
            noun,
            remedy: write.argumentsEnd ? `ex=${seconds}` : `expire(key, ${seconds})`,
          },
        },
        trail: [{ at: write.at, says: `${write.method} without an expiry` }],
        fixes: () => [{ title: { says: 'expire', with: { seconds } }, safety: 'review', edits }],
      };
    }
  },
});

/** What the keys stand for, where their prefix names something that comes and goes. */
function jobNoun(prefix: string): string | undefined {
  const match =
    /(?:^|[^a-z])(job|task|state|status|progress|result|session|request|upload|run|export)s?(?:$|[^a-z])/i.exec(prefix);
  return match?.[1]?.toLowerCase();
}
