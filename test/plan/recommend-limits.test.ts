import { describe, expect, it } from 'vitest';
import { applyPlan, planOfTexts, rowsOf, type Texts, warningsOf } from './planned-texts.ts';

const limits = /limit|reservation|--concurrency/;
const eight = 'host: { cpus: 8, memory: 16GiB, shared: true }\n';

function stack(compose: string, headroom = eight): Texts {
  return {
    'headroom.yaml': headroom,
    'compose.prod.yaml': compose,
    Dockerfile: `FROM python:3.12-slim
WORKDIR /app
COPY . .
CMD ["gunicorn", "--workers", "4", "--threads", "8", "--bind", "0.0.0.0:8000", "app:app"]
`,
    'app.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
  };
}

const plain = 'services:\n  web:\n    build: .\n';

describe("limits of the web server's containers", () => {
  it('are its share of the cores, and the memory of its workers', () => {
    expect(rowsOf(stack(plain), limits)).toEqual([
      'compose.prod.yaml:3 memory limit of web: none -> 2 GiB | 1 GiB x 2, rounded up = 2 GiB',
      'compose.prod.yaml:3 CPU limit of web: none -> 4 | 8 x 0.5 = 4',
      'compose.prod.yaml:3 memory reservation of web: none -> 1 GiB | 1 GiB, rounded up = 1 GiB',
    ]);
    const after = applyPlan(stack(plain));
    expect(after['compose.prod.yaml']).toContain("cpus: '4'");
    expect(after['compose.prod.yaml']).toMatch(/reservations:\n +memory: 1G/);
    expect(rowsOf(after, limits)).toEqual([]);
    expect(warningsOf(after)).toEqual([]);
  });

  it('bound its part of the machine that headroom.yaml states, which stays the machine of the plan', () => {
    const { inputs } = planOfTexts(applyPlan(stack(plain))).plan;
    expect(inputs).toMatchObject({ cpus: 8, memoryBytes: 16 * 2 ** 30, profile: 'shared', webCpuShare: 0.5 });
    const small = planOfTexts(stack('services:\n  web:\n    build: .\n    cpus: 2\n')).plan;
    expect(small.inputs).toMatchObject({ cpus: 8, profile: 'shared', webCpuShare: 0.25 });
    expect(small.origins.webCpuShare).toMatchObject({ kind: 'file', place: { path: 'compose.prod.yaml', line: 4 } });
    // 2 x 2 + 1 workers suit two cores of their own.
    expect(small.planned.workers).toBe(4);
    const tiny = stack(
      'services:\n  web:\n    build: .\n    cpus: 8\n',
      'host: { cpus: 1, memory: 16GiB, shared: true }\n',
    );
    expect(planOfTexts(tiny).plan.planned.workers).toBe(2);
    const alone = stack('services:\n  web:\n    build: .\n    cpus: 2\n', '');
    expect(planOfTexts(alone).plan.inputs).toMatchObject({ cpus: 2, profile: 'dedicated' });
  });

  it('stand in the form that the file uses', () => {
    const texts = stack('services:\n  web:\n    build: .\n    mem_limit: 2g\n');
    const after = applyPlan(texts)['compose.prod.yaml'];
    expect(after).toContain("cpus: '4'");
    expect(after).toContain('mem_reservation: 1G');
    expect(after).not.toContain('deploy:');
  });

  it('are shared out among the replicas', () => {
    const texts = stack('services:\n  web:\n    build: .\n    deploy:\n      replicas: 2\n');
    expect(rowsOf(texts, /CPU/)).toEqual(['compose.prod.yaml:5 CPU limit of web: none -> 2 | 8 x 0.5 / 2 = 2']);
    expect(rowsOf(applyPlan(texts), limits)).toEqual([]);
  });

  it('leave the CPUs alone where their number is a guess, too small, or counted by the program', () => {
    expect(rowsOf(stack(plain, ''), /CPU/)).toEqual([]);
    expect(rowsOf(stack(plain, 'host: { cpus: 1, memory: 16GiB, shared: true }\n'), /CPU/)).toEqual([]);
    expect(rowsOf(stack(plain, 'host: { cpus: 8, memory: 16GiB }\n'), /CPU/)).toEqual([]);
    const counted = {
      ...stack(plain),
      'gunicorn.conf.py': 'import multiprocessing\n\nworkers = multiprocessing.cpu_count()\n',
      Dockerfile:
        'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]\n',
    };
    expect(rowsOf(counted, /CPU/)).toEqual([]);
  });

  it('keep what is written where it does no harm', () => {
    const written = `${plain}    deploy:
      resources:
        limits:
          cpus: "3"
          memory: 2G
        reservations:
          memory: 1G
`;
    expect(rowsOf(stack(written), limits)).toEqual([]);
  });

  it('raise a reservation below the need of the workers, never to the limit', () => {
    const small = (limit: string) => `${plain}    mem_limit: ${limit}\n    cpus: "3"\n    mem_reservation: 256m\n`;
    const measured = `${eight}memory: { perWorker: 256MiB }\n`;
    expect(rowsOf(stack(small('2g'), measured), limits)).toEqual([
      'compose.prod.yaml:6 memory reservation of web: 256 MiB -> 1 GiB | 1 GiB, rounded up = 1 GiB',
    ]);
    expect(rowsOf(stack(small('1g'), measured), limits)).toEqual([]);
  });

  it('leave a written reservation alone where the memory of a worker is only assumed', () => {
    const reserved = `${plain}    mem_limit: 2g\n    cpus: "3"\n    mem_reservation: 256m\n`;
    expect(rowsOf(stack(reserved), limits)).toEqual([]);
  });
});

describe('memory limits of all services', () => {
  it('hold the measured memory of one worker at least', () => {
    const small = stack(`${plain}    mem_limit: 128m\n`, `${eight}memory: { perWorker: 200MiB }\n`);
    expect(rowsOf(small, /memory limit/)).toEqual([
      'compose.prod.yaml:4 memory limit of web: 128 MiB -> 256 MiB | 1 x 200 MiB, rounded up = 256 MiB',
    ]);
    const after = applyPlan(small);
    expect(rowsOf(after, limits)).toEqual([]);
    expect(warningsOf(after)).toEqual([]);
  });

  it('are none where together they promise more than the host has', () => {
    const services = `${plain}  db:\n    image: mysql:8.0\n  cache:\n    image: redis:7\n`;
    const tiny = stack(services, 'host: { cpus: 2, memory: 768MiB, shared: true }\n');
    expect(rowsOf(tiny, /memory limit/)).toEqual([]);
    expect(warningsOf(applyPlan(tiny)).join()).not.toContain('limits-exceed-host');
  });
});

it('says that a limit of 0 is none, and where it is written', () => {
  const texts = stack('services:\n  web:\n    build: .\n    mem_limit: 0\n    cpus: 0\n');
  expect(rowsOf(texts, /limit/)).toEqual([
    'compose.prod.yaml:4 memory limit of web: 0 (no limit) -> 2 GiB | 1 GiB x 2, rounded up = 2 GiB',
    'compose.prod.yaml:5 CPU limit of web: 0 (no limit) -> 4 | 8 x 0.5 = 4',
  ]);
  expect(rowsOf(applyPlan(texts), limits)).toEqual([]);
});

describe('task workers that count the cores of the host', () => {
  const tasks: Texts = {
    ...stack(`${plain}  tasks:\n    build: .\n    command: celery -A tasks worker\n`),
    'tasks.py': 'from celery import Celery\n\napp = Celery("tasks", broker="redis://redis:6379/0")\n',
  };

  it('get a number with their limit', () => {
    expect(rowsOf(tasks, /--concurrency/)).toEqual([
      'compose.prod.yaml:6 --concurrency of tasks: one for each CPU of the host (default) -> 2 | max(2, 8 x 0.2 x 1.5), rounded down = 2',
    ]);
    const after = applyPlan(tasks);
    expect(after['compose.prod.yaml']).toContain('--concurrency 2');
    expect(rowsOf(after, limits)).toEqual([]);
    expect(warningsOf(after)).toEqual([]);
  });

  it('get a number for a host that is assumed only with a word about it', () => {
    const reasonOf = (texts: Texts) =>
      planOfTexts(texts).plan.rows.find(({ setting }) => setting === '--concurrency')?.reason;
    expect(reasonOf({ ...tasks, 'headroom.yaml': '' })).toMatchObject({
      says: expect.stringMatching(/that the host has \{cpus\} is an assumption$/),
      with: { cpus: 4 },
    });
    expect(reasonOf(tasks)?.says).not.toContain('assumption');
  });

  it('keep a number that is written', () => {
    const written = { ...tasks, 'compose.prod.yaml': `${tasks['compose.prod.yaml']?.trimEnd()} --concurrency 6\n` };
    expect(rowsOf(written, /--concurrency/)).toEqual([]);
  });
});

describe('HTTP pools', () => {
  const gateway = (client: string): Texts => ({
    'compose.yaml':
      'services:\n  gateway:\n    build: .\n    mem_limit: 256m\n    cpus: "1"\n    mem_reservation: 200m\n',
    Dockerfile:
      'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "80"]\n',
    'main.py': `import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient(limits=httpx.Limits(${client}))


@app.get("/")
async def index():
    return (await client.get("https://example.org")).text
`,
  });
  const pools = /connections/;

  it('open no more connections than their container has memory for', () => {
    const texts = gateway('max_connections=2000, max_keepalive_connections=3000');
    expect(rowsOf(texts, pools)).toEqual([
      'main.py:5 max_connections of client: 2000 -> 1360 | (256 MiB / 1 - 190.73 MiB) / 48.83 KiB, rounded down to 10 = 1360',
      'main.py:5 keep-alive connections of client: 3000 -> 1360 | 1360',
    ]);
    expect(rowsOf(applyPlan(texts), pools)).toEqual([]);
  });

  it('keep no more alive than they open', () => {
    const texts = gateway('max_connections=100, max_keepalive_connections=150');
    expect(rowsOf(texts, pools)).toEqual(['main.py:5 keep-alive connections of client: 150 -> 100 | 100']);
    expect(rowsOf(applyPlan(texts), pools)).toEqual([]);
  });

  it('are left alone where they fit', () => {
    expect(rowsOf(gateway('max_connections=300, max_keepalive_connections=150'), pools)).toEqual([]);
  });
});
