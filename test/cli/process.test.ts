import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../harness/temporary-folder.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

function start(words: readonly string[]) {
  return spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'src/cli/main.ts', ...words], { cwd: repository });
}

it('writes everything before it ends, however slowly it is read', { timeout: 60_000 }, async () => {
  const mistakes = Array.from({ length: 800 }, (_, index) => `unknown${index}: 1\n`);
  const folder = temporaryFolder({ 'headroom.yaml': mistakes.join('') });
  const child = start(['check', folder, '--format', 'json']);
  child.stdout.pause();
  setTimeout(() => child.stdout.resume(), 1500);
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(2);
  expect(JSON.parse(out).findings).toHaveLength(800);
  expect(out.length).toBeGreaterThan(200_000);
});

it('takes a reader that stops early without a word', { timeout: 60_000 }, async () => {
  const child = start(['--help']);
  child.stdout.destroy();
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  await new Promise((resolve) => child.on('close', resolve));
  expect(err).toBe('');
});
