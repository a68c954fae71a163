import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
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
    expect(plan('--cpus', '16').out).toMatch(/share of the CPUs: web +0\.5 +assumed/);
    const { out } = plan('--cpus', '16', '--web-cpu-share', '25%', '--format', 'json');
    expect(JSON.parse(out).recommended.workers.value).toBe(6);
    expect(plan('--web-cpu-share', '90%').err).toBe('headroom: the CPU shares add up to 1.4, more than 1\n');
  });

  it('reads a project with nothing typed: what it carries, and from where each value is', () => {
    const { code, out } = plan('case-a/before');
    expect(code).toBe(0);
    expect(out).toMatch(
      /Today this stack carries about \d+ users\. 50 users wait for a worker first: 1 worker x 1 thread/,
    );
    expect(out).toMatch(/With the plan it carries about \d+ users/);
    expect(out).toContain('--workers (backend): 1 (default) -> 3  backend/Dockerfile:22');
    expect(out).toMatch(/CPU of a request +0\.02 s +assumed/);
  });

  it('writes the tuning report: before and after, diff, steps, alerts, load steps', () => {
    const { out } = plan('case-a/before', '--format', 'markdown');
    expect(out).toContain('## Before and after, at 50 users');
    expect(out).toContain('+CMD exec gunicorn --workers 3 --threads 6 --bind 0.0.0.0:5000 src.app:app');
    expect(out).toContain('Build and start anew: backend (--workers');
    expect(out).toContain('Start anew: mysql, redis, worker');
    expect(out).toContain('- mysql: 120 of 151 connections in use (80 %).');
    expect(out).toMatch(/\| 1,000 \| .* \|/);
  });

  it("writes a runbook with this project's services and a load test with its address", () => {
    const runbook = plan('case-a/before', '--runbook').out;
    expect(runbook).toContain(
      "docker compose -f docker-compose.unified.yml exec -T redis sh -c 'redis-cli LLEN job_queue'",
    );
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
`,
    Dockerfile: 'FROM python:3.12-slim\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]\n',
  });
  const { out } = runCommand(shop, 'plan', '.', '--format', 'markdown');
  expect(out).toContain('POSTGRES_PASSWORD: ***');
  expect(out).not.toContain('hunter2');
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
    [['case-a/before', '--service', 'bckend'], 'no web server "bckend"; did you mean "backend"?: there is backend'],
    [['--format', 'yaml'], '--format takes text, json, markdown, not "yaml"'],
    [['--cpus', '-4'], "option '--cpus' argument is ambiguous (see --help)"],
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
