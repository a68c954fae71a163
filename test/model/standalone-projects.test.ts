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
