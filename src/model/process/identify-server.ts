import type { MappedText } from '../../text/mapped-text.ts';
import type { ServerProgram } from '../stack.ts';
import { programName } from './wrappers.ts';

/** What a command runs: the server and the words from the program's own on. */
export interface IdentifiedServer {
  readonly server: ServerProgram;
  readonly words: readonly MappedText[];
  /** Python file run as a script, as written. */
  readonly script: string | undefined;
}

const programs: Readonly<Record<string, ServerProgram>> = {
  gunicorn: 'gunicorn',
  uvicorn: 'uvicorn',
  hypercorn: 'hypercorn',
  daphne: 'daphne',
  granian: 'granian',
  uwsgi: 'uwsgi',
  celery: 'celery',
  rq: 'rq',
  rqworker: 'rq',
  dramatiq: 'dramatiq',
  'huey_consumer.py': 'huey',
  huey_consumer: 'huey',
  flask: 'flask-run',
  fastapi: 'uvicorn',
  node: 'node',
  pm2: 'node',
  'pm2-runtime': 'node',
  npm: 'node',
  yarn: 'node',
  pnpm: 'node',
};

const shortLived = new Set(
  'migrate makemigrations collectstatic compilemessages createsuperuser loaddata check shell dbshell flush test createcachetable seed wait_for_db initdb setup compress compile upgrade init db'.split(
    ' ',
  ),
);

/** Names the server that these words start; undefined for a command that ends by itself (migrations and the like). */
export function identifyServer(words: readonly MappedText[]): IdentifiedServer | undefined {
  const name = programName(words[0]);
  if (/^python(\d(\.\d+)?)?$|^pypy3?$/.test(name)) return identifyPython(words);
  if (/^manage\.py$/.test(name)) return identifyManage(words, words[0]?.text ?? name);
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
  if (program === undefined) return { server: 'other', words, script: undefined };
  return refine({ server: program, words, script: undefined });
}

function refine(found: IdentifiedServer): IdentifiedServer | undefined {
  const texts = found.words.map((word) => word.text);
  const name = programName(found.words[0]);
  if (found.server === 'celery') {
    if (texts.includes('beat') && !texts.includes('worker')) return { ...found, server: 'celery-beat' };
    return texts.includes('worker') || texts.includes('multi') ? found : { ...found, server: 'other' };
  }
  if (name === 'flask') return texts.includes('run') ? found : undefined;
  if (name === 'fastapi') return texts.includes('run') || texts.includes('dev') ? found : undefined;
  if (found.server === 'rq')
    return texts.includes('worker') || texts.includes('worker-pool') || name === 'rqworker'
      ? found
      : { ...found, server: 'other' };
  return found;
}

function identifyPython(words: readonly MappedText[]): IdentifiedServer | undefined {
  let index = 1;
  while (words[index]?.text.startsWith('-') && words[index]?.text !== '-m' && words[index]?.text !== '-c') {
    index += words[index]?.text === '-W' || words[index]?.text === '-X' ? 2 : 1;
  }
  const word = words[index];
  if (!word) return { server: 'python', words, script: undefined };
  if (word.text === '-c') return { server: 'python', words, script: undefined };
  if (word.text === '-m') {
    const module = words[index + 1];
    if (!module) return { server: 'python', words, script: undefined };
    const top = module.text.split('.')[0] ?? '';
    const alias = {
      'gunicorn.app.wsgiapp': 'gunicorn',
      'flask.cli': 'flask',
      'celery.__main__': 'celery',
      'huey.bin.huey_consumer': 'huey',
    }[module.text];
    const program = alias ?? top;
    if (Object.hasOwn(programs, program)) {
      const server = programs[program];
      return server && refine({ server, words: words.slice(index + 1), script: undefined });
    }
    if (['alembic', 'pip', 'pytest', 'compileall', 'venv'].includes(program)) return undefined;
    return { server: 'python', words: words.slice(index + 1), script: `${module.text.replaceAll('.', '/')}.py` };
  }
  if (/(^|\/)manage\.py$/.test(word.text)) return identifyManage(words.slice(index), word.text);
  return { server: 'python', words: words.slice(index), script: word.text };
}

function identifyManage(words: readonly MappedText[], script: string): IdentifiedServer | undefined {
  const subcommand = words[1]?.text ?? '';
  if (/^(runserver|runserver_plus|runsslserver|runserver_socketio)$/.test(subcommand)) {
    return { server: 'django-runserver', words, script };
  }
  if (shortLived.has(subcommand)) return undefined;
  if (/^(rqworker)/.test(subcommand)) return { server: 'rq', words, script };
  if (subcommand === 'run_huey') return { server: 'huey', words, script };
  return { server: 'python', words, script };
}

/** True for words that surely end by themselves: migrations, builds, waiting, file handling. */
export function isShortLived(words: readonly MappedText[]): boolean {
  const name = programName(words[0]);
  if (
    /^(alembic|echo|printf|sleep|mkdir|chown|chmod|cp|mv|rm|ln|cat|cd|set|export|umask|ulimit|source|\.|test|\[|\[\[|true|false|:|case|until|while|wait|kill|trap|read|touch|find|grep|sed|awk|curl|wget|nc|pg_isready|mysqladmin|psql|mysql|pip|apt-get|apk|exit|return|shift|eval|id|whoami|date|ls|pwd|hash|which|local|declare|unset|envsubst|openssl|update-ca-certificates|tar|unzip|git|aerich|prisma)$/.test(
      name,
    )
  )
    return true;
  return identifyServer(words) === undefined;
}
