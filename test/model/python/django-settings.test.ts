import { describe, expect, it } from 'vitest';
import type { DjangoDatabase, DjangoSettings, RedisAddress } from '../../../src/model/django.ts';
import { finish } from '../../../src/model/pausable.ts';
import { djangoPools, readDjangoSettings, settingsModuleFor } from '../../../src/model/python/django-settings.ts';
import type { PythonValue } from '../../../src/model/python/python-value.ts';
import { isAssumed, isDefault, type Value } from '../../../src/model/value.ts';
import { textAt } from '../../../src/text/span.ts';
import { openProgram, show } from './python-test-program.ts';

type Setting = Parameters<typeof openProgram>[1];

function settingsOf(text: string, setting: Setting = {}, more: Readonly<Record<string, string>> = {}): DjangoSettings {
  const settings = readDjangoSettings(openProgram({ 'settings.py': text, ...more }, setting), 'settings');
  if (!settings) throw new Error('no settings');
  return settings;
}

function databaseOf(text: string, setting: Setting = {}): DjangoDatabase {
  const database = settingsOf(text, setting).databases[0];
  if (!database) throw new Error('no database');
  return database;
}

function plain(value: Value<unknown> | undefined): unknown {
  return show(value as PythonValue);
}

function address(value: Value<RedisAddress> | undefined): RedisAddress | undefined {
  return value?.known ? value.value : undefined;
}

const postgres = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'db'}}\n";

describe('DATABASES', () => {
  it('reads a literal and knows the defaults', () => {
    const database = databaseOf(postgres);
    expect([plain(database.engine), plain(database.host), plain(database.connMaxAge), plain(database.pool)]).toEqual([
      'postgresql',
      'db',
      0,
      false,
    ]);
    expect([database.connMaxAgeWritten, isDefault(database.connMaxAge)]).toEqual([false, true]);
    expect(database.dictAt && textAt(database.dictAt)).toMatch(/^\{'ENGINE'/);
    expect(textAt(database.at)).toBe("'default'");
  });

  it.each([
    [`${postgres}DATABASES['default']['CONN_MAX_AGE'] = 600`, 600],
    [`${postgres}DATABASES['default'].update(CONN_MAX_AGE=None)`, null],
    [`${postgres}DATABASES['default'].setdefault('CONN_MAX_AGE', 60)`, 60],
    [
      "import dj_database_url\nDATABASES = {'default': dj_database_url.config(default='postgres://db/x', conn_max_age=600)}",
      600,
    ],
    [
      "import environ\nenv = environ.Env()\nDATABASES = {'default': env.db('DATABASE_URL', default='postgres://db/x?conn_max_age=30')}",
      30,
    ],
    [
      "import environ\nenv = environ.Env()\nDATABASES = {'default': env.db('DATABASE_URL', default='postgres://db/x')}\nDATABASES['default']['CONN_MAX_AGE'] = env.int('AGE', default=60)",
      60,
    ],
    [`db = {'ENGINE': 'mysql', 'CONN_MAX_AGE': 5}\nDATABASES = {'default': db}`, 5],
    [
      "def setup():\n    return {'default': {'ENGINE': 'django.db.backends.mysql', 'CONN_MAX_AGE': 7}}\nDATABASES = setup()",
      7,
    ],
    ["BASE = {'CONN_MAX_AGE': 9, 'ENGINE': 'postgresql'}\nDATABASES = {'default': dict(NAME='x', **BASE)}", 9],
  ])('follows %s', (text, expected) => {
    expect(plain(databaseOf(text).connMaxAge)).toEqual(expected);
  });

  it('takes the URL of the environment', () => {
    const text = "import dj_database_url\nDATABASES = {'default': dj_database_url.config(conn_max_age=600)}";
    const database = databaseOf(text, { environment: { DATABASE_URL: 'postgres://u:p@pg:5432/x' } });
    expect([plain(database.engine), plain(database.host), database.urlCall?.hasArguments]).toEqual([
      'postgresql',
      'pg',
      true,
    ]);
  });

  it('keeps the branches of an unknown condition per setting', () => {
    const text = [
      'import foo',
      'if foo.bar():',
      "    DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'CONN_MAX_AGE': 60}}",
      'else:',
      "    DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}",
    ].join('\n');
    const database = databaseOf(text);
    expect([plain(database.engine), plain(database.connMaxAge)]).toEqual([
      { oneOf: ['postgresql', 'sqlite'] },
      { oneOf: [60, 0] },
    ]);
  });

  it('reads every alias, wrappers, and leaves out the empty one', () => {
    const text =
      "DATABASES = {'default': {}, 'a': {'ENGINE': 'django_prometheus.db.backends.postgresql'}, 'b': {'ENGINE': 'django_tenants.postgresql_backend'}}";
    expect(settingsOf(text).databases.map((database) => [database.alias, plain(database.engine)])).toEqual([
      ['a', 'postgresql'],
      ['b', 'postgresql'],
    ]);
  });

  it.each([
    ['True', true, 4],
    ['{}', false, undefined],
    ["{'min_size': 2, 'max_size': 8}", true, 8],
    ["{'max_lifetime': 60}", true, 4],
  ])('OPTIONS.pool %s', (pool, expected, size) => {
    const settings = settingsOf(
      `DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'OPTIONS': {'pool': ${pool}}}}`,
    );
    expect(plain(settings.databases[0]?.pool)).toBe(expected);
    const [made] = djangoPools(settings, settings.at);
    expect(made?.capacity.known ? made.capacity.value : undefined).toBe(size);
  });

  it('assumes what a missing environment file may override', () => {
    const text = `import os\n${postgres}DATABASES['default']['CONN_MAX_AGE'] = int(os.getenv('AGE', 0))`;
    expect(isAssumed(databaseOf(text, { complete: false }).connMaxAge)).toBe(true);
  });

  it('does not know what comes out of a settings file that is not there', () => {
    const settings = settingsOf(`${postgres}try:\n    from local_settings import *\nexcept ImportError:\n    pass`);
    expect(settings.complete).toBe(false);
  });
});

describe('other settings', () => {
  it('reads caches, broker and pagination', () => {
    const settings = settingsOf(
      [
        "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://:secret@redis:6379/1'}}",
        "CELERY_BROKER_URL = 'redis://redis:6379/0'",
        "REST_FRAMEWORK = {'DEFAULT_PAGINATION_CLASS': 'rest_framework.pagination.PageNumberPagination'}",
        'DEBUG = False',
      ].join('\n'),
    );
    expect(address(settings.caches[0]?.address)).toEqual({ host: 'redis', port: 6379, database: 1 });
    expect(address(settings.celeryBrokerUrl)).toEqual({ host: 'redis', port: 6379, database: 0 });
    expect(plain(settings.restFramework?.paginationClass)).toBe('rest_framework.pagination.PageNumberPagination');
    expect(plain(settings.restFramework?.pageSize)).toBe(null);
    expect(plain(settings.debug)).toBe(false);
  });

  it('reads classes of django-configurations', () => {
    const text =
      "from configurations import Configuration\nclass Base(Configuration):\n    DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\nclass Production(Base):\n    DEBUG = True";
    const settings = settingsOf(text, { environment: { DJANGO_CONFIGURATION: 'Production' } });
    expect([plain(settings.databases[0]?.engine), plain(settings.debug)]).toEqual(['postgresql', true]);
  });

  it('finds the settings module', () => {
    const texts = {
      'site/wsgi.py':
        "import os\n# os.environ['DJANGO_SETTINGS_MODULE'] = 'site'\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n",
      'site/settings.py': '',
    };
    const program = openProgram(texts);
    const sources = finish(program.reachable('site.wsgi'));
    expect(settingsModuleFor(program, { entry: 'site.wsgi', sources })).toBe('site.settings');
    expect(sources.map((source) => source.path)).toContain('site/settings.py');
    const set = openProgram(texts, { environment: { DJANGO_SETTINGS_MODULE: 'site.production' } });
    expect(settingsModuleFor(set, { entry: 'site.wsgi', sources: [] })).toBe('site.production');
  });
});

describe('settings read through a library', () => {
  const values = 'from configurations import Configuration, values\n';
  const host = (value: string) =>
    `${values}class Base(Configuration):\n    DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': ${value}}}\n`;
  const environment = { DJANGO_CONFIGURATION: 'Base', DB_HOST: 'pg', DJANGO_DB_HOST: 'prefixed', SHOP_DB_HOST: 'shop' };

  it.each([
    ["values.Value('localhost', environ_name='DB_HOST', environ_prefix=None)", 'pg'],
    ["values.Value('localhost', environ_name='DB_HOST')", 'prefixed'],
    ["values.Value('localhost', environ_name='DB_HOST', environ_prefix='SHOP_')", 'shop'],
    ["values.Value('local', environ=False, environ_name='DB_HOST')", 'local'],
    ["values.Value('local', environ_name='OTHER', environ_prefix=None)", 'local'],
    ["values.SecretValue(environ_name='OTHER', environ_prefix=None)", '?'],
  ])('%s', (value, expected) => {
    expect(plain(databaseOf(host(value), { environment }).host)).toBe(expected);
  });

  it('names the variable of a setting after it, and assumes its default where the environment is not known', () => {
    const text = `${values}class Base(Configuration):\n    DEBUG = values.BooleanValue(False)\n`;
    const known = { DJANGO_CONFIGURATION: 'Base' };
    expect(plain(settingsOf(text, { environment: { ...known, DJANGO_DEBUG: 'yes' } }).debug)).toBe(true);
    const { debug } = settingsOf(text, { environment: known, complete: false });
    expect([plain(debug), isAssumed(debug)]).toEqual([false, true]);
  });

  it('is not known where nothing selects the class of settings', () => {
    const texts = {
      'settings.py': host("'pg'"),
      'wsgi.py':
        "os.environ.setdefault('DJANGO_CONFIGURATION', 'Base')\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n",
    };
    const read = (complete: boolean) => {
      const program = openProgram(texts, { complete });
      const source = program.find('wsgi');
      const module = settingsModuleFor(program, { entry: 'wsgi', sources: source ? [source] : [] });
      return readDjangoSettings(program, module ?? '');
    };
    expect(plain(read(true)?.databases[0]?.host)).toBe('pg');
    expect(read(false)).toMatchObject({ complete: false, databases: [], caches: [], debug: { known: false } });
  });

  it('is an empty dict without a database URL', () => {
    const text = `${values}import dj_database_url\nclass Base(Configuration):\n    DATABASES = {'default': dj_database_url.config() if values.DatabaseURLValue(None, environ_prefix=None) else {'ENGINE': 'django.db.backends.mysql', 'HOST': 'my'}}\n`;
    expect(plain(databaseOf(text, { environment }).host)).toBe('my');
    const url = { ...environment, DATABASE_URL: 'postgres://pg/shop' };
    expect(plain(databaseOf(text, { environment: url }).host)).toBe('pg');
  });

  it('takes the readers of mitol-django-common', () => {
    const text = `import dj_database_url
from mitol.common.envs import get_int, get_string
DATABASES = {'default': dj_database_url.parse(get_string(name='DATABASE_URL', default='sqlite:///x', description=''))}
DATABASES['default']['CONN_MAX_AGE'] = get_int(name='AGE', default=0, description='')
`;
    const database = databaseOf(text, { environment: { DATABASE_URL: 'postgres://pg/shop', AGE: '60' } });
    expect([plain(database.host), plain(database.connMaxAge)]).toEqual(['pg', 60]);
  });
});
