import { expect, it } from 'vitest';
import { temporaryFolder } from '../harness/temporary-folder.ts';
import { badCompose, runCommand } from './run-command.ts';

it('explains rules and the own notices', () => {
  const { code, out } = runCommand('/', 'explain', 'reservation-exceeds-limit');
  expect(code).toBe(0);
  expect(out).toMatch(/^reservation-exceeds-limit: A service reserves/);
  expect(out).toContain('headroom-ignore reservation-exceeds-limit -- ');
  expect(runCommand('/', 'explain', 'unused-ignore').out).toContain('silences nothing');
});

it('suggests a rule for a misspelt one', () => {
  expect(runCommand('/', 'explain', 'reservation-exceed-limit')).toEqual({
    code: 2,
    out: '',
    err: 'headroom: there is no rule "reservation-exceed-limit"; did you mean "reservation-exceeds-limit"?\n',
  });
});

const stack = {
  'compose.yaml': `${badCompose.replace('image: example/web:1', 'build: .')}    deploy:\n      replicas: \${COPIES}\n  db:\n    image: postgres:17\n`,
  Dockerfile: 'FROM python:3.13-slim\nCMD ["gunicorn", "--workers", "4", "app:app"]\n',
};

it('prints the stack as JSON with the origin of every value', () => {
  const { code, out } = runCommand(temporaryFolder(stack), 'stack', '--format', 'json');
  expect(code).toBe(0);
  const [project] = JSON.parse(out).projects;
  const web = project.services.find((service: { name: string }) => service.name === 'web');
  expect(web.memoryLimitBytes).toMatchObject({ value: 2 ** 29, file: 'compose.yaml', line: 4 });
  expect(web.replicas.unknown).toEqual(expect.any(String));
  expect(web.cpuLimit).toMatchObject({ value: null });
  expect(web.cpuLimit.file).toBeUndefined();
  expect(web.processes[0]).toMatchObject({
    server: 'gunicorn',
    workers: { value: 4, file: 'Dockerfile', line: 2 },
    threads: { value: 1, trail: [{ default: { program: 'Gunicorn' } }] },
    pools: [],
  });
  expect(project.stores[0]).toMatchObject({ name: 'db', engine: 'postgresql', maxConnections: { value: 100 } });
});

it('prints the stack as text', () => {
  const { out } = runCommand(temporaryFolder(stack), 'stack');
  expect(out).toContain('memory limit: 512 MiB compose.yaml:4');
  expect(out).toContain('workers: 4 Dockerfile:2');
  expect(out).toMatch(/replicas: unknown: /);
  expect(out).toMatch(/threads: 1 default of Gunicorn \(.*config\.py\)/);
});

it('marks a store that rests on an example or a default, and says why no process is known', () => {
  const files = {
    'compose.yaml': 'services:\n  web: {build: ., env_file: .env}\n  tool: {image: "shop/tool:1"}\n',
    Dockerfile: 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "app:app"]\n',
    'app.py':
      'import os\nfrom sqlalchemy import create_engine\nengine = create_engine(os.getenv("DATABASE_URL", "postgresql://pg/shop"))\n',
  };
  const folder = temporaryFolder(files);
  const text = runCommand(folder, 'stack').out;
  expect(text).toContain('pool sqlalchemy engine to pg (assumed) app.py:3');
  expect(text).toContain('process unknown: the image shop/tool:1 is not built in this workspace');
  const [project] = JSON.parse(runCommand(folder, 'stack', '--format', 'json').out).projects;
  expect(project.services[0].processes[0].pools[0]).toMatchObject({ store: 'pg', storeAssumed: true });
  expect(project.services[1]).toMatchObject({
    processes: [],
    processesUnknown: expect.stringContaining('shop/tool:1'),
  });
  const sqlite = { ...files, '.env': 'DATABASE_URL=sqlite:////data/shop.db\n' };
  expect(runCommand(temporaryFolder(sqlite), 'stack').out).toContain('pool sqlalchemy engine to SQLite app.py:3');
  const set = temporaryFolder({ ...files, '.env': 'DATABASE_URL=postgresql://pg/shop\n' });
  expect(runCommand(set, 'stack').out).toContain('to pg app.py:3');
});

it("reads PgBouncer's limit from the file that is mounted, and does not guess when it is not there", () => {
  const compose = `services:
  pooler:
    image: edoburu/pgbouncer:1.18.0
    environment: { MAX_CLIENT_CONN: 50 }
    volumes: ["./pgbouncer.ini:/etc/pgbouncer/pgbouncer.ini"]
`;
  const settings = '[databases]\n* = host=db\n[pgbouncer]\nmax_client_conn = 2000\n';
  const given = runCommand(temporaryFolder({ 'compose.yaml': compose, 'pgbouncer.ini': settings }), 'stack').out;
  expect(given).toContain('max connections: 2000 pgbouncer.ini:4');
  const bare = compose.replace(/ {4}environment: .*\n/, '');
  const absent = runCommand(temporaryFolder({ 'compose.yaml': bare }), 'stack').out;
  expect(absent).toMatch(/max connections: unknown: .*configuration file.* is not in the workspace/);
});

it('shows with --why the way a value took and what lost to it', () => {
  const files = {
    ...stack,
    'gunicorn.conf.py': 'workers = 2\n',
    Dockerfile: `${stack.Dockerfile.replace('CMD', 'COPY . .\nCMD')}`,
  };
  const { out } = runCommand(temporaryFolder(files), 'stack', '--why');
  expect(out).toMatch(/workers: 4 Dockerfile:3\n(?: +from .*\n)* +not {2}gunicorn\.conf\.py:1: the command line wins/);
  expect(runCommand(temporaryFolder(files), 'stack').out).toContain('wins over 1 other (--why)');
});

it('reads the compose files that are named', () => {
  const files = {
    'a.yml': badCompose,
    'b.yml': 'services:\n  web: {stop_signal: SIGINT}\n',
    'compose.yaml': badCompose,
  };
  const folder = temporaryFolder(files);
  const { code, out } = runCommand(folder, 'stack', '--compose-file', 'a.yml', '--compose-file', 'b.yml');
  expect(code).toBe(0);
  expect(out).toContain('(a.yml + b.yml)');
  expect(runCommand(folder, 'check', '--compose-file', 'a.yml').out).not.toContain('compose.yaml');
  expect(runCommand(folder, 'check', '--compose-file', 'c.yml')).toMatchObject({
    code: 2,
    err: 'headroom: c.yml does not exist\n',
  });
  expect(runCommand(folder, 'explain', '--compose-file', 'a.yml', 'unused-ignore').code).toBe(2);
});

it('reads the compose files that headroom.yaml names', () => {
  const files = { 'a.yml': badCompose, 'compose.yaml': badCompose, 'headroom.yaml': 'composeFiles: [a.yml]\n' };
  expect(runCommand(temporaryFolder(files), 'check').out).toContain('a.yml');
  expect(runCommand(temporaryFolder(files), 'check').out).not.toContain('compose.yaml');
});
