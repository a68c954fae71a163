import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CapacityInputs } from '../../src/capacity/capacity-inputs.ts';
import { carriedLoad } from '../../src/capacity/carried-load.ts';
import { simulateLoads, standardTarget } from '../../src/capacity/load-plan.ts';
import { type OpenFolder, openFolder } from '../../src/cli/load-workspace.ts';
import { settle } from '../../src/cli/settle.ts';
import { createSession } from '../../src/model/session.ts';
import { capacityTargets } from '../../src/plan/capacity-target.ts';
import { editsOfRows, planCapacity } from '../../src/plan/plan-capacity.ts';
import { rules } from '../../src/rules/index.ts';
import { applyEdits } from '../../src/text/span.ts';
import { applyPlan, planOfTexts, rowsOf, sayRow, warningsOf } from './planned-texts.ts';

describe.each(['a', 'b', 'c', 'd'])('the stack of case %s', (name) => {
  it('carries no less with the plan, and needs no second plan', () => {
    const open = openProject(name);
    const { plan, recommendations } = planOf(open);
    const target = standardTarget(plan.inputs);
    const carried = (settings: typeof plan.planned) => carriedLoad({ inputs: plan.inputs, settings }, target);
    expect(carried(plan.planned)).toBeGreaterThanOrEqual(carried(plan.today ?? plan.planned));
    apply(open, { plan, recommendations });
    const after = planOf(open).plan;
    expect(after.rows.map(sayRow)).toEqual([]);
    // What was predicted is what the files now say.
    expect({ ...after.today, fixed: undefined }).toEqual({ ...plan.planned, fixed: undefined });
  });
});

describe.each([
  ['a', []],
  // A cache for each process is mended by CACHES, not by a size.
  ['b', ['django-cache-per-process']],
  // Sessions that stay open are mended in the code.
  ['c', ['session-not-closed', 'session-not-closed', 'session-not-closed', 'session-not-closed']],
  // A number that its reader refuses is a mistake in the file.
  ['d', ['env-number-invalid']],
])('the plans of all web servers of case %s', (name, others) => {
  it('leave no finding of warning or above that is about capacity', () => {
    const open = openProject(name);
    expect(findingsOf(open).length).toBeGreaterThan(others.length);
    const { length } = targetsOf(open);
    for (let index = 0; index < length; index++) apply(open, planOf(open, { index }));
    expect(findingsOf(open).map((finding) => finding.replace(/:.*/, ''))).toEqual(others);
    for (let index = 0; index < length; index++) expect(planOf(open, { index }).plan.rows.map(sayRow)).toEqual([]);
  });
});

describe('the files of case A, with nothing typed', () => {
  it('say what carries how many users today and with the plan', () => {
    const { plan } = planOf(openProject('a'));
    const target = standardTarget(plan.inputs);
    const carried = (settings: typeof plan.planned) => carriedLoad({ inputs: plan.inputs, settings }, target);
    expect(carried(plan.today ?? plan.planned)).toBeLessThan(15);
    expect(carried(plan.planned)).toBeGreaterThan(50);
    const [today] = simulateLoads({ inputs: plan.inputs, settings: plan.today ?? plan.planned }, [50]);
    const [planned] = simulateLoads({ inputs: plan.inputs, settings: plan.planned }, [50]);
    expect(today?.bottleneck).toBe('workers');
    expect(planned?.p95).toBeLessThan((today?.p95 ?? 0) / 10);
  });

  it('become a plan of settings, each at its place', () => {
    const { plan } = planOf(openProject('a'));
    expect(plan.rows.map(sayRow)).toMatchInlineSnapshot(`
      [
        "backend/Dockerfile:22 --workers of backend: 1 (default) -> 3 | max(2, 4 x 0.5 x 1.5) = 3",
        "backend/Dockerfile:22 --threads of backend: 1 (default) -> 7 | 16.67 x 0.41, rounded up = 7",
        "backend/Dockerfile:22 exec of backend: sh -c gunicorn -> exec gunicorn | exec",
        "docker-compose.unified.yml:35 stop_grace_period of backend: 10 s (default) -> 35 s | 30 s + 5 s = 35 s",
        "shared/database.py:44 pool_size of self._pool: 5 -> 7 | 7",
        "docker-compose.unified.yml:10 innodb_buffer_pool_size of mysql: 128 MiB (default) -> 768 MiB | 1.5 GiB x 0.5, rounded down = 768 MiB",
        "docker-compose.unified.yml:27 maxmemory of redis: none -> 512 MiB, noeviction | min(512 MiB, 8 GiB x 0.0625) = 512 MiB",
        "docker-compose.unified.yml:10 memory limit of mysql: none -> 1.5 GiB | 1.5 GiB, rounded up = 1.5 GiB",
        "docker-compose.unified.yml:27 memory limit of redis: none -> 1 GiB | 1 GiB, rounded up = 1 GiB",
        "docker-compose.unified.yml:35 memory limit of backend: none -> 1 GiB | 768 MiB x 1.64, rounded down = 1 GiB",
        "docker-compose.unified.yml:55 memory limit of worker: none -> 3 GiB | 2 GiB x 1.64, rounded down = 3 GiB",
        "docker-compose.unified.yml:35 CPU limit of backend: none -> 2 | 4 x 0.5 = 2",
        "docker-compose.unified.yml:35 memory reservation of backend: none -> 768 MiB | 768 MiB, rounded up = 768 MiB",
      ]
    `);
  });
});

it('says where each value comes from, and which ones nobody wrote', () => {
  const { plan } = planOf(openProject('a'));
  expect(plan.origins.users).toMatchObject({ kind: 'file', place: { path: 'headroom.yaml', line: 2 } });
  expect(plan.origins.cpus).toMatchObject({ kind: 'file', place: { path: 'headroom.yaml', line: 3 } });
  expect(plan.origins.workerBytes).toMatchObject({ kind: 'assumed', id: 'heroku.worker_memory' });
  expect(plan.todayOrigins.workers).toMatchObject({ kind: 'default', id: 'gunicorn.workers' });
  expect(plan.todayOrigins.poolSize).toMatchObject({ kind: 'file', place: { path: 'shared/database.py', line: 16 } });
});

it('takes what is typed instead of what the files say', () => {
  const { plan } = planOf(openProject('a'), { given: { users: 10, cpus: 8 } });
  expect(plan.inputs).toMatchObject({ users: 10, cpus: 8, thinkSeconds: 1 });
  expect(plan.origins.users).toEqual({ kind: 'given' });
  expect(plan.recommended.workers.value).toBe(6);
});

it('survives JSON', () => {
  const { plan } = planOf(openProject('c'));
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

it('names what cannot be known, and changes nothing that rests on it', () => {
  const { plan } = planOfTexts({
    'compose.yaml': 'services:\n  web:\n    image: python:3.12\n    command: gunicorn -w ${WORKERS} app:app\n',
    'app.py': 'app = None\n',
  });
  expect(plan.todayOrigins.workers).toMatchObject({ kind: 'unknown', place: { path: 'compose.yaml', line: 4 } });
  expect(plan.origins.cpus).toMatchObject({ kind: 'unknown' });
  expect(plan.rows.map((row) => row.setting)).not.toContain('--workers');
});

it('refuses rows of a service that others share, with the reason', () => {
  const { plan } = planOfTexts({
    'compose.yaml': `x-app: &app
  image: python:3.12
  command: gunicorn app:app
services:
  web: *app
  admin: *app
`,
    'app.py': 'app = None\n',
  });
  const limits = plan.rows.filter((row) => row.setting === 'memory limit');
  expect(limits.map(({ refused, selected }) => ({ refused, selected }))).toContainEqual({
    refused: expect.stringContaining('anchor'),
    selected: false,
  });
});

it('promises what its rows do, and keeps what the changes by hand would add apart', () => {
  const { plan } = planOfTexts({
    'compose.yaml': 'services:\n  web:\n    build: .\n',
    Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD gunicorn -w 2 -c gunicorn.conf.py app:app\n',
    'gunicorn.conf.py': 'import multiprocessing\n\nthreads = min([multiprocessing.cpu_count(), 12])\n',
    'app.py': 'app = None\n',
  });
  expect(plan.rows.find(({ setting }) => setting === '--threads')?.refused).toContain('CPUs');
  expect(plan.planned.threads).toBe(plan.today?.threads);
  expect(plan.plannedByHand?.threads).toBe(plan.recommended.threads.value);
  expect(plan.recommended.threads.value).toBeGreaterThan(plan.today?.threads ?? 0);
});

it('has nothing to do by hand where every row can be applied', () => {
  expect(planOf(openProject('a')).plan.plannedByHand).toBeUndefined();
});

function openProject(name: string): OpenFolder {
  return openFolder(fileURLToPath(new URL(`../projects/case-${name}/before`, import.meta.url)), { rules });
}

function targetsOf(open: OpenFolder) {
  const { reading, configuration } = settle(open, { rules: [], session: createSession(), configuration: undefined });
  return capacityTargets(reading.stack.projects).map((target) => ({ target, goal: configuration.goal }));
}

function planOf(open: OpenFolder, of: { readonly given?: Partial<CapacityInputs>; readonly index?: number } = {}) {
  const chosen = targetsOf(open)[of.index ?? 0];
  if (!chosen) throw new Error('the project has no such web server');
  return planCapacity(chosen.target, { goal: chosen.goal, given: of.given ?? {} });
}

function apply(open: OpenFolder, { plan, recommendations }: ReturnType<typeof planCapacity>): void {
  const chosen = plan.rows.filter((row) => row.selected).map((row) => row.id);
  const result = editsOfRows(recommendations, new Set(chosen));
  if ('refused' in result) throw new Error(result.refused);
  for (const source of new Set(result.edits.map((edit) => edit.source))) {
    const own = result.edits.filter((edit) => edit.source === source);
    open.replace(source.path, applyEdits(source, own));
  }
}

function findingsOf(open: OpenFolder): readonly string[] {
  const { report } = settle(open, { rules, session: createSession(), configuration: undefined });
  return report.findings
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ rule, text }) => `${rule}: ${text}`);
}

const gunicorn =
  'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]\n';

it('writes a number in place of one that counts the CPUs of the host', () => {
  const texts = {
    'compose.yaml': 'services:\n  web:\n    build: .\n    mem_limit: 2g\n    cpus: 2\n',
    'gunicorn.conf.py': 'import multiprocessing\n\nworkers = multiprocessing.cpu_count() * 2 + 1\n',
    Dockerfile: gunicorn,
    'app.py': 'app = None\n',
  };
  expect(rowsOf(texts, /workers/)).toEqual([
    'Dockerfile:4 --workers of web: from the CPUs of the host -> 5 | max(2, 2 x 2 + 1) = 5',
  ]);
  expect(warningsOf(texts).join()).toContain('workers-from-host-cpus');
  const after = applyPlan(texts);
  expect(rowsOf(after, /workers/)).toEqual([]);
  expect(warningsOf(after).join()).not.toContain('workers');
});

it('leaves one process to programs whose state belongs to it', () => {
  const texts = {
    'compose.yaml': 'services:\n  web:\n    build: .\n',
    Dockerfile: gunicorn.replace('"--bind"', '"--workers", "1", "--bind"'),
    'app.py': `from flask import Flask
from sqlalchemy import create_engine

app = Flask(__name__)
engine = create_engine("sqlite:///app.db")
`,
  };
  expect(rowsOf(texts, /workers/)).toEqual([]);
});

it('counts the memory of every service that starts the same command', () => {
  const services = (name: string) => `  ${name}:\n    build: .\n`;
  const texts = {
    'headroom.yaml': 'host: { cpus: 8, memory: 32GiB }\nmemory: { perWorker: 300MiB }\n',
    'compose.yaml': `services:\n${services('web')}${services('admin')}`,
    Dockerfile: gunicorn,
    'app.py': 'app = None\n',
  };
  expect(rowsOf(texts, /memory limit/)).toEqual([
    'compose.yaml:3 memory limit of web: none -> 10 GiB | 4.98 GiB x 2, rounded up = 10 GiB',
    'compose.yaml:5 memory limit of admin: none -> 10 GiB | 4.98 GiB x 2, rounded up = 10 GiB',
  ]);
  expect(warningsOf(applyPlan(texts))).toEqual([]);
});

it('raises the limit of a database that its planned connections outgrow', () => {
  const texts = {
    'headroom.yaml': 'load: { users: 400, thinkSeconds: 1, responseSeconds: 0.5 }\nhost: { cpus: 16, memory: 64GiB }\n',
    'compose.yaml': 'services:\n  web:\n    build: .\n  db:\n    image: postgres:16\n    mem_limit: 1g\n',
    Dockerfile: gunicorn,
    'app.py': `from flask import Flask
from sqlalchemy import create_engine

app = Flask(__name__)
engine = create_engine("postgresql+psycopg://app@db/app", pool_pre_ping=True)
`,
  };
  expect(rowsOf(texts, /max_connections|memory limit/)).toEqual([
    'compose.yaml:5 max_connections of db: 100 (default) -> 400 | (264 / 0.75 + 3), rounded up to 50 = 400',
    'compose.yaml:3 memory limit of web: none -> 17 GiB | 8.25 GiB x 2, rounded up = 17 GiB',
    'compose.yaml:6 memory limit of db: 1 GiB -> 2.5 GiB | (128 MiB + 264 x 6 MiB) x 1.25, rounded up = 2.5 GiB',
  ]);
  const after = applyPlan(texts);
  expect(rowsOf(after, /./)).toEqual([]);
  expect(warningsOf(after)).toEqual([]);
});
