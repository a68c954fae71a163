import { describe, expect, it } from 'vitest';
import { applyPlan, planOfTexts, rowsOf, type Texts, warningsOf } from './planned-texts.ts';

const pools = /^(pool_size|max_connections)|overflow/;

/** 5 requests in flight, on two workers. */
const load =
  'load: { users: 15, thinkSeconds: 1, responseSeconds: 0.5 }\nhost: { cpus: 4, memory: 8GiB, shared: true }\n';

function inFrontOf(image: string, files: Texts, command: string): Texts {
  return {
    'headroom.yaml': load,
    'compose.yaml': `services:\n  web:\n    build: .\n  db:\n    image: ${image}\n`,
    Dockerfile: `FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD [${command}]\n`,
    ...files,
  };
}

const threads = '"gunicorn", "--workers", "3", "--threads", "3", "--bind", "0.0.0.0:8000", "app:app"';

describe('a pool that is larger than its threads can use', () => {
  it('stays where its library opens connections only when they are needed', () => {
    const texts = inFrontOf(
      'postgres:16',
      {
        'app.py':
          'from flask import Flask\nfrom sqlalchemy import create_engine\n\napp = Flask(__name__)\n' +
          'engine = create_engine("postgresql+psycopg://app@db/app", pool_size=10, max_overflow=20, pool_pre_ping=True)\n',
      },
      threads,
    );
    expect(rowsOf(texts, pools)).toEqual([]);
    const { plan } = planOfTexts(texts);
    expect(plan.recommended.poolSize).toMatchObject({ value: 10, source: expect.stringContaining('as it is') });
    expect(plan.planned.pool).toMatchObject({ size: 10, overflow: 20 });
  });

  it('shrinks where its library holds all of it open', () => {
    const texts = inFrontOf(
      'mysql:8.0',
      {
        'app.py':
          'from flask import Flask\nfrom mysql.connector.pooling import MySQLConnectionPool\n\napp = Flask(__name__)\n' +
          'pool = MySQLConnectionPool(pool_name="app", pool_size=20, host="db")\n',
      },
      threads,
    );
    expect(rowsOf(texts, pools)).toEqual(['app.py:5 pool_size of pool: 20 -> 3 | 3']);
    const { plan } = planOfTexts(texts);
    expect(plan.rows.find(({ setting }) => setting === 'pool_size')?.reason).toEqual({
      says: '{requests} at once can never use {capacity}, all of which are held open',
      with: expect.objectContaining({ requests: '3 requests', capacity: '20 connections' }),
    });
    expect(rowsOf(applyPlan(texts), pools)).toEqual([]);
  });
});

describe("a pool that AnyIO's 40 threads share", () => {
  const fastapi = () =>
    inFrontOf(
      'postgres:16',
      {
        'app.py': `from fastapi import FastAPI
from sqlalchemy import create_engine

app = FastAPI()
engine = create_engine("postgresql+psycopg://app@db/app", pool_pre_ping=True)


@app.get("/")
def home():
    with engine.connect() as connection:
        return connection.scalar("select 1")
`,
      },
      '"uvicorn", "--workers", "2", "--host", "0.0.0.0", "app:app"',
    );

  it('grows for the peak, and says that the load needs less', () => {
    const texts = fastapi();
    expect(rowsOf(texts, /pool/)).toEqual([
      'app.py:5 pool_size, max_overflow of engine: 5 + 10 = 15 (default) -> 20 + 20 = 40 | 20',
    ]);
    const { plan } = planOfTexts(texts);
    expect(plan.rows.find(({ setting }) => /pool/.test(setting))?.reason).toEqual({
      says: 'this load keeps about {busy} of {capacity} busy; at a peak {requests} share them: the others wait or fail',
      with: expect.objectContaining({ busy: 3, capacity: '15 connections', requests: '40 requests' }),
    });
    expect(warningsOf(texts).join()).toContain('pool-undersized');
    const after = applyPlan(texts);
    expect(warningsOf(after)).toEqual([]);
    expect(rowsOf(after, /./)).toEqual([]);
  });

  it('is left alone by coroutines, which the threads do not slow down', () => {
    const texts = fastapi();
    const app = `${texts['app.py']}`
      .replace('from sqlalchemy import create_engine', 'from sqlalchemy.ext.asyncio import create_async_engine')
      .replace('create_engine(', 'create_async_engine(')
      .replace('+psycopg', '+asyncpg');
    expect(rowsOf({ ...texts, 'app.py': app }, pools)).toEqual([]);
  });
});

describe("Django's own pool under ASGI", () => {
  const django = (options: string) =>
    inFrontOf(
      'postgres:16',
      {
        'headroom.yaml':
          'load: { users: 50, thinkSeconds: 1, responseSeconds: 0.5 }\nhost: { cpus: 4, memory: 8GiB, shared: true }\n',
        'manage.py': 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings")\n',
        'site/__init__.py': '',
        'site/asgi.py': `import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings")
application = get_asgi_application()
`,
        'site/settings.py': `DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "app",
        "HOST": "db",${options}
    }
}
`,
      },
      '"uvicorn", "--workers", "2", "--host", "0.0.0.0", "site.asgi:application"',
    );

  it('takes the requests that the load puts in flight', () => {
    const texts = django('\n        "OPTIONS": {"pool": True},');
    expect(rowsOf(texts, /max_size/)).toEqual(['site/settings.py:6 max_size of default: 4 (default) -> 9 | 9']);
    const after = applyPlan(texts);
    expect(after['site/settings.py']).toContain('{"pool": {"min_size": 4, "max_size": 9}}');
    expect(rowsOf(after, /./)).toEqual([]);
    expect(warningsOf(after)).toEqual([]);
  });

  it('is not switched on by a plan: without the package psycopg[pool] Django would not start', () => {
    expect(rowsOf(django(''), /max_size|OPTIONS|^pool/)).toEqual([]);
    expect(warningsOf(django('')).join()).toContain('OPTIONS.pool or PgBouncer');
  });
});
