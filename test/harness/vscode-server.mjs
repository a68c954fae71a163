import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder, prepareOnce, runCommand } from './cache.mjs';

/** The VS Code versions the tests run in: the newest, and the floor that `engines.vscode` promises. */
export const vscodeVersions = {
  1.139: { codeServer: '4.139.1', node: '24.21.0' },
  1.96: { codeServer: '4.96.4', node: '20.20.2' },
};
export const currentVersion = '1.139';
export const floorVersion = '1.96';

/**
 * Installs a VS Code server from npm into the cache folder, once; a later call returns at once.
 * Returns the paths of its Node and of its server script. Takes about a minute and 600 MB.
 */
export async function prepareVSCode(version) {
  const spec = vscodeVersions[version];
  if (spec === undefined)
    throw new Error(`Unknown VS Code version ${version}: ${Object.keys(vscodeVersions).join(', ')}`);
  const folder = join(cacheFolder, `vscode-${version}`);
  const server = join(folder, 'node_modules/code-server/lib/vscode');
  const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const ownNode = process.versions.node.split('.')[0] === spec.node.split('.')[0];
  const packages = [`code-server@${spec.codeServer}`, ...(ownNode ? [] : [`${nodePackage}@${spec.node}`])];
  await prepareOnce(folder, {
    key: packages.join(' '),
    work: async () => {
      process.stdout.write(`Installing VS Code ${version} (${packages.join(', ')}) into ${folder} ...\n`);
      const started = Date.now();
      rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
      writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
      const quiet = ['--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
      // code-server's scripts compile native modules; nothing here needs them. `--force` passes its exact Node demand.
      await npm(['install', '--omit=optional', '--force', ...quiet, ...packages], folder);
      await npm(['install', '--omit=dev', ...quiet], server);
      process.stdout.write(`Installed VS Code ${version} in ${Math.round((Date.now() - started) / 1000)} s.\n`);
    },
  });
  const node = ownNode ? process.execPath : join(folder, 'node_modules', nodePackage, 'bin/node');
  return { node, script: join(server, 'out/server-main.js') };
}

/**
 * Starts VS Code's server on the loopback interface and waits until it answers.
 * `port` 0 takes a free one. `userDataDir` defaults to a temporary folder that `stop()` deletes. `extensionPath` is a folder
 * to run an extension from, `vsix` a packaged extension to install.
 * `url({ tests, kind, workspace, extensionPath })` is the address that opens a window; `tests` is the path of the
 * module whose `run()` the extension host calls. `setSettings` replaces the settings of the machine, open windows included.
 * `ended` resolves when the server has ended, whoever ended it; `log()` is the end of what it wrote.
 */
export async function startVSCode({
  version = currentVersion,
  port = 0,
  extensionPath,
  workspace,
  userDataDir,
  vsix,
  settings = {},
}) {
  const { node, script } = await prepareVSCode(version);
  const dataDir = userDataDir ?? mkdtempSync(join(tmpdir(), 'headroom-vscode-'));
  const folders = ['--server-data-dir', dataDir, '--extensions-dir', join(dataDir, 'extensions')];
  const env = serverEnvironment();
  setSettings(settings);
  if (vsix !== undefined) await runCommand(node, { args: [script, ...folders, '--install-extension', vsix], env });
  const child = spawn(
    node,
    [
      ...[script, '--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
      ...['--accept-server-license-terms', '--enable-smoke-test-driver', '--disable-telemetry'],
      ...['--disable-workspace-trust', ...folders],
    ],
    // A process group of its own, so that stop() reaches the extension hosts it starts.
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env },
  );
  let log = '';
  const collect = (chunk) => {
    log = (log + chunk).slice(-20_000);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.on('error', (error) => collect(`${error.message}\n`));
  const ended = new Promise((done) => child.once('close', done));
  const killNow = () => {
    killGroup(child, 'SIGKILL');
    removeOwnData();
  };
  const onSignal = () => process.exit(130);
  process.once('exit', killNow).once('SIGINT', onSignal).once('SIGTERM', onSignal);

  try {
    await waitUntilReady();
  } catch (error) {
    await stop();
    throw error;
  }
  const actualPort = listeningPort();
  const origin = `127.0.0.1:${actualPort}`;
  return { version, origin, port: actualPort, dataDir, url, stop, ended, setSettings, log: () => log };

  function url(options = {}) {
    const target = { extensionPath, workspace, ...options };
    const remote = (path) => `vscode-remote://${origin}${resolve(path)}`;
    const payload = [];
    if (target.extensionPath) payload.push(['extensionDevelopmentPath', remote(target.extensionPath)]);
    if (target.tests) payload.push(['extensionTestsPath', remote(target.tests)]);
    if (target.kind) payload.push(['extensionDevelopmentKind', target.kind]);
    const query = new URLSearchParams();
    if (target.workspace) query.set(...workspaceQuery(resolve(target.workspace)));
    query.set('payload', JSON.stringify(payload));
    return `http://${origin}/?${query}`;
  }

  async function stop() {
    process.off('exit', killNow).off('SIGINT', onSignal).off('SIGTERM', onSignal);
    killGroup(child, 'SIGTERM');
    for (let waited = 0; waited < 3000 && child.exitCode === null && child.signalCode === null; waited += 50)
      await sleep(50);
    killGroup(child, 'SIGKILL');
    removeOwnData();
  }

  function removeOwnData() {
    if (userDataDir === undefined) rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  function setSettings(values) {
    const folder = join(dataDir, 'data/Machine');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...quietSettings, ...values }, undefined, 2));
  }

  function listeningPort() {
    return Number(/listening on (?:\S*:)?(\d+)/i.exec(log)?.[1] ?? 0);
  }

  async function waitUntilReady() {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
      if (child.exitCode !== null || child.pid === undefined) break;
      if (listeningPort() === 0) continue;
      const reply = await fetch(`http://127.0.0.1:${listeningPort()}/version`, {
        signal: AbortSignal.timeout(5000),
      }).catch(() => undefined);
      if (reply?.ok) return;
    }
    throw new Error(`VS Code ${version} did not start:\n${log}`);
  }
}

/** The path of a Chromium or Chrome; on a Debian machine where we are root it is installed when missing. */
export async function ensureChromium() {
  const named = process.env.HEADROOM_CHROMIUM;
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`HEADROOM_CHROMIUM names ${named}, which does not exist.`);
    return named;
  }
  const present = chromiumPaths.find((path) => existsSync(path));
  if (present !== undefined) return present;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error('The editor tests need Chromium or Chrome: install one, or name it in HEADROOM_CHROMIUM.');
  }
  process.stdout.write('Installing Chromium ...\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand('apt-get', { args: ['update', '-qq'], env });
  const packages = ['chromium', 'fonts-noto-cjk', 'fonts-dejavu-core'];
  await runCommand('apt-get', { args: ['install', '-y', '-qq', '--no-install-recommends', ...packages], env });
  return '/usr/bin/chromium';
}

/** Chromium switches: no sandbox where it cannot work (root), and nothing that looks for the internet. */
export const chromiumArguments = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

const chromiumPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Settings that keep VS Code from talking to anyone and from covering what a test looks at; it saves on request, as a desktop does. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** A folder with a `.code-workspace` file of its own name opens as that workspace, any other as a folder. */
function workspaceQuery(folder) {
  const file = join(folder, `${basename(folder)}.code-workspace`);
  return existsSync(file) ? ['workspace', file] : ['folder', folder];
}

function npm(args, cwd) {
  return runCommand(process.platform === 'win32' ? 'npm.cmd' : 'npm', { args, cwd, timeoutSeconds: 600 });
}

/** The test runner's own npm and Node settings must not leak into the server. */
function serverEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST|VSCODE_)/.test(name)));
}

function killGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}
