import { describe, expect, it } from 'vitest';
import { readComposeProjects } from '../../../src/model/compose/read-compose-projects.ts';
import { finish } from '../../../src/model/pausable.ts';
import { createSession } from '../../../src/model/session.ts';
import { openFiles } from '../../../src/model/workspace.ts';
import { brokenOf, projectsOf } from './compose-workspace.ts';

const web = 'services:\n  web: {image: x}\n';
const overlay = 'services:\n  web: {command: prod}\n';

function plan(texts: Record<string, string>): readonly string[] {
  return projectsOf(texts).map(({ name, entry }) => `${name}: ${entry.map((file) => file.path).join(' + ')}`);
}

describe('finding projects', () => {
  it('takes the first default name and any override name', () => {
    expect(plan({ 'docker-compose.yml': web, 'compose.override.yaml': overlay })).toEqual([
      'shop: docker-compose.yml + compose.override.yaml',
    ]);
    expect(plan({ 'docker-compose.yml': web, 'compose.yml': web })[0]).toBe('shop: compose.yml');
  });

  it('keeps overlays, whole files and fragments apart', () => {
    expect(
      plan({
        'compose.yaml': web,
        'compose.override.yaml': overlay,
        'compose.prod.yaml': overlay,
        'compose.test.yaml': 'services:\n  t: {image: t}\n',
        'docker-compose.base.yml': 'x-base: &b {image: x}\n',
        'compose.unrelated.yaml': 'services:\n  other: {command: x}\n',
        'compose.monitoring.yaml': 'services:\n  prometheus: {image: p, depends_on: [web]}\n',
      }),
    ).toEqual([
      'shop: compose.yaml + compose.override.yaml',
      'shop (compose.test.yaml): compose.test.yaml',
      'shop (compose.yaml + compose.monitoring.yaml): compose.yaml + compose.monitoring.yaml',
      'shop (compose.yaml + compose.prod.yaml): compose.yaml + compose.prod.yaml',
    ]);
  });

  it('gives no project to a file that others include or extend', () => {
    expect(
      plan({
        'compose.yaml':
          'include: [compose.core.yml]\nservices:\n  web: {extends: {file: compose.common.yml, service: c}}\n',
        'compose.core.yml': 'services:\n  core: {image: x}\n',
        'compose.common.yml': 'services:\n  c: {image: x}\n',
      }),
    ).toEqual(['shop: compose.yaml']);
  });

  it('follows COMPOSE_FILE instead of the default names', () => {
    const texts = { 'docker-compose.yml': web, 'docker-compose.override.yml': overlay, 'docker/prod.yml': overlay };
    expect(plan({ ...texts, '.env': 'COMPOSE_FILE=docker-compose.yml:docker/prod.yml\n' })[0]).toBe(
      'shop: docker-compose.yml + docker/prod.yml',
    );
  });

  it('puts the root first and names projects of folders apart', () => {
    expect(plan({ 'b/docker/compose.yml': web, 'a/docker/compose.yml': web, 'compose.yaml': web })).toEqual([
      'shop: compose.yaml',
      'docker in a/docker: a/docker/compose.yml',
      'docker in b/docker: b/docker/compose.yml',
    ]);
  });

  it('takes names from the environment, then from the file', () => {
    expect(plan({ 'compose.yaml': `name: from-\${X:-file}\n${web}` })).toEqual(['from-file: compose.yaml']);
    expect(plan({ 'compose.yaml': `name: a\n${web}`, '.env': 'COMPOSE_PROJECT_NAME=b\n' })).toEqual([
      'b: compose.yaml',
    ]);
  });

  it('leaves templates and workflows alone', () => {
    expect(
      plan({
        'compose.yaml': 'services:\n  web:\n    image: {{ cookiecutter.image }}\n',
        '{{x}}/compose.yaml': web,
        '.github/workflows/compose.yml': web,
        'a/docker-compose.yml': 'services:\n  web: {image: "x:{{ tag }}"}\n',
        'b/docker-compose.yml': `services:\n  web: {image: x, labels: ["tag={{.Name}}"]}\n`,
      }),
    ).toEqual(['b: b/docker-compose.yml']);
  });

  it('takes files of any name that commands name', () => {
    const files = { 'docker/local.yml': 'x: 1\n', 'docker/base.yml': web, 'docker/live.yml': overlay };
    expect(plan({ ...files, Makefile: 'up:\n\tdocker compose -f docker/base.yml -f docker/live.yml up\n' })).toEqual([
      'docker (base.yml + live.yml): docker/base.yml + docker/live.yml',
    ]);
    expect(
      plan({ ...files, 'package.json': '{"scripts": {"up": "docker compose --file docker/base.yml up"}}\n' }),
    ).toEqual(['docker (base.yml): docker/base.yml']);
    expect(plan(files)).toEqual([]);
  });

  it('follows a variable that a script assigns once, and names relative to the folder that commands give', () => {
    const files = { 'docker/base.yml': web };
    const script = (assignments: string) => ({
      ...files,
      'up.sh': `${assignments}docker compose -f "$FILE" up\n`,
    });
    expect(plan(script('FILE=docker/base.yml\n'))).toEqual(['docker (base.yml): docker/base.yml']);
    expect(plan(script('FILE=docker/base.yml\nFILE=docker/other.yml\n'))).toEqual([]);
    const elsewhere = 'docker compose --project-directory . -f docker/base.yml up\n';
    expect(plan({ ...files, 'up.sh': elsewhere })).toEqual([]);
    expect(plan({ ...files, 'up.sh': elsewhere.replace('y .', 'y docker') })).toHaveLength(1);
  });

  it('takes the first whole file of a script that gathers its files while it runs', () => {
    const start =
      '#!/bin/sh\nfiles=("docker/default.yml" "docker/db.yml")\ndocker compose --project-directory docker "${files[@]}" up\n';
    const files = { 'docker/default.yml': web, 'docker/db.yml': 'services:\n  db: {image: d}\n' };
    expect(plan({ ...files, start })).toEqual(['docker (default.yml): docker/default.yml']);
    expect(plan({ ...files, start: start.replace('docker compose', 'echo') })).toEqual([]);
  });

  it('asks for files that are not loaded yet', () => {
    const paths = new Set(['compose.yaml', '.env', 'README.md']);
    const files = openFiles({ paths, texts: new Map(), skipped: new Map() });
    expect(finish(readComposeProjects({ files, session: createSession() }))).toEqual([]);
    expect([...files.wanted].sort()).toEqual(['.env', 'compose.yaml']);
  });
});

describe('files that Compose refuses', () => {
  it('make no project, neither alone nor as an override', () => {
    const broken = 'services:\n  web: {image: x\n  y: [\n';
    expect(plan({ 'compose.yaml': broken })).toEqual([]);
    expect(plan({ 'compose.yaml': web, 'compose.override.yml': broken })).toEqual([]);
    expect(brokenOf({ 'compose.yaml': web, 'compose.override.yml': broken })).toEqual([
      'compose.override.yml: it is not valid YAML',
    ]);
  });

  it('are told apart by what is wrong with them', () => {
    expect(brokenOf({ 'compose.yaml': 'services:\n  web: *nowhere\n' })).toEqual([
      'compose.yaml: it uses an anchor that is not defined',
    ]);
    expect(brokenOf({ 'compose.yaml': `${web}---\n${web}` })).toEqual([]);
    expect(brokenOf({ 'compose.yaml': 'services:\n  web: {image: x, ports: !reset []}\n' })).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['a list', '- a\n'],
    ['a scalar', 'hello'],
    ['services as a list', 'services: [a]\n'],
    ['services as text', 'services: a\n'],
    ['null services', 'services:\n  web:\n'],
    [
      'odd fields',
      'services:\n  web: {image: [x], command: {a: b}, ports: {a: b}, environment: 5, deploy: [x], build: [y]}\n',
    ],
    ['version one', 'web:\n  image: x\n'],
  ])('survives %s', (_, text) => {
    expect(() => projectsOf({ 'compose.yaml': text })).not.toThrow();
  });

  it('ends alias bombs', () => {
    const levels = Array.from(
      { length: 30 },
      (_, index) => `x${index + 1}: &x${index + 1} [*x${index}, *x${index}, *x${index}]`,
    );
    const maps = Array.from(
      { length: 30 },
      (_, index) => `m${index + 1}: &m${index + 1} {a: *m${index}, b: *m${index}}`,
    );
    const text = `x0: &x0 [a]\n${levels.join('\n')}\nm0: &m0 {a: b}\n${maps.join('\n')}\nservices:\n  web: {image: x, command: *x30, labels: *m30}\n`;
    expect(projectsOf({ 'compose.yaml': text })).toEqual([]);
  });

  it('ends cycles of extends, include and anchors with a reason', () => {
    const text = `include: [compose.yaml]\nservices:\n  a: {image: x, extends: b}\n  b: {image: x, extends: a}\nx-a: &a {b: *a}\n`;
    const [project] = projectsOf({ 'compose.yaml': text.replace('x-a: &a {b: *a}\n', '') });
    expect(project?.refusals.map(({ why }) => why)).toEqual(['it extends itself', 'it includes itself']);
    expect(brokenOf({ 'compose.yaml': text })).toEqual(['compose.yaml: it uses an anchor that is not defined']);
  });

  it('names what lies outside the workspace or elsewhere', () => {
    const [project] = projectsOf({
      'compose.yaml': `include: [../out.yaml, 'https://example.com/a.git']\nservices:\n  web: {extends: {file: /etc/base.yml, service: a}, env_file: ../out.env}\n`,
    });
    expect(project?.unknowns.map(({ what }) => what)).toEqual([
      'what web extends',
      'an include',
      'an include',
      'the environment of web',
    ]);
  });

  it('ends references that name each other', () => {
    const env = Array.from({ length: 300 }, (_, index) => `V${index + 1}=\${V${index}}\${V${index}}`).join('\n');
    const [project] = projectsOf({
      'compose.yaml': 'services:\n  web: {image: "${V300}"}\n',
      '.env': `V0=aaaa\nS=$S\n${env}\n`,
    });
    expect(project?.services[0]?.image).toMatchObject({ known: false, why: 'it holds too many references' });
  });

  it('leaves a file of ten megabytes alone', () => {
    expect(brokenOf({ 'compose.yaml': `${web}# ${'x'.repeat(10_000_000)}\n` })).toEqual([
      'compose.yaml: it is too large to be read',
    ]);
  });

  it('reads five thousand services', () => {
    const many = Array.from(
      { length: 5000 },
      (_, index) => `  s${index}:\n    image: x\n    environment: {A: "${index}"}\n    ports: ["80"]`,
    );
    expect(projectsOf({ 'compose.yaml': `services:\n${many.join('\n')}\n` })[0]?.services).toHaveLength(5000);
  });
});
