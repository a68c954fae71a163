import { describe, expect, it } from 'vitest';
import { formatBytes } from '../../src/capacity/bytes.ts';
import { describePart } from '../../src/capacity/memory-sizing.ts';
import { planOfTexts, type Texts } from './planned-texts.ts';

const gunicorn = (options: string) =>
  `FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD gunicorn ${options}--bind 0.0.0.0:8000 app:app\n`;

const app = 'from flask import Flask\n\napp = Flask(__name__)\n';

/** Who gets which memory with the plan, in words: "web 1 GiB". */
function memoryOf(texts: Texts): readonly string[] {
  const { parts, freeBytes } = planOfTexts(texts).plan.recommended.memory;
  return [
    ...parts.map((part) => `${describePart(part).says} ${formatBytes(part.bytes.value)}`),
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
