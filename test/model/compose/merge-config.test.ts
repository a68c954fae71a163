import { describe, expect, it } from 'vitest';
import { environmentOf, place, serviceOf, tell, wordsOf } from './compose-workspace.ts';

function merged(base: string, override: string) {
  const file = (body: string) => `services:\n  web:\n${body.replace(/^/gm, '    ')}\n  db: {image: pg}\n`;
  return serviceOf({ 'compose.yaml': file(`image: x\n${base}`), 'docker-compose.override.yml': file(override) });
}

describe('merging a base with its override', () => {
  it('merges environments by key whatever their forms', () => {
    const service = merged('environment: [A=1, B=2]', 'environment: {B: 3, C: 010, D: true}');
    expect(environmentOf(service)).toEqual({ A: '1', B: '3', C: '8', D: 'true' });
    expect(place(service.environment.variables.get('B')?.at)).toBe('docker-compose.override.yml:3 3');
    expect(place(service.environment.variables.get('A')?.at)).toBe('compose.yaml:4 1');
  });

  it('replaces command and entrypoint, even by null', () => {
    const service = merged('command: old one\nentrypoint: /e', 'command: [new]\nentrypoint: null');
    expect(wordsOf(service)).toEqual(['new']);
    expect(service.entrypoint).toBeUndefined();
    expect(wordsOf(merged('command: old', 'command: []'))).toEqual([]);
  });

  it('joins ports, volumes by target, and dependencies', () => {
    const service = merged(
      'ports: ["80:80", "81:81"]\nvolumes: ["./a:/data", "./b:/b"]\ndepends_on: {db: {condition: service_healthy}}',
      'ports: ["0.0.0.0:80:80", "82:80"]\nvolumes: [{type: bind, source: ./c, target: /data}]\ndepends_on: [db]',
    );
    expect(service.ports.map(({ host, container }) => `${host}:${container}`)).toEqual(['80:80', '81:81', '82:80']);
    expect(service.mounts.map(({ source, target }) => `${source}:${target}`)).toEqual(['c:/data', 'b:/b']);
    expect(service.dependsOn).toEqual([{ service: 'db', condition: 'service_started' }]);
  });

  it('removes with !reset and replaces with !override', () => {
    const service = merged(
      'command: old\nports: ["80:80"]\nenvironment: {A: 1, B: 2}\ndeploy: {replicas: 2, resources: {limits: {memory: 1g}}}',
      'command: !reset null\nports: !override ["81:81"]\nenvironment: {A: !reset null}\ndeploy: {resources: {limits: !reset {}}}',
    );
    expect(service.command).toBeUndefined();
    expect(service.ports.map((port) => port.host)).toEqual([81]);
    expect(environmentOf(service)).toEqual({ B: '2' });
    expect(tell(service.limits.memoryBytes)).toBeNull();
    expect(tell(service.replicas)).toBe(2);
  });

  it('merges the documents of one file in order', () => {
    const texts = { 'compose.yaml': 'services:\n  web: {image: x, command: a}\n---\nservices:\n  web: {command: b}\n' };
    expect(wordsOf(serviceOf(texts))).toEqual(['b']);
  });

  it('merges build contexts with build settings', () => {
    const service = merged('build: ./app', 'build: {target: prod, args: [A=1]}');
    expect(service.build).toMatchObject({ context: 'app', dockerfile: 'app/Dockerfile', target: 'prod' });
  });

  it('writes fixes into the last file that holds the service', () => {
    const service = merged('command: old', 'command: new');
    expect(service.origin.source.path).toBe('docker-compose.override.yml');
    expect(service.origin.sharedThrough).toBeUndefined();
  });
});

describe('extends', () => {
  it('takes from a service of the same file and of another, with paths of the other file', () => {
    const texts = {
      'compose.yaml':
        'services:\n  web:\n    extends: {file: common/base.yml, service: app}\n    environment: {B: 2}\n  one:\n    extends: web\n    command: one\n',
      'common/base.yml': 'services:\n  app:\n    build: ./ctx\n    env_file: app.env\n    environment: [A=1, B=1]\n',
      'common/app.env': 'FILE=1\n',
    };
    const web = serviceOf(texts);
    expect(web.build?.context).toBe('common/ctx');
    expect(environmentOf(web)).toEqual({ FILE: '1', A: '1', B: '2' });
    expect(environmentOf(serviceOf(texts, 'one'))).toEqual({ FILE: '1', A: '1', B: '2' });
  });

  it('keeps !override and !reset of the extended service to itself', () => {
    const texts = {
      'compose.yaml': 'services:\n  web: {image: x, ports: ["80:80"]}\n',
      'compose.override.yaml': 'services:\n  web: {extends: {file: base.yml, service: b}}\n',
      'base.yml': 'services:\n  b: {ports: !override ["81:81"], build: {target: t}}\n',
    };
    const web = serviceOf(texts);
    expect(web.ports.map((port) => port.host)).toEqual([80, 81]);
    expect(web.build).toMatchObject({ context: '', target: 't' });
  });

  it.each([
    ['a missing file', 'extends: {file: nope.yml, service: x}'],
    ['a missing service', 'extends: nobody'],
    ['itself', 'extends: web'],
    ['a file outside', 'extends: {file: ../../x.yml, service: x}'],
  ])('claims nothing that %s might say', (_, line) => {
    const service = serviceOf({ 'compose.yaml': `services:\n  web:\n    ${line}\n    mem_limit: 1g\n` });
    expect(tell(service.limits.memoryBytes)).toBe(1024 ** 3);
    expect(tell(service.replicas)).toMatch(/^\? web extends a service that cannot be read/);
    expect(tell(service.image)).toMatch(/^\? /);
    expect(service.command?.words[0]?.segments[0]?.unknown).toBeDefined();
    expect(service.environment.complete).toBe(false);
  });
});

describe('include', () => {
  it('gives included files their own folder and variables, the including project deciding', () => {
    const texts = {
      'compose.yaml': 'include:\n  - sub/compose.yaml\nservices:\n  web: {image: x}\n',
      '.env': 'BOTH=root\n',
      'sub/compose.yaml': 'services:\n  db:\n    build: .\n    environment: {A: "$BOTH", B: "$ONLY"}\n',
      'sub/.env': 'BOTH=sub\nONLY=sub\n',
    };
    const db = serviceOf(texts, 'db');
    expect(db.build?.context).toBe('sub');
    expect(environmentOf(db)).toEqual({ A: 'root', B: 'sub' });
    expect(db.origin.source.path).toBe('sub/compose.yaml');
  });

  it('ends include cycles and names what is missing', () => {
    const texts = {
      'compose.yaml': 'include: [a.yml, gone.yml]\nservices:\n  web: {image: x}\n',
      'a.yml': 'include: [compose.yaml]\nservices:\n  a: {image: a}\n',
    };
    expect(serviceOf(texts, 'a').image).toMatchObject({ known: true });
  });
});

describe('anchors and merge keys', () => {
  const text = `x-base: &base
  image: x
  environment: &env {A: 1, B: 2}
  deploy: {resources: {limits: {memory: 1g}}}
services:
  web:
    <<: *base
    environment:
      <<: *env
      B: own
  twin: &twin {image: t}
  alias: *twin
`;

  it('applies them and says that the text is shared', () => {
    const service = serviceOf({ 'compose.yaml': text });
    expect(environmentOf(service)).toEqual({ B: 'own', A: '1' });
    expect(service.limits.memoryBytes).toMatchObject({ value: 1024 ** 3, trail: [{ says: 'merged from base' }] });
    expect(service.origin.sharedThrough).toBeUndefined();
  });

  it('warns fixes off a body that serves two services', () => {
    expect(serviceOf({ 'compose.yaml': text }, 'alias').origin.sharedThrough).toBe('twin');
    expect(serviceOf({ 'compose.yaml': text }, 'twin').origin.sharedThrough).toBe('twin');
  });
});
