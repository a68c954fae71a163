// Runs `check` over real projects and prints what a person has to judge: every finding of warning or above with its place,
// then a tally per rule. `npm run precision -- FOLDER...`; the projects stay outside the repository.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repository } from './setup.mjs';

const folders = process.argv.slice(2);
const command = join(repository, 'dist/cli.js');
if (folders.length === 0 || !existsSync(command)) {
  process.stderr.write('usage: npm run build && npm run precision -- FOLDER...\n');
  process.exit(2);
}

const tally = new Map();
let crashed = 0;
for (const folder of folders) {
  const started = Date.now();
  const { stdout, status } = spawnSync(process.execPath, [command, 'check', folder, '--format', 'json'], {
    encoding: 'utf8',
    maxBuffer: 256 * 2 ** 20,
    timeout: 120_000,
  });
  const report = parse(stdout);
  if (report === undefined || status === 2) crashed++;
  const findings = report?.findings.filter((finding) => finding.suppressed === null) ?? [];
  process.stdout.write(
    `\n## ${basename(folder)}: ${findings.length} findings, exit ${status}, ${Date.now() - started} ms\n`,
  );
  for (const finding of findings) {
    const counts = tally.get(finding.rule) ?? { error: 0, warning: 0, information: 0, hint: 0 };
    counts[finding.severity]++;
    tally.set(finding.rule, counts);
    if (finding.severity !== 'error' && finding.severity !== 'warning') continue;
    const place = `${finding.file}:${finding.start.line}:${finding.start.column}`;
    process.stdout.write(
      `${finding.severity.padEnd(8)} ${finding.rule.padEnd(34)} ${place} [${finding.project}]\n         ${finding.message}\n`,
    );
  }
}

process.stdout.write('\n| rule | error | warning | information | hint |\n|---|---|---|---|---|\n');
for (const [rule, counts] of [...tally].sort()) {
  process.stdout.write(`| ${rule} | ${counts.error} | ${counts.warning} | ${counts.information} | ${counts.hint} |\n`);
}
process.stdout.write(`\n${folders.length} projects, ${crashed} not analysed\n`);
process.exitCode = crashed === 0 ? 0 : 1;

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
