import type { DjangoDatabase } from '../model/django.ts';
import { type Edits, joinEdits } from '../model/fix.ts';
import { replaceNumber } from '../model/fixes/replace-text.ts';
import { setCallKeywords } from '../model/fixes/set-call-keyword.ts';
import { setDictEntries } from '../model/fixes/set-dict-entry.ts';
import type { Process, Project, Store } from '../model/stack.ts';
import { isDefault, knownValue } from '../model/value.ts';
import { runsEventLoop, servesRequests } from './pool-use.ts';

/** One database of a Django process, with the server it connects to where that is known. */
export interface DatabaseUse {
  readonly database: DjangoDatabase;
  readonly store: Store | undefined;
}

/** The server databases of a process's Django settings (not SQLite, not unknown engines). */
export function serverDatabases(process: Process, project: Project): readonly DatabaseUse[] {
  return (process.django?.databases ?? [])
    .filter(({ engine }) => ['postgresql', 'mysql', 'mariadb'].includes(knownValue(engine) ?? ''))
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

/** Writes settings of a database where its dict (or dj_database_url call) stands. */
export function setDatabaseSettings(
  database: DjangoDatabase,
  settings: { readonly maxAge?: string; readonly healthChecks?: string },
): Edits {
  const { connMaxAge, dictAt, urlCall } = database;
  const entries = [
    { key: 'CONN_MAX_AGE', name: 'conn_max_age', text: settings.maxAge },
    { key: 'CONN_HEALTH_CHECKS', name: 'conn_health_checks', text: settings.healthChecks },
  ].flatMap(({ text, ...names }) => (text === undefined ? [] : [{ ...names, text }]));
  if (dictAt) return setDictEntries(dictAt, entries);
  if (urlCall) return setCallKeywords(urlCall.at, entries);
  const age = Number(settings.maxAge);
  if (isDefault(connMaxAge) || Number.isNaN(age))
    return { refused: 'the settings of this database are not one dict in the file' };
  return joinEdits([replaceNumber(connMaxAge, age)]);
}
