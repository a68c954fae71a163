import type { Location, Span } from '../text/span.ts';
import type { DjangoCacheUse, RedisAddress } from './django.ts';
import type { Value } from './value.ts';

/** What the Python code that a process runs does with connections, beyond creating pools. */
export interface CodeFacts {
  readonly sessions: readonly SessionUse[];
  readonly redisWrites: readonly RedisWrite[];
  readonly queues: readonly QueueUse[];
  readonly listViews: readonly ListView[];
  /** Writes to Django's cache. */
  readonly cacheUses: readonly DjangoCacheUse[];
  readonly environmentReads: readonly EnvironmentRead[];
  /** Evidence of programs inside the process that several workers would run several times (schedulers), or none. */
  readonly scheduler: Location | undefined;
  /** Socket.IO without a message queue keeps clients in one process. */
  readonly socketIo: Location | undefined;
  /** FastAPI/Starlette application with plain `def` endpoints: AnyIO's threads serve them. */
  readonly syncEndpoints: Location | undefined;
  /** The threads that the code gives AnyIO's limiter; undefined where it leaves AnyIO's own number. */
  readonly threadLimit: Value<number> | undefined;
  readonly framework: 'flask' | 'fastapi' | 'starlette' | 'django' | undefined;
  /** What Celery's application is configured to; undefined for code without Celery. */
  readonly celery: CelerySettings | undefined;
}

/** Settings of Celery's application; undefined where it is not configured. */
export interface CelerySettings {
  readonly workerConcurrency: Value<number> | undefined;
  readonly workerPool: Value<string> | undefined;
  /** True when the code lets tasks that were cut off run again (`acks_late`), for all tasks or for some. */
  readonly acksLate: boolean;
  /** Seconds after which Celery ends a task. */
  readonly taskTimeLimit: Value<number> | undefined;
  /** Why settings may be missing here. */
  readonly incomplete: string | undefined;
}

/** The facts of a process without Python code. */
export const noCodeFacts: CodeFacts = {
  sessions: [],
  redisWrites: [],
  queues: [],
  listViews: [],
  cacheUses: [],
  environmentReads: [],
  scheduler: undefined,
  socketIo: undefined,
  syncEndpoints: undefined,
  threadLimit: undefined,
  framework: undefined,
  celery: undefined,
};

/** A session or connection taken by hand. */
export interface SessionUse {
  /** The call that opens it. */
  readonly at: Location;
  readonly variable: string;
  readonly functionName: string;
  readonly closed: 'always' | 'success-path-only' | 'never' | 'unclear';
  /** The `close()` call on the success path. */
  readonly closeAt: Location | undefined;
  /** Statements from after the opening call to the last use, for the fix. */
  readonly body: Location | undefined;
  readonly returnsBetween: boolean;
  readonly factory: string;
}

/** A key written to Redis. */
export interface RedisWrite {
  readonly at: Location;
  readonly method: string;
  /** The literal start of the key, such as `job:`. */
  readonly keyPrefix: string;
  readonly expires: boolean;
  /** Position right after the last argument, where an `ex=` argument can be added; undefined for methods without one. */
  readonly argumentsEnd: Span | undefined;
  readonly file: string;
}

/** A use of Redis as a queue or broker, or as a cache. */
export interface QueueUse {
  readonly at: Location;
  readonly purpose: 'queue' | 'broker' | 'results' | 'cache';
  /** "Redis list job_queue", "Celery broker", "RQ". */
  readonly says: string;
  readonly address: Value<RedisAddress> | undefined;
}

/** A DRF list view. */
export interface ListView {
  readonly at: Location;
  readonly name: string;
  /** 'own' when the view sets a pagination class with a page size, 'off' for None, 'default' for nothing. */
  readonly pagination: 'own' | 'off' | 'default' | 'unknown';
}

/** A variable that the code reads and turns into a number. */
export interface EnvironmentRead {
  readonly name: string;
  readonly cast: 'int' | 'float';
  readonly at: Location;
  /** Words that the code accepts besides numbers (`none`). */
  readonly accepts: readonly string[];
  /** True when a failing conversion is caught. */
  readonly guarded: boolean;
}
