import { expect, it } from 'vitest';
import { readDockerIgnore } from '../../../src/model/image/docker-ignore.ts';
import { openFiles } from '../../../src/model/workspace.ts';
import { workspaceOf } from '../stack-fixture.ts';

/** Which of the paths a build of `app` with these patterns leaves out. */
function leftOut(patterns: string, paths: readonly string[]): readonly string[] {
  const files = openFiles(workspaceOf({ 'app/.dockerignore': patterns, 'app/Dockerfile': 'FROM scratch\n' }));
  const isIgnored = readDockerIgnore(files, { context: 'app', dockerfile: 'app/Dockerfile' });
  return paths.filter((path) => isIgnored(`app/${path}`));
}

it('takes patterns from the root of the context, with folders below them', () => {
  expect(leftOut('.env\n', ['.env', 'sub/.env', '.env.example'])).toEqual(['.env']);
  expect(leftOut('**/.env*\n', ['.env', 'sub/.env.local', 'env'])).toEqual(['.env', 'sub/.env.local']);
  expect(leftOut('/tests/\n', ['tests/a.py', 'tests', 'src/tests/a.py'])).toEqual(['tests/a.py', 'tests']);
  expect(leftOut('*.md\n?.txt\n[ab].py', ['README.md', 'docs/x.md', 'a.txt', 'ab.txt', 'b.py', 'c.py'])).toEqual([
    'README.md',
    'a.txt',
    'b.py',
  ]);
});

it('lets the last pattern decide', () => {
  expect(leftOut('*\n!src\n', ['src/app.py', 'other/app.py'])).toEqual(['other/app.py']);
  expect(leftOut('# a comment\n\n!.env\n.env\n', ['.env'])).toEqual(['.env']);
});

it('prefers the file of the Dockerfile, and survives broken patterns', () => {
  const texts = { '.dockerignore': 'a\n', 'Dockerfile.dockerignore': 'b\n[\n!\n[z-a]\n', Dockerfile: '' };
  const isIgnored = readDockerIgnore(openFiles(workspaceOf(texts)), { context: '', dockerfile: 'Dockerfile' });
  expect(['a', 'b'].filter(isIgnored)).toEqual(['b']);
});
