import { expect, it } from 'vitest';
import { allowedReleases, isOlderThan } from '../../../src/model/python/dependency-release.ts';
import { openProgram } from './python-test-program.ts';

const releaseOf = (texts: Readonly<Record<string, string>>) => allowedReleases(openProgram(texts), 'Django');

it.each([
  ['Django==4.0.10', [4, 0], [4, 1]],
  ['django[argon2]==3.2.* ; python_version < "3.12"', [3, 2], [3, 3]],
  ['Django==4.*', [4, 0], [5, 0]],
  ['Django>=3.2,<4.1  # see #7', [3, 2], [4, 1]],
  ['Django<=4.0.9', undefined, [4, 1]],
  ['Django<4.1.3', undefined, [4, 2]],
  ['Django~=4.0', [4, 0], [5, 0]],
  ['Django ~= 4.0.3', [4, 0], [4, 1]],
  ['Django>=4.2,!=4.2.1', [4, 2], undefined],
  ['Django==4.2.16 --hash=sha256:0123', [4, 2], [4, 3]],
  ['Django', undefined, undefined],
  ['Django @ https://example.org/Django-3.2.tar.gz', undefined, undefined],
])('reads the requirement %s', (line, least, below) => {
  expect(releaseOf({ 'requirements.txt': `celery==5.4\ndjango-filter==24.3\n${line}\n` })).toEqual({ least, below });
});

it.each([
  ['a list on one line', 'pyproject.toml', 'dependencies = ["celery>=5", "Django>=3.2,<5", "redis"]', [3, 2], [5, 0]],
  ['a caret of Poetry', 'pyproject.toml', '[tool.poetry.dependencies]\ndjango = "^3.2"\n', [3, 2], [4, 0]],
  ['a table of Poetry', 'pyproject.toml', 'Django = { version = "~4.0", extras = ["bcrypt"] }\n', [4, 0], [4, 1]],
  ['a plain version of Poetry', 'pyproject.toml', 'django = "5.1.2"\n', [5, 1], [5, 2]],
  ['any version of Pipenv', 'Pipfile', 'django = "*"\n', undefined, undefined],
  ['a lock file', 'uv.lock', '[[package]]\nname = "django"\nversion = "5.2.1"\n', [5, 2], [5, 3]],
  ["Pipenv's lock file", 'Pipfile.lock', '{"django": {"hashes": [], "version": "==4.1.2"}}', [4, 1], [4, 2]],
])('reads %s', (_, path, text, least, below) => {
  expect(releaseOf({ [path]: text })).toEqual({ least, below });
});

it('lets what decides the release win over ranges, and widens where files differ', () => {
  const lock = '[[package]]\nname = "django"\nversion = "4.2.1"\n';
  expect(releaseOf({ 'pyproject.toml': 'dependencies = ["Django>=3.2"]', 'uv.lock': lock })).toEqual({
    least: [4, 2],
    below: [4, 3],
  });
  const markers = 'Django==3.2.25; python_version < "3.10"\nDjango==5.0.1; python_version >= "3.10"\n';
  expect(releaseOf({ 'requirements.txt': markers })).toEqual({ least: [3, 2], below: [5, 1] });
});

it('takes no evidence from packages of a similar name, classifiers and comments', () => {
  const text = '# Django==3.2\nClassifier: "Framework :: Django :: 3.2"\nxdjango==1.0\ndjango-redis==5.4\n';
  expect(releaseOf({ 'requirements.txt': text })).toBeUndefined();
});

it('calls a range older only where all of it is', () => {
  expect(isOlderThan({ least: [3, 2], below: [4, 1] }, [4, 1])).toBe(true);
  expect(isOlderThan({ least: [4, 1] }, [4, 1])).toBe(false);
  expect(isOlderThan({ least: [3, 2], below: [5, 0] }, [4, 1])).toBeUndefined();
  expect(isOlderThan(undefined, [4, 1])).toBeUndefined();
});
