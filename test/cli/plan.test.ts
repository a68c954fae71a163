import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { planOptions } from '../../src/cli/plan-arguments.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';
import { runCommand } from './run-command.ts';

const projects = fileURLToPath(new URL('../projects', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'headroom-plan-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan = (...words: string[]) => runCommand(projects, 'plan', ...words);

describe('headroom plan', () => {
  it('goes by the flags alone without a path', () => {
    const flags = ['--profile', 'shared', '--cpus', '4', '--memory', '8GiB', '--users', '50', '--think', '1s'];
    const { code, out } = plan(...flags, '--response', '200ms', '--format', 'json');
    expect(code).toBe(0);
    const read = JSON.parse(out);
    expect(read.recommended.workers).toMatchObject({
      value: 3,
      formula: 'max(2, cpus x webCpuShare x workersPerCore)',
      explanation: 'max(2, 4 x 0.5 x 1.5) = 3',
      source: expect.stringContaining("Headroom's share"),
    });
    for (const name of ['threads', 'poolSize', 'maxOverflow', 'maxConnections', 'memoryLimitBytes']) {
      expect(read.recommended[name], name).toMatchObject({ value: expect.any(Number), source: expect.any(String) });
    }
    expect(read.current).toBeNull();
    expect(read.inputs.cpuSeconds).toMatchObject({ value: 0.02, origin: { kind: 'assumed' } });
    for (const row of read.load) {
      expect(row).toMatchObject({
        users: expect.any(Number),
        throughput: expect.any(Number),
        p50: expect.any(Number),
        p95: expect.any(Number),
        p99: expect.any(Number),
        errors: { poolTimeout: expect.any(Number), workerTimeout: expect.any(Number) },
      });
    }
  });

  it('states the shares of a shared machine and takes others', () => {
    expect(plan('--cpus', '16').out).toMatch(
      /CPUs for web \/ database \/ tasks \/ cache +50 % \/ 25 % \/ 20 % \/ 5 % +assumed/,
    );
    const { out } = plan('--cpus', '16', '--web-cpu-share', '25%', '--format', 'json');
    expect(JSON.parse(out).recommended.workers.value).toBe(6);
    expect(plan('--web-cpu-share', '90%').err).toBe('headroom: the CPU shares add up to 1.4, more than 1\n');
  });

  it('reads a project with nothing typed: what it carries, and from where each value is', () => {
    const { code, out } = plan('case-a/before');
    expect(code).toBe(0);
    expect(out).toMatch(
      /Today this stack carries about \d+ users\.\n50 users wait for a worker first: 1 worker x 1 thread/,
    );
    expect(out).toMatch(/With the plan it carries about \d+ users/);
    expect(out).toContain('--workers (backend): 1 (default) -> 3  backend/Dockerfile:22');
    expect(out).toMatch(/CPU of a request +20 ms +assumed/);
  });

  it('writes the tuning report: before and after, diffs, steps, checklist, alerts, load steps', () => {
    const { out } = plan('case-a/before', '--format', 'markdown');
    expect(out).toContain('## Before and after, at 50 users');
    expect(out).toMatch(/\| requests a day \| [\d,]+ \| [\d,]+ \|/);
    expect(out).toMatch(/^\+CMD exec gunicorn --workers 3 --threads \d+ --bind 0\.0\.0\.0:5000 src\.app:app$/m);
    for (const file of ['backend/Dockerfile', 'docker-compose.unified.yml', 'shared/database.py']) {
      expect(out).toContain(`### ${file}\n\n\`\`\`diff\n--- a/${file}\n`);
    }
    const compose = 'docker compose -f docker-compose.unified.yml';
    expect(out).toMatch(
      new RegExp(`### Build anew and start\n\n- backend: .*--workers.*\n[^#]*${compose} up -d --build backend`),
    );
    expect(out).toMatch(new RegExp(`### Start anew\n\n[^#]*${compose} up -d --force-recreate mysql redis`));
    expect(out).toContain('- [ ] Run the load test with 1, 10 and the planned load (50 users)');
    expect(out).toContain('- mysql: 120 of 151 connections in use (80 %).');
    expect(out).toMatch(/\| 1,000 \| .* \|/);
  });

  it("writes a runbook with this project's services and a load test with its address", () => {
    const runbook = plan('case-a/before', '--runbook').out;
    expect(runbook).toContain('docker compose -f docker-compose.unified.yml exec -T redis redis-cli LLEN job_queue');
    expect(runbook).toContain('SHOW FULL PROCESSLIST');
    expect(runbook).not.toContain('change-me');
    expect(plan('case-a/before', '--load-test', 'k6').out).toContain("'http://localhost:5000'");
    expect(plan('case-a/before', '--load-test', 'locust').out).toContain('(360, 50),');
  });

  it('writes them into a folder, and never over a file', () => {
    const words = ['case-b/before', '--runbook', '--load-test', 'locust', '--output', join(folder, 'load')];
    expect(plan(...words).code).toBe(0);
    expect(readdirSync(join(folder, 'load')).sort()).toEqual(['locustfile.py', 'runbook.md']);
    expect(readFileSync(join(folder, 'load', 'runbook.md'), 'utf8')).toContain('LLEN celery');
    const again = plan(...words);
    expect(again.code).toBe(2);
    expect(again.err).toMatch(/^headroom: .*exists already\n$/);
  });

  it('writes none of them when one is there already', () => {
    const output = join(folder, 'half');
    expect(plan('case-a/before', '--load-test', 'k6', '--output', output).code).toBe(0);
    expect(plan('case-a/before', '--runbook', '--load-test', 'k6', '--output', output).code).toBe(2);
    expect(readdirSync(output)).toEqual(['load-test.js']);
  });

  it('lists every option of its own in its help', () => {
    const { code, out } = plan('--help');
    expect(code).toBe(0);
    for (const option of [
      ...Object.keys(planOptions),
      'assume',
      'runbook',
      'format',
      'config',
      'compose-file',
      'no-color',
    ]) {
      expect(out).toContain(`  --${option}`);
    }
    expect(runCommand(projects, 'help', 'plan').out).toBe(out);
  });

  it('says what runs out with the plan, too, where that does not carry the load', () => {
    const { out } = plan('case-a/before', '--users', '400');
    expect(out).toMatch(/Even with the plan it carries about \d+ of 400 users\.\n(.*\n)*400 users wait for /);
    expect(JSON.parse(plan('case-a/before', '--users', '400', '--format', 'json').out).carriesLoad).toBe(false);
    expect(JSON.parse(plan('case-a/before', '--users', '5', '--format', 'json').out).carriesLoad).toBe(true);
  });

  it('gives the requests of a day at the planned rate', () => {
    const { out } = plan('--rate', '10', '--response', '100ms', '--format', 'json');
    const { carried, load } = JSON.parse(out);
    const row = load.find((entry: { requestsPerSecond: number }) => entry.requestsPerSecond === 10);
    expect(carried.requestsADay).toBe(Math.round(row.throughput * 36_000));
  });

  it('gives each recommended setting with value, formula and source, and no other entry', () => {
    for (const words of [['case-a/before'], ['case-d/before'], ['--profile', 'dedicated', '--users', '5']]) {
      const { recommended } = JSON.parse(plan(...words, '--format', 'json').out);
      for (const [name, entry] of Object.entries(recommended)) {
        expect(entry, name).toMatchObject({ formula: expect.any(String), source: expect.any(String) });
        expect((entry as { value: unknown }).value ?? null, name).not.toBeNull();
      }
    }
  });

  it('gives the connections of a stack that is not written yet', () => {
    const { connections } = JSON.parse(plan('--users', '50', '--format', 'json').out);
    expect(connections).toEqual([
      {
        store: 'postgresql',
        engine: 'postgresql',
        usable: null,
        plannedUsable: 97,
        alertAt: 77,
        parts: [{ service: 'web', today: null, planned: expect.any(Number) }],
      },
    ]);
  });
});

it('shows no password that stands beside a change', () => {
  const shop = temporaryFolder({
    'compose.yaml': `services:
  web:
    build: .
    environment:
      SECRET_KEY: hunter2
      DATABASE_URL: postgresql://shop:hunter2@db/shop
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: hunter2
  cache:
    image: redis:7
    command: ["redis-server", "--requirepass", "hunter2"]
    healthcheck:
      test: redis-cli -a hunter2 ping
`,
    Dockerfile: 'FROM python:3.12-slim\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]\n',
  });
  const { out } = runCommand(shop, 'plan', '.', '--format', 'markdown');
  expect(out).toContain('+++ b/compose.yaml');
  expect(out).toContain('POSTGRES_PASSWORD: ***');
  expect(out).not.toContain('hunter2');
});

describe('several web servers', () => {
  const server = (command: string) => `    image: python:3.12\n    command: ${command}\n`;
  const folderWith = (services: Readonly<Record<string, string>>) => {
    const texts = Object.entries(services).map(([name, command]) => `  ${name}:\n${server(command)}`);
    return temporaryFolder({ 'compose.yaml': `services:\n${texts.join('')}`, 'app.py': 'app = None\n' });
  };

  it('are told apart by their names', () => {
    const folder = folderWith({ shop: 'gunicorn -w 2 app:app', admin: 'gunicorn -w 2 app:app' });
    expect(runCommand(folder, 'plan', '.').out).toMatch(/^Today shop carries about \d+ users\.$/m);
    expect(runCommand(folder, 'plan', '.', '--service', 'admin').out).toMatch(/^Today admin carries about/m);
  });

  it('are planned for production first', () => {
    const { out } = runCommand(folderWith({ dev: 'flask run', live: 'gunicorn -w 2 app:app' }), 'plan', '.');
    expect(out).toContain(': live (gunicorn)');
    expect(out).not.toContain('made for development');
  });

  it('that are made for development are called so', () => {
    const { out } = runCommand(folderWith({ dev: 'flask run' }), 'plan', '.');
    expect(out).toContain('Its web server is made for development, not for production.');
  });
});

describe('connections of which the files do not say all', () => {
  const django = (settings: string) => ({
    'compose.yaml': `services:
  web:
    image: python:3.12
    command: gunicorn --worker-class gevent --workers 2 shop.wsgi
    environment: { DJANGO_SETTINGS_MODULE: shop.settings }
  tasks:
    image: python:3.12
    command: celery -A shop worker --concurrency 3
    environment: { DJANGO_SETTINGS_MODULE: shop.settings }
  db: { image: "postgres:16" }
`,
    'shop/__init__.py': '',
    'shop/settings.py': settings,
    'shop/wsgi.py': 'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
    'shop/celery.py': 'from celery import Celery\napp = Celery("shop", broker="redis://elsewhere/0")\n',
  });

  it('are written as unknown, and their sum as a least one', () => {
    const settings =
      'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "db", "CONN_MAX_AGE": 60}}\n';
    const { out } = runCommand(temporaryFolder(django(settings)), 'plan', '.');
    expect(out).toMatch(/^ {2}web +unknown +unknown$/m);
    expect(out).toMatch(/^ {2}tasks +3 +3$/m);
    expect(out).toMatch(/^ {2}in all +at least 3 +at least 3$/m);
  });
});

describe('files that cannot be used', () => {
  const image = { Dockerfile: 'FROM python:3.12-slim\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]\n' };
  const halfTyped = { 'compose.yaml': 'services:\n  web:\n    build: .\n    depl\n  db:\n    image: postgres:16\n' };

  it('are named where the plan goes without them', () => {
    const folder = temporaryFolder({ ...image, ...halfTyped });
    expect(runCommand(folder, 'plan', '.').out).toContain(
      'compose.yaml:4 is not part of this plan: it is not valid YAML.',
    );
    const { unread } = JSON.parse(runCommand(folder, 'plan', '.', '--format', 'json').out);
    expect(unread).toEqual([{ place: { path: 'compose.yaml', line: 4, column: 5 }, why: 'it is not valid YAML' }]);
  });

  it('are named where nothing else can be planned', () => {
    expect(runCommand(temporaryFolder(halfTyped), 'plan', '.')).toEqual({
      code: 2,
      out: '',
      err: 'headroom: . starts no web server that could be planned; compose.yaml:4 cannot be read, it is not valid YAML\n',
    });
  });

  it('end with 2 and a line each where they are entries of the configuration', () => {
    const folder = temporaryFolder({ ...image, 'headroom.yaml': 'load:\n  users: many\n' });
    const { code, out, err } = runCommand(folder, 'plan', '.');
    expect(code).toBe(2);
    expect(out).toContain('At 50 users');
    expect(err).toMatch(/^(headroom: headroom\.yaml:\d: .*users.*\n){2}$/);
  });
});

describe('what the files leave open of today', () => {
  const files = {
    'compose.yaml':
      'services:\n  web:\n    image: python:3.12\n    command: gunicorn -w ${WORKERS} --threads 4 app:app\n',
    'app.py': 'app = None\n',
  };
  const planOf = (...words: string[]) => runCommand(temporaryFolder(files), 'plan', '.', '--users', '10', ...words);

  it('stands first among what the figures rest on, with what is assumed and why', () => {
    expect(planOf().out).toMatch(/What this rests on\n +workers today +1 +unknown, assumed \(.+\)\n/);
    expect(planOf('--format', 'markdown').out).toMatch(/\| workers today \| 1 \| unknown, assumed \(/);
  });

  it('is named in the verdict, which blames no machine for it', () => {
    const { out } = planOf('--users', '500');
    expect(out).toMatch(/Today .*\nThe files do not say these, so they are assumed: workers today\.\n/);
    expect(out).toContain('Even with the plan');
    expect(out).not.toContain('needs more CPUs');
    expect(planOf('--users', '500', '--assume', 'workers=1').out).not.toContain('do not say these');
  });

  it('is taken from --assume', () => {
    const { out } = planOf('--assume', 'workers=3');
    expect(out).toMatch(/ {2}workers today +3 +given\n/);
    const { current } = JSON.parse(planOf('--assume', 'workers=3', '--format', 'json').out);
    expect(current.workers).toEqual({ value: 3, origin: { kind: 'given' } });
  });

  it.each([
    ['workers', '--assume workers takes a whole number, not ""'],
    ['workers=0', '--assume workers takes 1 to 1000, not 0'],
    ['workers=2.5', '--assume workers takes a whole number, not "2.5"'],
    ['worker-timeout=soon', '--assume worker-timeout takes a time, such as 30s, not "soon"'],
    ['threads=2', '--assume threads: the files leave open workers'],
    [
      'wrkers=2',
      '--assume takes workers, threads, pool-size, max-overflow, pool-timeout, max-connections, worker-timeout, proxy-timeout, not "wrkers"; did you mean "workers"?',
    ],
  ])('is refused as %j', (text, message) => {
    expect(planOf('--assume', text)).toEqual({ code: 2, out: '', err: `headroom: ${message}\n` });
  });
});

it('says what is missing where the parts need more memory than there is', () => {
  const { out } = plan('--memory', '512MiB', '--users', '50');
  expect(out).toMatch(
    /^The parts need [\d.]+ [MG]iB of memory, more than the 512 MiB of the machine\.\nWith the plan and that memory/m,
  );
  expect(out).toMatch(/^ {2}missing +[\d.]+ [KMG]iB +of 512 MiB$/m);
});

describe('a flag that cannot be used', () => {
  it.each([
    [['--cpus', '0'], '--cpus must be at least 0.01'],
    [['--cpus=-4'], '--cpus must be at least 0.01'],
    [['--cpus', 'NaN'], '--cpus takes a number, such as 4, not "NaN"'],
    [['--users', '1.5'], '--users must be a whole number'],
    [['--users', '99999999'], '--users must be at most 100000'],
    [['--memory', 'much'], '--memory takes an amount of memory, such as 512MiB or 8GiB, not "much"'],
    [['--think', 'for ever'], '--think takes a time, such as 200ms or 1s, not "for ever"'],
    [['--profile', 'dedicatd'], '--profile takes shared, dedicated, not "dedicatd"; did you mean "dedicated"?'],
    [['--database-share', '80%'], '--database-share needs --response, the time of which it is a share'],
    [['case-a/before', '--service', 'bckend'], 'no web server "bckend" among backend; did you mean "backend"?'],
    [['--format', 'yaml'], '--format takes text, json, markdown, not "yaml"'],
    [['--cpus', '-4'], '--cpus must be at least 0.01'],
  ])('%j ends with 2 and one line', (words, message) => {
    expect(plan(...words)).toEqual({ code: 2, out: '', err: `headroom: ${message}\n` });
  });

  it('does not go with another command', () => {
    expect(runCommand(projects, 'check', '--cpus', '4')).toMatchObject({
      code: 2,
      err: 'headroom: --cpus does not go with check\n',
    });
  });
});

describe('what the database computes of a request', () => {
  const machine = ['--profile', 'shared', '--cpus', '4', '--memory', '8GiB', '--users', '50', '--think', '1s'];
  const plan = (...words: string[]) =>
    runCommand(temporaryFolder({}), 'plan', ...machine, '--response', '500ms', ...words);

  it('is nothing until somebody has measured it; how much would fill its cores is said', () => {
    // 50 users ask every 1.5 s; a quarter of 4 cores computes one second each second.
    expect(plan().out).toMatch(/of it computing in the database +0 ms +assumed; 30 ms would fill its core\n/);
    expect(plan('--database-cpus', '4').out).toContain('120 ms would fill its 4 cores');
    expect(plan('--profile', 'dedicated').out).not.toContain('would fill');
  });

  it('limits what the stack carries, and is named', () => {
    const { out } = plan('--database-cpu', '60ms');
    expect(out).toContain('50 users wait for the database to compute first: its cores are busy.');
    expect(out).toMatch(/of it computing in the database +60 ms +given\n/);
    expect(plan('--database-cpu', '60ms', '--database-cpus', '8').out).not.toContain('wait for the database');
  });

  it('is a part of the request', () => {
    const { code, err } = plan('--database-cpu', '501ms');
    expect(err).toBe('headroom: --database-cpu must be at most 0.48 s\n');
    expect(code).toBe(2);
  });
});
