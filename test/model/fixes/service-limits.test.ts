import { describe, expect, test } from 'vitest';
import { joinEdits } from '../../../src/model/fix.ts';
import { removeServiceSetting } from '../../../src/model/fixes/remove-service-setting.ts';
import { limitForm, setServiceLimits } from '../../../src/model/fixes/service-limits.ts';
import { setServiceSetting } from '../../../src/model/fixes/set-service-setting.ts';
import { fixStack, projectOf, refuseStack, serviceIn } from './fix-fixture.ts';

const fix = (text: string, limits: Parameters<typeof setServiceLimits>[1], name = 'web') =>
  fixStack({ 'compose.yaml': text }, (project) => setServiceLimits(serviceIn(project, name), limits))['compose.yaml'];

const set = (text: string, path: readonly string[], value: string) =>
  fixStack({ 'compose.yaml': text }, (project) => setServiceSetting(serviceIn(project), path, value))['compose.yaml'];

const refuse = (text: string, path: readonly string[], value: string) =>
  refuseStack({ 'compose.yaml': text }, (project) => setServiceSetting(serviceIn(project), path, value));

const remove = (text: string, path: readonly string[]) =>
  fixStack({ 'compose.yaml': text }, (project) => removeServiceSetting(serviceIn(project), path))['compose.yaml'];

describe('limits', () => {
  test('go into deploy.resources of a service without limits, behind its head, comments and quotes kept', () => {
    const text = `# the shop
services:
  web:
    image: shop  # built by CI
    restart: "no"
    # only behind the proxy
    ports:
      - "8000:8000"

  db:
    image: postgres:16
`;
    expect(fix(text, { memory: '512M', cpus: '2', memoryReservation: '256M' })).toBe(`# the shop
services:
  web:
    image: shop  # built by CI
    restart: "no"
    deploy:
      resources:
        limits:
          cpus: "2"
          memory: 512M
        reservations:
          memory: 256M
    # only behind the proxy
    ports:
      - "8000:8000"

  db:
    image: postgres:16
`);
  });

  test('use the indentation of the file', () => {
    expect(fix('services:\n    web:\n        image: shop\n', { memory: '1G' })).toBe(
      'services:\n    web:\n        image: shop\n        deploy:\n            resources:\n                limits:\n                    memory: 1G\n',
    );
  });

  test('need no line break at the end of the file', () => {
    expect(fix('services:\n  web:\n    image: shop', { memory: '1G' })).toBe(
      'services:\n  web:\n    image: shop\n    deploy:\n      resources:\n        limits:\n          memory: 1G',
    );
  });

  test('extend a block that is there and replace what is set', () => {
    const text = `services:
  web:
    image: shop
    deploy:
      replicas: 2
      resources:
        limits:
          memory: '256M' # too small
      # restart_policy:
      #   condition: any
    ports: ['80:80']
`;
    expect(fix(text, { memory: '512M', cpus: '0.5' })).toBe(`services:
  web:
    image: shop
    deploy:
      replicas: 2
      resources:
        limits:
          memory: '512M' # too small
          cpus: '0.5'
      # restart_policy:
      #   condition: any
    ports: ['80:80']
`);
  });

  test('are written short beside short ones', () => {
    const text = 'services:\n  web:\n    image: shop\n    mem_limit: 256m\n    ports: ["80:80"]\n';
    expect(limitForm(serviceIn(projectOf({ 'compose.yaml': text })))).toBe('short');
    expect(fix(text, { memory: '512m', cpus: '2', memoryReservation: '128m' })).toBe(
      'services:\n  web:\n    image: shop\n    mem_limit: 512m\n    cpus: "2"\n    mem_reservation: 128m\n    ports: ["80:80"]\n',
    );
  });

  test('are written short where the rest of the file is', () => {
    const text = 'services:\n  web:\n    image: shop\n  db:\n    image: postgres\n    mem_limit: 1g\n';
    expect(fix(text, { memory: '512m' })).toContain('image: shop\n    mem_limit: 512m\n  db:');
  });

  test('of several services make one fix', () => {
    const text = 'services:\n  web:\n    image: shop\n  db:\n    image: postgres\n';
    const fixed = fixStack({ 'compose.yaml': text }, (project) =>
      joinEdits(project.services.map((service) => setServiceLimits(service, { memory: '1G' }))),
    )['compose.yaml'];
    expect(fixed?.match(/memory: 1G/g)).toHaveLength(2);
  });

  test('fit into flow mappings', () => {
    expect(fix('services:\n  web: { image: shop }\n', { memory: '1G', cpus: '2' })).toBe(
      "services:\n  web: { image: shop, deploy: {resources: {limits: {cpus: '2', memory: 1G}}} }\n",
    );
    expect(fix('services:\n  web:\n    image: shop\n    deploy: {}\n', { memory: '1G' })).toBe(
      'services:\n  web:\n    image: shop\n    deploy: {resources: {limits: {memory: 1G}}}\n',
    );
    expect(fix('{"services": {"web": {"image": "shop"}}}\n', { memory: '1G', cpus: '2' })).toBe(
      '{"services": {"web": {"image": "shop", "deploy": {"resources": {"limits": {"cpus": "2", "memory": "1G"}}}}}}\n',
    );
  });

  test('fill a key that has no value yet', () => {
    expect(fix('services:\n  web:\n    image: shop\n    deploy: # later\n    init: true\n', { memory: '1G' })).toBe(
      'services:\n  web:\n    image: shop\n    deploy: # later\n      resources:\n        limits:\n          memory: 1G\n    init: true\n',
    );
  });
});

describe('a setting', () => {
  const head = 'services:\n  web:\n    image: shop\n';

  test('replaces a scalar and keeps its quotes', () => {
    expect(set(`${head}    stop_grace_period: "10s" # short\n`, ['stop_grace_period'], '35s')).toBe(
      `${head}    stop_grace_period: "35s" # short\n`,
    );
  });

  test('goes behind a related key', () => {
    expect(set(`${head}    stop_signal: SIGINT\n    ports: ["80:80"]\n`, ['stop_grace_period'], '35s')).toBe(
      `${head}    stop_signal: SIGINT\n    stop_grace_period: 35s\n    ports: ["80:80"]\n`,
    );
  });

  test('hides a scalar that a merge key brings', () => {
    const text =
      'x-base: &base\n  init: false\nservices:\n  web:\n    <<: *base\n    image: shop\n  job:\n    <<: *base\n    image: job\n';
    expect(set(text, ['init'], 'true')).toContain('image: shop\n    init: true\n  job:');
  });

  test('is refused where an anchor shares the place', () => {
    const deploy = ['deploy', 'resources', 'limits', 'memory'];
    const merged = 'x-base: &base\n  deploy: {replicas: 2}\nservices:\n  web:\n    <<: *base\n    image: shop\n';
    expect(refuse(merged, deploy, '1G')).toMatch(/anchor base/);
    const alias = 'x-limits: &small {resources: {}}\nservices:\n  web:\n    image: shop\n    deploy: *small\n';
    expect(refuse(alias, deploy, '1G')).toMatch(/anchor small/);
    const body = 'services:\n  web: &web\n    image: shop\n  job:\n    <<: *web\n';
    expect(refuse(body, deploy, '1G')).toMatch(/anchor web/);
    const inner =
      'services:\n  web:\n    image: shop\n    deploy: &d\n      replicas: 2\n  job:\n    image: job\n    deploy: *d\n';
    expect(refuse(inner, deploy, '1G')).toMatch(/anchor d/);
  });

  test('is refused where the value is a variable or a block', () => {
    expect(refuse(`${head}    mem_limit: \${LIMIT:-512m}\n`, ['mem_limit'], '1g')).toMatch(/variable/);
    expect(refuse(`${head}    mem_limit: >-\n      512m\n`, ['mem_limit'], '1g')).toMatch(/block/);
    expect(refuse(`${head}    deploy: [1]\n`, ['deploy', 'replicas'], '2')).toMatch(/another form/);
  });

  test('does not slip into a block scalar that keeps its line breaks', () => {
    const text = `services:\n  web:\n    image: shop\n    command: |+\n      gunicorn app:app\n\n  db:\n    image: postgres\n`;
    expect(refuse(text, ['init'], 'true')).toMatch(/other parts/);
  });

  test('is refused for services without a compose file', () => {
    expect(
      refuseStack({ Dockerfile: 'FROM python\nCMD ["gunicorn", "app:app"]\n' }, (project) => {
        const [service] = project.services;
        return service ? setServiceSetting(service, ['init'], 'true') : { edits: [] };
      }),
    ).toMatch(/no compose file/);
  });
});

describe('removing a setting', () => {
  test('takes its line and the blocks that become empty', () => {
    const text = `services:
  web:
    image: shop
    mem_limit: 512m # old
    deploy:
      resources:
        limits:
          memory: 1G
    init: true
`;
    expect(remove(text, ['mem_limit'])).toBe(text.replace('    mem_limit: 512m # old\n', ''));
    expect(remove(text, ['deploy', 'resources', 'limits', 'memory'])).toBe(
      'services:\n  web:\n    image: shop\n    mem_limit: 512m # old\n    init: true\n',
    );
  });

  test('leaves the neighbours of a block and of a flow mapping', () => {
    const text =
      'services:\n  web:\n    image: shop\n    deploy:\n      resources: {limits: {memory: 1G, cpus: "2"}}\n      replicas: 2\n';
    expect(remove(text, ['deploy', 'resources', 'limits', 'memory'])).toContain('{limits: {cpus: "2"}}');
    expect(remove(text, ['deploy', 'resources', 'limits', 'cpus'])).toContain('{limits: {memory: 1G}}');
  });

  test('works on the last line of a file', () => {
    expect(remove('services:\n  web:\n    image: shop\n    mem_limit: 1g', ['mem_limit'])).toBe(
      'services:\n  web:\n    image: shop',
    );
  });

  test('changes nothing when the key is not there, and refuses shared ones', () => {
    const texts = { 'compose.yaml': 'services:\n  web:\n    image: shop\n' };
    expect(fixStack(texts, (project) => removeServiceSetting(serviceIn(project), ['init']))).toEqual({});
    const shared = 'x-d: &d {replicas: 2}\nservices:\n  web:\n    image: shop\n    deploy: *d\n';
    expect(
      refuseStack({ 'compose.yaml': shared }, (project) => removeServiceSetting(serviceIn(project), ['deploy'])),
    ).toMatch(/anchor/);
  });
});
