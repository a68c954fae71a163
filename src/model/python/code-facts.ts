import type { SourceText } from '../../text/source-text.ts';
import type { CodeFacts } from '../code-facts.ts';
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
export function readCodeFacts(program: PythonProgram, sources: readonly SourceText[]): CodeFacts {
  const counted = sources.filter((source) => !isAside(source.path));
  const calls = findRedisCalls(program, counted);
  return {
    sessions: findSessions(program, counted),
    redisWrites: findRedisWrites(calls),
    queues: findQueues(program, { sources: counted, calls }),
    listViews: findListViews(program, counted),
    cacheUses: findCacheUses(program, counted),
    environmentReads: findEnvironmentReads(program, counted),
    scheduler: findScheduler(program, counted),
    socketIo: findSocketIo(program, counted),
    syncEndpoints: findSyncEndpoints(program, counted),
    threadLimit: findThreadLimit(program, counted),
    framework: findFramework(counted),
    celery: findCelerySettings(program, counted),
  };
}
