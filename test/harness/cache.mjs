import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Absolute path of the folder for downloads, screenshots and reports: HEADROOM_CACHE, or `.cache` in the repository. */
export const cacheFolder = resolve(process.env.HEADROOM_CACHE ?? join(repository, '.cache'));

/**
 * Does `work` once per `key`: a stamp file in `folder` records that it ended well. Processes that come at the same time
 * wait for each other; what an interrupted one left behind is taken over.
 */
export async function prepareOnce(folder, { key, work }) {
  mkdirSync(folder, { recursive: true });
  const stamp = join(folder, 'ready');
  if (await isReady()) return;
  const unlock = await lock(`${folder}.lock`);
  try {
    if (await isReady()) return;
    rmSync(stamp, { force: true });
    await work();
    writeFileSync(stamp, key);
  } finally {
    unlock();
  }

  async function isReady() {
    return (await readIfPresent(stamp)) === key;
  }
}

/**
 * A copy of `folder` under the system's temporary folder, so that edits do not touch the original.
 * Its last path component is `name`; `remove()` deletes it.
 */
export function copyToTemporary(folder, name = basename(folder)) {
  // The real path: VS Code resolves links, and paths in results must compare equal (macOS links /tmp).
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'headroom-')));
  const path = join(parent, name);
  cpSync(folder, path, { recursive: true });
  return { path, remove: () => rmSync(parent, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Runs a command to its end; rejects with the end of its output when it fails or takes longer than `timeoutSeconds`. */
export function runCommand(command, { args, cwd = repository, timeoutSeconds = 600, env = process.env }) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk) => {
      output = (output + chunk).slice(-4000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutSeconds * 1000);
    child.on('error', (error) => {
      clearTimeout(timer);
      fail(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) return done();
      const ending =
        signal === null ? `ended with ${code}` : `was stopped (${signal}) after ${timeoutSeconds} s at most`;
      fail(new Error(`${command} ${args.join(' ')} ${ending}\n${output}`));
    });
  });
}

async function lock(path) {
  for (const deadline = Date.now() + 900_000; Date.now() < deadline; await sleep(500)) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const owner = Number((await readIfPresent(path)) ?? 0);
      if (owner > 0 && !isAlive(owner)) rmSync(path, { force: true });
    }
  }
  throw new Error(`Another process holds ${path}; delete the file if none does.`);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function readIfPresent(path) {
  return existsSync(path) ? readFile(path, 'utf8').catch(() => undefined) : undefined;
}
