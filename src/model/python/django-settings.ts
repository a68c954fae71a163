import { documentedDefaults } from '../../capacity/defaults.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { DjangoDatabase, DjangoSettings, RestFrameworkSettings } from '../django.ts';
import type { Pool } from '../pool.ts';
import { known, unknown, type Value } from '../value.ts';
import { nameOf } from '../workspace.ts';
import { basesOf, classAttribute } from './classes.ts';
import { redisAddressOf } from './database-url.ts';
import { allowedReleases } from './dependency-release.ts';
import { readCaches, readCacheUses } from './django-caches.ts';
import { readDatabases } from './django-databases.ts';
import { evaluateModule, type ModuleScope, moduleFrame } from './evaluate.ts';
import type { Definition, Frame } from './frame.ts';
import { makePool } from './pools/make-pool.ts';
import type { PythonData } from './python-data.ts';
import type { PythonProgram } from './python-program.ts';
import {
  asMap,
  asNumberOrNone,
  asText,
  asTruth,
  mapAlternatives,
  optionsOf,
  type PythonValue,
} from './python-value.ts';

/**
 * The settings module a process uses: DJANGO_SETTINGS_MODULE of its environment, else what its code sets as default
 * (the entry's own file first; without an entry any `manage.py`). Undefined when nothing says so.
 */
export function settingsModuleFor(
  program: PythonProgram,
  from: { readonly entry: string | undefined; readonly sources: readonly SourceText[] },
): string | undefined {
  const variable = program.environment.variables.get('DJANGO_SETTINGS_MODULE');
  if (variable) return variable.known ? variable.value : undefined;
  const entry = from.entry === undefined ? undefined : program.find(from.entry);
  const launchers =
    from.entry === undefined ? program.resolver.paths.filter((path) => nameOf(path) === 'manage.py') : [];
  const sources = [
    ...(entry ? [entry] : []),
    ...from.sources.filter((source) => /^(manage|wsgi|asgi|celery|celery_app)\.py$/.test(nameOf(source.path))),
    ...launchers.flatMap((path) => program.resolver.read(path) ?? []),
    ...from.sources,
  ];
  for (const source of sources) {
    const literal = /^[^#\n]*DJANGO_SETTINGS_MODULE['"]\s*(?:,|\]\s*=)\s*['"]([\w.]+)['"]/m.exec(source.text)?.[1];
    if (literal !== undefined) {
      noteConfiguration(source, program);
      return literal;
    }
    if (!source.text.includes('DJANGO_SETTINGS_MODULE')) continue;
    evaluateModule(source, program);
    const { environmentOverrides, environmentWrites } = program.runtime;
    const name = 'DJANGO_SETTINGS_MODULE';
    const written = environmentOverrides.get(name) ?? environmentWrites.get(name);
    const text = written && asText(written);
    if (text?.known) return text.value;
  }
  return undefined;
}

/** Keeps the class of settings that a launcher falls back to: `os.environ.setdefault('DJANGO_CONFIGURATION', 'Local')`. */
function noteConfiguration(source: SourceText, { runtime }: PythonProgram): void {
  const found = /^[^#\n]*DJANGO_CONFIGURATION['"]\s*,\s*['"](\w+)['"]/m.exec(source.text);
  const name = found?.[1];
  if (!found || name === undefined) return;
  const end = found.index + found[0].length - 1;
  const at = { source, span: { start: end - name.length, end } };
  runtime.environmentWrites.set('DJANGO_CONFIGURATION', known<PythonData>(name, at));
}

/** What a settings module says about load; undefined when it is not among the files. */
export function readDjangoSettings(program: PythonProgram, module: string): DjangoSettings | undefined {
  const source = program.find(module);
  if (!source) return undefined;
  const scope = evaluateModule(source, program);
  const { read, complete } = settingReader(scope, { source, program });
  const at: Location = { source, span: { start: 0, end: 0 } };
  const databases = read('DATABASES');
  const broker = read('CELERY_BROKER_URL') ?? read('BROKER_URL');
  const debug = read('DEBUG');
  const releases = allowedReleases(program, 'Django');
  return {
    module,
    at: databases?.at ?? at,
    complete,
    databases: databases ? readDatabases(databases, program) : [],
    caches: readCaches(read('CACHES'), { complete, at }),
    restFramework: readRestFramework(read('REST_FRAMEWORK')),
    celeryBrokerUrl: broker && redisAddressOf(broker),
    cacheUses: readCacheUses(read),
    sessionEngine: readSessionEngine(read('SESSION_ENGINE'), { complete, at }),
    debug: debug ? asTruth(debug) : absentDebug(at, complete),
    ...(releases && { releases }),
  };
}

/**
 * The connections of each server database: Django's own pool where it is on, else one connection per thread, whose
 * number only the process at `at` decides.
 */
export function djangoPools(settings: DjangoSettings, at: Location): readonly Pool[] {
  const servers = settings.databases.filter(
    (database) => !(database.engine.known && database.engine.value === 'sqlite'),
  );
  return servers.map((database) => databasePool(database, at));
}

function databasePool(database: DjangoDatabase, processAt: Location): Pool {
  const sizes = database.poolSizes;
  const isOff = database.pool.known && !database.pool.value;
  const why = isOff ? 'one connection per thread' : database.pool.known ? '' : database.pool.why;
  const perThread: Value<number> = unknown(why, processAt);
  return makePool({
    library: 'django',
    kind: 'database',
    alias: database.alias,
    at: database.at,
    sizeName: sizes ? 'max_size' : undefined,
    size: sizes?.maximum ?? perThread,
    overflow: known(0, database.at),
    sizeWritten: sizes?.written ?? false,
    opensEagerly: sizes?.minimum ?? known(0, database.at),
    timeoutSeconds: sizes?.timeoutSeconds ?? unknown('connections are opened, not waited for', database.at),
    recycleSeconds: sizes?.lifetimeSeconds ?? database.connMaxAge,
    prePing: database.healthChecks,
    engine: database.engine,
    store: database.host,
    async: false,
    faults: database.poolFaults ?? [],
  });
}

function absentDebug(at: Location, isComplete: boolean): Value<boolean> {
  if (!isComplete) return unknown('the settings are not fully known', at);
  return known(false, at, [{ at: { default: 'django.debug' }, says: "Django's default" }]);
}

interface SettingReader {
  readonly read: (name: string) => PythonValue | undefined;
  /** False where a setting that is not found may be set all the same. */
  readonly complete: boolean;
}

/**
 * The module's names, or with django-configurations the attributes of the class that DJANGO_CONFIGURATION names. Without
 * it the code's default counts where the environment is fully known; else which class is used is not known.
 */
function settingReader(scope: ModuleScope, from: { source: SourceText; program: PythonProgram }): SettingReader {
  const { source, program } = from;
  const { runtime, environment } = program;
  const frame = moduleFrame(source, runtime);
  const written = environment.complete ? runtime.environmentWrites.get('DJANGO_CONFIGURATION') : undefined;
  const selected = environment.variables.get('DJANGO_CONFIGURATION') ?? (written && asText(written));
  const definition = selected?.known ? runtime.definitions.get(`${source.path}:${selected.value}`) : undefined;
  if (definition?.node.kind !== 'class') {
    const hasClasses = [...runtime.definitions.values()].some(
      (other) => other.source === source && other.node.kind === 'class' && isConfiguration(other, frame),
    );
    return hasClasses ? { read: () => undefined, complete: false } : { read: scope.get, complete: scope.complete };
  }
  const at: Location = { source, span: definition.node.nameSpan };
  const read = (name: string) => {
    const value = classAttribute({ definition, name, frame, at });
    if (value.known || value.oneOf) return value;
    const isAbsent = runtime.missingAttributes.has(value) || configurationBase.test(value.why);
    return isAbsent ? undefined : value;
  };
  return { read, complete: scope.complete };
}

const configurationBase = /(^| )configurations\.(base\.)?Configuration$/;

function isConfiguration(definition: Definition, frame: Frame, depth = 0): boolean {
  return basesOf(definition, frame).some((base) =>
    typeof base === 'string' ? configurationBase.test(base) : depth < 6 && isConfiguration(base, frame, depth + 1),
  );
}

function readSessionEngine(
  value: PythonValue | undefined,
  from: { readonly complete: boolean; readonly at: Location },
): Value<string> {
  if (value) return asText(value);
  if (!from.complete) return unknown('the settings are not fully known', from.at);
  const { value: engine } = documentedDefaults['django.session_engine'];
  return known(engine, from.at, [{ at: { default: 'django.session_engine' }, says: "Django's default" }]);
}

function readRestFramework(value: PythonValue | undefined): RestFrameworkSettings | undefined {
  if (!value) return undefined;
  const options = (optionsOf(value) ?? []).flatMap((option) => asMap(option) ?? []);
  const map = options[0];
  const missing = <T>(why: string): Value<T> => unknown(why, value.at);
  if (!map || options.length > 1)
    return {
      at: value.at,
      paginationClass: missing('REST_FRAMEWORK is not known'),
      pageSize: missing('REST_FRAMEWORK is not known'),
    };
  const absent = (id: 'drf.pagination_class' | 'drf.page_size'): Value<null> =>
    map.complete
      ? known(null, value.at, [{ at: { default: id }, says: "Django REST framework's default" }])
      : missing('REST_FRAMEWORK is not fully known');
  const style = map.entries.get('DEFAULT_PAGINATION_CLASS');
  const size = map.entries.get('PAGE_SIZE');
  return {
    at: value.at,
    paginationClass: style ? textOrNone(style) : absent('drf.pagination_class'),
    pageSize: size ? asNumberOrNone(size) : absent('drf.page_size'),
  };
}

function textOrNone(value: PythonValue): Value<string | null> {
  return mapAlternatives(value, (option): Value<string | null> => {
    if (option.value === null) return { ...option, value: null };
    return asText(option);
  });
}
