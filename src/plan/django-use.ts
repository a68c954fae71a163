import type { DjangoDatabase } from '../model/django.ts';
import { type Edits, joinEdits } from '../model/fix.ts';
import { replaceNumber, replaceText } from '../model/fixes/replace-text.ts';
import { setCallKeywords } from '../model/fixes/set-call-keyword.ts';
import { setDictEntries } from '../model/fixes/set-dict-entry.ts';
import type { Process, Project, Store } from '../model/stack.ts';
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
