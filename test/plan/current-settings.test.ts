import { expect, it } from 'vitest';
import type { GivenSettings } from '../../src/capacity/given-settings.ts';
import { readWorkspace } from '../../src/model/read-workspace.ts';
import { createSession } from '../../src/model/session.ts';
import { capacityTargets } from '../../src/plan/capacity-target.ts';
import { noGoal } from '../../src/plan/goal.ts';
import { planCapacity } from '../../src/plan/plan-capacity.ts';
import { workspaceOf } from '../model/stack-fixture.ts';

const database = "from sqlalchemy import create_engine\nengine = create_engine('postgresql://db/app', pool_size=3)\n";
const open = {
  'compose.yaml': `services:
  web:
    build: .
    command: gunicorn -w \${WORKERS} --threads 4 app:app
  db:
    image: postgres:16
    command: postgres -c max_connections=\${CONNECTIONS}
`,
  Dockerfile: 'FROM python:3.12\nWORKDIR /app\nCOPY . .\n',
  'app.py': database,
};

it('asks for what the files leave open, with the reason and the place', () => {
  const { openSettings } = planOf(open);
  expect(openSettings.map(({ name, assumed }) => [name, assumed])).toEqual([
    ['workers', 1],
    ['maxConnections', null],
  ]);
  expect(openSettings[0]?.origin).toEqual({
    kind: 'unknown',
    why: 'comes from the shell: WORKERS is not in .env',
    place: { path: 'compose.yaml', line: 4, column: expect.any(Number) },
  });
});

it('takes what the user knows in place of the assumption, and still asks', () => {
  const plan = planOf(open, { workers: 6, maxConnections: 60 });
  expect(plan.today).toMatchObject({ workers: 6, threads: 4, maxConnections: 60 });
  expect(plan.todayOrigins).toMatchObject({ workers: { kind: 'given' }, maxConnections: { kind: 'given' } });
  expect(plan.openSettings).toEqual(planOf(open).openSettings);
});

it('replaces nothing that the files state', () => {
  const plan = planOf(open, { threads: 9, poolSize: 50 });
  expect(plan.today).toMatchObject({ threads: 4, pool: { size: 3 } });
});

it('writes nothing to a place that is not known, whatever the user knows', () => {
  const plan = planOf(open, { workers: 900 });
  const rows = plan.rows.filter(({ setting, refused }) => setting === '--workers' && refused === undefined);
  expect(rows).toEqual([]);
});

it('asks for the pool of which the size comes from outside', () => {
  const files = { ...open, 'app.py': database.replace('pool_size=3', "pool_size=int(os.environ['POOL'])") };
  const plan = planOf({ ...files, 'app.py': `import os\n${files['app.py']}` }, { poolSize: 7 });
  expect(plan.openSettings.map(({ name }) => name)).toContain('poolSize');
  expect(plan.today?.pool).toMatchObject({ size: 7, overflow: 10 });
});

it('says of servers without a worker timeout that they have none', () => {
  const compose = 'services:\n  web:\n    image: python:3.12\n    command: uvicorn app:app\n';
  const plan = planOf({ 'compose.yaml': compose, 'app.py': 'app = None\n' });
  expect(plan.today?.threads).toBeNull();
  expect(plan.todayOrigins).not.toHaveProperty('workerTimeoutSeconds');
});

it('has nothing to ask where the files say everything', () => {
  const files = { ...open, '.env': 'WORKERS=2\nCONNECTIONS=50\n' };
  expect(planOf(files, { workers: 9 })).toMatchObject({ openSettings: [], today: { workers: 2, maxConnections: 50 } });
});

it('keeps what the files have beside what was typed', () => {
  const { plan } = planCapacity(undefined, { goal: noGoal, given: { users: 10 } });
  expect(plan.replaced).toMatchObject({ users: { value: 50, origin: { kind: 'assumed' } } });
  expect(Object.keys(plan.replaced)).toEqual(['users']);
});

it('takes threads that follow the CPUs for as many as the machine has', () => {
  const files = {
    'compose.yaml':
      'services:\n  web:\n    image: python:3.12\n    command: gunicorn -c gunicorn.conf.py app:app\n    volumes: [".:/app"]\n    working_dir: /app\n',
    'gunicorn.conf.py': 'import multiprocessing\nworkers = 2\nthreads = min([multiprocessing.cpu_count(), 12])\n',
    'app.py': 'app = None\n',
  };
  const plan = planOf(files);
  expect(plan.today).toMatchObject({ workers: 2, threads: plan.inputs.cpus });
  expect(plan.todayOrigins.threads).toMatchObject({ kind: 'unknown' });
});

it('assumes one copy of a program that no compose file starts', () => {
  const plan = planOf({ Procfile: 'web: gunicorn -w 2 app:app\n', 'app.py': 'app = None\n' });
  expect(plan.inputs.replicas).toBe(1);
  expect(plan.origins.replicas).toMatchObject({ kind: 'assumed' });
});

function planOf(files: Readonly<Record<string, string>>, settings: GivenSettings = {}) {
  const [target] = capacityTargets(readWorkspace(workspaceOf(files), createSession()).stack.projects);
  return planCapacity(target, { goal: noGoal, settings }).plan;
}
