import { describe, expect, it } from 'vitest';
import { textAt } from '../../../src/text/span.ts';
import { launchImage, wordsOf } from '../stack-fixture.ts';

const slim = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . /app\n';

describe('programs under a supervisor', () => {
  it('takes every program of supervisord.conf, and of the files it includes', () => {
    const { launches } = launchImage(
      {
        Dockerfile: `${slim}COPY deploy/supervisord.conf /etc/supervisord.conf\nCOPY deploy/conf.d/ /etc/supervisor.d/\nCMD ["supervisord", "-n", "-c", "/etc/supervisord.conf"]`,
        'deploy/supervisord.conf':
          '[supervisord]\nnodaemon=true\nenvironment=MODE="live"\n[program:web]\ncommand=gunicorn app:app\n    --workers %(ENV_WORKERS)s ; how many\ndirectory=/app/src\nstopwaitsecs=40\n[program:off]\ncommand=celery -A app worker\nautostart=false\n[include]\nfiles = supervisor.d/*.ini\n',
        'deploy/conf.d/worker.ini':
          '[program:worker]\ncommand=celery -A app worker -c 2\nnumprocs=3\nenvironment=A="x y",B=2\n',
        'deploy/conf.d/notes.txt': '[program:ghost]\ncommand=celery -A ghost worker\n',
      },
      { WORKERS: '4' },
    );
    expect(launches.map(wordsOf)).toEqual([
      ['gunicorn', 'app:app', '--workers', '4'],
      ['celery', '-A', 'app', 'worker', '-c', '2'],
    ]);
    const [web, worker] = launches;
    expect(web).toMatchObject({ workingDirectory: '/app/src', supervised: { stopPeriodSeconds: { value: 40 } } });
    expect(web && textAt(web.at)).toBe('gunicorn');
    expect(web?.environment.variables.get('MODE')).toMatchObject({ value: 'live' });
    expect(worker).toMatchObject({
      supervised: { copies: { value: 3 }, stopPeriodSeconds: { value: 10 } },
      signals: { forwarded: { value: true } },
    });
    expect(worker?.environment.variables.get('A')).toMatchObject({ value: 'x y' });
  });

  it('finds the folder that the package of Debian includes, behind an entrypoint script', () => {
    const { launches } = launchImage({
      Dockerfile: `${slim}COPY programs.conf /etc/supervisor/conf.d/\nENTRYPOINT ["/app/entry.sh"]`,
      'programs.conf': '[program:api]\ncommand=uvicorn main:app\n[program:jobs]\ncommand=python jobs.py\n',
      'entry.sh': '#!/bin/sh\npython manage.py migrate\nexec /usr/bin/supervisord -n\n',
      'jobs.py': '',
    });
    expect(launches.map((launch) => launch.server)).toEqual(['uvicorn', 'python']);
  });

  it('says that the configuration is not there', () => {
    const [launch] = launchImage({ Dockerfile: `${slim}CMD ["supervisord", "-c", "/etc/own.conf"]` }).launches;
    expect(launch).toMatchObject({
      server: 'unknown',
      missing: 'the configuration of supervisord is not in the workspace',
    });
  });

  it('runs the named processes of a Procfile under honcho', () => {
    const { launches } = launchImage(
      {
        Dockerfile: `${slim}CMD ["honcho", "start", "web", "worker"]`,
        Procfile: 'web: gunicorn app:app -w $N\nworker: celery -A app worker\nclock: celery -A app beat\n',
      },
      { N: '3' },
    );
    expect(launches.map(wordsOf)).toEqual([
      ['gunicorn', 'app:app', '-w', '3'],
      ['celery', '-A', 'app', 'worker'],
    ]);
  });

  it('runs the services of s6-overlay beside the command', () => {
    const { launches } = launchImage({
      Dockerfile: `${slim}COPY rootfs/ /\nENTRYPOINT ["/init"]\nCMD ["gunicorn", "app:app"]`,
      'rootfs/etc/services.d/worker/run': '#!/usr/bin/with-contenv bash\nexec s6-setuidgid app celery -A app worker\n',
      'rootfs/etc/s6-overlay/s6-rc.d/beat/run': '#!/command/with-contenv sh\nexec celery -A app beat\n',
    });
    expect(launches.map((launch) => launch.server)).toEqual(['celery', 'celery-beat', 'gunicorn']);
  });
});
