import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Answer } from '../agreement.ts';
import { composeProgram } from '../programs.ts';
import type { ComposeCase } from './compose-case.ts';
import { projectAnswer } from './project-answer.ts';

const run = promisify(execFile);

/** What Compose makes of the files, in a folder called `shop` and an environment that sets nothing. */
export async function ask(given: ComposeCase): Promise<Answer> {
  const parent = mkdtempSync(join(realpathSync(tmpdir()), 'headroom-compose-'));
  const root = join(parent, 'shop');
  try {
    for (const [path, text] of Object.entries(given.files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const cwd = join(root, given.folder ?? '');
    const named = (given.composeFiles ?? []).flatMap((path) => ['-f', join(root, path)]);
    const { stdout } = await run(composeProgram(), [...named, 'config', '--format', 'json'], {
      cwd,
      timeout: 60_000,
      env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', PWD: cwd },
    });
    return projectAnswer(stdout, root);
  } catch (error) {
    const stderr = error !== null && typeof error === 'object' && 'stderr' in error ? String(error.stderr) : '';
    if (stderr === '') throw error;
    return { refused: true, reason: reasonOf(stderr, root) };
  } finally {
    rmSync(parent, { recursive: true });
  }
}

/** "Docker Compose 2.40.3". */
export async function version(): Promise<string> {
  const { stdout } = await run(composeProgram(), ['version', '--short']);
  return `Docker Compose ${stdout.trim()}`;
}

/** The last line that is no warning, without the folder. */
function reasonOf(stderr: string, root: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.includes('level=warning'));
  return (lines.at(-1) ?? '').replaceAll(root, '').slice(0, 120);
}
