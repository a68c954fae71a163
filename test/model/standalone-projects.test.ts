import { describe, expect, it } from 'vitest';
import { readWorkspace } from '../../src/model/read-workspace.ts';
import { createSession } from '../../src/model/session.ts';
import { workspaceOf } from './stack-fixture.ts';

const procfile = { Procfile: 'web: gunicorn app:app -w 3\nworker: celery -A app worker\n', 'app.py': '' };
const dockerfile = (command: string) => `FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ${command}\n`;
const compose = 'services:\n  app:\n    build: .\n  db:\n    image: postgres:17\n';

function projectsOf(texts: Readonly<Record<string, string>>): string[] {
  const { projects } = readWorkspace(workspaceOf(texts), createSession()).stack;
  return projects.map(
    ({ kind, services }) => `${kind}: ${services.map(({ name, role }) => `${name} ${role}`).join(', ')}`,
  );
}

describe('a Procfile beside a compose file', () => {
  it('is a project of its own where the compose file serves nothing', () => {
    expect(
      projectsOf({ 'compose.yaml': compose, Dockerfile: dockerfile('["flask", "run", "--debug"]'), ...procfile }),
    ).toEqual(['compose: app development, db database', 'script: web web, worker worker']);
  });

  it('is left alone where the compose file serves the application, or it starts no server itself', () => {
    const serving = { 'compose.yaml': compose, Dockerfile: dockerfile('["gunicorn", "app:app"]') };
    expect(projectsOf({ ...serving, ...procfile })).toEqual(['compose: app web, db database']);
    const idle = { ...procfile, Procfile: 'worker: celery -A app worker\n' };
    expect(projectsOf({ ...serving, Dockerfile: dockerfile('["flask", "run", "--debug"]'), ...idle })).toEqual([
      'compose: app development, db database',
    ]);
  });

  it('joins a compose file of stores', () => {
    expect(projectsOf({ 'compose.yaml': 'services:\n  db:\n    image: postgres:17\n', ...procfile })).toEqual([
      'compose: db database, web web, worker worker',
    ]);
  });
});

describe('the image that production runs', () => {
  const stages = (last: string) =>
    `FROM python:3.12-slim AS core\nWORKDIR /app\nCOPY . .\nFROM core AS development\nCMD ["flask", "run", "--debug"]\n${last}`;
  const developed = `services:\n  app:\n    build: {context: ., target: development}\n`;
  const production = 'FROM core AS production\nCMD ["gunicorn", "-w", "3", "app:app"]\n';

  it('is the last stage of a Dockerfile whose other stage developers run', () => {
    expect(projectsOf({ 'compose.yaml': developed, Dockerfile: stages(production) })).toEqual([
      'compose: app development',
      'image: app web',
    ]);
  });

  it('is the stage named for production where the last one is not', () => {
    const tests = 'FROM core AS tests\nCMD ["pytest"]\n';
    const Dockerfile = stages(`${production}${tests}`);
    const { projects } = readWorkspace(workspaceOf({ Dockerfile }), createSession()).stack;
    expect(projects.map(({ name, services }) => [name, services[0]?.build?.target])).toEqual([
      ['Dockerfile', 'production'],
    ]);
  });

  it('is not known where the last stage is made for tests', () => {
    expect(
      projectsOf({ 'compose.yaml': developed, Dockerfile: stages('FROM core AS tests\nCMD ["gunicorn", "a"]\n') }),
    ).toEqual(['compose: app development']);
  });

  it('is the command of the image where developers run another', () => {
    const compose = 'services:\n  app:\n    build: .\n    command: flask run --debug\n';
    expect(projectsOf({ 'compose.yaml': compose, Dockerfile: dockerfile('["gunicorn", "app:app"]') })).toEqual([
      'compose: app development',
      'image: app web',
    ]);
  });

  it('needs no project of its own where a compose file runs it, or serves production in another way', () => {
    const run = { 'compose.yaml': developed.replace('development', 'production'), Dockerfile: stages(production) };
    expect(projectsOf(run)).toEqual(['compose: app web']);
    const developers = 'services:\n  app:\n    build: .\n    command: flask run --debug\n';
    const other = { 'compose.prod.yaml': 'services:\n  api:\n    image: x\n    command: gunicorn a:b\n', 'a.py': '' };
    const image = { 'compose.yaml': developers, Dockerfile: dockerfile('["gunicorn", "app:app"]') };
    expect(projectsOf({ ...image, ...other })).toEqual(['compose: app development', 'compose: api web']);
  });
});
