import { describe, expect, it } from 'vitest';
import { readOtherSettings } from '../../../src/model/process/other-servers.ts';
import { isAssumed, knownValue } from '../../../src/model/value.ts';
import { launchImage } from '../stack-fixture.ts';

function settingsOf(command: string, environment: Record<string, string> = {}) {
  const Dockerfile = `FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ${JSON.stringify(command.split(' '))}\n`;
  const [launch] = launchImage({ Dockerfile }, environment).launches;
  if (!launch) throw new Error('no server found');
  return readOtherSettings(launch);
}

describe('processes and what each has in hand', () => {
  it.each([
    ['uvicorn a:b', {}, 1, undefined],
    ['uvicorn a:b', { WEB_CONCURRENCY: '3' }, 3, undefined],
    ['uvicorn a:b', { UVICORN_WORKERS: '2', WEB_CONCURRENCY: '3' }, 2, undefined],
    ['uvicorn a:b --workers 4', { UVICORN_WORKERS: '2' }, 4, undefined],
    ['hypercorn a:b -w 3', {}, 3, undefined],
    ['hypercorn -c hypercorn.toml a:b', {}, undefined, undefined],
    ['daphne a:b', { WEB_CONCURRENCY: '3' }, 1, undefined],
    ['granian a:b --interface asgi', { GRANIAN_WORKERS: '2' }, 2, undefined],
    ['granian a:b --interface wsgi --blocking-threads 8', {}, 1, 8],
    ['celery -A a worker -c 3', { CELERY_WORKER_CONCURRENCY: '5' }, 3, 1],
    ['celery -A a worker', { CELERY_WORKER_CONCURRENCY: '5' }, 5, 1],
    ['celery -A a worker -P threads -c 9', {}, 1, 9],
    ['celery -A a worker -P solo -c 9', {}, 1, 1],
    ['celery -A a worker --autoscale 8,2', {}, undefined, 1],
    ['dramatiq a -p 2', {}, 2, 8],
    ['dramatiq a --processes 2 --threads 3', {}, 2, 3],
    ['rq worker', {}, 1, 1],
    ['rq worker-pool -n 4', {}, 4, 1],
    ['huey_consumer.py a.huey -w 4', {}, 1, 4],
    ['huey_consumer a.huey -w 4 -k process', {}, 4, 1],
    ['python manage.py run_huey', {}, undefined, undefined],
  ] as const)('%s %o', (command, environment, workers, concurrency) => {
    const settings = settingsOf(command, environment);
    expect([knownValue(settings.workers), knownValue(settings.concurrency)]).toEqual([workers, concurrency]);
  });

  it('assume a default that a variable from outside may replace', () => {
    const Dockerfile = 'FROM python:3.12-slim\nCMD ["uvicorn", "a:b"]\n';
    const [launch] = launchImage({ Dockerfile }).launches;
    if (!launch) throw new Error('no server found');
    const workersIn = (complete: boolean) =>
      readOtherSettings({ ...launch, environment: { ...launch.environment, complete } }).workers;
    expect([isAssumed(workersIn(true)), isAssumed(workersIn(false))]).toEqual([false, true]);
  });

  it('bound an event loop by the limit that it is given', () => {
    expect(settingsOf('uvicorn a:b --limit-concurrency 100').concurrency).toMatchObject({ known: false, atMost: 100 });
  });

  it('keep the range of an autoscaled Celery', () => {
    expect(settingsOf('celery -A a worker --autoscale 8,2').workers).toMatchObject({ atMost: 8, atLeast: 2 });
  });
});
