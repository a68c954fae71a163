import { suites } from 'api-suites';
import Mocha from 'mocha';
import * as vscode from 'vscode';

/**
 * Called by the extension host: runs the suites of the folder that is named as the open workspace folder.
 * Each result is one console line that begins with `[test] `, read by test/harness/api-suite.mjs; rejects when a test fails.
 */
export async function run(): Promise<void> {
  const workspace = await nameOfWorkspace();
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: LineReporter });
  // What Mocha does for each file it loads itself: `describe` and its kin become global.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  const wanted = suites.filter((suite) => suite.workspace === workspace);
  if (wanted.length === 0) throw new Error(`No suite for the workspace "${workspace}"`);
  for (const suite of wanted) suite.load();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

/** The folders of a workspace file may come after the start. */
async function nameOfWorkspace(): Promise<string> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await new Promise((done) => setTimeout(done, 50))) {
    const folder = vscode.workspace.workspaceFolders?.[0];
    if (folder) return folder.name;
  }
  return '';
}

class LineReporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner) {
    super(runner);
    let passed = 0;
    let failed = 0;
    runner.on('pass', (test) => {
      passed++;
      say({ result: 'passed', title: test.fullTitle(), milliseconds: test.duration ?? 0 });
    });
    runner.on('fail', (test, error: Error) => {
      failed++;
      say({ result: 'failed', title: test.fullTitle(), detail: error.stack ?? error.message });
    });
    runner.on('pending', (test) => {
      failed++;
      say({ result: 'failed', title: test.fullTitle(), detail: 'skipped tests count as failed' });
    });
    runner.on('end', () => say({ result: 'end', passed, failed }));
  }
}

function say(line: object): void {
  console.log(`[test] ${JSON.stringify(line)}`);
}
