import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Answer } from '../agreement.ts';
import { pythonPath, type Suite } from '../programs.ts';
import { type GunicornCase, programFiles } from './gunicorn-case.ts';

const run = promisify(execFile);

/** Lets the suite's Gunicorn load its configuration as `gunicorn --print-config` does, and gives the effective values. */
export async function askGunicorn(given: GunicornCase, suite: Suite): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-gunicorn-'));
  try {
    for (const [path, text] of Object.entries(programFiles(given))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { stdout } = await run('python3', ['-B', '-c', program, ...given.words], {
      cwd: folder,
      timeout: 60_000,
      env: { PATH: process.env.PATH ?? '', PYTHONPATH: pythonPath(suite), ...given.environment },
    });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Answer;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** "Gunicorn 26.2.2". */
export async function gunicornVersion(suite: Suite): Promise<string> {
  const { stdout } = await run('python3', ['-c', 'import gunicorn; print(gunicorn.__version__)'], {
    env: { PATH: process.env.PATH ?? '', PYTHONPATH: pythonPath(suite) },
  });
  return `Gunicorn ${stdout.trim()}`;
}

// The machine has seven CPUs wherever this runs. The class is loaded too, as the arbiter does when it starts; one whose
// library is not installed here is no refusal. The folder is told as /app, where our image has it.
const program = `
import io, json, multiprocessing, os, re, sys
os.cpu_count = multiprocessing.cpu_count = lambda: 7
os.sched_getaffinity = lambda _: set(range(7))
sys.argv[0] = 'gunicorn'
folder = os.getcwd()
sys.stderr = io.StringIO()
files = []
try:
    from gunicorn.app.wsgiapp import WSGIApplication

    class Application(WSGIApplication):
        def get_config_from_filename(self, filename):
            files.append(os.path.abspath(filename))
            return super().get_config_from_filename(filename)

        def get_config_from_module_name(self, module_name):
            values = super().get_config_from_module_name(module_name)
            files.append(os.path.abspath(values['__file__']))
            return values

    application = Application('%(prog)s [OPTIONS] [APP_MODULE]', prog='gunicorn')
    settings = application.cfg
    try:
        settings.worker_class
    except Exception as error:
        if not re.search('No module named|requires|need gevent|DistributionNotFound', str(error)):
            raise
    names = ('workers', 'threads', 'worker_connections', 'timeout', 'graceful_timeout', 'keepalive', 'max_requests',
             'max_requests_jitter', 'backlog')
    values = {name: getattr(settings, name) for name in names}
    # Version 20 names the same class otherwise.
    own_name = {'threads': 'gthread'}.get(settings.worker_class_str, settings.worker_class_str)
    uri = settings.settings['worker_class'].get()
    values['worker_class'] = own_name if isinstance(uri, str) else f'{uri.__module__}.{uri.__qualname__}'
    values['preload_app'] = bool(settings.preload_app)
    values['reload'] = bool(settings.reload)
    values['bind'] = settings.bind
    values['worker_tmp_dir'] = settings.worker_tmp_dir or ''
    values['chdir'] = settings.chdir
    values['application'] = application.app_uri
    values['file'] = files[0] if files else None
    answer = {'refused': False, 'values': values}
except BaseException as error:
    told = [line for line in sys.stderr.getvalue().splitlines() if line.strip()]
    reason = told[-1] if isinstance(error, SystemExit) and told else f'{type(error).__name__}: {error}'.splitlines()[0]
    answer = {'refused': True, 'reason': reason}
print(json.dumps(answer).replace(folder, '/app'))
`;
