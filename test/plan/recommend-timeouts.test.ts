import { describe, expect, it } from 'vitest';
import { applyPlan, planOfTexts, rowsOf, type Texts, warningsOf } from './planned-texts.ts';

const timeouts = /timeout|stop|grace/;

/** A light load: two sync workers carry it, so the plan leaves them sync. */
const light =
  'load: { users: 2, thinkSeconds: 10, responseSeconds: 0.1 }\nhost: { cpus: 4, memory: 8GiB, shared: true }\n';

function behindNginx(command: string, location = ''): Texts {
  return {
    'headroom.yaml': light,
    'compose.prod.yaml': `services:
  proxy:
    image: nginx:1.27
    volumes:
      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
    deploy:
      resources:
        limits:
          memory: 256M
  web:
    build: .
    stop_grace_period: 40s
`,
    'nginx.conf': `server {
  listen 80;
  location / {
    proxy_pass http://web:8000;${location}
  }
}
`,
    Dockerfile: `FROM python:3.12-slim
WORKDIR /app
COPY . .
CMD ["gunicorn", ${command}"--workers", "2", "--bind", "0.0.0.0:8000", "app:app"]
`,
    'app.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
  };
}

describe('the proxy', () => {
  it('waits longer than sync workers work', () => {
    const texts = behindNginx('"--timeout", "120", ');
    expect(rowsOf(texts, timeouts)).toEqual([
      'nginx.conf:4 proxy_read_timeout of proxy /: 60 s (default) -> 125 s | 120 s + 5 s = 125 s',
    ]);
    const { plan } = planOfTexts(texts);
    expect(plan.today?.proxyTimeoutSeconds).toBe(60);
    expect(plan.planned.proxyTimeoutSeconds).toBe(125);
    const after = applyPlan(texts);
    expect(after['nginx.conf']).toContain('proxy_read_timeout 125s;');
    expect(rowsOf(after, timeouts)).toEqual([]);
    expect(warningsOf(texts).join()).toContain('timeout-exceeds-proxy');
    expect(warningsOf(after)).toEqual([]);
  });

  it('is changed where its time is written', () => {
    const texts = behindNginx('', '\n    proxy_read_timeout 10s;');
    expect(rowsOf(texts, timeouts)).toEqual([
      'nginx.conf:5 proxy_read_timeout of proxy /: 10 s -> 35 s | 30 s + 5 s = 35 s',
    ]);
    expect(rowsOf(applyPlan(texts), timeouts)).toEqual([]);
  });

  it('may be the less patient one where the worker time-out bounds no request', () => {
    expect(rowsOf(behindNginx('"--timeout", "120", "--threads", "4", '), timeouts)).toEqual([]);
    const heavy = { ...behindNginx('"--timeout", "120", '), 'headroom.yaml': light.replace('users: 2', 'users: 3000') };
    expect(rowsOf(heavy, timeouts)).toEqual([]);
  });

  it('suits workers that give up before it', () => {
    expect(rowsOf(behindNginx(''), timeouts)).toEqual([]);
  });
});

describe('a worker time-out of 0', () => {
  it('becomes one that the proxy leaves room for', () => {
    const texts = behindNginx('"--timeout", "0", ');
    expect(rowsOf(texts, timeouts)).toEqual(['Dockerfile:4 --timeout of web: 0 (never) -> 55 s | 60 s - 5 s = 55 s']);
    expect(planOfTexts(texts).plan.planned.workerTimeoutSeconds).toBe(55);
    expect(rowsOf(applyPlan(texts), timeouts)).toEqual([]);
  });

  it('is a choice for event loops and threads, which say that they are alive whatever a request does', () => {
    for (const kind of ['"--worker-class", "gevent", ', '"--threads", "8", ']) {
      const texts = behindNginx(`"--timeout", "0", ${kind}`);
      expect(rowsOf(texts, timeouts)).toEqual([]);
      expect(planOfTexts(texts).plan.planned.workerTimeoutSeconds).toBe(0);
    }
  });
});

describe('a pool of an event loop', () => {
  const pooled = (wait: number) => ({
    ...behindNginx('"--worker-class", "gevent", '),
    'app.py': `from flask import Flask
from sqlalchemy import create_engine

app = Flask(__name__)
engine = create_engine("postgresql+psycopg://app@db/app", pool_pre_ping=True, pool_timeout=${wait})
`,
  });

  it('gives up before the proxy does', () => {
    expect(rowsOf(pooled(90), timeouts)).toEqual([
      'app.py:5 pool timeout of engine: 90 s -> 20 s | min(90 s, 60 s x 0.333) = 20 s',
    ]);
    expect(rowsOf(applyPlan(pooled(90)), timeouts)).toEqual([]);
  });

  it('is left alone when it already does', () => {
    expect(rowsOf(pooled(30), timeouts)).toEqual([]);
  });
});

describe('the stop of a container', () => {
  const stopped = (service: string) => ({
    ...behindNginx('"--graceful-timeout", "90", '),
    'compose.prod.yaml': `services:\n  web:\n    build: .\n${service}`,
  });

  it('waits for the graceful time-out', () => {
    expect(rowsOf(stopped(''), timeouts)).toEqual([
      'compose.prod.yaml:3 stop_grace_period of web: 10 s (default) -> 95 s | 90 s + 5 s = 95 s',
    ]);
    expect(rowsOf(applyPlan(stopped('')), timeouts)).toEqual([]);
  });

  it('is quick where the signal asks for that', () => {
    expect(rowsOf(stopped('    stop_signal: SIGINT\n'), timeouts)).toEqual([]);
  });

  it("is a matter of the supervisor's period too, and of the longest of its programs", () => {
    const texts = {
      ...stopped(''),
      Dockerfile: `FROM python:3.12-slim
WORKDIR /app
COPY . .
CMD ["supervisord", "-n", "-c", "/app/supervisord.conf"]
`,
      'supervisord.conf': `[program:web]
command=gunicorn --workers 2 --bind 0.0.0.0:8000 app:app

[program:tasks]
command=celery -A tasks worker --concurrency 2 --time-limit 120
`,
      'tasks.py': 'from celery import Celery\n\napp = Celery("tasks", broker="redis://redis:6379/0")\n',
    };
    expect(rowsOf(texts, timeouts)).toEqual([
      'supervisord.conf:2 stopwaitsecs of web gunicorn: 10 s (default) -> 35 s | 30 s + 5 s = 35 s',
      'supervisord.conf:5 stopwaitsecs of web celery: 10 s (default) -> 125 s | 120 s + 5 s = 125 s',
      'compose.prod.yaml:3 stop_grace_period of web: 10 s (default) -> 125 s | 120 s + 5 s = 125 s',
    ]);
    expect(rowsOf(applyPlan(texts), timeouts)).toEqual([]);
  });
});
