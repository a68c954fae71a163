import { describe, expect, it } from 'vitest';
import { readUwsgiSettings } from '../../../src/model/process/uwsgi-settings.ts';
import { textAt } from '../../../src/text/span.ts';
import { launchImage } from '../stack-fixture.ts';

function settingsOf(files: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}) {
  const command = files.command ?? '["uwsgi", "--ini", "uwsgi.ini"]';
  const Dockerfile = `FROM python:3.12-slim\nWORKDIR /app\nCOPY . /app\nCMD ${command}`;
  const { launches, container, files: opened } = launchImage({ ...files, Dockerfile }, environment);
  const [launch] = launches;
  if (!launch) throw new Error('nothing is started');
  return readUwsgiSettings(launch, { find: (path) => container.find(path), read: (path) => opened.read(path) });
}

describe('settings of uWSGI', () => {
  it('come from its ini file, with variables and options put in', () => {
    const settings = settingsOf(
      {
        'uwsgi.ini':
          '[uwsgi]\nbase = 4\nprocesses = %(base)\nthreads = $(THREADS)\nharakiri = 90\nhttp-socket = :8000\nsocket = /tmp/app.sock\nwsgi-file = shop/wsgi.py\n[other]\nprocesses = 9\n',
      },
      { THREADS: '8' },
    );
    expect(settings.workers).toMatchObject({ value: 4 });
    expect(settings.threads).toMatchObject({ value: 8 });
    expect(settings.timeoutSeconds).toMatchObject({ value: 90 });
    expect(textAt(settings.timeoutSeconds.at)).toBe('90');
    expect(settings.bind).toMatchObject({ value: [':8000', '/tmp/app.sock'] });
    expect(settings).toMatchObject({ application: 'shop.wsgi', concurrencyKind: 'threads' });
  });

  it('follow conditions on the environment', () => {
    const ini =
      '[uwsgi]\nif-not-env = UWSGI_PROCESSES\nprocesses = 2\nendif =\nif-exists = /x\nthreads = 30\nendif =\nmaster = true\n';
    expect(settingsOf({ 'uwsgi.ini': ini }).workers).toMatchObject({ value: 2 });
    expect(settingsOf({ 'uwsgi.ini': ini }, { UWSGI_PROCESSES: '6' }).workers).toMatchObject({ value: 6 });
    expect(settingsOf({ 'uwsgi.ini': ini }).threads).toMatchObject({
      known: false,
      oneOf: [{ value: 30 }, { value: 1 }],
    });
  });

  it('are unknown where two places disagree, the CPUs are counted, or the file is not there', () => {
    const command = '["uwsgi", "--ini", "/app/uwsgi.ini", "-p", "8"]';
    expect(settingsOf({ command, 'uwsgi.ini': '[uwsgi]\nprocesses = 4\n' }).workers).toMatchObject({
      oneOf: [{ value: 8 }, { value: 4 }],
    });
    expect(settingsOf({ 'uwsgi.ini': '[uwsgi]\nprocesses = %k\n' }).workers).toMatchObject({ fromCpuCount: true });
    expect(settingsOf({}).workers).toMatchObject({ known: false });
  });

  it('count greenlets as asynchronous', () => {
    expect(settingsOf({ 'uwsgi.ini': '[uwsgi]\ngevent = 100\n' })).toMatchObject({
      concurrencyKind: 'async',
      concurrency: { value: 100 },
    });
  });
});
