import { commandCase, type GunicornCase } from './gunicorn-case.ts';

/** Every capacity option in each of its spellings, and what argparse refuses. */
export function commandLineCases(): readonly GunicornCase[] {
  return [...spelled(), ...switches(), ...binds(), ...classes(), ...refused(), ...odd];
}

const numbers: readonly { readonly long: string; readonly short?: string; readonly prefix: string }[] = [
  { long: '--workers', short: '-w', prefix: '--workers' },
  { long: '--threads', prefix: '--thr' },
  { long: '--worker-connections', prefix: '--worker-con' },
  { long: '--timeout', short: '-t', prefix: '--time' },
  { long: '--graceful-timeout', prefix: '--grace' },
  { long: '--keep-alive', prefix: '--keep' },
  { long: '--max-requests', prefix: '--max-requests' },
  { long: '--max-requests-jitter', prefix: '--max-requests-j' },
  { long: '--backlog', prefix: '--backl' },
];

function spelled(): readonly GunicornCase[] {
  return numbers.flatMap(({ long, short, prefix }, index) => {
    const value = String(3 + index);
    return [
      commandCase(`${long} and its value apart`, [long, value], { told: tolds[index % 3] ?? 'compose' }),
      commandCase(`${long}=value`, [`${long}=${value}`], { told: tolds[(index + 1) % 3] ?? 'compose' }),
      commandCase(`${prefix} is short for ${long}`, [`${prefix}=${value}`, `${long}`, '9']),
      commandCase(`${long} after the application`, ['app:app', long, value]),
      commandCase(`${long} twice: the last one counts`, [long, '1', `${long}=${value}`]),
      ...(short === undefined
        ? []
        : [
            commandCase(`${short} value`, [short, value], { told: 'script' }),
            commandCase(`${short}value`, [`${short}${value}`], { told: 'image' }),
            commandCase(`${short}=value`, [`${short}=${value}`]),
          ]),
    ];
  });
}

const tolds = ['compose', 'image', 'script'] as const;

function switches(): readonly GunicornCase[] {
  return [
    commandCase('--reload', ['--reload'], { told: 'image' }),
    commandCase('--preload', ['--preload'], { told: 'script' }),
    commandCase('--preload and --reload', ['--preload', '--reload', '-w', '2']),
    commandCase('--prel is short for --preload', ['--prel']),
    commandCase('--worker-tmp-dir', ['--worker-tmp-dir', '/dev/shm'], { told: 'script' }),
    commandCase('--worker-tmp is short for --worker-tmp-dir', ['--worker-tmp=/dev/shm']),
    commandCase('--chdir', ['--chdir', 'src', '-w', '2'], { files: { 'src/app.py': 'app = None\n' } }),
    commandCase('--chdir=./src/', ['--chdir=./src/'], { files: { 'src/app.py': 'app = None\n' } }),
    commandCase('--chdir to where it is', ['--chdir', '.']),
    commandCase('--chdir does not move the configuration file', ['--chdir', 'src'], {
      files: {
        'src/app.py': 'app = None\n',
        'src/gunicorn.conf.py': 'workers = 5\n',
        'gunicorn.conf.py': 'workers = 3\n',
      },
    }),
    commandCase('two short switches in one word', ['-RD', '-w', '3']),
    commandCase('a log to standard output', ['--access-logfile', '-', '--error-logfile', '-', '-w', '3']),
    commandCase('--log-file is --error-logfile', ['--log-file', '-', '--log-level', 'debug', '--threads', '2']),
    commandCase('a name and a pid file', ['-n', 'shop', '-p', '/tmp/pid', '-w', '3']),
    commandCase('--forwarded-allow-ips with a star', ['--forwarded-allow-ips=*', '-w', '3'], { told: 'script' }),
    commandCase('--no-sendfile', ['--no-sendfile', '-w', '3']),
    commandCase('--env for the workers', ['-e', 'WEB_CONCURRENCY=5', '--env', 'PORT=9000']),
    commandCase('--limit-request-line', ['--limit-request-line', '8190', '-w', '3']),
    commandCase('--reuse-port', ['--reuse-port', '-w', '3']),
    commandCase('--capture-output --enable-stdio-inheritance', ['--capture-output', '--enable-stdio-inheritance']),
  ];
}

function binds(): readonly GunicornCase[] {
  return [
    commandCase('-b with a port alone', ['-b', ':8000'], { told: 'image' }),
    commandCase('-b address', ['-b', '0.0.0.0:8000'], { told: 'script' }),
    commandCase('-baddress', ['-b0.0.0.0:9000']),
    commandCase('--bind=address', ['--bind=0.0.0.0:8080'], { told: 'image' }),
    commandCase('--bind a socket', ['--bind', 'unix:/run/shop.sock']),
    commandCase('--bind twice adds up', ['--bind', '0.0.0.0:8000', '-b', 'unix:/run/shop.sock']),
    commandCase('--bind with a comma is one address', ['--bind', '0.0.0.0:8000,0.0.0.0:8001']),
    commandCase('--bind for IPv6', ['--bind', '[::]:8000']),
    commandCase('PORT does not matter beside --bind', ['--bind', '127.0.0.1:1'], { environment: { PORT: '9000' } }),
  ];
}

function classes(): readonly GunicornCase[] {
  const names = ['sync', 'gthread', 'gevent', 'gevent_pywsgi', 'tornado', 'asgi', 'eventlet', 'gthreads', 'uvicorn'];
  return [
    ...names.map((name) => commandCase(`-k ${name} (version)`, ['-k', name, '-w', '2'])),
    ...['1', '4'].map((threads) => commandCase(`sync with ${threads} threads`, ['-k', 'sync', '--threads', threads])),
    commandCase('threads alone turn sync into gthread', ['--threads', '8', '-w', '2'], { told: 'script' }),
    commandCase('gthread with one thread', ['--worker-class', 'gthread']),
    commandCase('gevent keeps threads that it ignores', ['-k', 'gevent', '--threads', '4']),
    commandCase('sync by its class with threads', ['-k', 'gunicorn.workers.sync.SyncWorker', '--threads', '4']),
    commandCase('sync by its class', ['-k', 'gunicorn.workers.sync.SyncWorker']),
    commandCase('gthread by its class', ['-k', 'gunicorn.workers.gthread.ThreadWorker', '--threads', '3']),
    commandCase("Uvicorn's class", ['-k', 'uvicorn.workers.UvicornWorker', '-w', '3'], { told: 'image' }),
    commandCase('--worker-cl is short for --worker-class', ['--worker-cl=gthread', '--threads=2']),
    commandCase('a class written with space', ['-k', ' gthread ', '--threads=2']),
    commandCase('threads 0', ['--threads', '0']),
    commandCase('workers 0', ['-w', '0']),
  ];
}

function refused(): readonly GunicornCase[] {
  return [
    ...numbers.flatMap(({ long }) => [
      commandCase(`${long} without a number`, [long, 'many']),
      commandCase(`${long} below zero`, [`${long}=-1`]),
    ]),
    commandCase('a fraction', ['-w', '2.5']),
    commandCase('seconds with a unit', ['--timeout', '30s']),
    commandCase('an empty number', ['--workers=']),
    commandCase('a negative number apart', ['-w', '-2']),
    commandCase('hexadecimal on the command line', ['-w', '0x4']),
    commandCase('a leading zero on the command line', ['-w', '08']),
    commandCase('an underscore in a number', ['--worker-connections', '1_000']),
    commandCase('space around a number', ['-w', ' 4 ']),
    commandCase('a plus sign', ['-w', '+4']),
    commandCase('an invalid number that a later one would hide', ['-w', 'x', '-w', '4']),
    commandCase('a negative number that a later one hides', ['-w', '-1', '-w', '4']),
    commandCase('--keepalive is not --keep-alive', ['--keepalive', '5']),
    commandCase('--max_requests is not --max-requests', ['--max_requests', '5']),
    commandCase('--worker_class is not --worker-class', ['--worker_class=gthread']),
    commandCase('--work is ambiguous', ['--work', '4']),
    commandCase('--worker is ambiguous', ['--worker', '4']),
    commandCase('--max is ambiguous', ['--max', '4']),
    commandCase('--rel is ambiguous', ['--rel']),
    commandCase('an option of another server (version)', ['--limit-concurrency', '10']),
    commandCase('--lifespan is not an option (version)', ['--lifespan', 'on']),
    commandCase('--no-control-socket came later (version)', ['--no-control-socket', '-w', '3']),
    commandCase('--dirty-workers came later (version)', ['--dirty-workers', '2']),
    commandCase('an option without its value', ['app:app', '-w']),
    commandCase('a text option without its value', ['app:app', '--bind']),
    commandCase('an option where the value should be', ['-b', '-w', '4']),
    commandCase('-workers is -w orkers', ['-workers', '4']),
    commandCase('a switch that is given a value', ['--preload=true']),
    commandCase('a switch that is given a word', ['--reload', 'app:app', '--preload']),
    commandCase('an unknown short option (version)', ['-x', '-w', '4']),
  ];
}

const odd: readonly GunicornCase[] = [
  commandCase('nothing but the application', []),
  commandCase('nothing but the application, from the image', [], { told: 'image' }),
  commandCase('the application after two dashes', ['-w', '3', '--', 'app:app']),
  commandCase('an application with a call', ['app:app()', '-w', '3'], { told: 'image' }),
  commandCase('an application with a call in a script', ['app:app()', '-w', '3'], { told: 'script' }),
  commandCase('two applications: the first counts', ['app:app', 'other:app', '-w', '3']),
  commandCase('every option at once', [
    ...['-w', '4', '--threads=2', '-k', 'gthread', '-t', '60', '--graceful-timeout', '50', '--keep-alive', '65'],
    ...['--max-requests', '1000', '--max-requests-jitter', '100', '--preload', '--worker-tmp-dir', '/dev/shm'],
    ...['--backlog', '512', '--worker-connections', '200', '-b', '0.0.0.0:8000'],
  ]),
  commandCase(
    'every option at once in a script',
    [
      ...['-w4', '--threads', '2', '-kgthread', '-t60', '--graceful-timeout=50', '--keep-alive=65'],
      ...['--max-requests=1000', '--max-requests-jitter=100', '--backlog=512', '-b:8000'],
    ],
    { told: 'script' },
  ),
];
