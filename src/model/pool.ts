import type { Location } from '../text/span.ts';
import type { StoreEngine } from './stack.ts';
import type { Value } from './value.ts';

/** The library or framework that creates a pool, as its documentation names it. */
export type PoolLibrary =
  | 'sqlalchemy'
  | 'flask-sqlalchemy'
  | 'django'
  | 'mysql.connector'
  | 'psycopg_pool'
  | 'psycopg2'
  | 'asyncpg'
  | 'aiomysql'
  | 'dbutils'
  | 'redis-py'
  | 'httpx'
  | 'aiohttp'
  | 'requests';

/** A connection pool that a process opens (one per worker process), or Django's one connection per thread. */
export interface Pool {
  readonly library: PoolLibrary;
  readonly kind: 'database' | 'redis' | 'http';
  /** Django's database alias, or the name the engine is assigned to. */
  readonly alias: string | undefined;
  /** The call that creates it (callee and arguments), or the key of Django's alias. */
  readonly at: Location;
  /** How the file names the pool's variables, for messages: "pool_size", "maxsize". */
  readonly sizeName: string | undefined;
  readonly overflowName: string | undefined;
  /** Connections kept open; Infinity for no bound. */
  readonly size: Value<number>;
  /** Further connections under load; Infinity for no bound, 0 for libraries without overflow. */
  readonly overflow: Value<number>;
  /** size + overflow: the most this pool can open in one process; Infinity when nothing caps it. */
  readonly capacity: Value<number>;
  /** True when a size or overflow is written in the files (not a library default). */
  readonly sizeWritten: boolean;
  /** Connections opened when the pool is created, before anything uses them. */
  readonly opensEagerly: Value<number>;
  /** Seconds a caller waits for a connection; null waits for ever, 0 fails at once. */
  readonly timeoutSeconds: Value<number | null>;
  /** Seconds after which a connection is replaced; null for never. */
  readonly recycleSeconds: Value<number | null>;
  readonly prePing: Value<boolean>;
  readonly engine: Value<StoreEngine>;
  /** Name of the store it connects to. */
  readonly store: Value<string>;
  readonly async: boolean;
  /** What the library refuses or ignores here. */
  readonly faults: readonly PoolFault[];
  /** For HTTP clients: kept-alive connections; null for no bound of its own. */
  readonly keepAlive: Value<number | null> | undefined;
  /** The call that connects through it while the program's modules are imported, before a server forks. */
  readonly connectsAtImport?: Location;
  /** Set when each call of a function makes a pool of its own: no two requests share it. */
  readonly perCall?: true;
}

/** A setting of a pool that its library refuses or ignores. */
export interface PoolFault {
  readonly kind: 'size-refused' | 'arguments-refused' | 'setting-ignored';
  /** The setting's name as written. */
  readonly setting: string;
  /** What the library does, in a few words with its name and version range. */
  readonly says: string;
  readonly at: Location;
  /** The text that should stand there instead, where one is certain. */
  readonly replacement?: string;
  /** Set where leaving the setting out is what mends it. */
  readonly removable?: true;
  /** The pool settings that were meant there, by the names that have an effect, with their values as Python source. */
  readonly meant?: readonly { readonly key: string; readonly text: string }[];
}
