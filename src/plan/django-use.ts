import type { DjangoCache, DjangoCacheUse, DjangoDatabase, DjangoSettings } from '../model/django.ts';
import { type Edits, joinEdits } from '../model/fix.ts';
import { replaceNumber, replaceText } from '../model/fixes/replace-text.ts';
import { setCallKeywords } from '../model/fixes/set-call-keyword.ts';
import { setDictEntries } from '../model/fixes/set-dict-entry.ts';
import { isOlderThan, type Release } from '../model/python/dependency-release.ts';
import type { Process, Project, Store, StoreEngine } from '../model/stack.ts';
import { isDatabaseServer } from '../model/store/database-engines.ts';
import { isDefault, knownValue } from '../model/value.ts';
import { containsSpan, type Location } from '../text/span.ts';
import { runsEventLoop, servesRequests } from './pool-use.ts';

/** One database of a Django process, with the server it connects to where that is known. */
export interface DatabaseUse {
  readonly database: DjangoDatabase;
  readonly store: Store | undefined;
}

/** The server databases of a process's Django settings (not SQLite, not unknown engines). */
export function serverDatabases(process: Process, project: Project): readonly DatabaseUse[] {
  return (process.django?.databases ?? [])
    .filter(({ engine }) => isDatabaseServer(knownValue(engine)))
    .map((database) => {
      const pool = process.pools.find(
        (candidate) => candidate.library === 'django' && candidate.alias === database.alias,
      );
      const name = pool && knownValue(pool.store);
      return { database, store: project.stores.find((store) => store.name === name) };
    });
}

/** True for a web server whose threads or processes serve requests one by one: connections can outlive a request. */
export function runsWsgi(process: Process): boolean {
  const inThreads = process.concurrencyKind === 'single' || process.concurrencyKind === 'threads';
  return servesRequests(process) && inThreads && !runsEventLoop(process);
}

/** A cache that every process keeps for itself, with the places of the code and settings that use it. */
export interface LocalCache {
  readonly cache: DjangoCache;
  readonly uses: readonly DjangoCacheUse[];
}

/** The caches of a Django program that are used although each process has one of its own (`LocMemCache`). */
export function localCaches({ django, code }: Process): readonly LocalCache[] {
  if (!django) return [];
  return django.caches
    .filter(({ backend }) => knownValue(backend) === 'django.core.cache.backends.locmem.LocMemCache')
    .map((cache) => ({
      cache,
      uses: [...django.cacheUses, ...code.cacheUses].filter(({ alias }) => alias === cache.alias),
    }))
    .filter(({ uses }) => uses.length > 0);
}

/** What a setting of Django needs, for proposals: the release that has it first, and whether the project has that. */
export interface DjangoFeature {
  /** False where the dependency files allow only older releases; true where nothing says so. */
  readonly available: boolean;
  /** " (Django 4.1 and later)" where the files leave the release open, else nothing. */
  readonly note: string;
}

/** `CONN_HEALTH_CHECKS`, or `OPTIONS.pool`, in the releases that a project may have installed. */
export function djangoFeature(
  settings: Pick<DjangoSettings, 'releases'> | undefined,
  name: keyof typeof firstReleases,
): DjangoFeature {
  const first = firstReleases[name];
  const isOlder = isOlderThan(settings?.releases, first);
  return { available: isOlder !== true, note: isOlder === undefined ? ` (Django ${first.join('.')} and later)` : '' };
}

/** What can pool the connections of a database whose processes cannot keep them: by engine and release. */
export function poolingRemedy(
  engine: StoreEngine | undefined,
  settings: Pick<DjangoSettings, 'releases'> | undefined,
): string {
  if (engine !== 'postgresql') return 'a proxy such as ProxySQL';
  return djangoFeature(settings, 'pool').available ? 'OPTIONS.pool or PgBouncer' : 'PgBouncer';
}

// Django release notes 4.1, "Database backends"; 5.1, "PostgreSQL Connection Pools".
const firstReleases = { healthChecks: [4, 1], pool: [5, 1] } as const satisfies Record<string, Release>;

/**
 * Writes settings of a database: where a value is written on its own (a later assignment, a variable), else as entries
 * of its dict or arguments of its dj_database_url call.
 */
export function setDatabaseSettings(
  database: DjangoDatabase,
  settings: { readonly maxAge?: string; readonly healthChecks?: string },
): Edits {
  const { connMaxAge, healthChecks, dictAt, urlCall } = database;
  const holder = dictAt ?? urlCall?.at;
  const wanted = [
    { key: 'CONN_MAX_AGE', name: 'conn_max_age', text: settings.maxAge, value: connMaxAge },
    { key: 'CONN_HEALTH_CHECKS', name: 'conn_health_checks', text: settings.healthChecks, value: healthChecks },
  ].flatMap(({ text, ...setting }) => (text === undefined ? [] : [{ ...setting, text }]));
  const isElsewhere = ({ value }: (typeof wanted)[number]) =>
    value.known && !isDefault(value) && !(holder && contains(holder, value.at));
  const entries = wanted.filter((setting) => !isElsewhere(setting));
  const replaced = wanted
    .filter(isElsewhere)
    .map(({ value, text }) =>
      value === connMaxAge ? replaceNumber(connMaxAge, Number(text)) : replaceText(value.at, text),
    );
  if (entries.length === 0) return joinEdits(replaced);
  if (dictAt) return joinEdits([...replaced, setDictEntries(dictAt, entries)]);
  if (urlCall) return joinEdits([...replaced, setCallKeywords(urlCall.at, entries)]);
  return { refused: 'the settings of this database are not one dict in the file' };
}

function contains(outer: Location, inner: Location): boolean {
  return outer.source.path === inner.source.path && containsSpan(outer.span, inner.span);
}
