import { type Known, known, unknown } from '../value.ts';
import type { EvaluatedCall } from './calls.ts';
import { toBoolean, toInteger } from './casts.ts';
import { type DatabaseUrl, urlOf } from './database-url.ts';
import { readVariable } from './environment-variables.ts';
import type { PythonData, PythonMap } from './python-data.ts';
import { asText, joinAlternatives, type PythonValue } from './python-value.ts';

/**
 * `dj_database_url.config()` and `.parse()` as the Django settings dict they make, and the text of a URL object as the
 * object, which keeps its parts; undefined for other calls.
 */
export function callUrlFunction(evaluated: EvaluatedCall): PythonValue | undefined {
  const { callee, positional, keywords, at, frame } = evaluated;
  if (/(Url|URL|Dsn|make_url)(\.build|\.create)?\(\)\.(unicode_string|encoded_string|render_as_string)$/.test(callee))
    return evaluated.receiver;
  if (callee === 'dj_database_url.parse') {
    const url = positional[0] ?? keywords.get('url');
    return url && databaseSettings(url, evaluated);
  }
  if (callee !== 'dj_database_url.config') return undefined;
  const name = asText(keywords.get('env') ?? positional[0] ?? known<PythonData>('DATABASE_URL', at));
  if (!name.known) return emptySettings(evaluated, 'the name of its variable is not known');
  const fallback = keywords.get('default') ?? positional[1] ?? known<PythonData>(null, at);
  const url = readVariable(frame, { names: [name.value], at, fallback });
  return databaseSettings(url, evaluated);
}

/** The Django settings dict of a database URL, as dj_database_url and django-environ make it. */
export function databaseSettings(url: PythonValue, evaluated: EvaluatedCall): PythonValue {
  if (url.known && (url.value === null || url.value === ''))
    return known<PythonData>(
      { type: 'map', entries: new Map(), complete: true, literal: undefined },
      evaluated.at,
      url.trail,
    );
  const parsed = urlOf(url);
  if (parsed.known) return known<PythonData>(settingsOf(parsed, evaluated), evaluated.at, url.trail);
  if (parsed.oneOf) {
    const options = parsed.oneOf.map((option) =>
      option.known
        ? known<PythonData>(settingsOf(option, evaluated), evaluated.at, option.trail)
        : emptySettings(evaluated, option.why),
    );
    return joinAlternatives(options, evaluated.at);
  }
  return emptySettings(evaluated, parsed.why);
}

function settingsOf(url: Known<DatabaseUrl>, evaluated: EvaluatedCall): PythonMap {
  const { engine, host, query } = url.value;
  const entries = new Map<string, PythonValue>();
  const put = (name: string, value: PythonData) => entries.set(name, known(value, url.at, url.trail));
  put('ENGINE', engine === 'unknown' ? 'unknown' : `django.db.backends.${engine}`);
  if (host === undefined)
    entries.set('HOST', unknown('the host is not in the files that were read', url.at, { trail: url.trail }));
  else put('HOST', host);
  const age = query.get('conn_max_age');
  if (age !== undefined) entries.set('CONN_MAX_AGE', toInteger(known(age, url.at, url.trail)));
  const checks = query.get('conn_health_checks');
  if (checks !== undefined) entries.set('CONN_HEALTH_CHECKS', toBoolean(known(checks, url.at, url.trail)));
  addArguments(entries, evaluated);
  return urlMap(entries, evaluated, true);
}

function emptySettings(evaluated: EvaluatedCall, why: string): PythonValue {
  const entries = new Map<string, PythonValue>([
    ['ENGINE', unknown(why, evaluated.at)],
    ['HOST', unknown(why, evaluated.at)],
  ]);
  addArguments(entries, evaluated);
  return known<PythonData>(urlMap(entries, evaluated, isArgumentsOnly(evaluated)), evaluated.at);
}

function addArguments(entries: Map<string, PythonValue>, { callee, keywords, positional }: EvaluatedCall): void {
  if (!callee.startsWith('dj_database_url') && !callee.endsWith('dj_db_url')) return;
  const age = keywords.get('conn_max_age') ?? positional[callee.endsWith('parse') ? 2 : 3];
  if (age) entries.set('CONN_MAX_AGE', age);
  const checks = keywords.get('conn_health_checks');
  if (checks) entries.set('CONN_HEALTH_CHECKS', checks);
}

// dj_database_url takes persistence from its arguments, so an unknown URL leaves nothing else open; other readers take
// it from the URL's query.
function isArgumentsOnly({ callee, complete }: EvaluatedCall): boolean {
  return complete && callee.startsWith('dj_database_url');
}

function urlMap(entries: ReadonlyMap<string, PythonValue>, evaluated: EvaluatedCall, complete: boolean): PythonMap {
  return {
    type: 'map',
    entries,
    complete,
    literal: undefined,
    urlCall: { at: evaluated.at, node: evaluated.call, callee: evaluated.callee },
  };
}
