import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { documentedDefaults } from '../../../src/capacity/defaults.ts';
import type { Answer, PlainValue } from '../agreement.ts';
import { ensurePrograms, suiteFolder } from '../programs.ts';
import { mainFiles, type StoreCase } from './store-case.ts';

const run = promisify(execFile);
const root = suiteFolder('bookworm-servers');
const libraries = [
  'usr/lib/x86_64-linux-gnu',
  'lib/x86_64-linux-gnu',
  'usr/lib/aarch64-linux-gnu',
  'lib/aarch64-linux-gnu',
];
const environment = {
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C',
  LD_LIBRARY_PATH: libraries.map((folder) => join(root, folder)).join(':'),
};
const programs = {
  postgresql: join(root, 'usr/lib/postgresql/15/bin/postgres'),
  psql: join(root, 'usr/lib/postgresql/15/bin/psql'),
  mariadb: join(root, 'usr/sbin/mariadbd'),
  redis: join(root, 'usr/bin/redis-check-rdb'),
  redisClient: join(root, 'usr/bin/redis-cli'),
  pgbouncer: join(root, 'usr/sbin/pgbouncer'),
} as const;

/** What the server makes of the files, which lie in a folder of their own: `/etc/` stands for that folder's. */
export async function ask(given: StoreCase): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-stores-'));
  chmodSync(folder, 0o777);
  const inside = (text: string) => text.replaceAll('/etc/', `${folder}/etc/`);
  try {
    for (const [path, text] of Object.entries(given.files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), inside(text));
    }
    return await askers[given.engine]({ given, folder, words: given.words.map(inside) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** "PostgreSQL 15.18, MariaDB 10.11.18, Redis 7.0.15, PgBouncer 1.18.0". */
export async function version(): Promise<string> {
  await ensurePrograms('bookworm-servers');
  const said = await Promise.all(
    (['postgresql', 'mariadb', 'pgbouncer'] as const).map((name) =>
      run(programs[name], ['--version'], { env: environment }),
    ),
  );
  const redis = await run(programs.redisClient, ['--version'], { env: environment });
  const numbers = [...said, redis].map(({ stdout }) => /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? '?');
  return `PostgreSQL ${numbers[0]}, MariaDB ${numbers[1]}, PgBouncer ${numbers[2]}, Redis ${numbers[3]}`;
}

interface Question {
  readonly given: StoreCase;
  readonly folder: string;
  readonly words: readonly string[];
}

const askers: Readonly<Record<StoreCase['engine'], (question: Question) => Promise<Answer>>> = {
  postgresql: askPostgresql,
  mariadb: askMariadb,
  redis: askRedis,
  pgbouncer: askPgbouncer,
};

/** `postgres -C` prints one setting, in its own unit, and ends. */
async function askPostgresql({ folder, words }: Question): Promise<Answer> {
  const data = join(folder, 'data');
  mkdirSync(data);
  const show = async (name: string): Promise<number> => {
    const { stdout } = await run(programs.postgresql, ['-C', name, '-D', data, ...words], { env: environment });
    return Number(stdout.trim());
  };
  try {
    const connections = await show('max_connections');
    return {
      refused: false,
      values: {
        connections,
        usable: connections - (await show('superuser_reserved_connections')),
        slow: (await show('log_min_duration_statement')) !== -1,
        cache: (await show('shared_buffers')) * 8192,
        each: (await show('work_mem')) * 1024 + documentedDefaults['postgresql.bytes_per_connection'].value,
      },
    };
  } catch (error) {
    return refusal(error, folder);
  }
}

/** `mariadbd --help --verbose` prints every setting after reading the files, and ends. */
async function askMariadb({ folder, words }: Question): Promise<Answer> {
  try {
    const { stdout, stderr } = await run(programs.mariadb, [...words, '--help', '--verbose', '--user=nobody'], {
      env: environment,
      maxBuffer: 2 ** 24,
    });
    const unknown = /\[ERROR\].*unknown (option|variable).*/.exec(stderr);
    if (unknown) return { refused: true, reason: withoutPaths(unknown[0], folder) };
    const table = new Map([...stdout.matchAll(/^([a-z][\w-]*) +(.*)$/gm)].map((match) => [match[1], match[2]?.trim()]));
    const number = (name: string) => Number(table.get(name));
    const each = [
      'sort-buffer-size',
      'join-buffer-size',
      'read-buffer-size',
      'read-rnd-buffer-size',
      'binlog-cache-size',
    ];
    return {
      refused: false,
      values: {
        connections: number('max-connections'),
        usable: number('max-connections'),
        slow: table.get('slow-query-log') === 'TRUE',
        cache: number('innodb-buffer-pool-size'),
        each: each.reduce((total, name) => total + number(name), 0),
      },
    };
  } catch (error) {
    return refusal(error, folder);
  }
}

/** Redis answers CONFIG GET on a socket of its own; snapshots count when they are not those of the default. */
async function askRedis({ folder, words }: Question): Promise<Answer> {
  const socket = join(folder, 'socket');
  const own = ['--port', '0', '--unixsocket', socket, '--dir', folder];
  // The program is one file under several names.
  const server = spawn(programs.redis, [...words, ...own], { argv0: 'redis-server', env: environment, cwd: folder });
  try {
    const failure = await startedOn(socket, server);
    if (failure !== undefined) return { refused: true, reason: withoutPaths(failure, folder) };
    const show = async (name: string): Promise<string> => {
      const { stdout } = await run(programs.redisClient, ['-s', socket, 'CONFIG', 'GET', name], { env: environment });
      return stdout.split('\n')[1] ?? '';
    };
    const snapshots = await show('save');
    const isDefault = snapshots === '3600 1 300 100 60 10000';
    return {
      refused: false,
      values: {
        maxmemory: Number(await show('maxmemory')),
        policy: await show('maxmemory-policy'),
        persists: (await show('appendonly')) === 'yes' || (snapshots !== '' && !isDefault),
      },
    };
  } finally {
    await stop(server);
  }
}

/** PgBouncer answers SHOW on its own console, which needs an administrator and a place to listen. */
async function askPgbouncer({ given, folder }: Question): Promise<Answer> {
  const main = mainFiles.pgbouncer;
  const own = `unix_socket_dir = ${folder}\nlisten_port = 6432\nauth_type = any\nadmin_users = nobody\n`;
  const text = (given.files[main] ?? '').replaceAll('/etc/', `${folder}/etc/`);
  writeFileSync(
    join(folder, main),
    text.replace(/^\[pgbouncer\]\r?\n/m, (header) => `${header}${own}`),
  );
  const server = spawn(programs.pgbouncer, ['-u', 'nobody', join(folder, main)], { env: environment });
  try {
    const failure = await startedOn(join(folder, '.s.PGSQL.6432'), server);
    if (failure !== undefined) return { refused: true, reason: withoutPaths(failure, folder) };
    const show = async (what: string): Promise<string[][]> => {
      const target = ['-h', folder, '-p', '6432', '-U', 'nobody', 'pgbouncer'];
      const { stdout } = await run(programs.psql, [...target, '-Atc', `SHOW ${what}`], { env: environment });
      return stdout
        .trim()
        .split('\n')
        .map((line) => line.split('|'));
    };
    const settings = new Map((await show('CONFIG')).map(([name, value]) => [name, value]));
    const number = (name: string) => Number(settings.get(name));
    const names = ['max_client_conn', 'default_pool_size', 'reserve_pool_size', 'max_db_connections'];
    const databases = await readDatabases(show, number('default_pool_size'));
    return {
      refused: false,
      values: {
        ...Object.fromEntries(names.map((name) => [name, number(name)])),
        pool_mode: settings.get('pool_mode') ?? '',
        databases,
      },
    };
  } finally {
    await stop(server);
  }
}

/** Host and pool size of each database that has a line of its own. */
async function readDatabases(
  show: (what: string) => Promise<string[][]>,
  defaultSize: number,
): Promise<Readonly<Record<string, PlainValue>>> {
  const rows = (await show('DATABASES')).filter(([name]) => name !== 'pgbouncer');
  return Object.fromEntries(
    rows.map(([name = '', host = '', , , , size]) => [
      name,
      `${host} ${Number(size) === defaultSize ? 'default' : size}`,
    ]),
  );
}

/** Waits until the server listens; its last words when it ends instead. */
async function startedOn(socket: string, server: ChildProcess): Promise<string | undefined> {
  let said = '';
  let ended = false;
  const listen = (chunk: Buffer) => {
    said += chunk.toString();
  };
  server.stdout?.on('data', listen);
  server.stderr?.on('data', listen);
  server.on('close', () => {
    ended = true;
  });
  while (!existsSync(socket)) {
    if (ended) return said.trim().split('\n').at(-1) ?? '';
    await new Promise((resume) => setTimeout(resume, 10));
  }
  return undefined;
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resume) => server.once('close', resume));
  server.kill('SIGKILL');
  await ended;
}

function refusal(error: unknown, folder: string): Answer {
  const stderr = error !== null && typeof error === 'object' && 'stderr' in error ? String(error.stderr) : '';
  if (stderr === '') throw error;
  const last =
    stderr
      .trim()
      .split('\n')
      .findLast((line) => /FATAL|ERROR|error/.test(line)) ?? '';
  return {
    refused: true,
    reason: withoutPaths(last.replace(/^.*?(FATAL|\[ERROR\])/, '$1'), folder),
  };
}

/** A program's words without the places of this machine. */
function withoutPaths(text: string, folder: string): string {
  return text.replaceAll(folder, '').replaceAll(root, '').slice(0, 120);
}
