import { type DjangoCase, settingsCase } from './django-case.ts';

const postgres = `DATABASES = {
    'default': {
        'ENGINE': 'django.db.backends.postgresql',
        'NAME': 'shop',
        'HOST': 'db',
    }
}
`;

/** How DATABASES, CACHES and their neighbours are written and changed. */
export const databaseCases: readonly DjangoCase[] = [
  settingsCase('a plain literal keeps the defaults', postgres),
  settingsCase(
    'a literal with every capacity setting',
    `DATABASES = {
    'default': {
        'ENGINE': 'django.db.backends.mysql',
        'HOST': 'mysql',
        'CONN_MAX_AGE': 300,
        'CONN_HEALTH_CHECKS': True,
        'OPTIONS': {'charset': 'utf8mb4'},
    }
}
`,
    { asked: ['DATABASES.default.OPTIONS.charset'] },
  ),
  settingsCase('an entry written afterwards', `${postgres}DATABASES['default']['CONN_MAX_AGE'] = 45\n`),
  settingsCase('None keeps connections for ever', `${postgres}DATABASES['default']['CONN_MAX_AGE'] = None\n`),
  settingsCase(
    'update with keywords and with a dict',
    `${postgres}DATABASES['default'].update(CONN_MAX_AGE=60)
DATABASES['default'].update({'CONN_HEALTH_CHECKS': True, 'HOST': 'primary'})
`,
  ),
  settingsCase(
    'setdefault leaves what is there',
    `${postgres}DATABASES['default'].setdefault('HOST', 'elsewhere')
DATABASES['default'].setdefault('CONN_MAX_AGE', 15)
`,
  ),
  settingsCase(
    'nested setdefault of OPTIONS',
    `${postgres}DATABASES['default'].setdefault('OPTIONS', {})['pool'] = {'min_size': 2, 'max_size': 6}
`,
    { asked: ['DATABASES.default.OPTIONS.pool.max_size'] },
  ),
  settingsCase(
    'a loop over the aliases',
    `DATABASES = {
    'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'a'},
    'replica': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'b'},
}
for alias in DATABASES:
    DATABASES[alias]['CONN_MAX_AGE'] = 90
`,
    { aliases: ['default', 'replica'] },
  ),
  settingsCase(
    'a loop over items',
    `DATABASES = {
    'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'a'},
    'reports': {'ENGINE': 'django.db.backends.mysql', 'HOST': 'b'},
}
for alias, database in DATABASES.items():
    if alias != 'reports':
        database['CONN_MAX_AGE'] = 30
`,
    { aliases: ['default', 'reports'] },
  ),
  settingsCase(
    'a loop over values',
    `DATABASES = {
    'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'a'},
    'archive': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'b', 'CONN_MAX_AGE': 5},
}
for database in DATABASES.values():
    database.setdefault('CONN_MAX_AGE', 20)
    database['CONN_HEALTH_CHECKS'] = True
`,
    { aliases: ['default', 'archive'] },
  ),
  settingsCase(
    'a comprehension over the aliases',
    `HOSTS = {'default': 'a', 'replica': 'b'}
DATABASES = {
    alias: {'ENGINE': 'django.db.backends.postgresql', 'HOST': host, 'CONN_MAX_AGE': 25}
    for alias, host in HOSTS.items()
}
`,
    { aliases: ['default', 'replica'] },
  ),
  settingsCase(
    'a shared dict spread into two aliases',
    `COMMON = {'ENGINE': 'django.db.backends.postgresql', 'CONN_MAX_AGE': 120}
DATABASES = {
    'default': {**COMMON, 'HOST': 'primary'},
    'replica': {**COMMON, 'HOST': 'replica', 'CONN_MAX_AGE': 0},
}
`,
    { aliases: ['default', 'replica'] },
  ),
  settingsCase(
    'dict() and the union operator',
    `COMMON = dict(ENGINE='django.db.backends.postgresql', CONN_MAX_AGE=12)
DATABASES = {'default': COMMON | {'HOST': 'pg'}, 'other': dict(COMMON, HOST='pg2', CONN_MAX_AGE=13)}
`,
    { aliases: ['default', 'other'] },
  ),
  settingsCase(
    'in-place union',
    `${postgres}DATABASES['default'] |= {'CONN_MAX_AGE': 77}
`,
  ),
  settingsCase(
    'an alias that is a copy',
    `import copy

${postgres}DATABASES['replica'] = copy.deepcopy(DATABASES['default'])
DATABASES['replica']['HOST'] = 'replica'
DATABASES['report'] = DATABASES['default'].copy()
DATABASES['report'].update(HOST='report', CONN_MAX_AGE=8)
`,
    { aliases: ['default', 'replica', 'report'] },
  ),
  settingsCase(
    'one dict under two names',
    `${postgres}default = DATABASES['default']
default['CONN_MAX_AGE'] = 33
`,
  ),
  settingsCase(
    'two aliases that share one dict',
    `shared = {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'pg'}
DATABASES = {'default': shared, 'again': shared}
shared['CONN_MAX_AGE'] = 11
`,
    { aliases: ['default', 'again'] },
  ),
  settingsCase('pool switched on', `${postgres}DATABASES['default']['OPTIONS'] = {'pool': True}\n`),
  settingsCase('an empty pool dict is off', `${postgres}DATABASES['default']['OPTIONS'] = {'pool': {}}\n`),
  settingsCase('no HOST means the local socket', "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql'}}\n"),
  settingsCase(
    'SQLite beside the settings',
    `from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'data' / 'db.sqlite3'}}
`,
    { asked: ['BASE_DIR', 'DATABASES.default.NAME'] },
  ),
  settingsCase(
    'paths the old way',
    `import os

BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.path.join(BASE_DIR, 'db.sqlite3')}}
STATIC_ROOT = f'{BASE_DIR}/static'
`,
    { asked: ['DATABASES.default.NAME', 'STATIC_ROOT'] },
  ),
  settingsCase(
    'a helper function builds the entry',
    `def database(host, age=60, **options):
    return {'ENGINE': 'django.db.backends.postgresql', 'HOST': host, 'CONN_MAX_AGE': age, 'OPTIONS': options}


DATABASES = {'default': database('a'), 'batch': database('b', age=0, connect_timeout=5)}
`,
    { aliases: ['default', 'batch'], asked: ['DATABASES.batch.OPTIONS.connect_timeout'] },
  ),
  settingsCase(
    'PostGIS is PostgreSQL',
    "DATABASES = {'default': {'ENGINE': 'django.contrib.gis.db.backends.postgis', 'HOST': 'gis'}}\n",
  ),
  settingsCase(
    'CACHES with Redis',
    `${postgres}CACHES = {
    'default': {
        'BACKEND': 'django.core.cache.backends.redis.RedisCache',
        'LOCATION': 'redis://redis:6379/1',
        'TIMEOUT': 5 * 60,
    }
}
SESSION_ENGINE = 'django.contrib.sessions.backends.cache'
`,
    { asked: ['CACHES.default.LOCATION', 'CACHES.default.TIMEOUT'] },
  ),
  settingsCase(
    'CACHES written per process',
    `${postgres}CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache', 'LOCATION': 'x'}}
`,
  ),
  settingsCase(
    'a second cache and cached sessions',
    `${postgres}CACHES = {
    'default': {'BACKEND': 'django.core.cache.backends.db.DatabaseCache', 'LOCATION': 'cache_table'},
    'fast': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'},
}
SESSION_ENGINE = 'django.contrib.sessions.backends.cached_db'
SESSION_CACHE_ALIAS = 'fast'
`,
    { asked: ['CACHES.fast.BACKEND', 'SESSION_CACHE_ALIAS'] },
  ),
  settingsCase(
    'REST framework pages and throttles',
    `${postgres}REST_FRAMEWORK = {
    'DEFAULT_PAGINATION_CLASS': 'rest_framework.pagination.PageNumberPagination',
    'PAGE_SIZE': 25,
}
REST_FRAMEWORK['DEFAULT_THROTTLE_CLASSES'] = ['rest_framework.throttling.AnonRateThrottle']
REST_FRAMEWORK['DEFAULT_THROTTLE_RATES'] = {'anon': '100/day'}
REST_FRAMEWORK.pop('PAGE_SIZE')
`,
    {
      asked: [
        'REST_FRAMEWORK.PAGE_SIZE',
        'REST_FRAMEWORK.DEFAULT_THROTTLE_CLASSES',
        'REST_FRAMEWORK.DEFAULT_THROTTLE_RATES',
      ],
    },
  ),
  settingsCase(
    'Celery settings',
    `${postgres}REDIS = 'redis://broker:6379'
CELERY_BROKER_URL = REDIS + '/0'
CELERY_RESULT_BACKEND = '%s/%d' % (REDIS, 1)
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_WORKER_CONCURRENCY = 2 ** 2
CELERY_TASK_ROUTES = {'shop.*': {'queue': 'shop'}}
`,
    {
      asked: [
        'CELERY_BROKER_URL',
        'CELERY_RESULT_BACKEND',
        'CELERY_TASK_TIME_LIMIT',
        'CELERY_WORKER_CONCURRENCY',
        'CELERY_TASK_ROUTES',
      ],
    },
  ),
  settingsCase(
    'MIDDLEWARE and INSTALLED_APPS edited',
    `${postgres}INSTALLED_APPS = ['django.contrib.auth', 'django.contrib.contenttypes']
INSTALLED_APPS += ['django.contrib.sessions']
INSTALLED_APPS = ['first', *INSTALLED_APPS]
INSTALLED_APPS.remove('django.contrib.auth')
MIDDLEWARE = ['a.A', 'b.B', 'c.C']
MIDDLEWARE.insert(0, 'z.Z')
MIDDLEWARE.insert(MIDDLEWARE.index('b.B'), 'y.Y')
MIDDLEWARE.append('d.D')
MIDDLEWARE.extend(('e.E', 'f.F'))
MIDDLEWARE.pop()
`,
    { asked: ['INSTALLED_APPS', 'MIDDLEWARE'] },
  ),
  settingsCase(
    'lists sliced, filtered and sorted',
    `${postgres}APPS = ['b', 'a', 'debug_toolbar', 'c']
INSTALLED_APPS = [app for app in APPS if app != 'debug_toolbar']
MIDDLEWARE = APPS[:2] + APPS[-1:]
LAST = APPS[-1]
SORTED = sorted(APPS)
REVERSED = list(reversed(APPS))
`,
    { asked: ['INSTALLED_APPS', 'MIDDLEWARE', 'LAST', 'SORTED', 'REVERSED'] },
  ),
  settingsCase(
    'tuples added together',
    `${postgres}INSTALLED_APPS = ('a',) + ('b', 'c')
INSTALLED_APPS = tuple(list(INSTALLED_APPS) + ['d'])
COUNT = len(INSTALLED_APPS)
`,
    { asked: ['INSTALLED_APPS', 'COUNT'] },
  ),
  settingsCase(
    'Django refuses a pool beside persistent connections',
    `${postgres}DATABASES['default'].update(CONN_MAX_AGE=60, OPTIONS={'pool': True})\n`,
    { usesPool: true },
  ),
  settingsCase(
    'Django refuses a pool beside connections kept for ever',
    `${postgres}DATABASES['default'].update(CONN_MAX_AGE=None, OPTIONS={'pool': {'min_size': 1}})\n`,
    { usesPool: true },
  ),
  settingsCase(
    'Django takes a pool of its own',
    `${postgres}DATABASES['default'].update(CONN_MAX_AGE=0, OPTIONS={'pool': {'min_size': 1, 'max_size': 3}})\n`,
    { usesPool: true },
  ),
  settingsCase(
    'psycopg_pool refuses a maximum below the minimum',
    `${postgres}DATABASES['default']['OPTIONS'] = {'pool': {'min_size': 8, 'max_size': 4}}\n`,
    { usesPool: true },
  ),
];
