// Runs every check: `npm test [-- --only step ...]`. Installs what is missing first. The last line is `N passed, N failed`;
// a step that is no test suite counts as one failure when it fails.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkPackage } from './package-check.mjs';
import { ensureDependencies, repository } from './setup.mjs';

const cacheFolder = resolve(process.env.HEADROOM_CACHE ?? join(repository, '.cache'));
const steps = [
  { name: 'typecheck', run: runTypeCheck },
  { name: 'lint', run: () => check(tool('biome'), ['check', '--error-on-warnings']) },
  { name: 'unit', run: () => runVitest('vitest.config.ts') },
  { name: 'validate', run: () => runCounted(tool('tsx'), ['test/validate/short.ts']) },
  { name: 'build', run: () => check(process.execPath, ['scripts/build.mjs']) },
  { name: 'panel', needs: 'build', run: () => runVitest('vitest.panel.config.ts') },
  { name: 'package', needs: 'build', run: runPackageCheck },
  { name: 'editor-api', needs: 'build', run: () => runEditorTests(['api']) },
  { name: 'editor-api-floor', needs: 'build', run: () => runEditorTests(['api', '--floor']) },
  { name: 'editor-ui', needs: 'build', run: () => runEditorTests(['ui']) },
];

const { values: options } = parseArgs({ options: { only: { type: 'string', multiple: true, default: [] } } });
const unknown = options.only.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0)
  throw new Error(`Unknown step: ${unknown.join(', ')} (${steps.map((step) => step.name).join(', ')})`);

ensureDependencies();
mkdirSync(cacheFolder, { recursive: true });
const results = [];
for (const step of steps.filter(({ name }) => options.only.length === 0 || options.only.includes(name))) {
  results.push(await runStep(step));
}
process.stdout.write('\n');
for (const { name, passed, failed, seconds, note } of results) {
  const verdict = note ?? (failed === 0 ? 'ok' : 'FAILED');
  process.stdout.write(`${name.padEnd(18)} ${verdict.padEnd(22)} ${passed} passed, ${failed} failed, ${seconds} s\n`);
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exitCode = sum('failed') === 0 ? 0 : 1;

async function runStep({ name, needs, run }) {
  process.stdout.write(`\n== ${name}\n`);
  const missing = results.find((result) => result.name === needs && result.failed > 0);
  if (missing !== undefined) return { name, passed: 0, failed: 0, seconds: '0.0', note: `not run: ${needs} failed` };
  const started = Date.now();
  const counts = await run().catch((error) => {
    process.stdout.write(`${error.stack}\n`);
    return { passed: 0, failed: 1 };
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`== ${name}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s\n`);
  return { name, seconds, ...counts };
}

async function check(command, args) {
  const { code } = await runTool(command, args);
  return { passed: 0, failed: code === 0 ? 0 : 1 };
}

/** The page of the panel has the browser's types, everything else has none of them. */
async function runTypeCheck() {
  const engine = await check(tool('tsc'), ['--noEmit']);
  const page = await check(tool('tsc'), ['--noEmit', '-p', 'src/panel/page']);
  return { passed: 0, failed: engine.failed + page.failed };
}

async function runVitest(config) {
  const report = join(cacheFolder, 'vitest.json');
  rmSync(report, { force: true });
  const { code } = await runTool(tool('vitest'), [
    'run',
    `--config=${config}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numPendingTests = 0,
  } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  // A skipped test is a failure: it hides something. So is a file that does not load, which has no tests to count.
  const failed = numFailedTests + numPendingTests;
  return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

async function runPackageCheck() {
  const path = join(cacheFolder, 'headroom.vsix');
  const { code } = await runTool(tool('vsce'), [
    'package',
    '--no-dependencies',
    '--no-rewrite-relative-links',
    '--out',
    path,
  ]);
  if (code !== 0) return { passed: 0, failed: 1 };
  const { files, sizeBytes, problems } = checkPackage(path);
  process.stdout.write(`${files.length} files, ${sizeBytes} bytes\n${files.map((file) => `  ${file}\n`).join('')}`);
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  return { passed: 0, failed: problems.length === 0 ? 0 : 1 };
}

function runEditorTests(args) {
  return runCounted(process.execPath, ['test/editor/run.mjs', ...args]);
}

/** A command whose last line is `N passed, N failed`. */
async function runCounted(command, args) {
  const { code, output } = await runTool(command, args);
  const counts = /(\d+) passed, (\d+) failed\s*$/.exec(output);
  const [passed, failed] = [Number(counts?.[1] ?? 0), Number(counts?.[2] ?? 0)];
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}

function tool(name) {
  return join(repository, 'node_modules/.bin', name);
}

/** Shows the output of a command while it runs, and returns its end. A command of more than 20 minutes is stopped. */
function runTool(command, args) {
  return new Promise((done, fail) => {
    const shell = process.platform === 'win32';
    const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' };
    const child = spawn(command, args, { cwd: repository, shell, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      process.stdout.write(chunk);
      output = (output + chunk).slice(-10_000);
    });
    const timer = setTimeout(() => child.kill('SIGTERM'), 20 * 60_000);
    child.on('error', fail).on('close', (code) => {
      clearTimeout(timer);
      done({ code: code ?? 1, output });
    });
  });
}
