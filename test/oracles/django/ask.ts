import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Answer } from '../agreement.ts';
import { pythonPath } from '../programs.ts';
import { type DjangoCase, projectFiles } from './django-case.ts';

const run = promisify(execFile);

/** Lets Django load the settings as a server would, and gives what it makes of them. */
export async function ask(given: DjangoCase): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-django-'));
  try {
    for (const [path, text] of Object.entries(projectFiles(given))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const question = JSON.stringify({ asked: given.asked, aliases: given.aliases, usesPool: given.usesPool, folder });
    // python-dotenv takes a program without a file for an interactive one.
    const asking = `${folder}.py`;
    writeFileSync(asking, program);
    const { stdout } = await run('python3', [asking, question], {
      cwd: folder,
      timeout: 60_000,
      env: { PATH: process.env.PATH ?? '', PYTHONPATH: `${folder}:${pythonPath('sid')}`, ...given.environment },
    });
    return JSON.parse(stdout) as Answer;
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(`${folder}.py`, { force: true });
  }
}

/** "Django 5.2.18". */
export async function version(): Promise<string> {
  const { stdout } = await run('python3', ['-c', 'import django; print(django.__version__)'], {
    env: { PATH: process.env.PATH ?? '', PYTHONPATH: pythonPath('sid') },
  });
  return `Django ${stdout.trim()}`;
}

// Paths below the project's folder are told as below /app, where our image has it. `setup` would import the
// applications, which are not there.
const program = `
import json, sys, warnings
import django.core.wsgi
warnings.simplefilter('ignore')
django.core.wsgi.get_wsgi_application = lambda: None
question = json.loads(sys.argv[1])
engines = {'postgresql': 'postgresql', 'postgis': 'postgresql', 'mysql': 'mysql', 'sqlite3': 'sqlite'}

def plain(value):
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(entry) for entry in value)
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return str(value).replace(question['folder'], '/app')

def find(path):
    value = settings
    for name in path.split('.'):
        if value is settings:
            if not settings.is_overridden(name):
                return 'absent'
            value = getattr(settings, name)
        elif isinstance(value, dict):
            if name not in value:
                return 'absent'
            value = value[name]
        else:
            value = value[int(name)]
    return plain(value)

try:
    import config.wsgi
    from django.conf import settings
    from django.db import connections
    values = {'DEBUG': settings.DEBUG, 'SESSION_ENGINE': settings.SESSION_ENGINE}
    values['CACHES.default.BACKEND'] = settings.CACHES['default']['BACKEND']
    for alias in question['aliases']:
        database = connections.settings[alias]
        values[f'{alias}.ENGINE'] = engines[database['ENGINE'].split('.')[-1]]
        values[f'{alias}.HOST'] = database['HOST'] or 'localhost'
        for name in ('CONN_MAX_AGE', 'CONN_HEALTH_CHECKS'):
            values[f'{alias}.{name}'] = plain(database[name])
        values[f'{alias}.pool'] = bool(database['OPTIONS'].get('pool'))
    values.update((path, find(path)) for path in question['asked'])
    if question['usesPool']:
        connections['default'].pool
    print(json.dumps({'refused': False, 'values': values}))
except BaseException as error:
    print(json.dumps({'refused': True, 'reason': f'{type(error).__name__}: {error}'.splitlines()[0]}))
`;
