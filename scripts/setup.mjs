import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Installs the packages of package-lock.json when they are missing or others than it names. */
export function ensureDependencies() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node ${process.versions.node} is too old: 20.19 or newer is needed.`);
  }
  if (dependenciesMatch()) return;
  process.stdout.write('Installing packages (npm ci) ...\n');
  const { status, error } = spawnSync(npmCommand, ['ci', '--no-audit', '--no-fund'], {
    cwd: repository,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`npm ci failed${error ? `: ${error.message}` : ''}`);
}

/** How npm is called on this system. */
export const npmCommand = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Compares contents, not times: a checkout gives every file the time of the checkout. */
function dependenciesMatch() {
  const installedLock = join(repository, 'node_modules/.package-lock.json');
  if (!existsSync(installedLock)) return false;
  const wanted = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '' || installed[path]?.version === version) return true;
    return optional === true && installed[path] === undefined;
  });
}
