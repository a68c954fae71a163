import { describe, expect, it } from 'vitest';
import { applyPlan, planOfTexts, rowsOf, type Texts, warningsOf } from './planned-texts.ts';

const connections = /connections|client_conn/;

function django(services: string, databases: string): Texts {
  return {
    'headroom.yaml': 'load: { users: 400, thinkSeconds: 1, responseSeconds: 0.1 }\nhost: { cpus: 2, memory: 8GiB }\n',
    'compose.prod.yaml': `services:\n  web:\n    build: .\n${services}`,
    Dockerfile: `FROM python:3.12-slim
WORKDIR /app
COPY . .
CMD ["gunicorn", "--workers", "5", "--threads", "16", "--bind", "0.0.0.0:8000", "config.wsgi:application"]
`,
    'config/wsgi.py': `import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
`,
    'config/settings.py': `ALLOWED_HOSTS = ["*"]\nDATABASES = {\n${databases}}\n`,
  };
}

const alias = (name: string, engine: string, host: string) =>
  `    "${name}": {"ENGINE": "django.db.backends.${engine}", "HOST": "${host}", "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True},\n`;

const budgetsOf = (texts: Texts) =>
  planOfTexts(texts).plan.connections.map(({ store, usable, alertAt, plannedUsable, parts }) => ({
    store,
    usable,
    alertAt,
    plannedUsable,
    parts: parts.map((part) => `${part.service} ${part.today} -> ${part.planned}`),
  }));

describe('several stores', () => {
  it('have a budget each, a primary and its replica', () => {
    const texts = django(
      '  primary:\n    image: postgres:16\n  replica:\n    image: postgres:16\n',
      alias('default', 'postgresql', 'primary') + alias('replica', 'postgresql', 'replica'),
    );
    expect(budgetsOf(texts)).toEqual([
      { store: 'primary', usable: 97, alertAt: 77, plannedUsable: 147, parts: ['web 80 -> 80'] },
      { store: 'replica', usable: 97, alertAt: 77, plannedUsable: 147, parts: ['web 80 -> 80'] },
    ]);
    expect(rowsOf(texts, connections)).toEqual([
      'compose.prod.yaml:5 max_connections of primary: 100 (default) -> 150 | (80 / 0.75 + 3), rounded up to 50 = 150',
      'compose.prod.yaml:7 max_connections of replica: 100 (default) -> 150 | (80 / 0.75 + 3), rounded up to 50 = 150',
    ]);
    const after = applyPlan(texts);
    expect(rowsOf(after, connections)).toEqual([]);
    expect(warningsOf(texts).join()).toContain('connections-near-database-limit');
    expect(warningsOf(after)).toEqual([]);
  });

  it('of two kinds keep their own limits, and those that nobody connects to have none', () => {
    const texts = django(
      '  mysql:\n    image: mysql:8.0\n  reports:\n    image: postgres:16\n  other:\n    image: postgres:16\n',
      alias('default', 'mysql', 'mysql') + alias('reports', 'postgresql', 'reports'),
    );
    expect(budgetsOf(texts)).toEqual([
      { store: 'mysql', usable: 151, alertAt: 120, plannedUsable: 151, parts: ['web 80 -> 80'] },
      { store: 'reports', usable: 97, alertAt: 77, plannedUsable: 147, parts: ['web 80 -> 80'] },
    ]);
  });

  it('outside the project have parts and no limit', () => {
    const texts = django('', alias('default', 'postgresql', 'db.example.com'));
    expect(budgetsOf(texts)).toEqual([
      {
        store: 'db.example.com',
        usable: undefined,
        alertAt: undefined,
        plannedUsable: undefined,
        parts: ['web 80 -> 80'],
      },
    ]);
    expect(rowsOf(texts, connections)).toEqual([]);
  });
});

describe('a pooler in front', () => {
  const pooled = (ini: string) => ({
    ...django(
      `  pgbouncer:
    image: edoburu/pgbouncer:v1.23.1-p2
    volumes:
      - ./pgbouncer.ini:/etc/pgbouncer/pgbouncer.ini:ro
  db:
    image: postgres:16
`,
      alias('default', 'postgresql', 'pgbouncer'),
    ),
    'pgbouncer.ini': ini,
  });

  it('takes the clients, and opens no more to the database than its pools hold', () => {
    const texts = pooled(
      '[databases]\napp = host=db dbname=app\n\n[pgbouncer]\npool_mode = transaction\nmax_client_conn = 90\n',
    );
    expect(budgetsOf(texts)).toEqual([
      { store: 'pgbouncer', usable: 90, alertAt: 72, plannedUsable: 150, parts: ['web 80 -> 80'] },
      { store: 'db', usable: 97, alertAt: 77, plannedUsable: 97, parts: ['pgbouncer 20 -> 20'] },
    ]);
    expect(rowsOf(texts, connections)).toEqual([
      'pgbouncer.ini:6 max_client_conn of pgbouncer: 90 -> 150 | (80 / 0.75 + 0), rounded up to 50 = 150',
    ]);
    expect(rowsOf(applyPlan(texts), connections)).toEqual([]);
  });

  it('counts every database of its file, each with its own size', () => {
    const ini = `[databases]
app = host=db dbname=app pool_size=30
jobs = host=db dbname=jobs
far = host=db.example.com dbname=far

[pgbouncer]
max_client_conn = 500
reserve_pool_size = 5
max_db_connections = 32
`;
    const [, database] = budgetsOf(pooled(ini));
    expect(database).toMatchObject({ store: 'db', parts: ['pgbouncer 57 -> 57'] });
  });
});

it('counts the workers and pools of the plan, and other programs as they are', () => {
  const texts: Texts = {
    'headroom.yaml':
      'load: { users: 50, thinkSeconds: 1, responseSeconds: 0.5 }\nhost: { cpus: 4, memory: 8GiB, shared: true }\n',
    'compose.prod.yaml': `services:
  web:
    build: .
  tasks:
    build: .
    command: celery -A tasks worker --concurrency 4
  db:
    image: mysql:8.0
`,
    Dockerfile:
      'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]\n',
    'app.py': `from flask import Flask
from mysql.connector.pooling import MySQLConnectionPool

app = Flask(__name__)
pool = MySQLConnectionPool(host="db", pool_size=5)
`,
    'tasks.py': `from celery import Celery
from sqlalchemy import create_engine

app = Celery("tasks", broker="redis://redis:6379/0")
engine = create_engine("mysql+mysqldb://app@db/app", pool_pre_ping=True)
`,
  };
  // mysql.connector opens its whole pool at once: 5 today, 6 in each of 3 processes with the plan.
  expect(budgetsOf(texts)).toEqual([
    { store: 'db', usable: 151, alertAt: 120, plannedUsable: 151, parts: ['web 5 -> 21', 'tasks 4 -> 4'] },
  ]);
});

describe('programs on the host', () => {
  const hosted = (services: string): Texts => ({
    'compose.yaml': `services:\n${services}`,
    Procfile: 'web: gunicorn --workers 3 --bind 127.0.0.1:8000 app:app\n',
    'requirements.txt': 'flask==3.1.0\nsqlalchemy==2.0.36\npsycopg==3.2.3\n',
    'app.py': `from flask import Flask
from sqlalchemy import create_engine

app = Flask(__name__)
engine = create_engine("postgresql+psycopg://app@127.0.0.1/app", pool_pre_ping=True)
`,
  });
  const store = (name: string, image: string, port: string) =>
    `  ${name}:\n    image: ${image}\n    ports:\n      - "127.0.0.1:${port}:5432"\n`;

  it('connect to the server that publishes its port', () => {
    const texts = hosted(store('db', 'postgres:16', '5432'));
    expect(budgetsOf(texts)).toMatchObject([{ store: 'db', usable: 97, parts: ['web 3 -> 21'] }]);
  });

  it('connect to nothing that is known where two servers do, or none does', () => {
    const two = hosted(store('db', 'postgres:16', '5432') + store('old', 'postgres:13', '5433'));
    expect(budgetsOf(two)).toEqual([]);
    expect(budgetsOf(hosted('  db:\n    image: postgres:16\n'))).toEqual([]);
  });
});
