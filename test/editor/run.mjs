// Runs the editor tests in a real VS Code: `node test/editor/run.mjs [api|ui] [--floor] [--grep text] [--verbose]`.
// `api` is test/editor/api inside the extension host, with the extension from this folder; `ui` is test/editor/ui from
// outside, with the extension packaged and installed as users get it; both without a name.
// `--floor` takes the oldest supported VS Code instead of the newest.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { apiWorkspaces, runApiSuite, workspaceFolder } from '../harness/api-suite.mjs';
import { cacheFolder, copyToTemporary, repository, runCommand } from '../harness/cache.mjs';
import { currentVersion, floorVersion, startVSCode } from '../harness/vscode-server.mjs';
import { launchBrowser, openWorkbench } from '../harness/workbench.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    floor: { type: 'boolean' },
    grep: { type: 'string', default: '' },
    verbose: { type: 'boolean', default: false },
  },
});
const suites = positionals.length > 0 ? positionals : ['api', 'ui'];
const unknown = suites.filter((suite) => suite !== 'api' && suite !== 'ui');
if (unknown.length > 0) throw new Error(`Unknown suite: ${unknown.join(', ')} (api, ui)`);

const total = { passed: 0, failed: 0 };
const version = options.floor ? floorVersion : currentVersion;
let server;
const browser = await launchBrowser();
try {
  if (suites.includes('api')) await runApi();
  if (suites.includes('ui')) {
    server = await startVSCode({ version, vsix: await packageExtension() });
    await runUi();
  }
} finally {
  await browser.close();
  await server?.stop();
}
if (total.passed + total.failed === 0) {
  process.stdout.write('  FAILED  no test was found\n');
  total.failed++;
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function runApi() {
  const tests = join(repository, 'dist/test/api.js');
  if (!existsSync(tests)) throw new Error('dist/test/api.js is missing: npm run build');
  for (const name of apiWorkspaces().filter((workspace) => workspace.includes(options.grep))) {
    // On a busy machine a window may start without its folders: a run in which no test came to pass is asked again.
    for (let attempt = 1; ; attempt++) {
      const counts = await runApiOnce({ tests, name });
      if (counts.passed > 0 || attempt === 3) {
        add(counts);
        break;
      }
      process.stdout.write(`  again   ${name}\n`);
    }
  }
}

/** Each workspace has a server of its own: windows of an earlier one delay what a workspace file needs. */
async function runApiOnce({ tests, name }) {
  const own = await startVSCode({ version, extensionPath: repository });
  try {
    const { verbose } = options;
    return await runApiSuite({ browser, server: own, tests, name, workspace: workspaceFolder(name), verbose });
  } finally {
    await own.stop();
  }
}

/** Packages the extension into the cache folder and returns the path of the VSIX. */
async function packageExtension() {
  const path = join(cacheFolder, 'headroom-ui.vsix');
  const args = ['package', '--no-dependencies', '--no-rewrite-relative-links', '--out', path];
  await runCommand(join(repository, 'node_modules/.bin/vsce'), { args });
  return path;
}

async function runUi() {
  const folder = join(repository, 'test/editor/ui');
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.mjs'))
    .sort()) {
    const { workspace, tests } = await import(pathToFileURL(join(folder, file)).href);
    process.stdout.write(`VS Code ${server.version}, user interface, ${file}\n`);
    for (const [title, test] of Object.entries(tests)) {
      if (!`${file} ${title}`.includes(options.grep)) continue;
      const first = await runUiTest({ title, test, workspace });
      if (first.failed === 0) add(first);
      else {
        // Pointer and focus of a busy browser are not ours to command: what fails twice is a failure.
        process.stdout.write(`  again   ${title}\n`);
        add(await runUiTest({ title, test, workspace }));
      }
    }
  }
}

/** Each test has a window and a copy of the workspace of its own; without a workspace an empty window. */
async function runUiTest({ title, test, workspace }) {
  const started = Date.now();
  const copy = workspace === undefined ? undefined : copyToTemporary(workspaceFolder(workspace), workspace);
  const folder = copy?.path;
  let workbench;
  try {
    workbench = await openWorkbench({ browser, server, workspace: folder });
    await within(test({ workbench, folder }), 240);
    process.stdout.write(`  ok      ${title} (${Date.now() - started} ms)\n`);
    return { passed: 1, failed: 0 };
  } catch (error) {
    const picture = await workbench?.screenshot(`failed-${title.replace(/\W+/g, '-')}`).catch(() => undefined);
    const detail = stripVTControlCharacters(error.stack ?? String(error));
    process.stdout.write(`  FAILED  ${title}\n          ${detail.replaceAll('\n', '\n          ')}\n`);
    if (picture !== undefined) process.stdout.write(`          ${picture}\n`);
    return { passed: 0, failed: 1 };
  } finally {
    await workbench?.close();
    server.setSettings({});
    copy?.remove();
  }
}

function within(promise, seconds) {
  let timer;
  const limit = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`took more than ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

function add({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}
