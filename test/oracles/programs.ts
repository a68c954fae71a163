import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { oraclesFolder } from './folder.ts';

const run = promisify(execFile);
const cacheFolder = resolve(process.env.HEADROOM_CACHE ?? join(oraclesFolder, '../../.cache'), 'oracles');
const pythonFolder = 'usr/lib/python3/dist-packages';

/**
 * The suites the programs come from, with what is taken from each. Pure-Python packages run with the machine's own
 * Python; what they import at start-up is listed beside them, because nothing else is installed.
 */
const packages = {
  sid: [
    'docker-compose',
    ...['python3-gunicorn', 'python3-packaging'],
    ...['python3-django', 'python3-asgiref', 'python3-sqlparse', 'python3-typing-extensions'],
    ...['python3-django-environ', 'python3-decouple', 'python3-dj-database-url', 'python3-django-split-settings'],
    ...['python3-sqlalchemy', 'python3-mysql.connector', 'python3-psycopg', 'python3-psycopg-pool'],
    ...['python3-dotenv', 'python3-click', 'python3-pymysql', 'python3-redis', 'python3-async-timeout'],
    ...['python3-celery', 'python3-kombu', 'python3-vine', 'python3-amqp', 'python3-billiard', 'python3-tzdata'],
    ...['python3-uvicorn', 'python3-h11', 'python3-hypercorn', 'python3-h2', 'python3-hpack', 'python3-hyperframe'],
    ...['python3-wsproto', 'python3-priority', 'python3-flask', 'python3-werkzeug', 'python3-jinja2'],
    ...['python3-markupsafe', 'python3-itsdangerous', 'python3-blinker', 'python3-dateutil', 'python3-six'],
    ...['python3-flask-sqlalchemy', 'python3-dbutils', 'python3-asyncpg', 'python3-aiomysql', 'python3-aiosqlite'],
    ...['python3-httpx', 'python3-httpcore', 'python3-anyio', 'python3-sniffio', 'python3-idna', 'python3-certifi'],
    ...['python3-requests', 'python3-urllib3', 'python3-charset-normalizer'],
  ],
  bookworm: ['python3-gunicorn', 'python3-pkg-resources', 'python3-django', 'python3-dotenv', 'python3-asgiref'],
  // Compiled programs, which need the libraries of the release they were built for.
  'bookworm-servers': [
    ...['postgresql-15', 'postgresql-client-15', 'libpq5', 'libicu72', 'libxml2', 'libldap-2.5-0', 'libsasl2-2'],
    ...['libxslt1.1', 'liblz4-1', 'python3-psycopg2', 'python3-asyncpg', 'python3-greenlet'],
    ...['wrk', 'libluajit-5.1-2'],
    ...['mariadb-server-core', 'libaio1', 'liburing2', 'libpmem1', 'libdaxctl1', 'libndctl6', 'libsnappy1v5'],
    ...['redis-tools', 'libjemalloc2', 'liblua5.1-0', 'liblzf1', 'libhiredis0.14', 'lua-cjson', 'lua-bitop'],
    ...['pgbouncer', 'libevent-2.1-7', 'libc-ares2', 'libreadline8', 'libnuma1'],
  ],
} as const;

/**
 * A Debian suite that programs are taken from (the moving one with today's versions, and Debian 12 with older ones), and
 * after a hyphen what for.
 */
export type Suite = keyof typeof packages;

/** The folder that a suite's packages are unpacked into; `ensurePrograms` fills it. */
export function suiteFolder(suite: Suite): string {
  return join(cacheFolder, suite);
}

/** The `docker-compose` program. */
export function composeProgram(): string {
  return join(suiteFolder('sid'), 'usr/libexec/docker/cli-plugins/docker-compose');
}

/** The `PYTHONPATH` with a suite's Python packages. */
export function pythonPath(suite: Suite): string {
  return join(suiteFolder(suite), pythonFolder);
}

/**
 * Downloads and unpacks the packages that are not there yet, without touching the system (needs apt and dpkg, and the
 * mirror of the machine's own apt configuration). Returns the packages' versions; rejects where they cannot be had.
 */
export async function ensurePrograms(suite: Suite): Promise<readonly string[]> {
  const folder = suiteFolder(suite);
  const stamp = join(folder, 'packages.txt');
  const present = new Set(existsSync(stamp) ? readFileSync(stamp, 'utf8').trim().split(/\s+/) : []);
  const missing = packages[suite].filter((name) => !present.has(name));
  if (missing.length === 0) return versions(folder);
  for (const name of ['lists/partial', 'cache/archives/partial', 'downloads']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  const sources = join(folder, 'sources.list');
  writeFileSync(sources, `deb [trusted=yes] ${await debianMirror()} ${suite.replace(/-.*/, '')} main\n`);
  const options = [
    `Dir::Etc::sourcelist=${sources}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${join(folder, 'lists')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  const downloads = join(folder, 'downloads');
  await run('apt-get', [...options, 'update'], { timeout: 300_000 });
  for (const name of missing) {
    // A dependency that a newer release no longer has (or has under another name) is not an error of its own.
    await run('apt-get', [...options, 'download', name], { cwd: downloads, timeout: 120_000 }).catch(() => undefined);
  }
  for (const file of readdirSync(downloads)) await run('dpkg', ['-x', join(downloads, file), folder]);
  rmSync(join(folder, 'cache'), { recursive: true, force: true });
  rmSync(join(folder, 'lists'), { recursive: true, force: true });
  writeFileSync(stamp, `${packages[suite].join(' ')}\n`);
  return versions(folder);
}

function versions(folder: string): readonly string[] {
  return readdirSync(join(folder, 'downloads')).map((file) =>
    file.split('_').slice(0, 2).join(' ').replace('%3a', ':'),
  );
}

/** The first mirror of the machine's apt configuration that carries Debian itself. */
async function debianMirror(): Promise<string> {
  const { stdout } = await run('apt-get', ['indextargets', '--format', '$(REPO_URI) $(COMPONENT)']);
  const found = stdout.split('\n').find((line) => /\/debian\/? main$/.test(line));
  if (found === undefined)
    throw new Error('No Debian mirror in the apt configuration: the programs cannot be had here.');
  return found.split(' ')[0] ?? '';
}
