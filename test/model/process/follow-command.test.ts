import { describe, expect, it } from 'vitest';
import { textAt } from '../../../src/text/span.ts';
import { launchImage, wordsOf } from '../stack-fixture.ts';

const slim = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . /app\n';
const alpine = 'FROM python:3.12-alpine\nWORKDIR /app\nCOPY . .\n';

describe('following a start command', () => {
  it('finds gunicorn in an exec-form CMD and knows that signals reach it', () => {
    const [launch] = launchImage({ Dockerfile: `${slim}CMD ["gunicorn", "-w", "4", "app:app"]` }).launches;
    expect(launch?.server).toBe('gunicorn');
    expect(wordsOf(launch)).toEqual(['gunicorn', '-w', '4', 'app:app']);
    expect(launch && textAt(launch.at)).toBe('gunicorn');
    expect(launch?.signals.forwarded).toMatchObject({ known: true, value: true });
  });

  it('joins ENTRYPOINT and CMD', () => {
    const [launch] = launchImage({
      Dockerfile: `${slim}ENTRYPOINT ["uv", "run", "--no-dev", "--", "gunicorn"]\nCMD ["app:app", "--workers=3"]`,
    }).launches;
    expect(wordsOf(launch)).toEqual(['gunicorn', 'app:app', '--workers=3']);
  });

  it('finds a script whose folder a build argument names', () => {
    const { launches } = launchImage({
      Dockerfile:
        'FROM python:3.12-slim\nARG SCENE=production\nCOPY ./docker/${SCENE}/ /opt/scene/\nENTRYPOINT ["/opt/scene/start.sh"]',
      'docker/production/start.sh': '#!/bin/sh\nexec gunicorn -w 4 app:app\n',
      'docker/test/start.sh': '#!/bin/sh\nexec flask run\n',
    });
    expect(wordsOf(launches[0])).toEqual(['gunicorn', '-w', '4', 'app:app']);
  });

  it('splits a command that a script kept in a variable', () => {
    const { launches } = launchImage({
      Dockerfile: `${slim}ENTRYPOINT ["./start.sh"]\nCMD ["gunicorn", "-w", "4", "app:app"]`,
      'start.sh': '#!/bin/sh\ncmd="$@"\nexec $cmd\n',
    });
    expect(wordsOf(launches[0])).toEqual(['gunicorn', '-w', '4', 'app:app']);
  });

  it('says that dash keeps the stop signal of a shell-form CMD to itself', () => {
    const [launch] = launchImage({ Dockerfile: `${slim}CMD gunicorn app:app` }).launches;
    expect(launch?.signals.forwarded).toMatchObject({ known: true, value: false });
    expect(launch?.signals.blockedBy).toBe('shell');
    expect(launch?.signals.blockedAt && textAt(launch.signals.blockedAt)).toBe('gunicorn');
  });

  it('knows that busybox and exec hand the signal on', () => {
    const [busybox] = launchImage({ Dockerfile: `${alpine}CMD gunicorn app:app` }).launches;
    const [exec] = launchImage({ Dockerfile: `${slim}CMD exec gunicorn app:app` }).launches;
    expect(busybox?.signals.forwarded).toMatchObject({ known: true, value: true });
    expect(exec?.signals.forwarded).toMatchObject({ known: true, value: true });
  });

  it('follows an entrypoint script into its last server, past migrations', () => {
    const script =
      '#!/bin/sh\nset -e\nWORKERS="${WORKERS:-3}"\npython manage.py migrate --noinput\nexec gunicorn shop.wsgi --workers $WORKERS\n';
    const { launches } = launchImage({ Dockerfile: `${slim}ENTRYPOINT ["./start.sh"]`, 'start.sh': script });
    expect(launches).toHaveLength(1);
    expect(wordsOf(launches[0])).toEqual(['gunicorn', 'shop.wsgi', '--workers', '3']);
    expect(launches[0]?.command.words[3]?.segments[0]?.at.source.path).toBe('start.sh');
    expect(launches[0]?.signals.forwarded).toMatchObject({ value: true });
  });

  it('takes the environment over the default of a script', () => {
    const script = '#!/bin/bash\ngunicorn shop.wsgi -w "${WORKERS:-3}"\n';
    const { launches } = launchImage(
      { Dockerfile: `${slim}CMD ["bash", "start.sh"]`, 'start.sh': script },
      { WORKERS: '7' },
    );
    expect(wordsOf(launches[0]).at(-1)).toBe('7');
    expect(launches[0]?.signals).toMatchObject({ blockedBy: 'script' });
  });

  it('passes CMD on to a script that ends in exec "$@"', () => {
    const files = {
      Dockerfile: `${slim}ENTRYPOINT ["/app/entry.sh"]\nCMD ["celery", "-A", "shop", "worker", "-c", "2"]`,
      'entry.sh': '#!/bin/sh\nexec "$@"\n',
    };
    const [launch] = launchImage(files).launches;
    expect(launch?.server).toBe('celery');
    expect(launch?.signals.forwarded).toMatchObject({ value: true });
  });

  it('reads variables that hold a whole command', () => {
    const script = '#!/bin/sh\nparams="--workers 5 app:app"\ncmd="gunicorn $params"\nexec $cmd\n';
    const [launch] = launchImage({ Dockerfile: `${slim}CMD ["sh", "/app/run.sh"]`, 'run.sh': script }).launches;
    expect(wordsOf(launch)).toEqual(['gunicorn', '--workers', '5', 'app:app']);
  });

  it('never reads what stands after a foreground server', () => {
    const script = '#!/bin/sh\ngunicorn one:app\ngunicorn two:app\n';
    const { launches } = launchImage({ Dockerfile: `${slim}CMD ["sh", "/app/run.sh"]`, 'run.sh': script });
    expect(launches.map((launch) => wordsOf(launch)[1])).toEqual(['one:app']);
  });

  it('prefers the server over the development branch of a script', () => {
    const script =
      '#!/bin/sh\nif [ "$DEBUG" = 1 ]; then\n  python manage.py runserver 0.0.0.0:8000\nelse\n  exec gunicorn shop.wsgi\nfi\n';
    const { launches } = launchImage({ Dockerfile: `${slim}CMD ["sh", "/app/run.sh"]`, 'run.sh': script });
    expect(launches.map((launch) => launch.server)).toEqual(['gunicorn']);
  });

  it("keeps the container's own command among the alternatives, for development or not", () => {
    const script =
      '#!/bin/sh\nif [ "$QUEUE" != 1 ]; then\n  exec "$@"\nelse\n  gunicorn queue:app &\n  exec "$@"\nfi\n';
    const start = `${slim}ENTRYPOINT ["sh", "/app/run.sh"]\nCMD ["gunicorn", "--reload", "shop:app"]`;
    const { launches } = launchImage({ Dockerfile: start, 'run.sh': script });
    expect(launches.map((launch) => [wordsOf(launch).at(-1), launch.alternative])).toEqual([
      ['shop:app', true],
      ['queue:app', true],
    ]);
  });

  it('keeps a value that a branch sets unknown, unless the branch only fills it when empty', () => {
    const branch = '#!/bin/sh\nif [ "$X" = y ]; then W=2; fi\nexec gunicorn a:b -w $W\n';
    const empty = '#!/bin/sh\nif [ -z "$W" ]; then\n  W=2\nfi\nexec gunicorn a:b -w $W\n';
    const words = (text: string) =>
      wordsOf(launchImage({ Dockerfile: `${slim}CMD ["sh", "/app/r.sh"]`, 'r.sh': text }).launches[0]).at(-1);
    expect(words(branch)).toBe('\uFFFC');
    expect(words(empty)).toBe('2');
  });

  it('says that a script is not there instead of guessing what it starts', () => {
    for (const command of ['["sh", "gone.sh"]', '["./gone.sh"]']) {
      const [launch] = launchImage({ Dockerfile: `${slim}CMD ${command}` }).launches;
      expect(launch).toMatchObject({ server: 'unknown', missing: 'gone.sh is not in the workspace' });
    }
  });

  it('says so of the script that another one ends with', () => {
    const script = (end: string) => `#!/bin/sh\nif [ -d /certs ]; then update-ca-certificates; fi\n${end}\n`;
    const launched = (end: string, more = {}) =>
      launchImage({ Dockerfile: `${slim}CMD ["sh", "/app/r.sh"]`, 'r.sh': script(end), ...more }).launches;
    expect(launched('. /docker-entrypoint.sh')).toMatchObject([
      { server: 'unknown', missing: 'docker-entrypoint.sh is not in the workspace' },
    ]);
    expect(launched('. /app/.env')).toEqual([]);
    expect(launched('. ./env.sh', { 'env.sh': 'A=1\n' })).toEqual([]);
  });

  it('gives nothing for a command that ends by itself', () => {
    expect(launchImage({ Dockerfile: `${slim}CMD ["python", "manage.py", "migrate"]` }).launches).toEqual([]);
  });

  it('ends on a script that calls itself', () => {
    const { launches } = launchImage({
      Dockerfile: `${slim}CMD ["sh", "/app/r.sh"]`,
      'r.sh': '#!/bin/sh\nexec sh /app/r.sh\n',
    });
    expect(launches).toEqual([]);
  });
});
