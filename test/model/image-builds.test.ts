import { describe, expect, it } from 'vitest';
import { readWorkspace } from '../../src/model/read-workspace.ts';
import { createSession } from '../../src/model/session.ts';
import { knownValue } from '../../src/model/value.ts';
import { workspaceOf } from './stack-fixture.ts';

const Dockerfile =
  'FROM python:3.12-slim AS core\nWORKDIR /app\nCOPY . .\nFROM core AS development\nCMD ["flask", "run", "--debug"]\nFROM core AS production\nCMD ["gunicorn", "-w", "3", "app:app"]\n';
const compose = (image: string) => `services:\n  web: {image: "${image}"}\n  db: {image: "postgres:17"}\n`;

/** Workers and Dockerfile of the service `web` of the first project. */
function webOf(texts: Readonly<Record<string, string>>): readonly [number | undefined, string | undefined] {
  const { projects } = readWorkspace(workspaceOf(texts), createSession()).stack;
  const web = projects[0]?.services.find(({ name }) => name === 'web');
  const [process] = web?.processes ?? [];
  return [knownValue(process?.workers), web?.build?.dockerfile?.path];
}

describe('an image that a compose file only names', () => {
  const built = (image: string, target = '') =>
    `services:\n  web:\n    image: ${image}\n    build: {context: .${target === '' ? '' : `, target: ${target}`}}\n`;

  it('is what another compose file builds under the same name', () => {
    const other = { 'compose.build.yaml': built('shop/web:2', 'production'), Dockerfile };
    expect(webOf({ 'compose.yaml': compose('docker.io/shop/web:2'), ...other })).toEqual([3, 'Dockerfile']);
    expect(webOf({ 'compose.yaml': compose('shop/web:3'), ...other })).toEqual([undefined, undefined]);
  });

  it('is what production makes of the only Dockerfile of its repository, where its tag moves with the workspace', () => {
    const other = { 'compose.test.yaml': built('shop/web:test', 'development'), Dockerfile };
    expect(webOf({ 'compose.yaml': compose('shop/web'), ...other })).toEqual([3, 'Dockerfile']);
    const tagged = { 'compose.yaml': compose('shop/web:${TAG}'), '.env': 'TAG=7\n' };
    expect(webOf({ ...tagged, ...other })).toEqual([3, 'Dockerfile']);
    const second = { 'compose.other.yaml': built('shop/web:other').replace('context: .', 'context: other') };
    expect(webOf({ ...tagged, ...other, ...second, 'other/Dockerfile': Dockerfile })).toEqual([undefined, undefined]);
  });
});

it('is what an overlay builds that a script may add', () => {
  const start =
    '#!/bin/sh\nfiles="docker/base.yml"\nadd "docker/base.yml" "docker/test.yml"\ndocker compose -f $files up\n';
  const overlay = 'services:\n  web: {image: "shop/web:test", build: {context: .., dockerfile: Dockerfile}}\n';
  const base = { 'docker/base.yml': compose('shop/web:${TAG}'), 'docker/.env': 'TAG=7\n', Dockerfile };
  expect(webOf({ ...base, 'docker/test.yml': overlay, start: start.replace('-f $files', '"${files[@]}"') })).toEqual([
    3,
    'Dockerfile',
  ]);
});

describe('an image that a workflow builds', () => {
  const step = (inputs: string) => `      - uses: docker/build-push-action@v6\n        with:\n${inputs}`;
  const workflow = (steps: string) => ({
    '.github/workflows/publish.yml': `on: push\njobs:\n  publish:\n    steps:\n${steps}`,
    'docker/Dockerfile.prod': Dockerfile,
  });
  const file = '          file: ./docker/Dockerfile.prod\n';

  it('is told by its tag', () => {
    const built = workflow(step(`          context: .\n${file}          tags: shop/web:live\n`));
    expect(webOf({ 'compose.yaml': compose('shop/web:live'), ...built })).toEqual([3, 'docker/Dockerfile.prod']);
    expect(webOf({ 'compose.yaml': compose('shop/api:live'), ...built })).toEqual([undefined, undefined]);
  });

  it('is told by the description of the only image that the workflow builds', () => {
    const described =
      '      - uses: docker/metadata-action@v5\n        with:\n          images: |\n            shop/web\n';
    const one = step(`${file}          tags: \${{ steps.meta.outputs.tags }}\n`);
    expect(webOf({ 'compose.yaml': compose('shop/web'), ...workflow(described + one) })).toEqual([
      3,
      'docker/Dockerfile.prod',
    ]);
    expect(webOf({ 'compose.yaml': compose('shop/web'), ...workflow(described + one + one) })).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('is not told where an expression decides the Dockerfile', () => {
    const built = workflow(step('          file: ${{ matrix.file }}\n          tags: shop/web:live\n'));
    expect(webOf({ 'compose.yaml': compose('shop/web:live'), ...built })).toEqual([undefined, undefined]);
  });
});
