import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/model/read-workspace.ts';
import { createSession } from '../../src/model/session.ts';
import { workspaceOf } from './stack-fixture.ts';

function stageOf(mount: string): string | undefined {
  const texts = {
    'compose.yaml': `services:\n  web:\n    build: .\n    volumes: ["${mount}"]\n`,
    Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "app:app"]\n',
    'configuration/hooks.py': '',
    'src/app.py': '',
  };
  return readWorkspace(workspaceOf(texts), createSession()).stack.projects[0]?.stage.name;
}

it('takes a mounted source tree for development, and a mounted folder of settings for nothing', () => {
  expect(stageOf('./src:/app')).toBe('development');
  expect(stageOf('./configuration:/etc/app')).toBe('production');
});
