import { expect, it } from 'vitest';
import { settingsAt, subjectsAt } from '../../src/engine/settings-at.ts';
import { showSetting } from '../../src/engine/show-setting.ts';
import { readWorkspace } from '../../src/model/read-workspace.ts';
import { createSession } from '../../src/model/session.ts';
import { workspaceOf } from '../model/stack-fixture.ts';

const files = {
  'compose.yaml': `services:
  web:
    build: .
    env_file: web.env
    environment:
      WEB_CONCURRENCY: "3"
    mem_limit: 512m
`,
  'compose.override.yaml': 'services:\n  web:\n    mem_limit: 1g\n',
  'web.env': 'WEB_CONCURRENCY=2\n',
  Dockerfile: 'FROM python:3.13-slim\nENV WEB_CONCURRENCY=9\nCOPY . .\nCMD ["gunicorn", "--threads=4", "app:app"]\n',
  'gunicorn.conf.py': 'threads = 2\ntimeout = 60\n',
};

const { projects } = readWorkspace(workspaceOf(files), createSession()).stack;

/** What the hover says of the first occurrence of `text` in a file. */
function at(path: keyof typeof files, text: string): readonly string[] {
  const offset = files[path].indexOf(text) + text.length - 1;
  return settingsAt(projects, { path, offset }).map(
    ({ part, subject, setting }) => `${subject} ${setting.name} ${showSetting(setting)} ${part}`,
  );
}

it('tells the effective value of a setting from each place that has to do with it', () => {
  expect(at('compose.yaml', '"3')).toContain('web gunicorn workers 3 decides');
  expect(at('web.env', '=2')).toContain('web gunicorn workers 3 loses');
  expect(at('Dockerfile', 'ENV WEB_CONCURRENCY=9')).toContain('web gunicorn workers 3 loses');
  expect(at('Dockerfile', '=4')).toContain('web gunicorn threads 4 decides');
  expect(at('gunicorn.conf.py', 'threads = 2')).toContain('web gunicorn threads 4 loses');
  expect(at('gunicorn.conf.py', 'timeout = 60')).toContain('web gunicorn timeout 60 s decides');
  expect(at('compose.yaml', '512m')).toEqual(['web memory limit 1 GiB loses']);
  expect(at('compose.override.yaml', '1g')).toEqual(['web memory limit 1 GiB decides']);
});

it('says nothing of text that decides nothing, and names the service at its key', () => {
  expect(at('compose.yaml', 'build')).toEqual([]);
  const offset = files['compose.yaml'].indexOf('web') + 1;
  expect(subjectsAt(projects, { path: 'compose.yaml', offset }).map(({ name }) => name)).toEqual([]);
  const override = files['compose.override.yaml'].indexOf('web') + 1;
  expect(subjectsAt(projects, { path: 'compose.override.yaml', offset: override }).map(({ name }) => name)).toEqual([
    'web',
  ]);
});
