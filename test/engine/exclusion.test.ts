import { describe, expect, it } from 'vitest';
import { createExclusion } from '../../src/engine/exclusion.ts';

describe('without patterns', () => {
  const exclusion = createExclusion();

  it.each([
    'node_modules',
    'web/node_modules',
    '.git',
    '.venv',
    'venv311',
    'api/my_venv',
    'virtualenv',
    'lib/python3.13/site-packages',
    'a/__pycache__',
    '.tox',
    'vendor/bundle',
    'bower_components',
    'usr/dist-packages',
    'x.egg-info',
  ])('skips the folder %s', (path) => {
    expect(exclusion.skipsFolder(path)).toBe(true);
  });

  it.each(['', 'src', 'vendor', 'inventory', 'env', '.github', '.devcontainer', 'deploy', 'bundle'])(
    'keeps the folder "%s"',
    (path) => {
      expect(exclusion.skipsFolder(path)).toBe(false);
    },
  );

  it.each(['app.min.js', 'package-lock.json', 'a/poetry.lock', 'logo.png', 'x/node_modules/y/compose.yaml'])(
    'skips the file %s',
    (path) => {
      expect(exclusion.skipsFile(path)).toBe(true);
    },
  );

  it.each(['compose.yaml', '.env', '.env.prod', 'venv.py', 'Dockerfile', 'go.mod', 'package.json', 'nginx.conf'])(
    'keeps the file %s',
    (path) => {
      expect(exclusion.skipsFile(path)).toBe(false);
    },
  );
});

describe('with patterns', () => {
  const exclusion = createExclusion(['legacy/', '/build', '*.sample.yaml', 'docs/**', '!docs/keep.yaml', '[', '']);

  it('takes them as .gitignore does', () => {
    expect(exclusion.skipsFolder('legacy')).toBe(true);
    expect(exclusion.skipsFolder('a/legacy')).toBe(true);
    expect(exclusion.skipsFile('legacy/compose.yaml')).toBe(true);
    expect(exclusion.skipsFolder('build')).toBe(true);
    expect(exclusion.skipsFolder('a/build')).toBe(false);
    expect(exclusion.skipsFile('a/x.sample.yaml')).toBe(true);
    expect(exclusion.skipsFile('docs/compose.yaml')).toBe(true);
    expect(exclusion.skipsFile('docs/keep.yaml')).toBe(false);
    expect(exclusion.skipsFile('compose.yaml')).toBe(false);
  });

  it('does not trip over odd paths', () => {
    expect(exclusion.skipsFile('..data/compose.yaml')).toBe(false);
    expect(exclusion.skipsFile('a//b')).toBe(false);
  });
});
