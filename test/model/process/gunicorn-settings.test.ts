import { describe, expect, it } from 'vitest';
import { readGunicornSettings } from '../../../src/model/process/gunicorn-settings.ts';
import { known } from '../../../src/model/value.ts';
import { launchImage } from '../stack-fixture.ts';

function settingsOf(
  command: string,
  more: { environment?: Record<string, string>; config?: Record<string, number | string> } = {},
) {
  const texts: Record<string, string> = { Dockerfile: `FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ${command}` };
  if (more.config) texts['gunicorn.conf.py'] = 'workers = 3\n';
  const { launches, files, container } = launchImage(texts, more.environment);
  const [launch] = launches;
  if (!launch) throw new Error('no server found');
  return readGunicornSettings(launch, {
    find: (path) => container.find(path),
    read: (path) => files.read(path),
    exists: (path) => files.exists(path),
    pending: (path) => files.pending(path),
    version: () => undefined,
    isWellFormed: () => true,
    below: () => [],
    evaluate: (source) => ({
      complete: true,
      names: Object.keys(more.config ?? {}),
      get: (name) => {
        const value = more.config?.[name];
        return value === undefined ? undefined : known(value, { source, span: { start: 0, end: 7 } });
      },
    }),
  });
}

describe("Gunicorn's effective settings", () => {
  it('are the documented defaults when nothing is written', () => {
    const settings = settingsOf('["gunicorn", "app:app"]');
    expect(settings.workers).toMatchObject({ known: true, value: 1, trail: [{ at: { default: 'gunicorn.workers' } }] });
    expect(settings.concurrency).toMatchObject({ value: 1 });
    expect(settings.bind).toMatchObject({ value: ['127.0.0.1:8000'] });
    expect(settings.application).toBe('app:app');
  });

  it('read every spelling of an option', () => {
    for (const words of ['"-w", "4"', '"-w4"', '"-w=4"', '"--workers", "4"', '"--workers=4"']) {
      expect(settingsOf(`["gunicorn", ${words}, "app:app"]`).workers, words).toMatchObject({ value: 4 });
    }
  });

  it('take an unambiguous beginning of an option, as argparse does', () => {
    expect(settingsOf('["gunicorn", "--thr=6", "a:b"]').threads).toMatchObject({ value: 6 });
    const ambiguous = settingsOf('["gunicorn", "--work=6", "a:b"]');
    expect(ambiguous.workers).toMatchObject({ known: false });
    expect(ambiguous.refusals).toMatchObject([{ kind: 'ambiguous-option', setting: '--work' }]);
  });

  it('name what Gunicorn refuses', () => {
    const kinds = (words: string, more = {}) => settingsOf(`["gunicorn", ${words}, "a:b"]`, more).refusals;
    expect(kinds('"--workers=-1"')).toMatchObject([{ kind: 'out-of-range', setting: 'workers' }]);
    expect(kinds('"--keep-alive", "5s"')).toMatchObject([{ kind: 'not-a-number', setting: 'keepalive' }]);
    expect(kinds('"-k", "gthreads"')).toMatchObject([{ kind: 'unknown-class', setting: 'gthreads' }]);
    expect(kinds('"-k", "mine.Worker"')).toEqual([]);
    expect(kinds('"-k", "eventlet"')).toEqual([]);
    expect(kinds('"-w", "2"', { environment: { GUNICORN_CMD_ARGS: '--keepalive 5' } })).toMatchObject([
      { kind: 'unknown-option', setting: '--keepalive', replacement: '--keep-alive' },
    ]);
    expect(kinds('"-b", ":80"', { config: { workers: 4.5 } })).toMatchObject([
      { kind: 'fraction', setting: 'workers' },
    ]);
  });

  it('rank command line over GUNICORN_CMD_ARGS over file over WEB_CONCURRENCY', () => {
    const environment = { WEB_CONCURRENCY: '9', GUNICORN_CMD_ARGS: '--workers 5' };
    const config = { workers: 3 };
    expect(settingsOf('["gunicorn", "-w", "2", "a:b"]', { environment, config }).workers).toMatchObject({ value: 2 });
    expect(settingsOf('["gunicorn", "a:b"]', { environment, config }).workers).toMatchObject({ value: 5 });
    expect(settingsOf('["gunicorn", "a:b"]', { environment: { WEB_CONCURRENCY: '9' }, config }).workers).toMatchObject({
      value: 3,
    });
    expect(settingsOf('["gunicorn", "a:b"]', { environment: { WEB_CONCURRENCY: '9' } }).workers).toMatchObject({
      value: 9,
    });
  });

  it('become gthread when a sync worker is given threads', () => {
    const settings = settingsOf('["gunicorn", "--threads", "8", "a:b"]');
    expect(settings.concurrency).toMatchObject({ value: 8 });
    expect(settings.concurrencyKind).toBe('threads');
  });

  it('leave the concurrency of event-loop workers unknown', () => {
    const settings = settingsOf('["gunicorn", "-k", "uvicorn.workers.UvicornWorker", "--threads", "8", "a:b"]');
    expect(settings.concurrency.known).toBe(false);
    expect(settings.concurrencyKind).toBe('async');
  });

  it('say what Gunicorn refuses', () => {
    expect(settingsOf('["gunicorn", "-w", "many", "a:b"]').refusals).toMatchObject([
      { setting: 'workers', kind: 'not-a-number' },
    ]);
    expect(settingsOf('["gunicorn", "--keepalive", "5", "a:b"]').refusals).toMatchObject([{ kind: 'unknown-option' }]);
    expect(settingsOf('["gunicorn", "a:b"]', { environment: { WEB_CONCURRENCY: '' } }).refusals).toMatchObject([
      { setting: 'WEB_CONCURRENCY', kind: 'empty' },
    ]);
    expect(settingsOf('["gunicorn", "-w", "2", "a:b"]').refusals).toEqual([]);
  });

  it('are unknown behind a configuration file that is not in the workspace', () => {
    const settings = settingsOf('["gunicorn", "-c", "/etc/gunicorn.py", "a:b"]');
    expect(settings.workers).toMatchObject({
      known: false,
      why: 'the Gunicorn configuration file is not in the workspace',
    });
  });

  it('count CPUs as a value of its own kind', () => {
    const settings = settingsOf('["sh", "-c", "exec gunicorn a:b -w $((2 * $(nproc) + 1))"]');
    expect(settings.workers).toMatchObject({ known: false, fromCpuCount: true });
  });
});
