import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { countSyntaxErrors } from '../harness/syntax-errors.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';
import { runCommand } from './run-command.ts';

const projects = fileURLToPath(new URL('../projects', import.meta.url));

/** A shop as teams have it: compose file in a folder, proxy in front, names of its own, secrets in several forms. */
const shop = {
  'deploy/docker-compose.prod.yml': `services:
  front:
    image: nginx:1.27
    ports: ["\${FRONT_PORT:-8081}:80"]
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]
  web:
    build: ..
    environment:
      DATABASE_URL: postgresql://shop:hunter2@db/shop_live
      REDIS_URL: redis://:hunter3@cache:6380/1
  db:
    image: postgres:16
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD: hunter2
      POSTGRES_DB: shop_live
  cache:
    image: redis:7
    command: redis-server --port 6380 --requirepass hunter3
  legacy-db:
    image: mysql:8.4
    environment:
      MYSQL_DATABASE: ledger
      MYSQL_ROOT_PASSWORD_FILE: /run/secrets/root
`,
  'deploy/nginx.conf': `events {}
http { server { listen 80; location / { proxy_pass http://web:8000; } } }
`,
  Dockerfile: `FROM python:3.12-slim
WORKDIR /app
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
`,
  'app.py': `import os

from celery import Celery
from flask import Flask
from sqlalchemy import create_engine

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"])
tasks = Celery("shop", broker=os.environ["REDIS_URL"])
`,
};

describe('the runbook of a shop', () => {
  const runbook = () => runCommand(temporaryFolder(shop), 'plan', '.', '--runbook').out;
  const compose = 'docker compose -f deploy/docker-compose.prod.yml';

  it('has its compose file, services, users, databases and ports', () => {
    const text = runbook();
    expect(text).toContain(`${compose} exec -T db psql -U shop -d shop_live -c "SELECT datname`);
    expect(text).toContain(
      `${compose} exec -T -e REDISCLI_AUTH="$REDISCLI_AUTH" cache redis-cli -p 6380 -n 1 LLEN celery`,
    );
    expect(text).toContain(
      `${compose} exec -T legacy-db sh -c 'MYSQL_PWD="$(cat "$MYSQL_ROOT_PASSWORD_FILE")" mysql -uroot -e "SELECT user`,
    );
    expect(text).toContain(`WHERE db = '\\''ledger'\\''`);
    expect(text).toContain(`docker stats --no-stream $(${compose} ps -q)`);
    expect(text).toContain(`${compose} logs --since 15m web | grep -E "WORKER TIMEOUT|QueuePool limit|`);
  });

  it('has none of its secrets', () => {
    expect(runbook()).not.toMatch(/hunter\d/);
  });
});

it('leaves out of a runbook what only looks like a second database', () => {
  const folder = temporaryFolder({
    'compose.yaml': `services:
  web:
    image: python:3.12
    command: gunicorn --workers 2 app:app
    environment: { DATABASE_URL: "postgresql://shop:secret@db/shop" }
  db: { image: "postgres:16" }
  backups: { image: "postgres:16", command: crond -f }
`,
    'app.py': `import os
from sqlalchemy import create_engine
engine = create_engine(os.environ["DATABASE_URL"])
app = None
`,
  });
  const { out } = runCommand(folder, 'plan', '.', '--runbook');
  expect(out).toContain('## Connections of db');
  expect(out).not.toContain('exec -T backups');
});

it.each([
  ['of the container where the name is not written', { POSTGRES_USER: '${WHO}' }, '-U "${POSTGRES_USER:-postgres}"'],
  ['of the image where none is named', {}, '-U postgres -d postgres'],
  ['in a file', { POSTGRES_USER_FILE: '/run/secrets/user' }, '-U "$(cat "$POSTGRES_USER_FILE")"'],
])('asks PostgreSQL as the user %s', (_, environment, expected) => {
  const entries = Object.entries(environment).map(([name, value]) => `      ${name}: ${value}\n`);
  const folder = temporaryFolder({
    'compose.yaml': `services:
  web:
    image: python:3.12
    command: gunicorn app:app
    ports: ["9000:8000"]
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: secret
${entries.join('')}`,
    'app.py': 'app = None\n',
  });
  expect(runCommand(folder, 'plan', '.', '--runbook').out).toContain(expected);
});

describe.each(['case-a', 'case-b', 'case-c', 'case-d', 'shop'])('what is generated for %s', (name) => {
  const folder = () => (name === 'shop' ? temporaryFolder(shop) : join(projects, name, 'before'));

  it('is a runbook whose every command names services and files that exist', () => {
    const root = folder();
    const { out } = runCommand(root, 'plan', '.', '--runbook');
    const stack = JSON.parse(runCommand(root, 'stack', '.', '--format', 'json').out) as Stack;
    const services = stack.projects.flatMap((project) => project.services.map((service) => service.name));
    const named = [...out.matchAll(/ (?:exec -T(?: -e \S+)?|logs --since 15m) (\S+)/g)].map((match) => match[1]);
    expect(named.filter((service) => !services.includes(service ?? ''))).toEqual([]);
    const files = [...out.matchAll(/ -f (\S+\.ya?ml)/g)].map((match) => match[1] ?? '');
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('are load tests that their programs can read', () => {
    const root = folder();
    const locust = runCommand(root, 'plan', '.', '--load-test', 'locust').out;
    expect(countSyntaxErrors('locustfile.py', locust)).toBe(0);
    expect(locust).toMatch(/^ {4}\(120, 1\),\n {4}\(240, 10\),\n {4}\(360, \d+\),$/m);
    const k6 = runCommand(root, 'plan', '.', '--load-test', 'k6').out;
    execFileSync(process.execPath, ['--check', join(temporaryFolder({ 'load-test.mjs': k6 }), 'load-test.mjs')]);
  });
});

interface Stack {
  readonly projects: readonly { readonly services: readonly { readonly name: string }[] }[];
}

describe('the address of a load test', () => {
  const address = (files: Readonly<Record<string, string>>) => {
    const { out } = runCommand(temporaryFolder(files), 'plan', '.', '--load-test', 'k6');
    return /\|\| '(http[^']*)'/.exec(out)?.[1];
  };
  const web = (ports: string) => ({
    'compose.yaml': `services:
  web:
    image: python:3.12
    command: gunicorn -b 0.0.0.0:8000 app:app
    ports: ${ports}
`,
    'app.py': 'app = None\n',
  });

  it.each([
    ['["80:8000"]', 'http://localhost'],
    ['["127.0.0.1:9000:8000"]', 'http://localhost:9000'],
    ['["5678:5678", "9000:8000"]', 'http://localhost:9000'],
    ['[{ target: 8000, published: "9001" }]', 'http://localhost:9001'],
    ['["${PORT:-9002}:8000"]', 'http://localhost:9002'],
    ['["443:443"]', 'https://localhost'],
  ])('is that of the published port in %s', (ports, expected) => {
    expect(address(web(ports))).toBe(expected);
  });

  it('is that of the proxy where one is published', () => {
    expect(address(shop)).toBe('http://localhost:8081');
  });

  it('is that of the server itself where it runs on the host', () => {
    const files = { Procfile: 'web: gunicorn --bind 127.0.0.1:9100 app:app\n', 'app.py': 'app = None\n' };
    expect(address(files)).toBe('http://localhost:9100');
    const { out } = runCommand(temporaryFolder(files), 'plan', '.', '--load-test', 'k6');
    expect(out).toContain('// The address that the server listens on;');
  });

  it('says where no port is published', () => {
    const { out } = runCommand(temporaryFolder(web('["8000"]')), 'plan', '.', '--load-test', 'locust');
    expect(out).toContain('# No file publishes a port: set TARGET to the address of the application.');
    expect(out).toContain('"http://localhost:8000"');
  });
});

it('tests a rate with as many users as send it', () => {
  const flags = ['--rate', '30', '--think', '2s', '--response', '500ms'];
  expect(runCommand(projects, 'plan', ...flags, '--load-test', 'locust').out).toContain('(360, 75),');
});
