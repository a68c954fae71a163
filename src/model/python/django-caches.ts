import { documentedDefaults } from '../../capacity/defaults.ts';
import type { Location } from '../../text/span.ts';
import type { DjangoCache, DjangoCacheUse, RedisAddress } from '../django.ts';
import { known, unknown, type Value } from '../value.ts';
import { redisAddressOf } from './database-url.ts';
import type { PythonMap } from './python-data.ts';
import { asMap, asSequence, asText, optionsOf, type PythonValue } from './python-value.ts';

/** The aliases of a CACHES value; without one, in settings that are fully known, Django's default alias. */
export function readCaches(
  value: PythonValue | undefined,
  settings: { readonly complete: boolean; readonly at: Location },
): readonly DjangoCache[] {
  if (!value) return settings.complete ? [defaultCache(settings.at)] : [];
  const found = new Map<string, DjangoCache>();
  for (const map of (optionsOf(value) ?? []).flatMap((option) => asMap(option) ?? [])) {
    for (const [alias, cache] of map.entries) {
      const settingsOfAlias = asMap(cache);
      if (!settingsOfAlias || found.has(alias)) continue;
      found.set(alias, readCache(settingsOfAlias, { alias, at: map.keys?.get(alias) ?? cache.at }));
    }
  }
  return [...found.values()];
}

/** What settings keep in a cache without any code: sessions, whole pages, counts of requests. */
export function readCacheUses(read: (name: string) => PythonValue | undefined): readonly DjangoCacheUse[] {
  const uses: DjangoCacheUse[] = [];
  const engine = read('SESSION_ENGINE');
  const name = engine && asText(engine);
  if (name?.known && /\.sessions\.backends\.(cache|cached_db)$/.test(name.value)) {
    const alias = textOr(read('SESSION_CACHE_ALIAS'), 'default');
    if (alias !== undefined) uses.push({ alias, at: name.at, says: 'sessions are kept in the cache' });
  }
  const pages = asSequence(read('MIDDLEWARE'))?.items.map(asText);
  const middleware = pages?.find(
    (item) => item.known && /\.cache\.(Update|FetchFrom)?CacheMiddleware$/.test(item.value),
  );
  const alias = textOr(read('CACHE_MIDDLEWARE_ALIAS'), 'default');
  if (middleware && alias !== undefined)
    uses.push({ alias, at: middleware.at, says: 'whole pages are kept in the cache' });
  const throttles = asMap(read('REST_FRAMEWORK'))?.entries.get('DEFAULT_THROTTLE_CLASSES');
  if (throttles && (asSequence(throttles)?.items.length ?? 0) > 0)
    uses.push({ alias: 'default', at: throttles.at, says: 'throttling counts requests in the cache' });
  return uses;
}

function textOr(value: PythonValue | undefined, fallback: string): string | undefined {
  if (!value) return fallback;
  const text = asText(value);
  return text.known ? text.value : undefined;
}

function defaultCache(at: Location): DjangoCache {
  const hop = { at: { default: 'django.caches' as const }, says: "Django's default" };
  return {
    alias: 'default',
    at,
    backend: known(documentedDefaults['django.caches'].value, at, [hop]),
    address: undefined,
  };
}

function readCache(settings: PythonMap, place: { readonly alias: string; readonly at: Location }): DjangoCache {
  const backend = settings.entries.get('BACKEND');
  const location = settings.entries.get('LOCATION');
  const locationAt = settings.keys?.get('LOCATION');
  const name: Value<string> = backend
    ? asText(backend)
    : unknown('the backend is not in the files that were read', place.at);
  const address = location && addressOf(location, asMap(settings.entries.get('OPTIONS')));
  return {
    ...place,
    backend: name,
    address: name.known && /redis/i.test(name.value) ? address : undefined,
    ...(locationAt && { locationAt }),
    ...(settings.literal?.node.kind === 'dict' && { dictAt: settings.literal.at }),
  };
}

function addressOf(location: PythonValue, options: PythonMap | undefined): Value<RedisAddress> {
  const first = asSequence(location)?.items[0];
  return redisAddressOf(first ?? location, options?.entries.get('db'));
}
