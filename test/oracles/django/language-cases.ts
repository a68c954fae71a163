import { type DjangoCase, settingsCase } from './django-case.ts';

const base = `DEBUG = True
DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'db'}}
INSTALLED_APPS = ['shop']
`;

/** How settings are spread over files, and the parts of Python that they use. */
export const languageCases: readonly DjangoCase[] = [
  settingsCase(
    'production extends the base',
    `from .base import *

DEBUG = False
DATABASES['default']['CONN_MAX_AGE'] = 60
INSTALLED_APPS += ['gunicorn']
`,
    { files: { 'config/base.py': base }, asked: ['INSTALLED_APPS'] },
  ),
  settingsCase(
    'an absolute star import over three levels',
    `from config.common import *

DATABASES['default']['HOST'] = 'third'
`,
    {
      files: {
        'config/common.py': "from config.base import *\nDATABASES['default'].update(CONN_MAX_AGE=3, HOST='second')\n",
        'config/base.py': base,
      },
    },
  ),
  settingsCase(
    'a star import respects __all__ and underscores',
    `from .base import *

CONN = globals().get('_AGE', 'hidden')
HIDDEN = 'EXTRA' in globals()
`,
    {
      files: { 'config/base.py': `${base}__all__ = ['DATABASES', 'DEBUG']\nEXTRA = 1\n_AGE = 2\n` },
      asked: ['CONN', 'HIDDEN', 'EXTRA'],
    },
  ),
  settingsCase(
    'names imported one by one',
    `from .base import DATABASES, DEBUG as BASE_DEBUG
from . import base

DEBUG = not BASE_DEBUG
DATABASES = {**DATABASES, 'second': dict(DATABASES['default'], HOST='two')}
APPS = base.INSTALLED_APPS
`,
    { files: { 'config/base.py': base }, aliases: ['default', 'second'], asked: ['APPS'] },
  ),
  settingsCase(
    'local settings that are not there',
    `${base}
try:
    from .local_settings import *
except ImportError:
    pass
`,
  ),
  settingsCase(
    'local settings that are there',
    `${base}
try:
    from .local_settings import *
except ImportError:
    DATABASES['default']['CONN_MAX_AGE'] = 1
`,
    { files: { 'config/local_settings.py': "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql'}}\n" } },
  ),
  settingsCase(
    'a failed import sets another value',
    `${base}
try:
    from .secret_settings import AGE
except ImportError:
    AGE = 41
DATABASES['default']['CONN_MAX_AGE'] = AGE
`,
  ),
  settingsCase(
    'conditions on DEBUG',
    `${base}
if DEBUG:
    DATABASES['default']['CONN_MAX_AGE'] = 0
    INSTALLED_APPS.append('debug_toolbar')
else:
    DATABASES['default']['CONN_MAX_AGE'] = 300
SESSION_ENGINE = 'django.contrib.sessions.backends.' + ('db' if DEBUG else 'cache')
`,
    { asked: ['INSTALLED_APPS'] },
  ),
  settingsCase(
    'elif and a chain of comparisons',
    `${base}
STAGE = 'staging'
if STAGE == 'dev':
    AGE = 0
elif STAGE in {'staging', 'test'} and not STAGE.startswith('t'):
    AGE = 60
else:
    AGE = 600
if 0 < AGE <= 60:
    DATABASES['default']['CONN_HEALTH_CHECKS'] = True
DATABASES['default']['CONN_MAX_AGE'] = AGE
`,
  ),
  settingsCase(
    'globals().update',
    `${base}
globals().update({'SESSION_ENGINE': 'django.contrib.sessions.backends.cache', 'DEBUG': False})
`,
  ),
  settingsCase(
    'globals by name',
    `${base}
for name, value in {'DEBUG': False, 'PAGE': 10}.items():
    globals()[name] = value
`,
    { asked: ['PAGE'] },
  ),
  settingsCase(
    'locals().update with a module\u2019s names',
    `${base}
from . import overrides

locals().update({name: getattr(overrides, name) for name in dir(overrides) if name.isupper()})
`,
    { files: { 'config/overrides.py': 'DEBUG = False\nPAGE = 11\n' }, asked: ['PAGE'] },
  ),
  settingsCase(
    'split-settings include',
    `from split_settings.tools import include, optional

include('parts/base.py', 'parts/database.py', optional('parts/local.py'))
`,
    {
      files: {
        'config/parts/base.py': 'DEBUG = False\nAGE = 44\n',
        'config/parts/database.py': base
          .replace('DEBUG = True\n', '')
          .concat("DATABASES['default']['CONN_MAX_AGE'] = AGE\n"),
      },
    },
  ),
  settingsCase(
    'arithmetic',
    `${base}
MINUTE = 60
DATABASES['default']['CONN_MAX_AGE'] = 10 * MINUTE - 2 ** 3 // 3 + 7 % 4
HALF = 1 / 2
ROUND = round(2.5) + int(3.9) + max(1, 2) - min([4, 3]) + abs(-2) + sum((1, 2, 3))
BIG = 1_000_000
HEX = 0xff | 0b1
`,
    { asked: ['HALF', 'ROUND', 'BIG', 'HEX'] },
  ),
  settingsCase(
    'timedelta in seconds',
    `from datetime import timedelta

${base}
DATABASES['default']['CONN_MAX_AGE'] = int(timedelta(minutes=5).total_seconds())
SESSION_COOKIE_AGE = timedelta(days=14).total_seconds()
`,
    { asked: ['SESSION_COOKIE_AGE'] },
  ),
  settingsCase(
    'strings in every form',
    `${base}
A = 'a' 'b'
B = 'x' * 3
C = '{}-{name}'.format('p', name='q')
D = '%(a)s:%(b)d' % {'a': 1, 'b': 2}
E = f'{1 + 1:03d} {"v"!r}'
F = r'\\d' + 'tab\\t'
G = 'A-B'.lower().replace('-', '_').upper().title()
H = 'prefix-name'.removeprefix('prefix-')
`,
    { asked: ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'] },
  ),
  settingsCase(
    'dict methods',
    `${base}
OPTIONS = {'a': 1, 'b': 2}
A = OPTIONS.pop('a')
B = OPTIONS.get('missing', 5)
C = list(OPTIONS.keys()) + list(OPTIONS.values())
OPTIONS['c'] = {'d': 3}
del OPTIONS['b']
D = dict(zip(['x', 'y'], [1, 2]))
E = {key: value * 2 for key, value in D.items() if key != 'y'}
F = dict([('k', 'v')])
`,
    { asked: ['A', 'B', 'C', 'D', 'E', 'F', 'OPTIONS'] },
  ),
  settingsCase(
    'names deleted and nested functions',
    `${base}
TEMPORARY = 1


def outer():
    def inner(n):
        return n + 1

    return inner(AGE)


AGE = 47
DATABASES['default']['CONN_MAX_AGE'] = outer()
del TEMPORARY
`,
    { asked: ['TEMPORARY'] },
  ),
  settingsCase(
    'a class as a namespace',
    `${base}

class Limits:
    AGE = 48
    CHECKS = True

    @classmethod
    def apply(cls, database):
        database['CONN_HEALTH_CHECKS'] = cls.CHECKS


DATABASES['default']['CONN_MAX_AGE'] = Limits.AGE
Limits.apply(DATABASES['default'])
`,
  ),
  settingsCase(
    'a function that changes its argument',
    `${base}

def persist(databases, seconds):
    for database in databases.values():
        database['CONN_MAX_AGE'] = seconds


persist(DATABASES, 49)
`,
  ),
  settingsCase(
    'a function that sets a global',
    `${base}

def production():
    global DEBUG
    DEBUG = False
    DATABASES['default']['CONN_MAX_AGE'] = 51


production()
`,
  ),
  settingsCase(
    'a while loop and break',
    `${base}
AGE = 1
while AGE < 50:
    AGE *= 2
for candidate in (AGE, 5):
    if candidate > 10:
        break
DATABASES['default']['CONN_MAX_AGE'] = candidate
`,
  ),
  settingsCase(
    'a lambda',
    `${base}
age = lambda minutes: minutes * 60
DATABASES['default']['CONN_MAX_AGE'] = age(9)
`,
  ),
  settingsCase(
    'match',
    `${base}
STAGE = 'prod'
match STAGE:
    case 'dev':
        AGE = 0
    case 'prod' | 'production':
        AGE = 52
    case _:
        AGE = 1
DATABASES['default']['CONN_MAX_AGE'] = AGE
`,
  ),
  settingsCase(
    'any and all',
    `${base}
DEBUG = any(flag for flag in (False, False))
DATABASES['default']['CONN_HEALTH_CHECKS'] = all([True, 1, 'x'])
DATABASES['default']['CONN_MAX_AGE'] = 5 if isinstance(DATABASES, dict) else 6
`,
  ),
  settingsCase(
    'conditions on the command line',
    `import sys

${base}
TESTING = len(sys.argv) > 1 and sys.argv[1] == 'test'
if 'runserver' in sys.argv or TESTING:
    DATABASES['default']['CONN_MAX_AGE'] = 0
else:
    DATABASES['default']['CONN_MAX_AGE'] = 53
`,
  ),
  settingsCase(
    'another file is executed',
    `${base}
import os

path = os.path.join(os.path.dirname(__file__), 'extra.py')
if os.path.exists(path):
    exec(open(path).read())
`,
    { files: { 'config/extra.py': "DATABASES['default']['CONN_MAX_AGE'] = 54\n" } },
  ),
  settingsCase(
    'a dataclass holds the numbers',
    `from dataclasses import dataclass, field

${base}

@dataclass
class Tuning:
    age: int = 57
    hosts: list = field(default_factory=list)


tuning = Tuning(age=58)
DATABASES['default']['CONN_MAX_AGE'] = tuning.age
DATABASES['default']['CONN_HEALTH_CHECKS'] = bool(tuning.hosts)
`,
  ),
  settingsCase(
    'an enumeration',
    `from enum import Enum

${base}

class Stage(str, Enum):
    DEV = 'dev'
    PROD = 'prod'


STAGE = Stage('prod')
DATABASES['default']['CONN_MAX_AGE'] = 59 if STAGE == Stage.PROD else 0
NAME = Stage.PROD.value
`,
    { asked: ['NAME'] },
  ),
  settingsCase(
    'TOML beside the settings',
    `import tomllib
from pathlib import Path

${base}
with open(Path(__file__).parent / 'tuning.toml', 'rb') as file:
    TUNING = tomllib.load(file)
DATABASES['default']['CONN_MAX_AGE'] = TUNING['database']['age']
`,
    { files: { 'config/tuning.toml': '[database]\nage = 61\n' } },
  ),
  settingsCase('Django needs a default database', "DATABASES = {'other': {'ENGINE': 'django.db.backends.sqlite3'}}\n"),
  settingsCase(
    'settings that raise',
    `${base}
raise RuntimeError('half done')
`,
  ),
];
