import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chownSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { pythonPath, suiteFolder } from '../oracles/programs.ts';
import type { ServerSettings } from './cases.ts';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const servers = suiteFolder('bookworm-servers');
/** A program that runs until it is stopped. */
export interface RunningServer {
  /** Where it listens, on the loopback interface. */
  readonly port: number;
  /** Seconds of CPU that it and its processes have spent so far. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** Starts PostgreSQL with an empty database in a temporary folder, on these cores only if they are given. */
export async function startDatabase(cores?: string): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-validate-'));
  const user = ordinaryUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const installed = user ? copyPrograms(folder) : servers;
  const programs = join(installed, 'usr/lib/postgresql/15/bin');
  const env = { PATH: process.env.PATH, LD_LIBRARY_PATH: librariesOf(installed), LC_ALL: 'C' };
  const options = { cwd: folder, env, ...user };
  const data = join(folder, 'data');
  const port = await freePort();
  await run(join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '-N'], options);
  await defineCompute([join(programs, 'postgres'), '--single', '-D', data, 'postgres'], options);
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    ...['max_connections=300', 'fsync=off', 'jit=off', 'autovacuum=off'],
  ].flatMap((setting) => ['-c', setting]);
  const [command, ...words] = onCores([join(programs, 'postgres'), '-D', data, ...settings], cores);
  const server = spawn(command, words, { ...options, stdio: 'ignore' });
  running.add(server);
  await listening(port, server);
  return {
    port,
    cpuSeconds: () => familyCpuSeconds(server.pid ?? 0),
    async stop() {
      await stopChild(server, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Lets queries spend CPU, counted as the kernel counts it for their process: a machine whose cores slow down for a while
 * then takes longer, but no more CPU.
 */
async function defineCompute([command = '', ...words]: readonly string[], options: object): Promise<void> {
  const spent = "split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::bigint";
  const body = [
    `DECLARE until_then numeric := ${spent} + 1e9 * seconds;`,
    `BEGIN WHILE ${spent} < until_then LOOP PERFORM count(*) FROM generate_series(1, 500); END LOOP; END`,
  ].join(' ');
  const sql = `CREATE FUNCTION compute(seconds double precision) RETURNS void LANGUAGE plpgsql AS $$ ${body} $$;`;
  const child = spawn(command, words, { ...options, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.end(`${sql}\n`);
  await new Promise((done) => child.once('exit', done));
}

/** Starts Gunicorn, or Uvicorn, with the application, on these cores only if they are given. */
export async function startApplication(
  settings: ServerSettings,
  database: RunningServer,
  cores?: string,
): Promise<RunningServer> {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'headroom-gunicorn-'));
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    LD_LIBRARY_PATH: librariesOf(servers),
    PYTHONPATH: [pythonPath('bookworm-servers'), pythonPath('sid')].join(':'),
    PYTHONDONTWRITEBYTECODE: '1',
    DATABASE_URL: `postgresql+psycopg2://postgres@127.0.0.1:${database.port}/postgres`,
    HELD_FOR: settings.heldFor,
    POOL_SIZE: settings.pool === null ? 'none' : `${settings.pool.size}`,
    MAX_OVERFLOW: `${settings.pool?.overflow ?? 0}`,
    POOL_TIMEOUT: `${settings.pool?.timeoutSeconds ?? 30}`,
  };
  const isAsync = settings.kind === 'async';
  const [command, ...words] = onCores(
    ['python3', ...(isAsync ? uvicorn(settings, port) : gunicorn(settings, port))],
    cores,
  );
  const server = spawn(command, words, {
    cwd: here,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  running.add(server);
  await listening(port, server, () => said);
  // A single Uvicorn worker is the process itself.
  await booted(server.pid ?? 0, isAsync && settings.workers === 1 ? 0 : settings.workers);
  return {
    port,
    cpuSeconds: () => familyCpuSeconds(server.pid ?? 0),
    async stop() {
      await stopChild(server, isAsync ? 'SIGTERM' : 'SIGQUIT');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Lets this process, which is the load generator, run on these cores only. */
export async function stayOnCores(cores: string): Promise<void> {
  await run('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, `${process.pid}`]);
}

/** A command that runs on these cores only; `taskset` becomes the program, so the process stays the same. */
function onCores(words: readonly string[], cores: string | undefined): [string, ...string[]] {
  const all = cores === undefined ? words : ['taskset', '--cpu-list', cores, ...words];
  return all as [string, ...string[]];
}

function gunicorn(settings: ServerSettings, port: number): readonly string[] {
  const { kind, workers, threads, workerTimeoutSeconds } = settings;
  const threaded = kind === 'threads' ? ['--worker-class', 'gthread', '--threads', `${threads}`] : [];
  const where = ['--bind', `127.0.0.1:${port}`, '--workers', `${workers}`, '--timeout', `${workerTimeoutSeconds}`];
  return ['-m', 'gunicorn', ...where, ...threaded, '--log-level', 'critical', '--no-control-socket', 'application:app'];
}

function uvicorn({ workers }: ServerSettings, port: number): readonly string[] {
  const where = ['--host', '127.0.0.1', '--port', `${port}`, '--workers', `${workers}`];
  return ['-m', 'uvicorn', ...where, '--log-level', 'critical', '--no-access-log', 'async_application:app'];
}

/** Seconds that all cores of this machine together have been busy and stolen since it started. */
export function machineBusySeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softIrq + steal) / ticksPerSecond;
}

/** The kernel's clock ticks in /proc: 100 on every architecture that Debian supports (sysconf _SC_CLK_TCK). */
const ticksPerSecond = 100;

/** PostgreSQL refuses to run as root; then it runs as `nobody`. */
function ordinaryUser(): { readonly uid: number; readonly gid: number } | undefined {
  return process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
}

/** Another user may not be able to read the cache, which can lie in a home folder. */
function copyPrograms(folder: string): string {
  const target = join(folder, 'installed');
  for (const part of ['usr/lib', 'usr/share/postgresql'])
    cpSync(join(servers, part), join(target, part), { recursive: true, verbatimSymlinks: true });
  return target;
}

function librariesOf(folder: string): string {
  return ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((name) => join(folder, 'usr/lib', name)).join(':');
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer().on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Waits until all workers exist and have loaded the application: their CPU time stands still. */
async function booted(parent: number, workers: number): Promise<void> {
  let before = -1;
  for (let round = 0; round < 100; round++) {
    await sleep(200);
    const spent = familyCpuSeconds(parent);
    if (childrenOf(parent).length >= workers && spent - before < 0.015) return;
    before = spent;
  }
}

async function listening(port: number, server: ChildProcess, said = () => ''): Promise<void> {
  for (let round = 0; round < 200; round++) {
    if (server.exitCode !== null) throw new Error(`A server ended with ${server.exitCode} at its start. ${said()}`);
    if (await accepts(port)) return;
    await sleep(50);
  }
  throw new Error(`Nothing listens on port ${port}. ${said()}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      done(answer);
    };
    socket.on('connect', () => end(true)).on('error', () => end(false));
  });
}

const running = new Set<ChildProcess>();

/** Lets no server outlive a run that is interrupted. */
export function stopServersOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const server of running) server.kill('SIGINT');
      process.exit(130);
    });
  }
}

async function stopChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await Promise.race([gone, sleep(5000)]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}

/** CPU of a process and its children, those included that have ended. */
function familyCpuSeconds(parent: number): number {
  const [userTicks = 0, systemTicks = 0] = statOf(parent).slice(13, 15).map(Number);
  const ended = (userTicks + systemTicks) / ticksPerSecond;
  return [parent, ...childrenOf(parent)].reduce((sum, pid) => sum + processCpuSeconds(pid), ended);
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => Number(statOf(pid)[1]) === parent);
}

/** In nanoseconds from the scheduler, because /proc/PID/stat counts in hundredths of a second. */
function processCpuSeconds(pid: number): number {
  const folder = `/proc/${pid}/task`;
  const nanoseconds = attempt(() => readdirSync(folder).map((thread) => onCpu(`${folder}/${thread}/schedstat`)), []);
  return nanoseconds.reduce((sum, spent) => sum + spent, 0) / 1e9;
}

function onCpu(path: string): number {
  return attempt(() => Number(readFileSync(path, 'utf8').split(' ')[0]), 0);
}

/** The fields of /proc/PID/stat behind the name: state, parent, ... */
function statOf(pid: number): readonly string[] {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '');
  return text.replace(/^.*\) /s, '').split(' ');
}

/** Processes and threads may end while they are looked at. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
