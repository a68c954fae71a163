import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/rules/index.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';
import { runWith } from './run-command.ts';

const projects = fileURLToPath(new URL('../projects', import.meta.url));
const canary = 'CANARY77';

/** The files of a stack with a mark in place of every secret: env values with telling names, passwords of URLs. */
function withCanaries(name: string): Record<string, string> {
  const root = join(projects, name, 'before');
  const texts: Record<string, string> = {};
  const pending = [root];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of readdirSync(folder)) {
      const path = join(folder, entry);
      if (statSync(path).isDirectory()) pending.push(path);
      else texts[relative(root, path).replaceAll('\\', '/')] = plant(readFileSync(path, 'utf8'));
    }
  }
  return texts;
}

function plant(text: string): string {
  return text
    .replace(/^([A-Z_]*(?:PASSWORD|SECRET|TOKEN|KEY)[A-Z_]*=).*$/gm, `$1${canary}`)
    .replace(/(:\/\/[^:/@\s'"]*:)[^@\s'"{}$]+@/g, `$1${canary}@`);
}

describe('values of secrets', () => {
  for (const name of readdirSync(projects)) {
    it(`of ${name} appear in no output`, () => {
      const texts = withCanaries(name);
      const folder = temporaryFolder(texts);
      for (const words of [
        ['check'],
        ['check', '--format', 'json'],
        ['stack'],
        ['stack', '--why'],
        ['stack', '--format', 'json'],
        ['plan', '.'],
        ['plan', '.', '--format', 'markdown'],
        ['plan', '.', '--format', 'json'],
        ['plan', '.', '--runbook'],
      ]) {
        const { out, err } = runWith(rules, { folder, words });
        expect(out.length).toBeGreaterThan(100);
        expect(`${out}${err}`).not.toContain(canary);
      }
    });
  }

  it('stay out of findings about the very variable that holds them', () => {
    const folder = temporaryFolder({
      'compose.yaml': 'services:\n  web:\n    build: .\n    env_file: .env\n',
      '.env': `WEB_CONCURRENCY=${canary}\n`,
      Dockerfile: 'FROM python:3.12-slim\nCMD ["gunicorn", "app:app"]\n',
    });
    const { out } = runWith(rules, { folder, words: ['check', '--format', 'json'] });
    expect(out).toContain('gunicorn-setting-invalid');
    expect(out).not.toContain(canary);
  });
});
