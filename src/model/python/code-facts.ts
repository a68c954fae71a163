import type { SourceText } from '../../text/source-text.ts';
import type { CodeFacts, QueueUse } from '../code-facts.ts';
import type { Pausable } from '../pausable.ts';
import { settingsModuleFor } from './django-settings.ts';
import { findCacheUses } from './facts/cache-uses.ts';
import { findCelerySettings, withDjangoSettings } from './facts/celery-settings.ts';
import { findEnvironmentReads } from './facts/environment-reads.ts';
import { findFramework, findScheduler, findSocketIo, findSyncEndpoints } from './facts/frameworks.ts';
import { findListViews } from './facts/list-views.ts';
import { findPlainCaches, findQueues, settingsQueues } from './facts/queues.ts';
import { findRedisCalls } from './facts/redis-calls.ts';
import { findRedisWrites } from './facts/redis-writes.ts';
import { findSessions } from './facts/sessions.ts';
import { findThreadLimit } from './facts/thread-limit.ts';
import { isAside } from './pools.ts';
import type { PythonProgram } from './python-program.ts';

/** The facts that the code tells without Django's settings, whose environment decides more. */
export interface OwnFacts extends CodeFacts {
  /** Uses of Redis as a cache, which come behind those of the settings. */
  readonly plainCaches: readonly QueueUse[];
  /** The settings module that adds to them. */
  readonly settingsModule: string | undefined;
}

/** What the given files do beyond creating pools; tests, migrations, scripts and examples are left out. */
export function* readCodeFacts(program: PythonProgram, sources: readonly SourceText[]): Pausable<CodeFacts> {
  return withSettings(yield* readOwnFacts(program, sources), program);
}

/**
 * The part of the facts that is the same in many environments: evaluating a large settings module reads hundreds of
 * variables, so that what rests on it is worth keeping apart.
 */
export function* readOwnFacts(program: PythonProgram, sources: readonly SourceText[]): Pausable<OwnFacts> {
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
    plainCaches: findPlainCaches(calls),
    settingsModule: counted.some((source) => source.text.includes('django'))
      ? settingsModuleFor(program, { entry: counted[0]?.path, sources: counted })
      : undefined,
  };
}

/** Adds what Django's settings say in the environment of this program. */
export function withSettings(own: OwnFacts, program: PythonProgram): CodeFacts {
  const { plainCaches, settingsModule: module, ...facts } = own;
  if (module === undefined) return { ...facts, queues: [...facts.queues, ...plainCaches] };
  return {
    ...facts,
    queues: [...facts.queues, ...settingsQueues(program, module), ...plainCaches],
    celery: facts.celery && withDjangoSettings(facts.celery, { program, module }),
  };
}
