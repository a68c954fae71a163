import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatPlanText } from '../../src/cli/plan-text.ts';
import { createPlanReport } from '../../src/engine/plan-report.ts';
import { noGoal } from '../../src/plan/goal.ts';
import { planCapacity } from '../../src/plan/plan-capacity.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';
import { runCommand } from './run-command.ts';

const projects = fileURLToPath(new URL('../projects', import.meta.url));
const escapeCode = '\u001B';

describe('the text of a plan', () => {
  const planned = planCapacity(undefined, { goal: noGoal, given: { users: 5 } });
  const report = createPlanReport(planned, { others: [] });

  it('has titles that a terminal shows in bold, and no trace of colours elsewhere', () => {
    const text = formatPlanText(report, { colors: true, hints: [] });
    expect(text).toContain(`${escapeCode}[1mMemory${escapeCode}[0m\n`);
    expect(text).not.toContain('\u00B7');
    expect(formatPlanText(report, { colors: false, hints: [] })).not.toContain(escapeCode);
  });

  it('leaves out arithmetic that says nothing', () => {
    expect(formatPlanText(report, { colors: false, hints: [] })).not.toMatch(/(\S+ \S+), rounded (?:up|down) = \1$/m);
  });
});

describe('the text of a project', () => {
  const { out } = runCommand(projects, 'plan', 'case-a/before');

  it('tells settings that carry the load from those that guard against outages', () => {
    expect(out).toMatch(/^Change \d+ settings in 3 files\n {2}For the load\n {4}--workers \(backend\)/m);
    const [, guards = ''] = out.split('  Against outages\n');
    expect(guards).toContain('    memory limit (mysql): not set -> ');
    expect(guards).not.toContain('    --threads');
  });

  it('lists what is assumed before what files state, and the time of a request first', () => {
    const [, basis = ''] = out.split('What this rests on\n');
    expect(basis).toMatch(/^ {2}CPU of a request +20 ms +assumed\n/);
    expect(basis.indexOf('memory of a worker')).toBeLessThan(basis.indexOf('headroom.yaml'));
  });

  it('ends with the options that would say more, and none that were given', () => {
    expect(out).toMatch(/\nMore with\n {2}--format markdown {2}the changes as diffs.*\n$/);
    expect(runCommand(projects, 'plan', '--cpus', '2').out).toMatch(
      /\nMore with\n {2}--memory 8GiB +.*\n {2}--response 500ms +.*\n {2}--users 50 +.*\n$/,
    );
  });
});

describe('what the verdict says', () => {
  const stack = (limit: number) => ({
    'compose.yaml': `services:
  网站:
    image: python:3.12
    working_dir: /srv
    volumes: ["./app:/srv"]
    command: gunicorn --workers 4 --threads 8 app:app
  db:
    image: postgres:16
    command: postgres -c max_connections=${limit}
`,
    'app/app.py': `from flask import Flask
from sqlalchemy import create_engine
app = Flask(__name__)
engine = create_engine("postgresql://shop@db/shop", pool_size=8, max_overflow=0)
`,
  });

  it('names a database that takes fewer connections than can be used at once', () => {
    const { out } = runCommand(temporaryFolder(stack(20)), 'plan', '.');
    expect(out).toContain('db takes 17 connections, and the services can use 32 at once.');
    const enough = runCommand(temporaryFolder(stack(100)), 'plan', '.', '--users', '20').out;
    expect(enough).not.toContain('can use 32 at once');
    expect(enough).toContain('What runs today is enough for 20 users; the plan guards it against outages');
    // A wide character takes two columns: the numbers stand under their titles.
    expect(enough).toMatch(/^ {21}today {2}plan\n {2}网站 {15}\d/m);
  });

  it('says none instead of about 0', () => {
    const { out } = runCommand(projects, 'plan', '--cpus', '0.01');
    expect(out).toContain('Even with the plan it carries none of 50 users within the target.\n');
    expect(out).not.toContain('about 0');
  });
});
