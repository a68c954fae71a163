import type { OracleCase } from '../agreement.ts';

/** Modules that make a pool with each library's arguments, right and wrong ones. */
export function poolCases(): readonly OracleCase[] {
  return [...engineCases(), ...Object.entries(modules).map(([name, lines]) => toCase(name, lines))];
}

function toCase(name: string, lines: readonly string[]): OracleCase {
  return { name, files: { 'main.py': `${lines.join('\n')}\n`, 'requirements.txt': requirements } };
}

const requirements = [
  'SQLAlchemy==2.0.52',
  'asyncpg==0.31.0',
  'aiomysql==0.3.2',
  'PyMySQL==1.2.0',
  'psycopg2==2.9.11',
  'Flask-SQLAlchemy==3.1.1',
  'mysql-connector-python==26.7.0',
  'psycopg-pool==3.3.2',
  'redis==6.4.0',
  'httpx==0.28.1',
  'Django==5.2.18',
  'psycopg==3.3.5',
  '',
].join('\n');

function engineCases(): readonly OracleCase[] {
  return engineUrls.flatMap(([call, url]) =>
    engineArguments.map((given) => {
      const expression = `${call}("${url}"${given === '' ? '' : `, ${given}`})`;
      return toCase(expression, [...engineImports, `engine = ${expression}`]);
    }),
  );
}

const engineImports = [
  'from sqlalchemy import create_engine, engine_from_config',
  'from sqlalchemy.ext.asyncio import async_engine_from_config, create_async_engine',
  'from sqlalchemy.pool import AssertionPool, AsyncAdaptedQueuePool, NullPool, QueuePool, SingletonThreadPool, StaticPool',
];

const engineUrls = [
  ['create_engine', 'postgresql://u:p@db/app'],
  ['create_engine', 'mysql+pymysql://u:p@db/app'],
  ['create_engine', 'sqlite:///app.db'],
  ['create_engine', 'sqlite://'],
  ['create_async_engine', 'postgresql+asyncpg://u:p@db/app'],
  ['create_async_engine', 'sqlite+aiosqlite:///app.db'],
  ['create_async_engine', 'sqlite+aiosqlite://'],
] as const;

const engineArguments = [
  '',
  'pool_size=20',
  'pool_size=20, max_overflow=30, pool_timeout=10, pool_recycle=1800, pool_pre_ping=True',
  'max_overflow=0',
  'max_overflow=-1',
  'pool_size=0, max_overflow=3',
  'pool_recycle=-1, pool_use_lifo=True, pool_reset_on_return=None',
  'pool_size="20"',
  'max_overflow="20"',
  'pool_size=None',
  'pool_max_overflow=20',
  'overflow=20',
  'poolclass=NullPool',
  'poolclass=NullPool, pool_size=20',
  'poolclass=NullPool, pool_pre_ping=True, pool_recycle=3600',
  'poolclass=NullPool, pool_timeout=5, pool_use_lifo=True',
  'poolclass=StaticPool, pool_recycle=60',
  'poolclass=StaticPool, max_overflow=5',
  'poolclass=SingletonThreadPool, pool_size=7',
  'poolclass=SingletonThreadPool, max_overflow=7',
  'poolclass=AssertionPool',
  'poolclass=QueuePool, pool_size=3',
  'poolclass=AsyncAdaptedQueuePool, pool_size=3, max_overflow=1',
] as const;

const flask = (...settings: readonly string[]) => [
  'from flask import Flask',
  'from flask_sqlalchemy import SQLAlchemy',
  'app = Flask("app")',
  ...settings,
  'db = SQLAlchemy(app)',
];

const psycopg = (given: string, kind = 'ConnectionPool') => [
  `from psycopg_pool import ${kind}`,
  `pool = ${kind}("host=db dbname=app", open=False, ${given})`,
];

const connector = (given: string) => [
  'from mysql.connector.pooling import MySQLConnectionPool',
  `pool = MySQLConnectionPool(${given})`,
];

const asyncpg = (given: string) => ['import asyncpg', `pool = asyncpg.create_pool("postgresql://u:p@db/app"${given})`];

const aiomysql = (given: string) => ['import aiomysql', `pool = aiomysql.create_pool(${given})`];

const dbutils = (given: string) => [
  'import pymysql',
  'from dbutils.pooled_db import PooledDB',
  `pool = PooledDB(${given})`,
];

const httpx = (given: string) => ['import httpx', `client = httpx.Client(${given})`];

const django = (options: string) => [
  `DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "app", "HOST": "db", "OPTIONS": ${options}}}`,
];

/** Hand-written modules by what they show. */
const modules: Readonly<Record<string, readonly string[]>> = {
  'options of a dict': [
    ...engineImports,
    'options = {"pool_size": 12, "max_overflow": 4}',
    'engine = create_engine("postgresql://db/app", pool_pre_ping=True, **options)',
  ],
  'a size from a mapping of texts is a text': [
    ...engineImports,
    'settings = {"size": "12"}',
    'engine = create_engine("postgresql://db/app", pool_size=settings["size"])',
  ],
  'a size made a number': [
    ...engineImports,
    'engine = create_engine("postgresql://db/app", pool_size=int("12"), max_overflow=int(2.9))',
  ],
  'a fraction of a size': [...engineImports, 'engine = create_engine("postgresql://db/app", pool_size=10 // 4)'],
  'a negative size': [...engineImports, 'engine = create_engine("postgresql://db/app", pool_size=-1)'],
  'an overflow below -1': [...engineImports, 'engine = create_engine("postgresql://db/app", max_overflow=-5)'],
  'pool settings in the query of a URL': [
    ...engineImports,
    'engine = create_engine("postgresql://db/app?pool_size=50&max_overflow=9")',
  ],
  'a plain driver in an async engine': [
    ...engineImports,
    'engine = create_async_engine("postgresql://db/app", pool_size=3)',
  ],
  'psycopg2 named in an async engine': [
    ...engineImports,
    'engine = create_async_engine("postgresql+psycopg2://db/app")',
  ],
  'psycopg 3 in an async engine': [
    ...engineImports,
    'engine = create_async_engine("postgresql+psycopg://db/app", pool_size=3)',
  ],
  'psycopg 3 in a plain engine': [
    ...engineImports,
    'engine = create_engine("postgresql+psycopg://db/app", pool_size=3)',
  ],
  'an asynchronous driver in a plain engine': [
    ...engineImports,
    'engine = create_engine("mysql+aiomysql://db/app", pool_size=3)',
  ],
  'PyMySQL in an async engine': [...engineImports, 'engine = create_async_engine("mysql+pymysql://db/app")'],
  'aiomysql in an async engine': [
    ...engineImports,
    'engine = create_async_engine("mysql+aiomysql://db/app", max_overflow=0)',
  ],
  'SQLite in an async engine': [...engineImports, 'engine = create_async_engine("sqlite:///app.db")'],
  'SQLite with mode=memory': [
    ...engineImports,
    'engine = create_engine("sqlite:///file:app?mode=memory&uri=true", max_overflow=3)',
  ],
  'SQLite named :memory:': [...engineImports, 'engine = create_engine("sqlite:///:memory:", pool_size=3)'],
  'a pool object leaves no pool arguments': [
    ...engineImports,
    'engine = create_engine("sqlite:///app.db", pool=NullPool(lambda: None), pool_size=3)',
  ],
  'other arguments of an engine': [
    ...engineImports,
    'engine = create_engine("postgresql://db/app", echo=True, echo_pool="debug", future=True, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5}, json_serializer=str, query_cache_size=100, execution_options={}, hide_parameters=True, pool_logging_name="main")',
  ],
  engine_from_config: [
    ...engineImports,
    'engine = engine_from_config({"sqlalchemy.url": "postgresql://db/app", "sqlalchemy.pool_size": "8", "sqlalchemy.max_overflow": "2", "sqlalchemy.pool_timeout": "7", "sqlalchemy.pool_recycle": "600"})',
  ],
  'engine_from_config with a prefix': [
    ...engineImports,
    'engine = engine_from_config({"db.url": "postgresql://db/app", "db.pool_size": 8, "sqlalchemy.pool_size": 9}, prefix="db.")',
  ],
  'engine_from_config with a size that is no number': [
    ...engineImports,
    'engine = engine_from_config({"sqlalchemy.url": "postgresql://db/app", "sqlalchemy.pool_size": "many"})',
  ],
  'engine_from_config with an argument that nobody takes': [
    ...engineImports,
    'engine = engine_from_config({"sqlalchemy.url": "postgresql://db/app", "sqlalchemy.max_size": "8"})',
  ],
  'engine_from_config with keywords': [
    ...engineImports,
    'engine = engine_from_config({"sqlalchemy.url": "postgresql://db/app", "sqlalchemy.pool_size": "8"}, pool_size=4, pool_pre_ping=True)',
  ],
  async_engine_from_config: [
    ...engineImports,
    'engine = async_engine_from_config({"sqlalchemy.url": "postgresql+asyncpg://db/app", "sqlalchemy.pool_size": "8"})',
  ],
  'async_engine_from_config with a class for plain engines': [
    ...engineImports,
    'engine = async_engine_from_config({"sqlalchemy.url": "postgresql+asyncpg://db/app"}, poolclass=QueuePool)',
  ],

  'Flask-SQLAlchemy: defaults for PostgreSQL': flask('app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://db/app"'),
  'Flask-SQLAlchemy: defaults for MySQL': flask('app.config["SQLALCHEMY_DATABASE_URI"] = "mysql+pymysql://db/app"'),
  'Flask-SQLAlchemy: engine options': flask(
    'app.config["SQLALCHEMY_DATABASE_URI"] = "mysql+pymysql://db/app"',
    'app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 7, "max_overflow": 1, "pool_recycle": 300}',
  ),
  'Flask-SQLAlchemy: settings that 3.0 removed': flask(
    'app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://db/app"',
    'app.config["SQLALCHEMY_POOL_SIZE"] = 50',
    'app.config["SQLALCHEMY_MAX_OVERFLOW"] = 50',
  ),
  'Flask-SQLAlchemy: NullPool with a size': flask(
    'from sqlalchemy.pool import NullPool',
    'app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://db/app"',
    'app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"poolclass": NullPool, "pool_size": 7}',
  ),
  'Flask-SQLAlchemy: SQLite in memory gets a static pool': flask('app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"'),

  'mysql.connector: default': connector('host="db", user="u", password="p"'),
  'mysql.connector: largest': connector('pool_size=32, host="db"'),
  'mysql.connector: above the largest': connector('pool_size=33, host="db"'),
  'mysql.connector: zero': connector('pool_size=0, host="db"'),
  'mysql.connector: negative': connector('pool_name="p", pool_size=-3, host="db"'),
  'mysql.connector: a text': connector('pool_size="10", host="db"'),
  'mysql.connector: by position': connector('12, "p", True, host="db"'),
  'mysql.connector: by position, too large': connector('64, "p", host="db"'),
  'mysql.connector: connect with a pool': [
    'import mysql.connector',
    'from mysql.connector.pooling import MySQLConnectionPool',
    'options = {"pool_size": 40, "pool_name": "p"}',
    'pool = MySQLConnectionPool(host="db", **options)',
  ],

  'psycopg_pool: default': psycopg(''),
  'psycopg_pool: minimum only': psycopg('min_size=9'),
  'psycopg_pool: maximum below the default minimum': psycopg('max_size=3'),
  'psycopg_pool: maximum': psycopg('max_size=30, timeout=5, max_lifetime=600'),
  'psycopg_pool: no maximum': psycopg('min_size=2, max_size=None'),
  'psycopg_pool: maximum below the minimum': psycopg('min_size=10, max_size=5'),
  'psycopg_pool: equal': psycopg('min_size=5, max_size=5'),
  'psycopg_pool: negative': psycopg('min_size=-1'),
  'psycopg_pool: both zero': psycopg('min_size=0, max_size=0'),
  'psycopg_pool: zero minimum alone': psycopg('min_size=0'),
  'psycopg_pool: zero minimum': psycopg('min_size=0, max_size=8'),
  'psycopg_pool: text': psycopg('min_size="2"'),
  'psycopg_pool: an argument of asyncpg': psycopg('max_queries=10'),
  'psycopg_pool: a size by SQLAlchemy’s name': psycopg('pool_size=10'),
  'psycopg_pool: no worker threads': psycopg('num_workers=0'),
  'psycopg_pool: asynchronous': psycopg('min_size=2, max_size=12', 'AsyncConnectionPool'),
  'psycopg_pool: asynchronous, maximum below the minimum': psycopg('max_size=2', 'AsyncConnectionPool'),

  'asyncpg: default': asyncpg(''),
  'asyncpg: minimum above the default maximum': asyncpg(', min_size=20'),
  'asyncpg: maximum below the default minimum': asyncpg(', max_size=5'),
  'asyncpg: both': asyncpg(', min_size=1, max_size=5'),
  'asyncpg: maximum zero': asyncpg(', min_size=0, max_size=0'),
  'asyncpg: minimum zero': asyncpg(', min_size=0'),
  'asyncpg: negative minimum': asyncpg(', min_size=-1'),
  'asyncpg: minimum above the maximum': asyncpg(', min_size=6, max_size=5'),
  'asyncpg: a size by SQLAlchemy’s name': asyncpg(', pool_size=10'),

  'aiomysql: default': aiomysql('host="db"'),
  'aiomysql: sizes': aiomysql('minsize=2, maxsize=20, pool_recycle=60, host="db"'),
  'aiomysql: no maximum': aiomysql('minsize=5, maxsize=0, host="db"'),
  'aiomysql: minimum above the maximum': aiomysql('minsize=12, host="db"'),
  'aiomysql: maximum below the minimum': aiomysql('minsize=3, maxsize=2, host="db"'),
  'aiomysql: negative': aiomysql('minsize=-1, host="db"'),

  'Django: no pool': django('{}'),
  'Django: default pool': django('{"pool": True}'),
  'Django: an empty dict is no pool': django('{"pool": {}}'),
  'Django: sizes': django('{"sslmode": "require", "pool": {"min_size": 2, "max_size": 12, "timeout": 5}}'),
  'Django: minimum only': django('{"pool": {"min_size": 9}}'),
  'Django: maximum below the default minimum': django('{"pool": {"max_size": 3}}'),
  'Django: maximum below the minimum': django('{"pool": {"min_size": 10, "max_size": 5}}'),
  'Django: a size by SQLAlchemy’s name': django('{"pool": {"pool_size": 10}}'),
  'Django: a text': django('{"pool": {"min_size": "2"}}'),
  'Django: negative': django('{"pool": {"min_size": -1}}'),
  'Django: no worker threads': django('{"pool": {"num_workers": 0}}'),
  'Django: an argument that Django sets': django('{"pool": {"max_size": 12, "open": True}}'),
  'Django: a check of its own': django('{"pool": {"check": None}}'),
  'Django: lifetime and queue': django('{"pool": {"max_lifetime": 600, "max_waiting": 20, "name": "app"}}'),

  'DBUtils: default': dbutils('pymysql, host="db"'),
  'DBUtils: bound': dbutils('pymysql, maxconnections=20, mincached=2, host="db"'),
  'DBUtils: by position': dbutils('pymysql, 1, 3, 0, 9, True, host="db"'),
  'DBUtils: cached above the bound': dbutils('pymysql, maxconnections=3, maxcached=8, host="db"'),

  'redis-py: bound': ['import redis', 'pool = redis.ConnectionPool(host="redis", max_connections=20)'],
  'redis-py: client': ['import redis', 'client = redis.Redis(host="redis", max_connections=20)'],
  'redis-py: from_url': ['import redis', 'client = redis.from_url("redis://redis:6379/0", max_connections=12)'],
  'redis-py: default': ['import redis', 'client = redis.Redis(host="redis")'],
  'redis-py: default pool': ['import redis', 'pool = redis.ConnectionPool.from_url("redis://redis:6379/0")'],
  'redis-py: blocking default': ['import redis', 'pool = redis.BlockingConnectionPool(host="redis")'],
  'redis-py: blocking': ['import redis', 'pool = redis.BlockingConnectionPool(max_connections=7, timeout=2)'],
  'redis-py: zero means the default': ['import redis', 'pool = redis.ConnectionPool(max_connections=0)'],
  'redis-py: negative': ['import redis', 'pool = redis.ConnectionPool(max_connections=-1)'],
  'redis-py: text': ['import redis', 'pool = redis.ConnectionPool(max_connections="20")'],
  'redis-py: bound in the URL': [
    'import redis',
    'pool = redis.ConnectionPool.from_url("redis://redis/0?max_connections=9")',
  ],

  'httpx: default': httpx(''),
  'httpx: bound alone': httpx('limits=httpx.Limits(max_connections=50)'),
  'httpx: keep-alive alone': httpx('limits=httpx.Limits(max_keepalive_connections=5)'),
  'httpx: both': httpx('limits=httpx.Limits(max_connections=50, max_keepalive_connections=10), timeout=3'),
  'httpx: no bounds': httpx('limits=httpx.Limits(max_connections=None, max_keepalive_connections=None)'),
  'httpx: pool timeout': httpx('timeout=httpx.Timeout(10, pool=2)'),
  'httpx: no timeout': httpx('timeout=None'),
  'httpx: asynchronous': ['import httpx', 'client = httpx.AsyncClient(limits=httpx.Limits(max_connections=9))'],
};
