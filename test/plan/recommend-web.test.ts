import { describe, expect, it } from 'vitest';
import { applyPlan, planOfTexts, rowsOf, type Texts } from './planned-texts.ts';

const web = /workers|threads/;

function stack(command: string, headroom = ''): Texts {
  return {
    ...(headroom !== '' && { 'headroom.yaml': headroom }),
    'compose.prod.yaml': 'services:\n  web:\n    build: .\n  db:\n    image: postgres:16\n',
    Dockerfile: `FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ${command}\n`,
    'app.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
  };
}

const gunicorn = (workers: number, threads: number) =>
  `["gunicorn", "--workers", "${workers}", "--threads", "${threads}", "--bind", "0.0.0.0:8000", "app:app"]`;

describe('workers that somebody wrote', () => {
  it('stay on a machine whose CPUs nobody stated, and get the threads that the load needs', () => {
    expect(rowsOf(stack(gunicorn(6, 5)), web)).toEqual([]);
    expect(rowsOf(stack(gunicorn(3, 2)), web)).toEqual([
      'Dockerfile:4 --threads of web: 2 -> 7 | 16.67 x 0.41, rounded up = 7',
    ]);
  });

  it('follow the CPUs once they are stated', () => {
    const four = 'host: { cpus: 4, memory: 8GiB, shared: true }\n';
    expect(rowsOf(stack(gunicorn(6, 4), four), /workers/)).toEqual([
      'Dockerfile:4 --workers of web: 6 -> 3 | max(2, 4 x 0.5 x 1.5) = 3',
    ]);
  });

  it('are raised for a machine that is assumed only where they cannot carry the load, and the row says so', () => {
    const many = 'load: { users: 400, thinkSeconds: 1, responseSeconds: 0.5 }\n';
    const texts = { ...stack(gunicorn(2, 2), many), 'compose.prod.yaml': 'services:\n  web:\n    build: .\n' };
    expect(rowsOf(texts, /workers/)).toEqual(['Dockerfile:4 --workers of web: 2 -> 9 | max(2, 2 x 4 + 1) = 9']);
    const { plan } = planOfTexts(texts);
    expect(plan.rows.find(({ setting }) => setting === '--workers')?.reason).toEqual({
      says: '{cpus} CPUs, which is an assumption, keep {processes} worker processes busy; the service runs {today}',
      with: { cpus: 4, processes: 9, today: 2 },
    });
    expect(rowsOf(applyPlan(texts), web)).toEqual([]);
  });

  it("stay where AnyIO's threads serve the load, as an event loop would", () => {
    const texts = {
      ...stack('["uvicorn", "--workers", "2", "--host", "0.0.0.0", "app:app"]', 'host: { cpus: 16, memory: 64GiB }\n'),
      'app.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\ndef home():\n    return {}\n',
    };
    expect(rowsOf(texts, web)).toEqual([]);
  });
});

it('shows a missing exec as the command with and without it', () => {
  const texts = {
    ...stack(''),
    'compose.prod.yaml': 'services:\n  web:\n    build: .\n  tasks:\n    build: .\n    command: ./tasks.sh\n',
    Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD gunicorn --workers 3 --threads 8 app:app && true\n',
    'tasks.sh': '#!/bin/sh\nsleep 1\ncelery -A app worker --concurrency 2\n',
  };
  const { plan } = planOfTexts(texts);
  expect(plan.rows.filter(({ setting }) => setting === 'exec')).toMatchObject([
    { subject: 'web', today: 'sh -c gunicorn', planned: 'exec gunicorn', reason: { says: /requests/ } },
    { subject: 'tasks', today: 'celery', planned: 'exec celery', reason: { says: /work/ } },
  ]);
});

it('says why a program stays one process', () => {
  const texts = {
    ...stack('["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]'),
    'app.py': `from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

app = Flask(__name__)
scheduler = BackgroundScheduler()
scheduler.start()
`,
  };
  const { plan } = planOfTexts(texts);
  expect(plan.rows.find(({ setting }) => setting === '--threads')?.reason).toEqual({
    says: '{inFlight} requests are in flight at once; {workers} x {threads} serve {slots}. It stays one process: {single}',
    with: expect.objectContaining({ workers: '1 worker', single: 'each would run its scheduler' }),
  });
});

it('says what a second process does to a cache that each keeps for itself', () => {
  const texts = {
    ...stack('["gunicorn", "--bind", "0.0.0.0:8000", "site.wsgi"]', 'host: { cpus: 4, memory: 8GiB, shared: true }\n'),
    'manage.py':
      'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings")\nfrom django.core.management import main\n',
    'site/__init__.py': '',
    'site/wsgi.py':
      'import os\n\nfrom django.core.wsgi import get_wsgi_application\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings")\napplication = get_wsgi_application()\n',
    'site/settings.py': 'SESSION_ENGINE = "django.contrib.sessions.backends.cache"\nALLOWED_HOSTS = ["*"]\n',
  };
  const reasonOf = (changed: Texts) =>
    planOfTexts(changed).plan.rows.find(({ setting }) => setting === '--workers')?.reason.says;
  expect(reasonOf(texts)).toMatch(/each will keep a Django cache of its own: share it first/);
  const settings = texts['site/settings.py'].replace('backends.cache', 'backends.db');
  expect(reasonOf({ ...texts, 'site/settings.py': settings })).not.toMatch(/cache/);
});
