import { describe, expect, it } from 'vitest';
import type { CodeFacts } from '../../../src/model/code-facts.ts';
import { finish } from '../../../src/model/pausable.ts';
import { readCodeFacts } from '../../../src/model/python/code-facts.ts';
import { textAt } from '../../../src/text/span.ts';
import { openProgram } from './python-test-program.ts';

function factsOf(
  texts: string | Readonly<Record<string, string>>,
  setting: Parameters<typeof openProgram>[1] = {},
): CodeFacts {
  const files = typeof texts === 'string' ? { 'main.py': texts } : texts;
  const program = openProgram(files, setting);
  const sources = Object.keys(files).flatMap((path) => program.find(path) ?? []);
  return finish(readCodeFacts(program, sources));
}

describe('sessions', () => {
  const open = 'from sqlalchemy.orm import sessionmaker\nSessionLocal = sessionmaker()\n';

  it.each([
    ['def f():\n    db = SessionLocal()\n    db.query(1)\n    db.close()', 'success-path-only'],
    ['def f():\n    db = SessionLocal()\n    if db.get(1):\n        return None\n    db.close()', 'success-path-only'],
    ['def f():\n    db = SessionLocal()\n    db.query(1)', 'never'],
    ['def f():\n    db = SessionLocal()\n    try:\n        db.query(1)\n    finally:\n        db.close()', 'always'],
    ['def f():\n    db = SessionLocal()\n    try:\n        yield db\n    finally:\n        db.close()', 'always'],
    ['def f():\n    db = SessionLocal()\n    with db:\n        db.query(1)', 'always'],
    ['def f(stack):\n    db = SessionLocal()\n    stack.callback(db.close)\n    db.query(1)', 'always'],
    ['def f():\n    db = SessionLocal()\n    return db', 'unclear'],
    ['def f(self):\n    db = SessionLocal()\n    self.db = db', 'unclear'],
    ['def f():\n    db = SessionLocal()\n    use(db)', 'unclear'],
    ['def f():\n    db = SessionLocal()\n    use(db)\n    db.close()', 'success-path-only'],
    [
      'def f():\n    db = SessionLocal()\n    try:\n        db.query(1)\n    except Exception:\n        print(1)\n    db.close()',
      'unclear',
    ],
  ])('%s', (text, expected) => {
    expect(factsOf(open + text).sessions.map((session) => session.closed)).toEqual([expected]);
  });

  it('tells what a fix needs', () => {
    const text = `${open}def f():\n    db = SessionLocal()\n    if db.get(1):\n        return None\n    db.add(2)\n    db.close()`;
    const [session] = factsOf(text).sessions;
    expect([session?.variable, session?.functionName, session?.factory, session?.returnsBetween]).toEqual([
      'db',
      'f',
      'SessionLocal',
      true,
    ]);
    expect(session?.closeAt && textAt(session.closeAt)).toBe('db.close()');
    expect(session?.body && textAt(session.body).trim()).toMatch(/^if db.get[\s\S]*db.add\(2\)$/);
  });

  it('knows sessions of imported factories, engines and pools', () => {
    const facts = factsOf({
      'db.py':
        'from sqlalchemy import create_engine\nfrom mysql.connector import pooling\nengine = create_engine("mysql://db/x")\npool = pooling.MySQLConnectionPool()\n',
      'a.py':
        'from db import engine, pool\ndef f():\n    conn = engine.connect()\n    conn.close()\ndef g():\n    cnx = pool.get_connection()\n    cnx.close()',
    });
    expect(facts.sessions.map((session) => session.factory)).toEqual(['engine.connect', 'pool.get_connection']);
  });

  it('takes nothing else for a session', () => {
    const text = 'import requests\ndef f():\n    session = requests.Session()\n    session.get(1)';
    expect(factsOf(text).sessions).toEqual([]);
  });
});

describe('Redis', () => {
  it('sees keys without expiry', () => {
    const text = [
      'import redis',
      'r = redis.Redis(host="redis")',
      'def a(job_id, data):',
      '    r.set(f"job:{job_id}", data)',
      '    r.set(f"state:{job_id}", data, ex=60)',
      '    r.setex("lock:" + job_id, 5, data)',
      '    r.hset(f"task:{job_id}", mapping=data)',
      '    r.expire(f"task:{job_id}", 60)',
      '    r.set("version", 1)',
    ].join('\n');
    const { redisWrites } = factsOf(text);
    expect(redisWrites.map((write) => [write.method, write.keyPrefix, write.expires])).toEqual([
      ['set', 'job:', false],
      ['set', 'state:', true],
      ['setex', 'lock:', true],
      ['hset', 'task:', true],
    ]);
    const end = redisWrites[0]?.argumentsEnd?.start ?? 0;
    expect(text.slice(end - 4, end)).toBe('data');
  });

  it('sees lists that carry jobs, through classes too', () => {
    const text = [
      'import redis',
      'class Queue:',
      '    def __init__(self, url="redis://:secret@redis:6379/2"):',
      '        self.client = redis.from_url(url)',
      '    def push(self, job):',
      '        self.client.lpush("job_queue", job)',
      'queue = Queue()',
      'queue.push(1)',
    ].join('\n');
    const [use] = factsOf(text).queues;
    expect([use?.purpose, use?.says]).toEqual(['queue', 'Redis list job_queue']);
    expect(use?.address?.known && use.address.value).toEqual({ host: 'redis', port: 6379, database: 2 });
  });

  it('takes dict methods for nothing', () => {
    expect(factsOf('import redis\nd = {}\ndef f(x):\n    d.get("a")\n    x.set(f"a:{x}", 1)').redisWrites).toEqual([]);
  });

  it('sees a plain cache, and no cache where a write stays for ever', () => {
    const cache = 'import redis\nr = redis.Redis()\ndef f(k):\n    r.get(f"c:{k}")\n    r.set(f"c:{k}", 1, ex=5)';
    expect(factsOf(cache).queues.map((use) => use.purpose)).toEqual(['cache']);
    expect(factsOf(cache.replace(', ex=5', '')).queues).toEqual([]);
  });

  it('sees Celery brokers on Redis and leaves out others', () => {
    const celery = (url: string) =>
      `from celery import Celery\napp = Celery("x", broker="${url}", backend="redis://redis/1")`;
    expect(factsOf(celery('redis://redis:6379/0')).queues.map((use) => use.purpose)).toEqual(['broker', 'results']);
    expect(factsOf(celery('amqp://rabbit')).queues.map((use) => use.purpose)).toEqual(['results']);
  });

  it('sees broker and cache of Django settings', () => {
    const facts = factsOf(
      {
        'site/settings.py':
          "CELERY_BROKER_URL = 'redis://redis:6379/0'\nCACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://redis:6379/0'}}",
        'site/wsgi.py': 'from django.core.wsgi import get_wsgi_application',
      },
      { environment: { DJANGO_SETTINGS_MODULE: 'site.settings' } },
    );
    expect(facts.queues.map((use) => [use.purpose, use.address?.known])).toEqual([
      ['broker', true],
      ['cache', true],
    ]);
  });
});

describe('list views', () => {
  it('tells how each view pages', () => {
    const text = [
      'from rest_framework import generics, viewsets',
      'from rest_framework.pagination import PageNumberPagination',
      'class Pages(PageNumberPagination):',
      '    page_size = 50',
      'class A(viewsets.ModelViewSet):\n    queryset = 1',
      'class B(generics.ListAPIView):\n    queryset = 1\n    pagination_class = None',
      'class C(viewsets.ReadOnlyModelViewSet):\n    queryset = 1\n    pagination_class = Pages',
      'class D(generics.RetrieveAPIView):\n    queryset = 1',
      'class Base(viewsets.ModelViewSet):\n    pass',
      'class E(Base):\n    queryset = 1\n    def list(self, request):\n        return 1',
    ].join('\n');
    expect(factsOf(text).listViews.map((view) => [view.name, view.pagination])).toEqual([
      ['A', 'default'],
      ['B', 'off'],
      ['C', 'own'],
      ['E', 'unknown'],
    ]);
  });
});

describe('environment reads', () => {
  it.each([
    ['import os\nN = int(os.getenv("POOL", "5"))', ['POOL', 'int', [], false]],
    [
      'import os\nraw = os.getenv("WAIT", "5")\nN = None if raw.lower() == "none" else float(raw)',
      ['WAIT', 'float', ['none'], false],
    ],
    ['import os\nN = float(os.environ["RATE"])', ['RATE', 'float', [], false]],
    ['from decouple import config\nN = config("POOL", default=5, cast=int)', ['POOL', 'int', [], false]],
    ['env = 1\nN = env.int("POOL", 5)', ['POOL', 'int', [], false]],
    ['import os\ntry:\n    N = int(os.environ["POOL"])\nexcept ValueError:\n    N = 5', ['POOL', 'int', [], true]],
    [
      'import os\ndef f():\n    raw = os.getenv("POOL")\n    if raw.lower() in ("none", ""):\n        return None\n    return int(raw)',
      ['POOL', 'int', ['none', ''], false],
    ],
    [
      'import os\ndef read(name, default):\n    return int(os.environ.get(name, default))\nN = read("POOL", 5)',
      ['POOL', 'int', [], false],
    ],
    [
      'from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    pool_size: int = 5',
      ['POOL_SIZE', 'int', [], false],
    ],
  ])('%s', (text, expected) => {
    const reads = factsOf(text).environmentReads.map((read) => [read.name, read.cast, read.accepts, read.guarded]);
    expect(reads).toEqual([expected]);
  });
});

describe('frameworks', () => {
  it('sees who serves', () => {
    const text = 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/")\ndef index():\n    return 1';
    const facts = factsOf(text);
    expect([facts.framework, facts.syncEndpoints && textAt(facts.syncEndpoints)]).toEqual(['fastapi', 'index']);
    expect(factsOf(text.replace('def index', 'async def index')).syncEndpoints).toBeUndefined();
    expect(factsOf('from flask import Flask\napp = Flask(__name__)').framework).toBe('flask');
  });

  it('sees schedulers and Socket.IO', () => {
    const scheduler =
      'from apscheduler.schedulers.background import BackgroundScheduler\ns = BackgroundScheduler()\nscheduler = s\nscheduler.start()';
    expect(factsOf(scheduler).scheduler).toBeDefined();
    expect(factsOf('from flask_socketio import SocketIO\nsocketio = SocketIO()').socketIo).toBeDefined();
    expect(
      factsOf('from flask_socketio import SocketIO\nsocketio = SocketIO(message_queue="redis://")').socketIo,
    ).toBeUndefined();
  });
});
