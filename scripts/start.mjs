// Opens an example stack in VS Code with the extension: `npm start [-- --example case-a] [-- --port 8080] [-- --server]`.
// Takes the desktop `code` where there is one, else (or with --server) a VS Code server for the browser. Ctrl+C ends it.
import { spawn, spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { ensureDependencies, repository } from './setup.mjs';

const { values: options } = parseArgs({
  options: {
    example: { type: 'string', default: 'case-a' },
    port: { type: 'string', default: '0' },
    server: { type: 'boolean', default: false },
  },
});

ensureDependencies();
await build();
// Only now: these modules need the packages.
const { copyToTemporary } = await import('../test/harness/cache.mjs');
const { workspaceFolder } = await import('../test/harness/api-suite.mjs');

// A copy, so that edits do not touch the repository.
const example = copyToTemporary(workspaceFolder(options.example), options.example);
process.stdout.write(`Example: ${example.path}\n`);
if (!options.server && openDesktop()) process.stdout.write('Opened in VS Code.\n');
else await serve();

function openDesktop() {
  // VS Code refuses to start as root without a profile of its own.
  if (process.getuid?.() === 0) return false;
  const found = spawnSync('code', ['--version'], {
    stdio: 'ignore',
    shell: process.platform === 'win32',
    timeout: 20_000,
  });
  if (found.status !== 0) return false;
  const args = [`--extensionDevelopmentPath=${repository}`, example.path];
  return spawnSync('code', args, { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;
}

async function serve() {
  const { startVSCode } = await import('../test/harness/vscode-server.mjs');
  process.once('exit', example.remove);
  const port = Number(options.port);
  const server = await startVSCode({ port, extensionPath: repository, workspace: example.path });
  const url = server.url();
  process.stdout.write(`\nOpen in a browser on this machine:\n  ${url}\n\nCtrl+C ends it.\n`);
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY || process.platform === 'darwin') openBrowser(url);
  await server.ended;
  throw new Error(`VS Code ended:\n${server.log()}`);
}

function openBrowser(url) {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
