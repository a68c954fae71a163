// Times the command on generated workspaces and prints medians with the ratio to bare Node start-up, the floor of any
// Node command, and for how long the editor's first analysis keeps other work waiting at most:
// `npm run benchmark [-- RUNS [FOLDER...]]`, folders being measured as well. Absolute times depend on the machine; ratios
// of one run say more.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { repository } from './setup.mjs';

const runs = Number(process.argv[2] ?? 9);
const command = join(repository, 'dist/cli.js');
const bundles = mkdtempSync(join(tmpdir(), 'headroom-benchmark-'));
const stretch = join(bundles, 'longest-stretch.cjs');
buildSync({
  entryPoints: [join(repository, 'scripts/longest-stretch.ts')],
  bundle: true,
  platform: 'node',
  outfile: stretch,
});
const floor = median(() => time(['-e', '0']));
process.stdout.write(`node start-up      ${floor.toFixed(0).padStart(6)} ms   1.0\n`);
for (const stacks of [1, 10, 100]) {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-benchmark-'));
  const files = writeWorkspace(folder, stacks);
  show(`check ${String(files).padStart(5)} files`, folder);
  rmSync(folder, { recursive: true });
}
const usual = median(() => time([command, 'plan']));
const huge = median(() =>
  time([command, 'plan', ...'--profile dedicated --cpus 64 --think 1s --response 1ms'.split(' ')]),
);
showPlan('plan, usual', usual);
showPlan('plan, huge', huge);
for (const folder of process.argv.slice(3)) show(`check ${basename(folder)}`, folder);
rmSync(bundles, { recursive: true });

function show(what, folder) {
  const spent = median(() => time([command, 'check', folder, '--format', 'json']));
  const ratio = (spent / floor).toFixed(1).padStart(5);
  const longest = median(
    () => JSON.parse(execFileSync(process.execPath, [stretch, folder], { encoding: 'utf8' })).longest,
  );
  process.stdout.write(
    `${what.padEnd(17)}  ${spent.toFixed(0).padStart(6)} ms ${ratio}   longest stretch ${longest.toFixed(0).padStart(4)} ms\n`,
  );
}

function showPlan(what, spent) {
  process.stdout.write(
    `${what.padEnd(17)}  ${spent.toFixed(0).padStart(6)} ms ${(spent / floor).toFixed(1).padStart(5)}\n`,
  );
}

function median(measure) {
  const times = Array.from({ length: runs }, measure).sort((left, right) => left - right);
  return times[Math.floor(times.length / 2)];
}

function time(args) {
  const started = process.hrtime.bigint();
  spawnSync(process.execPath, args, { stdio: 'ignore' });
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** Ten files a stack: compose, Dockerfile, script, env, settings, pools, and modules between them. */
function writeWorkspace(folder, stacks) {
  let count = 0;
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    count++;
  };
  for (let index = 0; index < stacks; index++) {
    const base = `stack-${index}`;
    const services = ['web', 'jobs'].map(
      (name) =>
        `  ${name}:\n    build: .\n    env_file: .env\n    depends_on: [db, cache]\n    environment:\n      DATABASE_URL: postgresql://app@db/app\n`,
    );
    write(
      `${base}/compose.yaml`,
      `services:\n${services.join('')}  db:\n    image: postgres:16\n    command: postgres -c max_connections=200\n  cache:\n    image: redis:7\n`,
    );
    write(`${base}/.env`, `WEB_CONCURRENCY=4\nPOOL_SIZE=10\nNAME=stack${index}\n`);
    write(`${base}/Dockerfile`, 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["./start.sh"]\n');
    write(
      `${base}/start.sh`,
      '#!/bin/sh\nset -e\npython manage.py migrate\nexec gunicorn app.main:app --threads "${THREADS:-8}"\n',
    );
    write(`${base}/gunicorn.conf.py`, 'import os\ntimeout = 60\ngraceful_timeout = int(os.environ.get("GRACE", 20))\n');
    write(`${base}/app/__init__.py`, '');
    write(
      `${base}/app/main.py`,
      'from flask import Flask\nfrom app.database import engine\nfrom app.views import views\napp = Flask(__name__)\n',
    );
    write(
      `${base}/app/database.py`,
      'import os\nfrom sqlalchemy import create_engine\nengine = create_engine(os.environ["DATABASE_URL"], pool_size=int(os.getenv("POOL_SIZE", 5)), max_overflow=0)\n',
    );
    write(
      `${base}/app/views.py`,
      `from app.helpers import shape\n${'def view(request):\n    return shape(request)\n\n'.repeat(40)}`,
    );
    write(`${base}/app/helpers.py`, 'def shape(value):\n    return {"value": value}\n'.repeat(60));
  }
  return count;
}
