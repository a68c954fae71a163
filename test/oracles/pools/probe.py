"""Builds pools with their real libraries and prints what the pool objects hold.

usage: probe.py < CASES      CASES: {"name": "text of a module that assigns `engine`, `pool`, `client`, `db` or `DATABASES`"}, as JSON
       probe.py --versions
No server is needed: drivers that are not pure Python are stood in for, and pools that connect at once connect to nothing.
"""

import asyncio
import importlib
import importlib.abc
import importlib.machinery
import json
import math
import os
import sys
import types
from importlib.metadata import version

STOOD_IN = ("psycopg2", "MySQLdb", "asyncmy", "oracledb", "pyodbc", "asyncpg.protocol", "asyncpg.pgproto")
LIBRARIES = (
    "SQLAlchemy", "Flask-SQLAlchemy", "mysql-connector-python", "psycopg-pool", "asyncpg", "aiomysql",
    "DBUtils", "redis", "httpx", "requests", "Django",
)

# Imported once, before a process is forked for each case.
IMPORTS = (
    "sqlalchemy.ext.asyncio", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.mysql", "sqlalchemy.dialects.sqlite",
    "flask_sqlalchemy", "mysql.connector.pooling", "psycopg_pool", "asyncpg", "aiomysql", "dbutils.pooled_db", "redis",
    "httpx", "requests",
)


def main() -> None:
    if sys.argv[1:] == ["--versions"]:
        print(", ".join(f"{name} {version(name)}" for name in LIBRARIES))
        return
    sys.meta_path.insert(0, StandIns())
    for library in IMPORTS:
        importlib.import_module(library)
    connect_to_nothing()
    print(json.dumps({name: in_a_process_of_its_own(text) for name, text in json.load(sys.stdin).items()}))


def in_a_process_of_its_own(text):
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        with os.fdopen(writable, "w") as answer:
            json.dump(answer_for(text), answer)
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable) as answer:
        found = json.load(answer)
    os.waitpid(child, 0)
    return found


def answer_for(text):
    names = {"__name__": "main"}
    try:
        exec(compile(text, "main.py", "exec"), names)
        return {"refused": False, "values": values_of(subject_of(names))}
    except ImportError:
        raise
    except Exception as error:
        return {"refused": True, "reason": f"{type(error).__name__}: {error}"[:200]}


def connect_to_nothing() -> None:
    """Lets the libraries that open connections with the pool keep their checks, but not dial."""
    import pymysql
    from aiomysql.pool import Pool
    from mysql.connector.pooling import MySQLConnectionPool

    async def opens_none(self, override_min):
        return None

    def opens_nothing(**settings):
        return types.SimpleNamespace(close=lambda: None, cursor=lambda: None, rollback=lambda: None, ping=lambda: None)

    Pool._fill_free_pool = opens_none
    pymysql.connect = opens_nothing
    MySQLConnectionPool.add_connection = lambda self, cnx=None: None
    asyncio.set_event_loop(asyncio.new_event_loop())


def subject_of(names):
    for name in ("engine", "pool", "client"):
        if name in names:
            return names[name]
    if "DATABASES" in names:
        return django_pool(names["DATABASES"])
    with names["app"].app_context():
        return names["db"].engine


def django_pool(databases):
    from django.conf import settings
    from django.db import connections

    settings.configure(DATABASES=databases)
    return connections["default"].pool


def values_of(subject):
    if subject is None:
        return {"pool": False}
    kind = type(subject).__module__.split(".")[0]
    if kind == "sqlalchemy":
        return engine_values(getattr(subject, "sync_engine", subject).pool)
    return {name: plain(value) for name, value in READERS[kind](subject).items()}


def engine_values(pool):
    from sqlalchemy.pool import AssertionPool, QueuePool, StaticPool

    common = {"recycle": plain(None if pool._recycle < 0 else pool._recycle), "prePing": pool._pre_ping}
    if isinstance(pool, (StaticPool, AssertionPool)):
        return {"pool": True, "size": 1, "overflow": 0, **common}
    if not isinstance(pool, QueuePool):
        return {"pool": False}
    pool._create_connection = lambda: object()
    pool._do_get()
    unlimited = pool._max_overflow < 0
    size = math.inf if pool.size() == 0 else pool.size()
    overflow = math.inf if unlimited else pool._max_overflow
    # SQLAlchemy 2 forces the overflow of a pool of size 0 to be unlimited: there is no bound to split.
    sizes = {"size": "unlimited"} if size == math.inf else {"size": plain(size), "overflow": plain(overflow)}
    return {"pool": True, **sizes, "timeout": plain(pool._timeout), **common}


def psycopg_values(pool):
    return {"size": pool.max_size, "eager": pool.min_size, "timeout": pool.timeout, "recycle": pool.max_lifetime}


def aiomysql_values(manager):
    async def make():
        return await manager

    pool = asyncio.get_event_loop().run_until_complete(make())
    recycle = None if pool._recycle < 0 else pool._recycle
    return {"size": pool.maxsize or math.inf, "eager": pool.minsize, "recycle": recycle}


def dbutils_values(pool):
    return {"size": pool._maxconnections or math.inf, "eager": len(pool._idle_cache)}


def redis_values(pool):
    pool = getattr(pool, "connection_pool", pool)
    return {"size": pool.max_connections if pool.max_connections < 2**31 else math.inf}


def httpx_values(client):
    pool = client._transport._pool
    most = math.inf if pool._max_connections >= sys.maxsize else pool._max_connections
    kept = None if pool._max_keepalive_connections >= min(sys.maxsize, most) else pool._max_keepalive_connections
    return {"size": most, "keepAlive": kept, "timeout": client.timeout.pool}


def requests_values(session):
    settings = session.get_adapter("https://example.org")
    return {"size": settings._pool_maxsize if settings._pool_block else math.inf, "keepAlive": settings._pool_maxsize}


READERS = {
    "mysql": lambda pool: {"size": pool.pool_size},
    "psycopg_pool": psycopg_values,
    "asyncpg": lambda pool: {"size": pool._maxsize, "eager": pool._minsize},
    "aiomysql": aiomysql_values,
    "dbutils": dbutils_values,
    "redis": redis_values,
    "httpx": httpx_values,
    "requests": requests_values,
}


def plain(value):
    return "unlimited" if value == math.inf else value


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Modules in place of the drivers that are compiled for another Python."""

    def find_spec(self, name, path=None, target=None):
        if name in STOOD_IN or name.startswith(tuple(f"{module}." for module in STOOD_IN)):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return StandIn(spec.name)

    def exec_module(self, module):
        pass


class StandIn(types.ModuleType):
    paramstyle = "pyformat"
    threadsafety = 1
    __version__ = version = "5.0.0"
    version_info = (5, 0, 0)

    def connect(self, *args, **kwargs):
        return types.SimpleNamespace(close=lambda: None, cursor=lambda: None, rollback=lambda: None)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.isupper():
            return 2
        value = StandIn(name) if name.islower() else type(name, (Exception,), {})
        setattr(self, name, value)
        return value

    def __call__(self, *args, **kwargs):
        return self


main()
