import { describe, expect, it } from 'vitest';
import { readWorkspace } from '../../src/model/read-workspace.ts';
import { createSession } from '../../src/model/session.ts';
import { whyNothingRuns } from '../../src/model/unknowns.ts';
import { workspaceOf } from './stack-fixture.ts';

function unknownsOf(texts: Readonly<Record<string, string>>): readonly string[] {
  const { stack } = readWorkspace(workspaceOf(texts), createSession());
  return stack.projects.flatMap((project) => project.unknowns.map(({ what, why }) => `${what}: ${why}`));
}

const compose = 'services:\n  web:\n    build: .\n';

describe('what is not in the workspace is named', () => {
  it('a Dockerfile', () => {
    expect(unknownsOf({ 'compose.yaml': compose })).toContain('web: the image: Dockerfile is not in the workspace');
  });

  it('a start script', () => {
    const texts = { 'compose.yaml': compose, Dockerfile: 'FROM python:3.12-slim\nCOPY . .\nCMD ["./start.sh"]\n' };
    expect(unknownsOf(texts)).toContain('web: what start.sh starts: start.sh is not in the workspace');
  });

  it('an application module and a settings module', () => {
    const unknowns = unknownsOf({
      'compose.yaml': `${compose}    environment:\n      DJANGO_SETTINGS_MODULE: shop.settings\n`,
      Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "shop.wsgi"]\n',
    });
    expect(unknowns).toContain('web: the code of gunicorn: shop.wsgi is not in the workspace');
    expect(unknowns).toContain('web: the settings of gunicorn: shop.settings is not in the workspace');
  });

  it('but not the attribute of a module that Celery is given', () => {
    const unknowns = unknownsOf({
      'compose.yaml': `${compose}    command: celery -A jobs.tasks.app worker -c 2\n`,
      Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n',
      'jobs/__init__.py': '',
      'jobs/tasks.py': 'from celery import Celery\napp = Celery()\n',
    });
    expect(unknowns.filter((note) => note.includes('not in the workspace'))).toEqual([]);
  });

  it('but nothing is said of what is there', () => {
    const unknowns = unknownsOf({
      'compose.yaml': compose,
      Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["./start.sh"]\n',
      'start.sh': '#!/bin/sh\nexec gunicorn shop.wsgi\n',
      'shop/wsgi.py': 'application = None\n',
      'shop/__init__.py': '',
    });
    expect(unknowns.filter((note) => note.includes('not in the workspace'))).toEqual([]);
  });
});

it('says why no process of a service is known', () => {
  const compose = `services:
  api: {image: "shop/api:2"}
  tagged: {image: "shop/api:\${TAG}"}
  built: {build: .}
  run: {image: "shop/api:2", command: gunicorn a:b}
  db: {image: "postgres:17"}
`;
  const texts = { 'compose.yaml': compose, Dockerfile: 'FROM shop/base:1\nCOPY . .\n' };
  const [project] = readWorkspace(workspaceOf(texts), createSession()).stack.projects;
  expect(project?.services.map(whyNothingRuns)).toEqual([
    'the image shop/api:2 is not built in this workspace',
    expect.stringMatching(/^the image's name: .*TAG/),
    'Dockerfile names no command, and the image shop/base:1 is not built in this workspace',
    undefined,
    undefined,
  ]);
});

it("does not call Django's connections unknown where each thread has its own", () => {
  const texts = (options: string) => ({
    'compose.yaml': 'services:\n  web:\n    build: .\n    environment: {DJANGO_SETTINGS_MODULE: settings}\n',
    Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "wsgi"]\n',
    'wsgi.py': '',
    'settings.py': `import shop\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'db'${options}}}\n`,
  });
  const pools = (options: string) =>
    unknownsOf(texts(options)).filter((note) => note.includes('size of the django pool'));
  expect(pools('')).toEqual([]);
  expect(pools(", 'OPTIONS': shop.options()")).toHaveLength(1);
});
