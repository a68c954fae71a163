import { commandCase, type GunicornCase } from './gunicorn-case.ts';

const none: readonly string[] = [];

/** WEB_CONCURRENCY, PORT, GUNICORN_CMD_ARGS and variables that Gunicorn does not read. */
export const environmentCases: readonly GunicornCase[] = [
  ...['1', '6', '0', ' 4 ', '1_0', '+3', '08', '', ' ', '-1', 'auto', '2.0', '0x4'].map((value, index) =>
    commandCase(`WEB_CONCURRENCY '${value}'`, none, {
      environment: { WEB_CONCURRENCY: value },
      told: (['compose', 'image', 'script'] as const)[index % 3] ?? 'compose',
    }),
  ),
  ...['', 'auto', '-1'].map((value) =>
    commandCase(`WEB_CONCURRENCY '${value}' beside -w`, ['-w', '3'], { environment: { WEB_CONCURRENCY: value } }),
  ),
  commandCase('WEB_CONCURRENCY beside -w', ['-w', '3'], { environment: { WEB_CONCURRENCY: '5' } }),
  commandCase('WEB_CONCURRENCY beside a file', none, {
    environment: { WEB_CONCURRENCY: '5' },
    files: { 'gunicorn.conf.py': 'workers = 3\n' },
  }),
  commandCase('WEB_CONCURRENCY in lower case', none, { environment: { web_concurrency: '5' } }),
  commandCase('GUNICORN_WORKERS is not read', none, { environment: { GUNICORN_WORKERS: '5', WORKERS: '6' } }),
  ...['8080', '', ' 80 ', 'http'].map((value) =>
    commandCase(`PORT '${value}'`, none, { environment: { PORT: value } }),
  ),
  commandCase('PORT beside a file that binds', none, {
    environment: { PORT: '8080' },
    files: { 'gunicorn.conf.py': "bind = '0.0.0.0:9000'\n" },
  }),
  ...[
    '--workers 5',
    '--workers=5 --threads=2',
    '-w5',
    '-w 5 -k gevent',
    "--bind '0.0.0.0:8000' --timeout 60",
    '--bind "0.0.0.0:8000" --bind unix:/run/shop.sock',
    '--access-logfile - --log-level info',
    '   ',
    '',
    '--preload --reload',
    '--worker-class=gthread --threads 4 --keep-alive 5',
    '--max-requests 1000 --max-requests-jitter 50',
    '--worker-tmp-dir /dev/shm --backlog 64',
    '-w 5 other:app',
    '--config other.conf.py',
    '-c file:other.conf.py -w 6',
    '-w 1\\ 0',
    '--thr 3',
  ].map((value, index) =>
    commandCase(`GUNICORN_CMD_ARGS '${value}'`, none, {
      environment: { GUNICORN_CMD_ARGS: value },
      files: { 'other.conf.py': 'workers = 8\nthreads = 3\n' },
      told: index % 2 === 0 ? 'compose' : 'script',
    }),
  ),
  ...[
    '--workers many',
    '--keepalive 5',
    '--work 5',
    '-w',
    '--timeout -5',
    "--bind 'open",
    '--unheard-of (version)',
  ].map((value) => commandCase(`GUNICORN_CMD_ARGS '${value}'`, none, { environment: { GUNICORN_CMD_ARGS: value } })),
  commandCase('GUNICORN_CMD_ARGS is checked even when the command line wins', ['-w', '3'], {
    environment: { GUNICORN_CMD_ARGS: '--workers many' },
  }),
  commandCase('binds of the command line replace those of GUNICORN_CMD_ARGS', ['-b', '0.0.0.0:8000'], {
    environment: { GUNICORN_CMD_ARGS: '-b 0.0.0.0:9000 -b 0.0.0.0:9001' },
  }),
  commandCase('a file on the command line wins over one in GUNICORN_CMD_ARGS', ['-c', 'one.py'], {
    environment: { GUNICORN_CMD_ARGS: '-c two.py' },
    files: { 'one.py': 'workers = 2\n', 'two.py': 'workers = 4\nthreads = 4\n' },
  }),
  commandCase('an empty file name on the command line', ['-c', ''], {
    environment: { GUNICORN_CMD_ARGS: '-c two.py' },
    files: { 'two.py': 'workers = 4\n' },
  }),
  commandCase('GUNICORN_CMD_ARGS over a file', none, {
    environment: { GUNICORN_CMD_ARGS: '--workers 5' },
    files: { 'gunicorn.conf.py': 'workers = 3\nthreads = 2\n' },
  }),
];
