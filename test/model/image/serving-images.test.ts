import { describe, expect, it } from 'vitest';
import { textAt } from '../../../src/text/span.ts';
import { launchImage, wordsOf } from '../stack-fixture.ts';

const image = 'FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11\n';
const line = (files: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}) =>
  launchImage(files, environment).launches.map((launch) => wordsOf(launch).join(' '));

describe('an image that brings its own start script', () => {
  it('starts Gunicorn where the Dockerfile has no command', () => {
    const files = { Dockerfile: `${image}COPY ./app /app/app\n`, 'app/main.py': '' };
    const [launch] = launchImage(files).launches;
    expect(wordsOf(launch).join(' ')).toBe(
      'gunicorn --workers \uFFFC -k uvicorn.workers.UvicornWorker --timeout 120 --graceful-timeout 120 --keep-alive 5 --bind 0.0.0.0:80 --worker-tmp-dir /dev/shm app.main:app',
    );
    expect(launch).toMatchObject({ workingDirectory: '/app', signals: { forwarded: { value: true } } });
    expect(launch && textAt(launch.at)).toBe('tiangolo/uvicorn-gunicorn-fastapi:python3.11');
    expect(launch?.environment.variables.get('PYTHONPATH')).toMatchObject({ value: '/app' });
  });

  it('is set by its variables', () => {
    const files = { Dockerfile: `${image}ENV WEB_CONCURRENCY=3 TIMEOUT=60 PORT=8080\nCOPY . .\n`, 'main.py': '' };
    const [words] = line(files, { GUNICORN_CMD_ARGS: '--timeout 20' });
    expect(words).toContain('--workers 3');
    expect(words).toContain('--timeout 60');
    expect(words).toContain('--bind 0.0.0.0:8080');
    expect(words).toContain('--timeout 20 main:app');
  });

  it('takes the configuration file that the project puts into it', () => {
    const files = { Dockerfile: `${image}COPY . /app\n`, 'main.py': '', 'gunicorn_conf.py': 'workers = 2\n' };
    expect(line(files)).toEqual(['gunicorn -c /app/gunicorn_conf.py main:app']);
  });

  it('gives way to a command and to an entrypoint of the Dockerfile', () => {
    expect(line({ Dockerfile: `${image}CMD ["/start-reload.sh"]` })).toEqual([
      'uvicorn --reload --host 0.0.0.0 app.main:app',
    ]);
    expect(line({ Dockerfile: `${image}CMD ["uvicorn", "app:app"]` })).toEqual(['uvicorn app:app']);
    expect(line({ Dockerfile: `${image}ENTRYPOINT ["python", "-m", "celery", "-A", "app", "worker"]` })).toEqual([
      'celery -A app worker',
    ]);
    const own = {
      Dockerfile: `${image}COPY start.sh /start.sh\nCMD ["/start.sh"]`,
      'start.sh': 'exec gunicorn own:app\n',
    };
    expect(line(own)).toEqual(['gunicorn own:app']);
  });

  it('runs Meinheld workers in the images made for it', () => {
    const [words] = line({
      Dockerfile: 'FROM tiangolo/meinheld-gunicorn-flask:python3.9\nCOPY ./app /app\n',
      'app/main.py': '',
    });
    expect(words).toBe(
      'gunicorn --workers \uFFFC -k egg:meinheld#gunicorn_worker --keep-alive 120 --bind 0.0.0.0:80 main:app',
    );
  });
});
