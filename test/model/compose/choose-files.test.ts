import { describe, expect, it } from 'vitest';
import { readWorkspace } from '../../../src/model/read-workspace.ts';
import { createSession } from '../../../src/model/session.ts';
import { workspaceOf } from '../stack-fixture.ts';
import { projectsOf } from './compose-workspace.ts';

const base = 'services:\n  web: {image: x}\n';
const overlay = (command: string) => `services:\n  web: {command: ${command}}\n`;
const texts = { 'compose.yaml': base, 'compose.dev.yml': overlay('dev'), 'compose.prod.yml': overlay('prod') };

function namesOf(files: Readonly<Record<string, string>>): readonly string[] {
  return projectsOf(files).map(({ name }) => name);
}

describe('several compose files in one workspace', () => {
  it('form projects of their own', () => {
    expect(projectsOf(texts).map(({ services }) => services[0]?.command?.words[0]?.text)).toEqual([
      undefined,
      'dev',
      'prod',
    ]);
  });

  it.each([
    ['Makefile', 'up:\n\tdocker compose -f compose.yaml -f compose.prod.yml -f compose.tls.yml up -d\n'],
    [
      'deploy/run.sh',
      'docker-compose -p shop --file=compose.yaml \\\n  --file compose.prod.yml -f compose.tls.yml up\n',
    ],
    [
      '.github/workflows/ci.yml',
      'jobs:\n  a: {run: "docker compose -f compose.yaml -f compose.prod.yml -f compose.tls.yml pull"}\n',
    ],
    ['README.md', 'Run `docker compose -f compose.yaml -f compose.prod.yml -f compose.tls.yml up`.\n'],
  ])('are joined as %s names them', (path, text) => {
    expect(namesOf({ ...texts, 'compose.tls.yml': overlay('tls'), [path]: text })).toEqual([
      'shop',
      'shop (compose.yaml + compose.dev.yml)',
      'shop (compose.yaml + compose.prod.yml + compose.tls.yml)',
    ]);
  });

  it('are no project of their own where a command adds them to another', () => {
    const ec2 = '# docker compose -f compose.yaml -f compose.ec2.yml up -d\nservices:\n  proxy: {image: caddy}\n';
    const alone = 'logs:\n\tdocker compose -f compose.ec2.yml logs\n';
    const files = { 'compose.yaml': base, 'compose.ec2.yml': ec2 };
    expect(namesOf(files)).toEqual(['shop', 'shop (compose.yaml + compose.ec2.yml)']);
    expect(namesOf({ ...files, Makefile: alone })).toContain('shop (compose.ec2.yml)');
  });

  it('are not joined by commands whose files are not there or come from variables', () => {
    const text =
      'a:\n\tdocker compose -f compose.yaml -f none.yml up\n\tdocker compose -f compose.yaml -f $(STAGE).yml up\n';
    expect(namesOf({ 'compose.yaml': base, Makefile: text })).toEqual(['shop']);
  });

  it('gives an overlay without its base no project', () => {
    expect(namesOf({ 'docker-compose.ec2.yml': 'services:\n  web: {restart: always, mem_limit: 1g}\n' })).toEqual([]);
  });
});

describe('a chosen combination', () => {
  const read = (composeFiles: readonly string[], files: Readonly<Record<string, string>> = texts) =>
    readWorkspace(workspaceOf(files), createSession(), { composeFiles });

  it('is the only compose project', () => {
    const { stack, composeProjects } = read(['compose.yaml', 'compose.dev.yml', 'compose.prod.yml']);
    expect(stack.projects.map(({ name }) => name)).toEqual([
      'workspace (compose.yaml + compose.dev.yml + compose.prod.yml)',
    ]);
    expect(composeProjects.map(({ files }) => files)).toEqual([
      ['compose.yaml'],
      ['compose.yaml', 'compose.dev.yml'],
      ['compose.yaml', 'compose.prod.yml'],
    ]);
  });

  it('leaves no image behind that only another project builds', () => {
    const files = {
      'compose.yaml': base,
      'other.compose.yaml': 'services:\n  api: {build: .}\n',
      Dockerfile: 'FROM python:3.13\nCMD ["gunicorn", "app:app"]\n',
    };
    expect(read(['compose.yaml'], files).stack.projects.map(({ kind }) => kind)).toEqual(['compose']);
  });

  it('gives nothing when a file is not there', () => {
    expect(read(['compose.yaml', 'none.yml']).stack.projects).toEqual([]);
  });
});
