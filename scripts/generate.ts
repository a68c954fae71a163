// Writes every generated file; test/generated.test.ts fails when one is stale.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { chdir } from 'node:process';
import { fileURLToPath } from 'node:url';
import { generateFiles, readIfThere } from './generated-files.ts';

chdir(fileURLToPath(new URL('..', import.meta.url)));

async function writeGeneratedFiles(): Promise<void> {
  for (const [path, text] of await generateFiles()) {
    if (text === undefined) rmSync(path, { force: true });
    else if (readIfThere(path) !== text) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      process.stdout.write(`${path}\n`);
    }
  }
}

void writeGeneratedFiles();
