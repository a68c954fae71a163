import { describe, expect, it } from 'vitest';
import { formatBytes } from '../../src/capacity/bytes.ts';
import { describePart } from '../../src/capacity/memory-sizing.ts';
import { applyPlan, planOfTexts, rowsOf, type Texts, warningsOf } from './planned-texts.ts';

const gunicorn = (options: string) =>
  `FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD gunicorn ${options}--bind 0.0.0.0:8000 app:app\n`;

const app = 'from flask import Flask\n\napp = Flask(__name__)\n';

/** Who gets which memory with the plan, in words: "web 1 GiB". */
function memoryOf(texts: Texts): readonly string[] {
  const { parts, freeBytes } = planOfTexts(texts).plan.recommended.memory;
  return [
    ...parts.map((part) => {
      const { says, with: values } = describePart(part);
      return `${says.replace('{name}', String(values.name))} ${formatBytes(part.bytes.value)}`;
    }),
    `free ${formatBytes(freeBytes)}`,
  ];
}

describe('several web servers on one machine', () => {
  const shopAndAdmin: Texts = {
    'headroom.yaml': 'host: { cpus: 4, memory: 8GiB, shared: true }\n',
    'compose.yaml': `services:
  shop:
    build: ./shop
    deploy: { replicas: 2 }
  admin:
    build: ./admin
  db:
    image: postgres:16
`,
    'shop/Dockerfile': gunicorn('--workers 4 '),
    'shop/app.py': app,
    'admin/Dockerfile': gunicorn('--workers 6 '),
    'admin/app.py': app,
  };

  it('leave less memory free: the others with the workers that they run today', () => {
    expect(memoryOf(shopAndAdmin)).toEqual([
      'web 1 GiB',
      'other web servers 1.5 GiB',
      'database 1.5 GiB',
      'system 1 GiB',
      'free 3 GiB',
    ]);
  });

  it('leave fewer workers room where memory is short', () => {
    const small = {
      ...shopAndAdmin,
      'headroom.yaml': 'host: { cpus: 4, memory: 4GiB, shared: true }\nmemory: { perWorker: 350MiB }\n',
    };
    const workersOf = (texts: Texts) => planOfTexts(texts).plan.recommended.workers.value;
    expect(workersOf(small)).toBe(1);
    expect(workersOf({ ...small, 'admin/Dockerfile': gunicorn('--workers 1 ') })).toBe(2);
  });

  it('share the CPUs of web servers, and the plan says with whom', () => {
    expect(planOfTexts(shopAndAdmin).plan.project?.sharesCpusWith).toBe('admin');
    const apart = { ...shopAndAdmin, 'headroom.yaml': 'host: { cpus: 4, memory: 8GiB }\n' };
    expect(planOfTexts(apart).plan.project?.sharesCpusWith).toBeUndefined();
  });

  it('change together where they start by the same command', () => {
    const twins: Texts = {
      'headroom.yaml': 'host: { cpus: 8, memory: 16GiB, shared: true }\n',
      'compose.yaml': 'services:\n  web:\n    build: .\n  api:\n    build: .\n    deploy: { replicas: 2 }\n',
      Dockerfile: gunicorn(''),
      'app.py': app,
    };
    const { plan } = planOfTexts(twins);
    expect(plan.recommended.workers.value).toBe(6);
    expect(plan.inputs).toMatchObject({ otherWebWorkers: 0, sameCommandReplicas: 2 });
    expect(memoryOf(twins)).toEqual(['web 1.5 GiB', 'other web servers 3 GiB', 'system 1 GiB', 'free 10.5 GiB']);
  });

  it('count one of the servers that a script chooses from', () => {
    const chosen: Texts = {
      ...shopAndAdmin,
      'admin/Dockerfile': 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["sh", "start.sh"]\n',
      'admin/start.sh': `if [ "$MODE" = fast ]; then
  exec gunicorn --workers 4 app:app
else
  exec gunicorn --workers 2 app:app
fi
`,
    };
    expect(planOfTexts(chosen).plan.inputs.otherWebWorkers).toBe(4);
  });
});

describe('several stores on one machine', () => {
  const texts = (host: string): Texts => ({
    'headroom.yaml': `host: ${host}\n`,
    'compose.yaml': `services:
  web:
    build: .
  db:
    image: mysql:8.0
  reports:
    image: postgres:16
  redis:
    image: redis:7
  jobs:
    image: redis:7
    command: redis-server --maxmemory 256mb
`,
    Dockerfile: gunicorn('--workers 4 '),
    'app.py': `from flask import Flask
from sqlalchemy import create_engine

app = Flask(__name__)
engine = create_engine("mysql+mysqldb://app@db/app", pool_pre_ping=True)
`,
  });
  const eight = texts('{ cpus: 8, memory: 8GiB, shared: true }');

  it('share the memory of databases, and Redis counts with what it may take', () => {
    expect(memoryOf(eight)).toEqual([
      'web 1 GiB',
      'database db 768 MiB',
      'database reports 768 MiB',
      'cache 768 MiB',
      'system 1 GiB',
      'free 3.75 GiB',
    ]);
  });

  it('get limits and caches that suit their part', () => {
    expect(rowsOf(eight, /buffer|maxmemory|memory limit/)).toEqual([
      'compose.yaml:5 innodb_buffer_pool_size of db: 128 MiB (default) -> 384 MiB | 768 MiB x 0.5, rounded down = 384 MiB',
      'compose.yaml:9 maxmemory of redis: none -> 512 MiB, noeviction | min(512 MiB, 8 GiB x 0.0625) = 512 MiB',
      'compose.yaml:3 memory limit of web: none -> 2 GiB | 1 GiB x 2, rounded up = 2 GiB',
      'compose.yaml:5 memory limit of db: none -> 768 MiB | 768 MiB, rounded up = 768 MiB',
      'compose.yaml:7 memory limit of reports: none -> 1 GiB | 908.98 MiB, rounded up = 1 GiB',
      'compose.yaml:9 memory limit of redis: none -> 1 GiB | 1 GiB, rounded up = 1 GiB',
      'compose.yaml:12 memory limit of jobs: none -> 384 MiB | 320 MiB, rounded up = 384 MiB',
    ]);
    expect(rowsOf(applyPlan(eight), /./)).toEqual([]);
  });

  it('take no more than a small machine has', () => {
    const small = texts('{ cpus: 2, memory: 4GiB, shared: true }');
    expect(rowsOf(small, /maxmemory|memory limit/)).toEqual([
      'compose.yaml:9 maxmemory of redis: none -> 256 MiB, noeviction | min(512 MiB, 4 GiB x 0.0625) = 256 MiB',
      'compose.yaml:3 memory limit of web: none -> 1 GiB | 512 MiB x 2, rounded up = 1 GiB',
      'compose.yaml:5 memory limit of db: none -> 512 MiB | 512 MiB, rounded up = 512 MiB',
      'compose.yaml:7 memory limit of reports: none -> 1 GiB | 908.98 MiB, rounded up = 1 GiB',
      'compose.yaml:9 memory limit of redis: none -> 512 MiB | 512 MiB, rounded up = 512 MiB',
      'compose.yaml:12 memory limit of jobs: none -> 384 MiB | 320 MiB, rounded up = 384 MiB',
    ]);
    expect(warningsOf(applyPlan(small)).join()).not.toContain('limits-exceed-host');
  });

  it('follow the share that their owner edits', () => {
    const { plan } = planOfTexts(eight, { databaseMemoryShare: 0.4 });
    const limits = plan.rows.filter(({ setting }) => setting === 'memory limit');
    expect(limits.find(({ subject }) => subject === 'db')?.planned).toBe('1.5 GiB');
  });

  it('keep to the limits that they have', () => {
    const limited = {
      ...eight,
      'compose.yaml': (eight['compose.yaml'] ?? '').replace(
        'image: mysql:8.0',
        'image: mysql:8.0\n    mem_limit: 640m',
      ),
    };
    expect(memoryOf(limited)).toContain('database db 640 MiB');
  });
});
