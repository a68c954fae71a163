import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/model/pausable.ts';
import type { Pool } from '../../../src/model/pool.ts';
import { findPools } from '../../../src/model/python/pools.ts';
import { isAssumed, isDefault } from '../../../src/model/value.ts';
import { textAt } from '../../../src/text/span.ts';
import { openProgram, show } from './python-test-program.ts';

type Setting = Parameters<typeof openProgram>[1];

function poolsIn(texts: Readonly<Record<string, string>>, setting: Setting = {}): readonly Pool[] {
  const program = openProgram(texts, setting);
  const sources = Object.keys(texts).flatMap((path) => (path.endsWith('.py') ? (program.find(path) ?? []) : []));
  return finish(findPools(program, sources));
}

function onePool(text: string, setting: Setting = {}): Pool {
  const [pool, ...others] = poolsIn({ 'main.py': text }, setting);
  if (!pool || others.length > 0) throw new Error(`expected one pool, found ${others.length + (pool ? 1 : 0)}`);
  return pool;
}

describe('encode/databases', () => {
  it("opens its driver's pool", () => {
    const pool = onePool('from databases import Database\ndb = Database("postgresql://u:p@pg/app", max_size=20)');
    expect([pool.library, show(pool.size), show(pool.opensEagerly), show(pool.store)]).toEqual([
      'asyncpg',
      20,
      10,
      'pg',
    ]);
    expect(poolsIn({ 'main.py': 'from databases import Database\ndb = Database("sqlite:///app.db")' })).toEqual([]);
  });

  it('opens it wherever a condition leads, as long as the driver is the same', () => {
    const choose = (url: string) =>
      `import shop\nfrom databases import Database\nurl = "postgresql://pg/app" if shop.live else "${url}"\ndb = Database(url)`;
    const pool = onePool(choose('postgresql://other/app'));
    expect([pool.library, show(pool.size), pool.store.known]).toEqual(['asyncpg', 10, false]);
    expect(poolsIn({ 'main.py': choose('sqlite:///app.db') })).toEqual([]);
    const only =
      'import shop\nfrom databases import Database\nif shop.live:\n    url = "postgresql://pg/app"\ndb = Database(url)';
    expect(onePool(only).library).toBe('asyncpg');
    expect(poolsIn({ 'main.py': only.replace('db =', 'else:\n    url = shop.url\ndb =') })).toEqual([]);
  });
});

describe('a Flask factory', () => {
  const factory = (body: string, call: string) => `from flask import Flask
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()
def create_app(config=None):
    app = Flask(__name__)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI='postgresql://pg/shop')
${body}
    db.init_app(app)
    return app
${call}
`;
  const guarded = '    if config is not None:\n        app.config.update(config)';
  const poolWith = (body: string, call = 'app = create_app()') => {
    const pool = onePool(factory(body, call));
    return [show(pool.size), show(pool.overflow), show(pool.store)];
  };

  it('has the defaults where no configuration is passed to it', () => {
    expect(poolWith(guarded)).toEqual([5, 10, 'pg']);
    expect(poolWith(guarded, '')).toEqual([5, 10, 'pg']);
    expect(poolWith('    if config:\n        pass\n    else:\n        app.debug = True')).toEqual([5, 10, 'pg']);
  });

  it('is not known where one is passed, or the code writes what it finds', () => {
    expect(poolWith(guarded, 'import shop\napp = create_app(shop.settings())')[0]).toBe('?');
    expect(poolWith("    import shop\n    if shop.live:\n        app.config.from_envvar('SHOP')")[0]).toBe('?');
    expect(
      poolWith('    import shop\n    for name in shop.names():\n        app.config[name] = shop.get(name)')[0],
    ).toBe('?');
  });
});

it('reads what a class derived from Flask is configured with', () => {
  const pool = onePool(`from flask import Flask
from flask_sqlalchemy import SQLAlchemy
class Config:
    def __init__(self):
        self.SQLALCHEMY_DATABASE_URI = 'mysql+pymysql://my/shop'
        self.SQLALCHEMY_ENGINE_OPTIONS = {'pool_size': 30}
class Shop(Flask):
    def __init__(self, *args, conf, **kwargs):
        super().__init__(*args, **kwargs)
        self.config.from_object(conf)
app = Shop(__name__, conf=Config())
db = SQLAlchemy(app)
`);
  expect([show(pool.size), show(pool.overflow), show(pool.store)]).toEqual([30, 10, 'my']);
});

describe('a class derived from Flask-SQLAlchemy', () => {
  const app = (body: string) =>
    `from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy as _SQLAlchemy\nclass SQLAlchemy(_SQLAlchemy):\n    def ${body}:\n        pass\napp = Flask(__name__)\napp.config['SQLALCHEMY_DATABASE_URI'] = 'mysql+pymysql://my/shop'\napp.config['SQLALCHEMY_ENGINE_OPTIONS'] = {'pool_size': 7}\ndb = SQLAlchemy(app)\n`;

  it('has the pool of its base, unless it changes how engines are made', () => {
    const pool = onePool(app('auto_commit(self)'));
    expect([pool.library, show(pool.size), show(pool.store)]).toEqual(['flask-sqlalchemy', 7, 'my']);
    expect(poolsIn({ 'main.py': app('create_engine(self, url, options)') })).toEqual([]);
  });
});

describe('SQLAlchemy', () => {
  it('reads what is written and knows the defaults', () => {
    const pool = onePool(
      'from sqlalchemy import create_engine\nengine = create_engine("postgresql://u:p@db:5432/app", pool_size=20)',
    );
    expect([show(pool.size), show(pool.overflow), show(pool.capacity)]).toEqual([20, 10, 30]);
    expect(textAt(pool.size.at)).toBe('20');
    expect(isDefault(pool.overflow)).toBe(true);
    expect([show(pool.engine), show(pool.store), pool.alias, pool.async]).toEqual([
      'postgresql',
      'db',
      'engine',
      false,
    ]);
    expect([show(pool.timeoutSeconds), show(pool.recycleSeconds), show(pool.prePing)]).toEqual([30, null, false]);
  });

  it('follows settings objects and options dicts', () => {
    const pools = poolsIn(
      {
        'app/config.py':
          'from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    DB_POOL_SIZE: int = 20\n    DATABASE_URL: str\nsettings = Settings()',
        'app/db.py': [
          'from sqlalchemy.ext.asyncio import create_async_engine',
          'from app.config import settings',
          'options = {"pool_pre_ping": True, "max_overflow": 5}',
          'engine = create_async_engine(settings.DATABASE_URL, pool_size=settings.DB_POOL_SIZE, **options)',
        ].join('\n'),
      },
      { environment: { DATABASE_URL: 'postgresql+asyncpg://u:p@pg/app' }, complete: false },
    );
    const [pool] = pools;
    expect(pools).toHaveLength(1);
    expect([show(pool?.size), show(pool?.overflow), show(pool?.prePing)]).toEqual([20, 5, true]);
    expect([show(pool?.store), pool?.async]).toEqual(['pg', true]);
    expect(pool && isAssumed(pool.size)).toBe(true);
    expect(pool && isAssumed(pool.overflow)).toBe(false);
  });

  it('knows sizes without a bound, and pools that do not exist', () => {
    expect(
      show(onePool('import sqlalchemy as sa\ne = sa.create_engine("mysql://db/x", max_overflow=-1)').capacity),
    ).toBe(Number.POSITIVE_INFINITY);
    expect(show(onePool('import sqlalchemy as sa\ne = sa.create_engine("mysql://db/x", pool_size=0)').size)).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(
      poolsIn({
        'a.py':
          'from sqlalchemy import create_engine\nfrom sqlalchemy.pool import NullPool\ne = create_engine("mysql://db/x", poolclass=NullPool)',
      }),
    ).toEqual([]);
  });

  it('keeps options that are added under a condition as alternatives', () => {
    const text = [
      'import foo',
      'from sqlalchemy import create_engine',
      'options = {}',
      'if foo.large():',
      '    options["pool_size"] = 20',
      'engine = create_engine("postgresql://db/app", **options)',
    ].join('\n');
    expect(show(onePool(text).size)).toEqual({ oneOf: [20, 5] });
  });

  it('prefers the server database over a SQLite fallback and counts branches once', () => {
    const text = [
      'import foo',
      'from sqlalchemy import create_engine',
      'url = foo.url()',
      'if url.startswith("sqlite"):',
      '    engine = create_engine("sqlite:///x.db")',
      'else:',
      '    engine = create_engine(url, pool_size=7)',
    ].join('\n');
    expect(show(onePool(text).size)).toBe(7);
  });

  it('counts an engine that a function makes once, however often it is called', () => {
    const text = [
      'from sqlalchemy import create_engine',
      'def make(size=5):',
      '    return create_engine("postgresql://db/app", pool_size=size)',
      'one = make(8)',
      'two = make(8)',
    ].join('\n');
    expect(show(onePool(text).size)).toBe(8);
  });

  it('reads engines of a class through its constructor', () => {
    const text = [
      'import os',
      'from sqlalchemy import create_engine',
      'class Database:',
      '    def __init__(self, url):',
      '        self.url = url',
      '        self.size = int(os.getenv("POOL", "12"))',
      '    def connect(self):',
      '        self.engine = create_engine(self.url, pool_size=self.size)',
      'database = Database("postgresql://db/app")',
      'database.connect()',
    ].join('\n');
    const pool = onePool(text);
    expect([show(pool.size), show(pool.store), pool.alias]).toEqual([12, 'db', 'self.engine']);
  });

  it('makes one pool per round of a loop that is known', () => {
    const text = [
      'from sqlalchemy import create_engine',
      'engines = {}',
      'for name in ("a", "b", "c"):',
      '    engines[name] = create_engine(f"mysql+pymysql://db/{name}")',
    ].join('\n');
    expect(poolsIn({ 'main.py': text })).toHaveLength(3);
  });

  it('leaves out tests, migrations, scripts and main guards', () => {
    const text = 'from sqlalchemy import create_engine\nengine = create_engine("mysql://db/x")';
    const guarded =
      'from sqlalchemy import create_engine\nif __name__ == "__main__":\n    engine = create_engine("mysql://db/x")';
    expect(poolsIn({ 'tests/db.py': text, 'alembic/env.py': text, 'scripts/x.py': text, 'run.py': guarded })).toEqual(
      [],
    );
  });

  it('says that pool settings in a URL are not read', () => {
    const [fault] = onePool(
      'from sqlalchemy import create_engine\ne = create_engine("postgresql://db/x?pool_size=20")',
    ).faults;
    expect([fault?.kind, fault?.setting]).toEqual(['setting-ignored', 'pool_size']);
    expect(
      onePool('from sqlalchemy import create_engine\ne = create_engine("mysql+mysqlconnector://db/x?pool_size=20")')
        .faults,
    ).toEqual([]);
  });

  it.each([
    "MultiHostUrl.build(scheme='postgresql+asyncpg', host='pg', path='shop').unicode_string()",
    "str(PostgresDsn.build(scheme='postgresql+asyncpg', host='pg', path='shop'))",
    "str(PostgresDsn('postgresql+asyncpg://pg/shop'))",
    "URL.create('postgresql+asyncpg', host='pg').render_as_string(hide_password=False)",
  ])('reads the URL that %s writes', (url) => {
    const imports =
      'from pydantic import PostgresDsn\nfrom pydantic_core import MultiHostUrl\nfrom sqlalchemy import URL\nfrom sqlalchemy.ext.asyncio import create_async_engine\n';
    const pool = onePool(`${imports}e = create_async_engine(${url})\n`);
    expect([show(pool.store), show(pool.engine)]).toEqual(['pg', 'postgresql']);
  });

  it('reads URL.create and unknown pieces of a URL', () => {
    const created = onePool(
      'from sqlalchemy import URL, create_engine\ne = create_engine(URL.create("postgresql+psycopg", host="pg"))',
    );
    expect([show(created.engine), show(created.store)]).toEqual(['postgresql', 'pg']);
    const pieces = onePool(
      "import os\nfrom sqlalchemy import create_engine\ne = create_engine(f\"mysql://{os.environ['U']}:{os.environ['P']}@{os.environ['H']}/x\")",
    );
    expect([show(pieces.engine), show(pieces.store)]).toEqual(['mysql', '?']);
  });
});

describe('Flask-SQLAlchemy', () => {
  const app = [
    'from flask import Flask',
    'from flask_sqlalchemy import SQLAlchemy',
    'db = SQLAlchemy()',
    'def create_app():',
    '    app = Flask(__name__)',
    '    app.config.from_object("config.Production")',
    '    db.init_app(app)',
    '    return app',
  ].join('\n');

  it('reads engine options of a config class', () => {
    const pools = poolsIn({
      'app.py': app,
      'config.py':
        'class Base:\n    SQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 3, "max_overflow": 0}\nclass Production(Base):\n    SQLALCHEMY_DATABASE_URI = "postgresql://u:p@db/app"',
    });
    expect(pools.map((pool) => [show(pool.size), show(pool.overflow), show(pool.store), pool.library])).toEqual([
      [3, 0, 'db', 'flask-sqlalchemy'],
    ]);
  });

  it('reads app.config and binds', () => {
    const text = [
      'from flask import Flask',
      'from flask_sqlalchemy import SQLAlchemy',
      'app = Flask(__name__)',
      'app.config["SQLALCHEMY_DATABASE_URI"] = "mysql://db/app"',
      'app.config["SQLALCHEMY_BINDS"] = {"users": "mysql://users/app"}',
      'db = SQLAlchemy(app, engine_options={"pool_size": 4})',
    ].join('\n');
    const pools = poolsIn({ 'main.py': text });
    expect(pools.map((pool) => [show(pool.size), show(pool.store), show(pool.recycleSeconds)])).toEqual([
      [4, 'db', 7200],
      [4, 'users', 7200],
    ]);
  });

  it('follows app.config into an engine made by hand', () => {
    const pools = poolsIn(
      {
        'app/__init__.py':
          'import os\nfrom flask import Flask\nfrom .db import init_db\ndef create_app():\n    app = Flask(__name__)\n    app.config["DATABASE_URL"] = os.environ.get("DATABASE_URL")\n    init_db(app)\n    return app',
        'app/db.py':
          'from sqlalchemy import create_engine\ndef init_db(app):\n    options = {"pool_size": int(app.config.get("DB_POOL_SIZE", 10))}\n    engine = create_engine(app.config.get("DATABASE_URL"), **options)',
      },
      { environment: { DATABASE_URL: 'postgresql://u:p@db/app' } },
    );
    expect(pools.map((pool) => [show(pool.size), show(pool.store)])).toEqual([[10, 'db']]);
  });

  it('reports removed settings only where the version is evident', () => {
    const config =
      'class Production:\n    SQLALCHEMY_POOL_SIZE = 20\n    SQLALCHEMY_DATABASE_URI = "postgresql://db/app"';
    const [evident] = poolsIn({ 'app.py': app, 'config.py': config, 'requirements.txt': 'Flask-SQLAlchemy==3.1.1\n' });
    expect([evident?.faults.map((fault) => fault.setting), show(evident?.size)]).toEqual([['SQLALCHEMY_POOL_SIZE'], 5]);
    const [unclear] = poolsIn({ 'app.py': app, 'config.py': config });
    expect([unclear?.faults, show(unclear?.size)]).toEqual([[], '?']);
    const [old] = poolsIn({ 'app.py': app, 'config.py': config, 'requirements.txt': 'Flask-SQLAlchemy==2.5.1\n' });
    expect([old?.faults, show(old?.size)]).toEqual([[], 20]);
  });
});

describe('mysql.connector', () => {
  const database = [
    'from mysql.connector import pooling',
    'class Database:',
    '    def __init__(self, host, pool_size: int = 5):',
    '        self.pool = pooling.MySQLConnectionPool(pool_name="p", pool_size=pool_size, host=host)',
  ].join('\n');

  it('follows the default argument and names the call site', () => {
    const pools = poolsIn({
      'shared/database.py': database,
      'app.py': 'from shared.database import Database\ndb = Database("mysql")',
    });
    const [pool] = pools;
    expect(pools).toHaveLength(1);
    expect([show(pool?.size), show(pool?.opensEagerly), show(pool?.timeoutSeconds), show(pool?.store)]).toEqual([
      5,
      5,
      0,
      'mysql',
    ]);
    expect(pool && [pool.size.at.source.path, textAt(pool.size.at)]).toEqual(['shared/database.py', '5']);
    const files = pool?.size.trail.flatMap((hop) => ('source' in hop.at ? [hop.at.source.path] : []));
    expect(files).toContain('app.py');
  });

  it('follows the size from each call site', () => {
    const pools = poolsIn({
      'shared/database.py': database,
      'app.py':
        'from shared.database import Database\none = Database("mysql", pool_size=20)\ntwo = Database("mysql", 40)',
    });
    expect(pools.map((pool) => show(pool.size))).toEqual([20, 40]);
    expect(pools.map((pool) => pool.faults.map((fault) => [fault.kind, fault.replacement]))).toEqual([
      [],
      [['size-refused', '32']],
    ]);
    expect(pools.map((pool) => textAt(pool.size.at))).toEqual(['20', '40']);
  });
});

describe('other libraries', () => {
  it.each([
    ['from psycopg_pool import ConnectionPool\np = ConnectionPool("postgresql://db/x")', [4, 4, 30, 'db']],
    [
      'from psycopg_pool import AsyncConnectionPool\np = AsyncConnectionPool("host=pg dbname=x", min_size=1, max_size=10)',
      [10, 1, 30, 'pg'],
    ],
    [
      'from psycopg2.pool import ThreadedConnectionPool\np = ThreadedConnectionPool(1, 20, host="pg")',
      [20, 1, 0, 'pg'],
    ],
    [
      'import asyncpg\nasync def start():\n    pool = await asyncpg.create_pool(dsn="postgres://u@db/x", max_size=20)\nstart()',
      [20, 10, null, 'db'],
    ],
    [
      'import aiomysql\nasync def main():\n    return await aiomysql.create_pool(host="db", maxsize=0)',
      [Number.POSITIVE_INFINITY, 1, null, 'db'],
    ],
    [
      'import pymysql\nfrom dbutils.pooled_db import PooledDB\np = PooledDB(pymysql, mincached=2, maxconnections=6, host="db")',
      [6, 2, 0, 'db'],
    ],
    ['import redis\np = redis.BlockingConnectionPool(host="cache")', [50, 0, 20, 'cache']],
    ['import redis\np = redis.Redis.from_url("redis://cache:6379/0", max_connections=9)', [9, 0, 0, 'cache']],
    ['import aiohttp\nc = aiohttp.TCPConnector(limit=30)', [30, 0, '?', '?']],
  ])('%s', (text, expected) => {
    const pool = onePool(text);
    expect([show(pool.size), show(pool.opensEagerly), show(pool.timeoutSeconds), show(pool.store)]).toEqual(expected);
  });

  it('reads httpx limits that come from variables', () => {
    const pools = poolsIn(
      {
        'config.py':
          'import os\nMAX = int(os.getenv("HTTP_MAX_CONNECTIONS", "100"))\nKEEP = int(os.getenv("HTTP_KEEP", "20"))',
        'client.py':
          'import httpx\nfrom config import MAX, KEEP\nclient = httpx.AsyncClient(limits=httpx.Limits(max_connections=MAX, max_keepalive_connections=KEEP))',
      },
      { environment: { HTTP_MAX_CONNECTIONS: '300', HTTP_KEEP: '150' } },
    );
    expect(pools.map((pool) => [show(pool.size), show(pool.keepAlive), pool.kind])).toEqual([[300, 150, 'http']]);
  });

  it('knows that Limits with one setting drops the other default', () => {
    const pool = onePool(
      'import httpx\nlimits = httpx.Limits(max_keepalive_connections=5)\nclient = httpx.Client(limits=limits)',
    );
    expect([show(pool.size), pool.faults.map((fault) => fault.setting)]).toEqual([
      Number.POSITIVE_INFINITY,
      ['max_keepalive_connections'],
    ]);
  });

  it('counts no client that lives for one block, and no Redis client without a bound', () => {
    const text =
      'import httpx, redis\nr = redis.Redis(host="cache")\nasync def f():\n    async with httpx.AsyncClient() as c:\n        pass\nf()';
    expect(poolsIn({ 'main.py': text })).toEqual([]);
  });
});
