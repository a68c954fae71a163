import { commandCase, fileCase, type GunicornCase } from './gunicorn-case.ts';

/** Configuration files: where they are found, which values are taken, and what their Python decides. */
export const fileCases: readonly GunicornCase[] = [...found(), ...values(), ...code(), ...modules(), ...broken()];

function found(): readonly GunicornCase[] {
  const conf = 'workers = 3\nthreads = 2\n';
  return [
    fileCase('gunicorn.conf.py in the working directory', conf),
    commandCase('gunicorn.conf.py in a folder that nothing names', [], { files: { 'conf/gunicorn.conf.py': conf } }),
    commandCase('gunicorn.py is not found by itself', [], { files: { 'gunicorn_conf.py': conf } }),
    commandCase('gunicorn_conf.py is not found by itself', [], { files: { 'gunicorn_config.py': conf } }),
    commandCase('-c file', ['-c', 'conf/gunicorn.conf.py'], { files: { 'conf/gunicorn.conf.py': conf } }),
    commandCase('-c ./file', ['-c', './conf/web.py'], { files: { 'conf/web.py': conf }, told: 'script' }),
    commandCase('-cfile', ['-cweb.py'], { files: { 'web.py': conf }, told: 'image' }),
    commandCase('--config=file', ['--config=web.py'], { files: { 'web.py': conf } }),
    commandCase('--conf is short for --config', ['--conf', 'web.py'], { files: { 'web.py': conf } }),
    commandCase('--config file:', ['--config', 'file:conf/web.py'], { files: { 'conf/web.py': conf } }),
    commandCase('-c python:module', ['-c', 'python:settings.web'], {
      files: { 'settings/__init__.py': '', 'settings/web.py': conf },
    }),
    commandCase('-c python:package', ['-c', 'python:settings'], { files: { 'settings/__init__.py': conf } }),
    commandCase('-c without .py', ['-c', 'gunicorn.conf'], { files: { 'gunicorn.conf': conf } }),
    commandCase('-c of a file that is missing', ['-c', 'missing.py']),
    commandCase('-c of a module that is missing', ['-c', 'python:missing']),
    commandCase('-c in place of the file in the working directory', ['-c', 'web.py'], {
      files: { 'web.py': 'threads = 4\n', 'gunicorn.conf.py': conf },
    }),
    commandCase('-c twice: the last one counts', ['-c', 'one.py', '-c', 'two.py'], {
      files: { 'one.py': conf, 'two.py': 'workers = 6\n' },
    }),
    commandCase('-c of a path that climbs', ['-c', 'conf/../web.py'], { files: { 'web.py': conf, 'conf/x.txt': '' } }),
    fileCase('a file cannot name another one', "config = 'other.py'\nworkers = 2\n", { files: { 'other.py': conf } }),
    fileCase('an empty file', ''),
    fileCase('a file of comments', '# workers = 3\n'),
  ];
}

function values(): readonly GunicornCase[] {
  const named = (name: string, text: string) => fileCase(`${name} = ${text}`, `${name} = ${text}\n`);
  return [
    ...['4', '0', '1_000', '0x10', '-1', '2.5', 'None', 'True', 'False', "'4'", "' 4 '", "'0x10'", "'08'", "'0'"].map(
      (text) => named('workers', text),
    ),
    ...["''", "'4.0'", "'many'", "'1_000'", "'-2'", "'+2'", "'0b11'", '[4]', '{}', '(4)', '4,'].map((text) =>
      named('workers', text),
    ),
    named('timeout', "'120'"),
    named('timeout', '0'),
    named('keepalive', '65'),
    named('keepalive', "'65s'"),
    named('max_requests', '10 ** 3'),
    named('backlog', '4096 // 3'),
    named('graceful_timeout', '-5'),
    named('worker_connections', "'5k'"),
    named('limit_request_line', '-1'),
    ...['True', 'False', "'true'", "'False'", "' TRUE '", 'None', '1', '0', "'yes'", "''", '[]'].map((text) =>
      named('preload_app', text),
    ),
    named('reload', "'true'"),
    named('reload', '"on"'),
    ...[
      "':8000'",
      "'0.0.0.0:80,0.0.0.0:81'",
      "['0.0.0.0:80', 'unix:/run/a.sock']",
      "('a:1', 'b:2')",
      '[]',
      'None',
      "''",
    ].map((text) => named('bind', text)),
    named('bind', "' 0.0.0.0:80 '"),
    named('worker_class', "'gthread'"),
    named('worker_class', "' gevent '"),
    named('worker_class', "'gthreads'"),
    named('worker_class', "'uvicorn.workers.UvicornWorker'"),
    named('worker_tmp_dir', "'/dev/shm'"),
    named('worker_tmp_dir', 'None'),
    named('chdir', "'src'"),
    fileCase('chdir to a folder that is there', "chdir = 'src'\n", { files: { 'src/app.py': 'app = None\n' } }),
    fileCase('chdir to an absolute folder', "chdir = '/tmp'\n"),
    fileCase('wsgi_app beside a command that names one', "wsgi_app = 'other:app'\n"),
    { ...fileCase('wsgi_app alone', "wsgi_app = 'app:application'\n"), words: ['-w', '2'] },
    { ...fileCase('wsgi_app in a file with a factory', "wsgi_app = 'app:make()'\n"), words: [] },
    fileCase('names in the wrong case', 'WORKERS = 7\nThreads = 4\ntimeOut = 5\n'),
    fileCase('names in the wrong spelling', 'worker = 7\nnum_threads = 4\nkeep_alive = 5\nmaxrequests = 9\n'),
    fileCase('a private name', '_workers = 7\nworkers = _workers\n'),
    fileCase('threads turn sync into gthread', "worker_class = 'sync'\nthreads = 4\n"),
    fileCase('threads with gevent', "worker_class = 'gevent'\nthreads = 4\nworkers = 2\n"),
    fileCase('a class given as a class', 'from gunicorn.workers.gthread import ThreadWorker as worker_class\n'),
    fileCase('worker_class from a function', "def worker_class():\n    return 'gthread'\n"),
    fileCase('hooks beside settings', 'workers = 3\n\ndef post_fork(server, worker):\n    server.log.info("up")\n'),
    fileCase('raw_env in a file', "raw_env = ['WEB_CONCURRENCY=9']\nworkers = 3\n"),
  ];
}

function code(): readonly GunicornCase[] {
  const os = 'import os\n';
  return [
    fileCase('arithmetic', 'cores = 4\nworkers = cores * 2 + 1\nthreads = 2 * (cores - 1)\n'),
    fileCase(
      'power, remainder and floor',
      'workers = 2 ** 3\nthreads = 17 % 5\nbacklog = 100 // 7\ntimeout = -7 // -2\n',
    ),
    fileCase('a division is no whole number', 'workers = 8 / 2\n'),
    fileCase('a number with a point', 'workers = 4.0\n'),
    fileCase('a division in a longer sum', 'cores = 4\nworkers = 2 + cores / 2\n'),
    fileCase('a division made whole', 'workers = int(9 / 2)\nthreads = round(2.5)\n'),
    fileCase('int of a text', "workers = int('4')\ntimeout = int('0x10', 16)\n"),
    fileCase('min and max', 'workers = min(8, 3)\nthreads = max(2, 1, 4)\n'),
    fileCase('chained assignment', 'workers = threads = 3\n'),
    fileCase('unpacking', 'workers, threads = 3, 2\n[timeout, keepalive] = [60, 5]\n'),
    fileCase('a later assignment wins', 'workers = 3\nworkers = 5\nworkers += 1\nworkers *= 2\n'),
    fileCase('annotated', 'workers: int = 3\nthreads: int\n'),
    fileCase('del takes a setting back', 'workers = 3\ndel workers\n'),
    fileCase('a walrus', 'workers = (n := 3) + 1\nthreads = n\n'),
    fileCase('an f-string', "port = 9000\nbind = f'0.0.0.0:{port}'\n"),
    fileCase(
      'percent and format',
      "bind = '%s:%d' % ('0.0.0.0', 80)\nworker_tmp_dir = '/{}/{}'.format('dev', 'shm')\n",
    ),
    fileCase('joined texts', "bind = '0.0.0.0:' + str(8000 + 80)\n"),
    fileCase('a list comprehension', "bind = [f'0.0.0.0:{port}' for port in (8000, 8001)]\n"),
    fileCase('cpu_count', 'import multiprocessing\nworkers = multiprocessing.cpu_count() * 2 + 1\nthreads = 2\n'),
    fileCase('cpu_count by its name', 'from multiprocessing import cpu_count\nworkers = cpu_count()\n'),
    fileCase('os.cpu_count with a fallback', `${os}workers = (os.cpu_count() or 1) + 1\n`),
    fileCase('sched_getaffinity', `${os}workers = len(os.sched_getaffinity(0))\n`),
    fileCase('cpu_count bounded from above', 'import multiprocessing\nworkers = min(multiprocessing.cpu_count(), 4)\n'),
    fileCase('a variable that is set', `${os}workers = int(os.environ['W'])\n`, { environment: { W: '6' } }),
    fileCase('a variable without a cast', `${os}workers = os.environ['W']\n`, { environment: { W: '6' } }),
    fileCase('a variable with a default', `${os}workers = int(os.environ.get('W', '3'))\n`),
    fileCase('a variable over its default', `${os}workers = int(os.getenv('W', 3))\n`, { environment: { W: '5' } }),
    fileCase('a default that is a number', `${os}workers = int(os.getenv('W', 3))\n`),
    fileCase('a variable without a default', `${os}workers = os.getenv('W')\n`),
    fileCase('a variable or a number', `${os}workers = int(os.getenv('W') or 4)\n`),
    fileCase('an empty variable or a number', `${os}workers = int(os.getenv('W') or 4)\n`, { environment: { W: '' } }),
    fileCase('an empty variable is no number', `${os}workers = int(os.getenv('W', 4))\n`, { environment: { W: '' } }),
    fileCase('a variable that is missing', `${os}workers = int(os.environ['W'])\n`),
    fileCase('a variable that is no number', `${os}workers = int(os.environ['W'])\n`, { environment: { W: 'many' } }),
    fileCase(
      'from os import environ, getenv',
      "from os import environ, getenv\nworkers = int(environ.get('W', 2))\nthreads = int(getenv('T', '3'))\n",
      { environment: { T: '4' } },
    ),
    fileCase('a variable as a switch', `${os}preload_app = os.getenv('PRELOAD', 'false').lower() == 'true'\n`, {
      environment: { PRELOAD: 'True' },
    }),
    fileCase('a variable in a tuple', `${os}reload = os.getenv('RELOAD', '0') in ('1', 'true')\n`),
    fileCase('if on a variable', `${os}if os.getenv('ENV') == 'prod':\n    workers = 8\nelse:\n    workers = 1\n`, {
      environment: { ENV: 'prod' },
    }),
    fileCase(
      'elif',
      `${os}env = os.getenv('ENV', 'dev')\nif env == 'prod':\n    workers = 8\nelif env == 'stage':\n    workers = 4\nelse:\n    workers = 2\n`,
      { environment: { ENV: 'stage' } },
    ),
    fileCase('if a variable is there', `${os}if 'PORT' in os.environ:\n    bind = ':' + os.environ['PORT']\n`, {
      environment: { PORT: '99' },
    }),
    fileCase('if a variable is not there', `${os}if not os.getenv('FAST'):\n    timeout = 90\n`),
    fileCase('a conditional expression', `${os}workers = 1 if os.getenv('DEBUG') else 5\n`),
    fileCase(
      'if on cpu_count',
      'import multiprocessing\nif multiprocessing.cpu_count() > 4:\n    workers = 9\nelse:\n    workers = 2\nthreads = 3\n',
    ),
    fileCase(
      'a function',
      'def count(cores, extra=1):\n    return cores * 2 + extra\n\nworkers = count(3)\nthreads = count(cores=1, extra=0)\n',
    ),
    fileCase(
      'a function with branches',
      "def size(name):\n    if name == 'big':\n        return 9\n    return 2\n\nworkers = size('big')\nthreads = size('small')\n",
    ),
    fileCase(
      'a function that reads a variable',
      `${os}\ndef number(name, default):\n    return int(os.environ.get(name, default))\n\nworkers = number('W', 2)\nthreads = number('T', 4)\n`,
      { environment: { W: '7' } },
    ),
    fileCase('a lambda', 'double = lambda n: n * 2\nworkers = double(3)\n'),
    fileCase('a loop over numbers', 'workers = 0\nfor part in (1, 2, 3):\n    workers += part\n'),
    fileCase('a loop over a range', 'workers = 1\nfor _ in range(3):\n    workers *= 2\n'),
    fileCase(
      'a loop that builds binds',
      "bind = []\nfor port in [8000, 8001]:\n    bind.append('0.0.0.0:%d' % port)\n",
    ),
    fileCase('a while loop', 'workers = 1\nwhile workers < 10:\n    workers *= 2\n'),
    fileCase('sum and len', "workers = sum([1, 2])\nthreads = len(['a', 'b'])\n"),
    fileCase(
      'a dict',
      "settings = {'workers': 4, 'threads': 2}\nworkers = settings['workers']\nthreads = settings.get('threads', 1)\ntimeout = settings.get('timeout', 45)\n",
    ),
    fileCase(
      'a dict by a variable',
      `${os}sizes = {'small': 2, 'big': 8}\nworkers = sizes[os.getenv('SIZE', 'small')]\n`,
      { environment: { SIZE: 'big' } },
    ),
    fileCase(
      'a class of settings',
      'class Settings:\n    workers = 4\n    threads = workers // 2\n\nworkers = Settings.workers\nthreads = Settings.threads\n',
    ),
    fileCase('a class is no setting', 'class workers_settings:\n    workers = 4\n'),
    fileCase('globals update', "globals().update({'workers': 6})\n"),
    fileCase(
      'a loop over variables into globals',
      `${os}for key, value in os.environ.items():\n    if key.startswith('GUNICORN_'):\n        globals()[key[9:].lower()] = value\n`,
      { environment: { GUNICORN_WORKERS: '6' } },
    ),
    fileCase('vars update', 'vars().update(workers=6)\nthreads = 2\n'),
    fileCase('locals', "locals()['workers'] = 6\n"),
    fileCase('try int', `${os}try:\n    workers = int(os.environ['W'])\nexcept KeyError:\n    workers = 5\n`),
    fileCase(
      'try import',
      'try:\n    import gevent_missing\n    worker_class = "gevent"\nexcept ImportError:\n    worker_class = "gthread"\nworkers = 3\n',
    ),
    fileCase('with statement', 'import contextlib\nwith contextlib.suppress(Exception):\n    workers = 4\n'),
    fileCase(
      'text methods',
      "value = ' 4,5 '\nworkers = int(value.strip().split(',')[0])\nbind = ':'.join(['0.0.0.0', '80'])\n",
    ),
    fileCase('isdigit', `${os}raw = os.getenv('W', '')\nworkers = int(raw) if raw.isdigit() else 3\n`, {
      environment: { W: '12' },
    }),
    fileCase('math', 'import math\nworkers = math.ceil(2.1)\nthreads = math.floor(3.9)\n'),
    fileCase('json of a variable', `${os}import json\nworkers = json.loads(os.environ['W'])\n`, {
      environment: { W: '4' },
    }),
    fileCase('setting WEB_CONCURRENCY comes too late', `${os}os.environ['WEB_CONCURRENCY'] = '5'\n`),
    fileCase(
      'a setting read back from what was written',
      `${os}os.environ['W'] = '5'\nworkers = int(os.environ['W'])\n`,
    ),
    fileCase('a bool as a number', 'workers = True + True\n'),
    fileCase('comparison chains', 'n = 3\nworkers = 7 if 1 < n < 5 else 2\n'),
    fileCase('and, or, not', "a = '' or 0 or 5\nb = a and 3\nworkers = a\nthreads = b\npreload_app = not b\n"),
    fileCase('the time limit of a debugger', `${os}timeout = 0 if os.environ.get('DEBUG') == '1' else 30\n`, {
      environment: { DEBUG: '1' },
    }),
  ];
}

function modules(): readonly GunicornCase[] {
  return [
    fileCase('from a sibling import a setting', 'from base import workers\n', {
      files: { 'base.py': 'workers = 4\n' },
    }),
    fileCase('from a sibling import all', 'from base import *\nthreads = 3\n', {
      files: { 'base.py': 'workers = 4\nthreads = 2\n_timeout = 5\n' },
    }),
    fileCase('a star import with __all__', 'from base import *\n', {
      files: { 'base.py': "__all__ = ['workers']\nworkers = 4\nthreads = 2\n" },
    }),
    fileCase('import a sibling', 'import base\nworkers = base.workers + 1\n', {
      files: { 'base.py': 'workers = 4\n' },
    }),
    fileCase('import as', 'import conf.base as base\nworkers = base.size()\n', {
      files: { 'conf/__init__.py': '', 'conf/base.py': 'def size():\n    return 6\n' },
    }),
    fileCase('from a package', 'from conf.base import WORKERS as workers\n', {
      files: { 'conf/__init__.py': '', 'conf/base.py': 'import os\nWORKERS = int(os.getenv("W", "3"))\n' },
      environment: { W: '8' },
    }),
    commandCase('a file in a folder imports from the working directory', ['-c', 'conf/web.py'], {
      files: { 'conf/web.py': 'from shared import workers\n', 'shared.py': 'workers = 5\n' },
    }),
    fileCase('the application as a module', 'import app\nworkers = 3\n'),
    fileCase('a chain of imports', 'from one import *\n', {
      files: { 'one.py': 'from two import *\nthreads = 2\n', 'two.py': 'workers = 9\n' },
    }),
  ];
}

function broken(): readonly GunicornCase[] {
  return [
    fileCase('a syntax error', 'workers = = 3\n'),
    fileCase('an unknown name', 'workers = cores * 2\n'),
    fileCase('a module that is missing', 'import not_installed_anywhere\nworkers = 3\n'),
    fileCase('a division by zero', 'workers = 1 // 0\n'),
    fileCase('an exception', "raise RuntimeError('stop')\n"),
    fileCase('a refused value that the command line hides', "workers = 'many'\n"),
    { ...fileCase('a refused value under a command line', "workers = 'many'\n"), words: ['-w', '3', 'app:app'] },
    { ...fileCase('a refused switch under a command line', 'preload_app = 1\n'), words: ['--preload', 'app:app'] },
    fileCase('a folder that chdir does not find', "chdir = '/nowhere/at/all'\n"),
  ];
}
