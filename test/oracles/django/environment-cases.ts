import { type DjangoCase, settingsCase } from './django-case.ts';

const head = `import os

DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'db'}}
`;

/** What settings take from the environment, and from the files that they read themselves. */
export const environmentCases: readonly DjangoCase[] = [
  settingsCase(
    'getenv with and without the variable',
    `${head}DATABASES['default']['HOST'] = os.getenv('DB_HOST', 'localhost')
DATABASES['default']['CONN_MAX_AGE'] = int(os.getenv('DB_AGE', '40'))
DEBUG = bool(os.getenv('DEBUG'))
MISSING = os.environ.get('NOBODY_SETS_THIS')
`,
    { environment: { DB_HOST: 'pg', DEBUG: 'False' }, asked: ['MISSING'] },
  ),
  settingsCase(
    'booleans by comparison',
    `${head}DEBUG = os.environ.get('DEBUG', 'False') == 'True'
HEALTH = os.environ.get('HEALTH', 'true').lower() in ('1', 'true', 'yes')
DATABASES['default']['CONN_HEALTH_CHECKS'] = HEALTH
OFF = os.environ.get('OFF', '') not in ('', '0')
`,
    { environment: { DEBUG: 'true' }, asked: ['OFF'] },
  ),
  settingsCase('a variable that must be there', `${head}DATABASES['default']['HOST'] = os.environ['DB_HOST']\n`, {
    environment: { DB_HOST: 'there' },
  }),
  settingsCase('a variable in a format string', `${head}CELERY_BROKER_URL = f"redis://{os.environ['R']}:6379/0"\n`, {
    environment: { R: 'cache' },
    asked: ['CELERY_BROKER_URL'],
  }),
  settingsCase(
    'or gives the default for an empty variable',
    `${head}DATABASES['default']['CONN_MAX_AGE'] = int(os.environ.get('AGE') or 21)
DATABASES['default']['HOST'] = os.environ.get('HOST_A') or os.environ.get('HOST_B') or 'last'
`,
    { environment: { AGE: '', HOST_B: 'second' } },
  ),
  settingsCase(
    'membership and a walrus',
    `${head}if 'DB_HOST' in os.environ:
    DATABASES['default']['HOST'] = os.environ['DB_HOST']
if (age := os.environ.get('AGE')) is not None:
    DATABASES['default']['CONN_MAX_AGE'] = int(age)
`,
    { environment: { AGE: '17' } },
  ),
  settingsCase(
    'a try around the conversion',
    `${head}try:
    age = int(os.environ.get('AGE', 'none'))
except ValueError:
    age = 3
DATABASES['default']['CONN_MAX_AGE'] = age
try:
    host = os.environ['DB_HOST']
except KeyError:
    host = 'fallback'
DATABASES['default']['HOST'] = host
`,
  ),
  settingsCase(
    'a helper that reads and casts',
    `${head}

def env(name, default=None, cast=str):
    value = os.environ.get(name)
    if value is None:
        return default
    if cast is bool:
        return value.lower() in ('1', 'true', 'on')
    return cast(value)


DEBUG = env('DEBUG', False, bool)
DATABASES['default']['CONN_MAX_AGE'] = env('AGE', 0, int)
DATABASES['default']['HOST'] = env('DB', 'db')
`,
    { environment: { DEBUG: 'on', AGE: '66' } },
  ),
  settingsCase('the settings module is chosen by a variable', "raise RuntimeError('not this one')\n", {
    files: {
      'config/other.py': `${head}DATABASES['default']['CONN_MAX_AGE'] = 9\n`,
    },
    environment: { DJANGO_SETTINGS_MODULE: 'config.other' },
  }),
  settingsCase('the module is named after the stage', '', {
    files: {
      'config/settings/__init__.py': '',
      'config/settings/base.py': `${head}DEBUG = True\n`,
      'config/settings/prod.py': "from .base import *\nDEBUG = False\nDATABASES['default']['CONN_MAX_AGE'] = 600\n",
      'config/wsgi.py': `import os

os.environ.setdefault('DJANGO_SETTINGS_MODULE', f"config.settings.{os.environ.get('STAGE', 'base')}")
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
`,
    },
    environment: { STAGE: 'prod' },
  }),
  settingsCase(
    'dj_database_url from the environment',
    `import dj_database_url

DATABASES = {'default': dj_database_url.config(conn_max_age=600, conn_health_checks=True)}
`,
    { environment: { DATABASE_URL: 'postgres://u:p@pg.internal:5433/shop' } },
  ),
  settingsCase(
    'dj_database_url with a default and an engine',
    `import dj_database_url

DATABASES = {
    'default': dj_database_url.config(default='mysql://root@mysql/shop?charset=utf8'),
    'geo': dj_database_url.parse('postgis://gis/x', conn_max_age=None),
    'lite': dj_database_url.config('LITE_URL', default='sqlite:///data.db'),
}
DATABASES['default']['CONN_MAX_AGE'] += 5
`,
    { aliases: ['default', 'geo', 'lite'], asked: ['DATABASES.default.OPTIONS.charset'] },
  ),
  settingsCase(
    'django-environ with a scheme',
    `import environ

env = environ.Env(DEBUG=(bool, False), AGE=(int, 50))
DEBUG = env('DEBUG')
DATABASES = {'default': env.db('DATABASE_URL', default='sqlite:///x.db')}
DATABASES['default']['CONN_MAX_AGE'] = env('AGE')
ALLOWED_HOSTS = env.list('HOSTS', default=[])
`,
    { environment: { DATABASE_URL: 'psql://u:p@db:5432/x', HOSTS: 'a.example,b.example' }, asked: ['ALLOWED_HOSTS'] },
  ),
  settingsCase(
    'django-environ takes persistence from the URL',
    `import environ

env = environ.Env()
DATABASES = {'default': env.db()}
CACHES = {'default': env.cache('CACHE_URL', default='locmemcache://')}
`,
    { environment: { DATABASE_URL: 'postgres://db/x?conn_max_age=70&conn_health_checks=True' } },
  ),
  settingsCase(
    'django-environ booleans and numbers',
    `import environ

env = environ.Env()
${head}DEBUG = env.bool('DEBUG', default=True)
DATABASES['default']['CONN_MAX_AGE'] = env.int('AGE', 4)
DATABASES['default']['CONN_HEALTH_CHECKS'] = env.bool('CHECKS', False)
RATE = env.float('RATE', default=0.5)
NAME = env('NAME', default='none')
SMART = env('SMART', default=7)
`,
    { environment: { DEBUG: 'off', CHECKS: 'ok', SMART: '8' }, asked: ['RATE', 'NAME', 'SMART'] },
  ),
  settingsCase(
    'django-environ reads its file beside the project',
    `from pathlib import Path
import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / '.env')
DATABASES = {'default': env.db('DATABASE_URL')}
DATABASES['default']['CONN_MAX_AGE'] = env.int('AGE', default=0)
DEBUG = env.bool('DEBUG', False)
`,
    {
      files: { '.env': 'DATABASE_URL=postgres://u:p@fromfile:5432/x\nAGE=55\nexport DEBUG=True\n' },
      environment: { AGE: '56' },
    },
  ),
  settingsCase(
    'django-environ reads the file beside the settings when nothing is said',
    `import environ

env = environ.Env()
env.read_env()
${head}DATABASES['default']['HOST'] = env('DB_HOST', default='none')
DATABASES['default']['CONN_MAX_AGE'] = env.int('AGE', default=1)
`,
    { files: { 'config/.env': "DB_HOST='quoted'\n", '.env': 'AGE=99\n' } },
  ),
  settingsCase(
    'django-environ may overwrite the environment',
    `import os
import environ

env = environ.Env()
environ.Env.read_env(os.path.join(os.path.dirname(__file__), '..', 'prod.env'), overwrite=True)
${head}DATABASES['default']['CONN_MAX_AGE'] = env.int('AGE', default=1)
`,
    { files: { 'prod.env': 'AGE=31\n' }, environment: { AGE: '32' } },
  ),
  settingsCase(
    'a file that is not there changes nothing',
    `import environ

env = environ.Env()
environ.Env.read_env('/nowhere/.env')
${head}DATABASES['default']['CONN_MAX_AGE'] = env.int('AGE', default=2)
`,
  ),
  settingsCase(
    'load_dotenv looks upwards from the calling file',
    `from dotenv import load_dotenv

load_dotenv()
${head}DATABASES['default']['HOST'] = os.environ['DB_HOST']
DATABASES['default']['CONN_MAX_AGE'] = int(os.getenv('AGE', 0))
`,
    { files: { '.env': 'DB_HOST=upwards\nAGE=14 # seconds\n' } },
  ),
  settingsCase(
    'the nearest file wins over one further up',
    `from dotenv import load_dotenv

load_dotenv()
${head}DATABASES['default']['CONN_MAX_AGE'] = int(os.getenv('AGE', 0))
`,
    { files: { '.env': 'AGE=14\n', 'config/.env': 'AGE=15\n' } },
  ),
  settingsCase(
    'load_dotenv lets the environment win',
    `from dotenv import load_dotenv

load_dotenv()
${head}DATABASES['default']['CONN_MAX_AGE'] = int(os.getenv('AGE', 0))
`,
    { files: { '.env': 'AGE=14\n' }, environment: { AGE: '16' } },
  ),
  settingsCase(
    'load_dotenv with override wins over the environment',
    `from dotenv import load_dotenv

load_dotenv(override=True)
${head}DATABASES['default']['CONN_MAX_AGE'] = int(os.getenv('AGE', 0))
`,
    { files: { '.env': 'AGE=14\n' }, environment: { AGE: '16' } },
  ),
  settingsCase(
    'load_dotenv of a path, expanding references',
    `from pathlib import Path
from dotenv import load_dotenv

load_dotenv(Path(__file__).parent / 'env' / 'web.env')
load_dotenv(dotenv_path=Path(__file__).parent / 'env' / 'more.env')
${head}DATABASES['default']['HOST'] = os.environ['DB_HOST']
DATABASES['default']['CONN_MAX_AGE'] = int(os.getenv('AGE', 0))
`,
    {
      files: {
        'config/env/web.env': 'ZONE=internal\nDB_HOST="db.${ZONE}"\n',
        'config/env/more.env': 'DB_HOST=later\nAGE=18\n',
      },
    },
  ),
  settingsCase(
    'load_dotenv in wsgi.py, before the settings',
    `${head}DATABASES['default']['CONN_MAX_AGE'] = int(os.getenv('AGE', 0))
`,
    {
      files: {
        '.env': 'AGE=19\n',
        'config/wsgi.py': `import os

from dotenv import load_dotenv
from django.core.wsgi import get_wsgi_application

load_dotenv()
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')
application = get_wsgi_application()
`,
      },
    },
  ),
  settingsCase(
    'dotenv_values is a dict of its own',
    `from dotenv import dotenv_values

${head}config = {**dotenv_values('.env.shared'), **os.environ}
DATABASES['default']['CONN_MAX_AGE'] = int(config['AGE'])
DATABASES['default']['HOST'] = dotenv_values('.env.shared').get('DB_HOST', 'none')
`,
    { files: { '.env.shared': 'AGE=22\nDB_HOST=shared\n' }, environment: { AGE: '23' } },
  ),
  settingsCase(
    'decouple reads .env upwards',
    `from decouple import Csv, config

${head}DEBUG = config('DEBUG', default=False, cast=bool)
DATABASES['default']['HOST'] = config('DB_HOST')
DATABASES['default']['CONN_MAX_AGE'] = config('AGE', cast=int, default=0)
ALLOWED_HOSTS = config('HOSTS', default='a, b', cast=Csv())
`,
    { files: { '.env': 'DEBUG=yes\nDB_HOST="decoupled"\nAGE=24\n' }, asked: ['ALLOWED_HOSTS'] },
  ),
  settingsCase(
    'decouple prefers settings.ini and the environment wins',
    `from decouple import config

${head}DATABASES['default']['HOST'] = config('DB_HOST', default='none')
DATABASES['default']['CONN_MAX_AGE'] = config('AGE', cast=int)
`,
    {
      files: { '.env': 'DB_HOST=env\n', 'settings.ini': '[settings]\nDB_HOST=ini\nAGE=26\n' },
      environment: { AGE: '27' },
    },
  ),
  settingsCase(
    'decouple with a repository of its own',
    `from decouple import Config, RepositoryEnv

config = Config(RepositoryEnv('deploy/app.env'))
${head}DATABASES['default']['CONN_MAX_AGE'] = config('AGE', default=0, cast=int)
`,
    { files: { 'deploy/app.env': 'AGE = 28\n' } },
  ),
  settingsCase(
    'decouple with dj_database_url as the cast',
    `from decouple import config
from dj_database_url import parse as db_url

DATABASES = {'default': config('DATABASE_URL', default='sqlite:///db.sqlite3', cast=db_url)}
DATABASES['default']['CONN_MAX_AGE'] = config('AGE', default='80', cast=int)
`,
    { environment: { DATABASE_URL: 'postgresql://db/x' } },
  ),
  settingsCase(
    'the code sets a variable itself',
    `${head}os.environ['AGE'] = '35'
os.environ.setdefault('DB_HOST', 'written')
DATABASES['default']['CONN_MAX_AGE'] = int(os.environ['AGE'])
DATABASES['default']['HOST'] = os.environ['DB_HOST']
`,
    { environment: { AGE: '36', DB_HOST: 'given' } },
  ),
  settingsCase(
    'variables by a computed name',
    `${head}PREFIX = 'SHOP_'
for key in ('HOST',):
    DATABASES['default'][key] = os.environ.get(f'{PREFIX}DB_{key}', 'none')
DATABASES['default']['CONN_MAX_AGE'] = int(os.environ.get(PREFIX + 'AGE', 1))
`,
    { environment: { SHOP_DB_HOST: 'computed', SHOP_AGE: '37' } },
  ),
  settingsCase('a number that Python cannot read', `${head}AGE = int(os.environ['AGE'])\n`, {
    environment: { AGE: '10m' },
  }),
  settingsCase('a variable that nobody sets', `${head}AGE = os.environ['AGE']\n`),
  settingsCase(
    'JSON in a variable',
    `import json

${head}DATABASES['default'].update(json.loads(os.environ['DB']))
`,
    { environment: { DB: '{"HOST": "json", "CONN_MAX_AGE": 38}' } },
  ),
  settingsCase(
    'strings taken apart',
    `${head}HOST, _, PORT = os.environ['ADDRESS'].partition(':')
DATABASES['default']['HOST'] = HOST
DATABASES['default']['CONN_MAX_AGE'] = int(os.environ['PAIR'].split('=')[1])
ALLOWED_HOSTS = [host.strip() for host in os.environ.get('HOSTS', '').split(',') if host]
JOINED = ','.join(ALLOWED_HOSTS)
`,
    {
      environment: { ADDRESS: 'db7:5432', PAIR: 'age=39', HOSTS: 'a.example, b.example' },
      asked: ['PORT', 'ALLOWED_HOSTS', 'JOINED'],
    },
  ),
];
