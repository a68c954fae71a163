import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { copyToTemporary, repository } from './cache.mjs';

/** The names of the workspaces that `test/editor/api` has suites for: its folders. */
export function apiWorkspaces() {
  const folders = readdirSync(join(repository, 'test/editor/api'), { withFileTypes: true });
  return folders.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** The folder that holds the files of the workspace `name`: one made for the editor tests, or a test project before its fixes. */
export function workspaceFolder(name) {
  const places = [`test/editor/workspaces/${name}`, `test/projects/${name}/before`, `test/projects/${name}`];
  const found = places.map((place) => join(repository, place)).find((place) => existsSync(place));
  if (found === undefined) throw new Error(`No workspace "${name}": looked for ${places.join(', ')}`);
  return found;
}

/**
 * Runs a module's `run()` in the extension host of a window on a copy of `workspace` (a folder, whose copy is called
 * `name`), and prints a line per test. Returns `{ passed, failed }`; a run that dies or takes too long has a failure more.
 */
export async function runApiSuite({
  browser,
  server,
  tests,
  workspace,
  name,
  extensionPath,
  kind,
  timeoutSeconds = 180,
  verbose = false,
}) {
  const copy = copyToTemporary(workspace, name);
  const results = createResults(`VS Code ${server.version}, ${name}`, { verbose });
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  try {
    const page = await context.newPage();
    const exit = new Promise((done) => {
      page.exposeFunction('codeAutomationLog', (_type, args) => results.read(args.map(String).join(' '))).catch(done);
      page.exposeFunction('codeAutomationExit', (code) => done(Number(code))).catch(done);
      page.once('crash', () => done('the page crashed'));
      setTimeout(done, timeoutSeconds * 1000, `no end after ${timeoutSeconds} s`).unref();
    });
    await page.goto(server.url({ workspace: copy.path, tests, kind, ...(extensionPath ? { extensionPath } : {}) }), {
      timeout: 60_000,
    });
    return results.end(await exit);
  } catch (error) {
    return results.end(error.message);
  } finally {
    await context.close();
    copy.remove();
  }
}

/** As `runApiSuite`, in a desktop VS Code at the path `executable`. */
export async function runDesktopSuite({
  executable,
  args,
  tests,
  workspace,
  name,
  extensionPath,
  timeoutSeconds = 180,
  verbose = false,
}) {
  const copy = copyToTemporary(workspace, name);
  const results = createResults(`desktop VS Code, ${name}`, { verbose });
  const child = spawn(executable, [
    copy.path,
    ...args,
    `--extensionDevelopmentPath=${extensionPath}`,
    `--extensionTestsPath=${tests}`,
  ]);
  let rest = '';
  const collect = (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) results.read(line);
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', (chunk) => verbose && process.stderr.write(chunk));
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutSeconds * 1000);
  try {
    return results.end(
      await new Promise((done) =>
        child.on('error', (error) => done(error.message)).on('close', (code, signal) => done(code ?? signal)),
      ),
    );
  } finally {
    clearTimeout(timer);
    copy.remove();
  }
}

/** Reads the `[test] ` lines of test/editor/api/index.ts out of what an extension host writes to its console. */
function createResults(where, { verbose }) {
  let passed = 0;
  let failed = 0;
  let complete = false;
  const noise = [];
  process.stdout.write(`${where}\n`);
  return { read, end };

  function read(text) {
    const start = text.indexOf('[test] {');
    if (start < 0) {
      noise.push(text);
      if (verbose) process.stdout.write(`    | ${text}\n`);
      return;
    }
    const line = JSON.parse(text.slice(start + '[test] '.length, text.lastIndexOf('}') + 1));
    if (line.result === 'end') complete = true;
    else if (line.result === 'passed') {
      passed++;
      process.stdout.write(`  ok      ${line.title} (${line.milliseconds} ms)\n`);
    } else {
      failed++;
      process.stdout.write(
        `  FAILED  ${line.title}\n          ${String(line.detail).replaceAll('\n', '\n          ')}\n`,
      );
    }
  }

  /** `exit` is the exit code of the run, or says why there is none. */
  function end(exit) {
    if (!complete || (exit !== 0 && failed === 0)) {
      failed++;
      process.stdout.write(`  FAILED  the run itself: ${complete ? 'ended with' : 'stopped early:'} ${exit}\n`);
      if (!verbose) process.stdout.write(`${noise.slice(-8).join('\n').slice(-4000)}\n`);
    }
    return { passed, failed };
  }
}
