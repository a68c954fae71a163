import type { SourceText } from '../../text/source-text.ts';
import type { CodeFacts } from '../code-facts.ts';
import type { Pausable } from '../pausable.ts';
import { findCacheUses } from './facts/cache-uses.ts';
import { findCelerySettings } from './facts/celery-settings.ts';
import { findEnvironmentReads } from './facts/environment-reads.ts';
import { findFramework, findScheduler, findSocketIo, findSyncEndpoints } from './facts/frameworks.ts';
import { findListViews } from './facts/list-views.ts';
import { findQueues } from './facts/queues.ts';
import { findRedisCalls } from './facts/redis-calls.ts';
import { findRedisWrites } from './facts/redis-writes.ts';
import { findSessions } from './facts/sessions.ts';
import { findThreadLimit } from './facts/thread-limit.ts';
import { isAside } from './pools.ts';
import type { PythonProgram } from './python-program.ts';

/** What the given files do beyond creating pools; tests, migrations, scripts and examples are left out. */
export function* readCodeFacts(program: PythonProgram, sources: readonly SourceText[]): Pausable<CodeFacts> {
  const counted = sources.filter((source) => !isAside(source.path));
  const calls = yield* findRedisCalls(program, counted);
  return {
    sessions: yield* findSessions(program, counted),
    redisWrites: findRedisWrites(calls),
    queues: yield* findQueues(program, { sources: counted, calls }),
    listViews: yield* findListViews(program, counted),
    cacheUses: yield* findCacheUses(program, counted),
    environmentReads: yield* findEnvironmentReads(program, counted),
    scheduler: yield* findScheduler(program, counted),
    socketIo: yield* findSocketIo(program, counted),
    syncEndpoints: yield* findSyncEndpoints(program, counted),
    threadLimit: findThreadLimit(program, counted),
    framework: findFramework(counted),
    celery: yield* findCelerySettings(program, counted),
  };
}
