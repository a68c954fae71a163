// Runs the property tests on seed after seed: `npm run fuzz [-- --minutes 10] [-- --seed 7]`. Stops at the first failure and
// says how to see it again.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies, repository } from './setup.mjs';

const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
});
const minutes = Number(options.minutes);
if (!(minutes > 0)) throw new Error(`--minutes takes a number above 0, not ${options.minutes}`);

ensureDependencies();
const files = readdirSync(join(repository, 'test'), { recursive: true })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => join('test', path))
  .filter((path) => readFileSync(join(repository, path), 'utf8').includes("from 'fast-check'"));
// It looks for wrong results: that a loaded machine is slow is none.
const patience = '--testTimeout=600000';
const until = Date.now() + minutes * 60_000;
let rounds = 0;
do {
  const seed = options.seed ?? String(randomInt(2 ** 31));
  const run = spawnSync(join(repository, 'node_modules/.bin/vitest'), ['run', '--reporter=dot', patience, ...files], {
    cwd: repository,
    env: { ...process.env, HEADROOM_SEED: seed },
    encoding: 'utf8',
  });
  rounds += 1;
  process.stdout.write(`seed ${seed}: ${run.status === 0 ? 'passed' : 'FAILED'}\n`);
  if (run.status !== 0) {
    process.stdout.write(`${run.stdout}${run.stderr}\nAgain: npm run fuzz -- --seed ${seed}\n`);
    process.exitCode = 1;
    break;
  }
} while (options.seed === undefined && Date.now() < until);
process.stdout.write(`${rounds} ${rounds === 1 ? 'seed' : 'seeds'} over ${files.length} files\n`);
