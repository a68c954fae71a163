import type { Location } from '../text/span.ts';
import type { PoolFault } from './pool.ts';
import type { ReleaseRange } from './python/dependency-release.ts';
import type { StoreEngine } from './stack.ts';
import type { Value } from './value.ts';

/** What a process's selected Django settings module says about load. */
export interface DjangoSettings {
  /** Dotted name of the settings module. */
  readonly module: string;
  readonly at: Location;
  /** True when every statement that may change the settings below was understood. */
  readonly complete: boolean;
  readonly databases: readonly DjangoDatabase[];
  readonly caches: readonly DjangoCache[];
  readonly restFramework: RestFrameworkSettings | undefined;
  readonly celeryBrokerUrl: Value<RedisAddress> | undefined;
  /** Dotted name of the session backend. */
  readonly sessionEngine: Value<string>;
  /** What the settings themselves keep in a cache: sessions, whole pages, throttling. */
  readonly cacheUses: readonly DjangoCacheUse[];
  readonly debug: Value<boolean>;
  /** The releases of Django that the dependency files allow; absent without evidence. */
  readonly releases?: ReleaseRange;
}

/** One alias of `DATABASES`. */
export interface DjangoDatabase {
  readonly alias: string;
  /** The alias's key. */
  readonly at: Location;
  readonly engine: Value<StoreEngine>;
  readonly host: Value<string>;
  /** `null` keeps connections for ever, 0 closes them after each request. */
  readonly connMaxAge: Value<number | null>;
  readonly connMaxAgeWritten: boolean;
  readonly healthChecks: Value<boolean>;
  /** Django's own pool: true for its defaults, the settings of a dict, false when off. */
  readonly pool: Value<boolean>;
  /** `OPTIONS.pool` as written, when it is there. */
  readonly poolAt: Location | undefined;
  /** The dict literal that holds the alias's settings, where a fix can add a key; undefined for other forms. */
  readonly dictAt: Location | undefined;
  /** Sizes of Django's own pool; present when the pool is on. */
  readonly poolSizes?: DjangoPoolSizes;
  /** What Django or psycopg_pool refuses of `OPTIONS.pool`; present when the pool is on. */
  readonly poolFaults?: readonly PoolFault[];
  /** The `dj_database_url` call that makes the settings, which takes `conn_max_age` and `conn_health_checks`. */
  readonly urlCall?: { readonly at: Location; readonly argumentsEnd: Location; readonly hasArguments: boolean };
}

/** What psycopg_pool receives from `OPTIONS.pool`, with its defaults. */
export interface DjangoPoolSizes {
  readonly minimum: Value<number>;
  readonly maximum: Value<number>;
  readonly timeoutSeconds: Value<number | null>;
  /** Seconds after which a connection is replaced. */
  readonly lifetimeSeconds: Value<number | null>;
  readonly written: boolean;
}

/** One alias of `CACHES`. */
export interface DjangoCache {
  readonly alias: string;
  readonly at: Location;
  readonly backend: Value<string>;
  readonly address: Value<RedisAddress> | undefined;
  /** The `LOCATION` key of the cache's settings. */
  readonly locationAt?: Location;
  /** The dict literal with the cache's settings. */
  readonly dictAt?: Location;
}

/** Something that is kept in a Django cache. */
export interface DjangoCacheUse {
  readonly alias: string;
  readonly at: Location;
  readonly says: string;
}

/** Server and database number of a Redis URL; never its credentials. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly database: number;
}

/** Pagination as Django REST framework's `REST_FRAMEWORK` sets it. */
export interface RestFrameworkSettings {
  readonly at: Location;
  /** Dotted name of the default pagination class, null for none. */
  readonly paginationClass: Value<string | null>;
  readonly pageSize: Value<number | null>;
}
