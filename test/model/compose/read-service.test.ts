import { describe, expect, it } from 'vitest';
import { isDefault } from '../../../src/model/value.ts';
import { environmentOf, place, projectsOf, serviceOf, tell, wordsOf } from './compose-workspace.ts';

function service(body: string, others: Record<string, string> = {}) {
  return serviceOf({ 'compose.yaml': `services:\n  web:\n    image: x\n${body.replace(/^/gm, '    ')}\n`, ...others });
}

describe('limits', () => {
  it.each([
    ['mem_limit: 512m', 512 * 1024 ** 2],
    ['mem_limit: 536870912', 536870912],
    ['mem_limit: "1.5g"', 1.5 * 1024 ** 3],
    ['mem_limit: 1GiB', 1024 ** 3],
    ['mem_limit: 100 MB', 100 * 1024 ** 2],
    ['mem_limit: 0', null],
    ['deploy: {resources: {limits: {memory: "${M:-0}"}}}', null],
    ['deploy: {resources: {limits: {memory: 64M}}}', 64 * 1024 ** 2],
    ['mem_limit: 1500m,', '? Compose refuses this value'],
    ['mem_limit: ${M}', '? comes from the shell: M is not in .env'],
    ['command: x', null],
  ])('reads %s', (line, expected) => {
    expect(tell(service(line).limits.memoryBytes)).toBe(expected);
  });

  it('shows both forms of a limit, and a section that lacks it', () => {
    const both = service('mem_limit: 64m\ncpus: 0.5\ndeploy: {resources: {limits: {memory: 65M}}}').limitPairs;
    expect(
      both.map(({ setting, short, deploy, deploySectionExists }) => ({
        setting,
        short: tell(short),
        deploy: tell(deploy),
        deploySectionExists,
      })),
    ).toEqual([
      { setting: 'memory', short: 64 * 1024 ** 2, deploy: 65 * 1024 ** 2, deploySectionExists: true },
      { setting: 'cpus', short: 0.5, deploy: undefined, deploySectionExists: true },
    ]);
    expect(service('mem_limit: 64m').limitPairs[0]?.deploySectionExists).toBe(false);
  });

  it('points defaults at the service', () => {
    const { limits, replicas } = service('command: x');
    expect(isDefault(limits.memoryBytes)).toBe(true);
    expect(place(replicas.at)).toBe('compose.yaml:2 web');
    expect(replicas.trail).toMatchObject([{ at: { default: 'compose.replicas' } }]);
  });
});

describe('replicas, periods and flags', () => {
  it.each([
    ['scale: 2', 2],
    ['deploy: {replicas: "${N:-3}"}', 3],
    ['deploy: {replicas: 0}', 0],
    ['deploy: {mode: global}', '? its deploy mode runs one container on each node'],
    ['command: x', 1],
  ])('counts containers of %s', (line, expected) => {
    expect(tell(service(line).replicas)).toBe(expected);
  });

  it.each([
    ['1m30s', 90],
    ['90s', 90],
    ['1.5m', 90],
    ['500ms', 0.5],
    ['1d', 86_400],
    ['"0"', 0],
    ['soon', '? Compose refuses this value'],
  ])('reads stop_grace_period %s', (text, expected) => {
    expect(tell(service(`stop_grace_period: ${text}`).stopGracePeriodSeconds)).toBe(expected);
  });

  it('lets deploy.restart_policy win', () => {
    expect(tell(service('restart: no').restart)).toBe('no');
    expect(tell(service('restart: no\ndeploy: {restart_policy: {condition: any}}').restart)).toBe('always');
    expect(tell(service('init: "yes"').init)).toBe(true);
  });
});

describe('commands', () => {
  it.each([
    ['command: sh -c "echo $$A && gunicorn"', ['sh', '-c', 'echo $A && gunicorn'], 'text'],
    ['command: ["gunicorn", "-w", "4"]', ['gunicorn', '-w', '4'], 'json'],
    ['command:\n  - gunicorn\n  - -w\n  - "4"', ['gunicorn', '-w', '4'], 'yaml-list'],
    ['command: >\n  gunicorn app\n  --workers 4', ['gunicorn', 'app', '--workers', '4'], 'text'],
    ['command: []', [], 'json'],
    ["command: ''", [], 'text'],
  ])('splits %s', (line, expected, form) => {
    expect(wordsOf(service(line))).toEqual(expected);
    expect(service(line).command?.form).toBe(form);
  });

  it('keeps the place of every character through quotes, escapes and folded lines', () => {
    const { command } = service('command: bash -c "exec \\"gunicorn\\" -w 4"\nentrypoint: |\n  a \\\n    --b c');
    const script = command?.words[2];
    expect(script?.text).toBe('exec "gunicorn" -w 4');
    const exact = script?.segments.filter((segment) => segment.exact).map((segment) => place(segment.at));
    expect(exact?.at(-1)).toBe('compose.yaml:4  -w 4');
  });
});

describe('environment', () => {
  it('reads env files in order below environment', () => {
    const read = service(
      'env_file: [a.env, {path: b.env, format: raw}]\nenvironment: [OWN=1, A=own, DOT, SHELL_ONLY]',
      {
        'a.env': 'A=1\nB="x ${OWN}"\nC=first\n',
        'b.env': 'C="raw"\n',
        '.env': 'DOT=dot\n',
      },
    );
    expect(environmentOf(read)).toEqual({
      A: 'own',
      B: 'x 1',
      C: '"raw"',
      OWN: '1',
      DOT: 'dot',
      SHELL_ONLY: '? comes from the shell: SHELL_ONLY is not in .env',
    });
    expect(read.environment.complete).toBe(true);
    expect(place(read.environment.variables.get('C')?.at)).toBe('b.env:1 "raw"');
  });

  it('says when a file is missing, and assumes its example', () => {
    const missing = service('env_file: prod.env');
    expect(missing.environment).toMatchObject({ complete: false, why: 'env_file prod.env is not in the workspace' });
    const example = service('env_file: prod.env', { 'prod.env.example': 'W=3\n' });
    expect(environmentOf(example)).toEqual({ W: '3' });
    for (const name of ['prod.env_sample', 'prod.env-dist', 'example.prod.env'])
      expect(environmentOf(service('env_file: prod.env', { [name]: 'W=3\n' })), name).toEqual({ W: '3' });
    expect(example.environment.complete).toBe(false);
    expect(example.environment.variables.get('W')?.trail).toMatchObject([{ assumed: true }]);
  });

  it('prints YAML numbers as Compose does', () => {
    const read = service('environment: {A: 010, B: 1_000, C: 1.10, D: 1e6, E: yes, F: 0x1F, G: "010", H: !!str 010}');
    expect(environmentOf(read)).toEqual({
      A: '8',
      B: '1000',
      C: '1.1',
      D: '1e+06',
      E: 'yes',
      F: '31',
      G: '010',
      H: '010',
    });
  });
});

describe('ports, mounts, networks, builds', () => {
  it('reads the forms of ports', () => {
    const read = service(
      'ports: [8000, "8080:80", "127.0.0.1:8081:81", "82/udp", "90-91:90-91", {target: 83, published: "8083"}, "${P}:84"]\nexpose: ["1-2", 3]',
    );
    expect(read.ports.map(({ host, container }) => `${host ?? ''}:${container}`)).toEqual([
      ':8000',
      '8080:80',
      '8081:81',
      ':82',
      '90:90',
      '91:91',
      '8083:83',
      ':84',
    ]);
    expect(read.expose).toEqual([1, 2, 3]);
  });

  it('resolves mounts inside the workspace only', () => {
    const read = service(
      'volumes: [./a:/a, ../up:/up, /abs:/abs, ~/h:/h, named:/n, .:/app, $PWD/p:/p, {type: bind, source: r, target: /r}]\nconfigs: [conf]',
      {},
    );
    expect(read.mounts.map(({ source, target }) => `${source ?? '-'}:${target}`)).toEqual([
      'a:/a',
      '-:/up',
      '-:/abs',
      '-:/h',
      '-:/n',
      ':/app',
      'p:/p',
      'r:/r',
      '-:/conf',
    ]);
  });

  it('reads networks and network_mode', () => {
    expect(service('command: x').networks).toEqual(['default']);
    expect(service('networks: {b: {aliases: [q]}}').networks).toEqual(['b']);
    expect(service('network_mode: host')).toMatchObject({ networks: [], networkMode: 'host' });
  });

  it('leaves out contexts that lead elsewhere, and says so', () => {
    for (const context of ['..', '/srv', 'https://github.com/a/b.git']) {
      const [project] = projectsOf({ 'compose.yaml': `services:\n  web: {build: ${context}}\n` });
      expect(project?.services[0]?.build?.context).toBeUndefined();
      expect(project?.unknowns[0]?.what).toBe('the build context of web');
    }
  });

  it('knows which services a profile keeps off', () => {
    const text = 'services:\n  a: {image: x, profiles: [dev]}\n  b: {image: x, profiles: ["", c]}\n  c: {image: x}\n';
    const active = (env: string) =>
      projectsOf({ 'compose.yaml': text, '.env': env })[0]?.services.map((each) => each.active);
    expect(active('')).toEqual([false, true, true]);
    expect(active('COMPOSE_PROFILES=dev\n')).toEqual([true, false, true]);
  });
});
