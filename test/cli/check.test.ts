import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../harness/temporary-folder.ts';
import { badCompose, goodCompose, runCommand } from './run-command.ts';

describe('exit code', () => {
  it('is 0 for a clean folder and for an empty one', () => {
    expect(runCommand(temporaryFolder({ 'compose.yaml': goodCompose }), 'check')).toMatchObject({ code: 0, err: '' });
    expect(runCommand(temporaryFolder({}), 'check')).toMatchObject({ code: 0, out: 'No findings; 0 files read.\n' });
  });

  it('is 1 for findings at or above the threshold', () => {
    const folder = temporaryFolder({
      'compose.yaml': badCompose,
      'headroom.yaml': 'rules:\n  reservation-exceeds-limit: information\n',
    });
    expect(runCommand(folder, 'check').code).toBe(0);
    expect(runCommand(folder, 'check', '--fail-on', 'information').code).toBe(1);
    expect(runCommand(folder, 'check', '--fail-on', 'hint').code).toBe(1);
    expect(runCommand(folder, 'check', '--fail-on', 'error').code).toBe(0);
  });

  it('does not count a silenced finding', () => {
    const compose = badCompose.replace('1g', '1g # headroom-ignore reservation-exceeds-limit -- moves tomorrow');
    const folder = temporaryFolder({ 'compose.yaml': compose });
    const { code, out } = runCommand(folder, 'check', '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out).findings[0].suppressed).toEqual({ reason: 'moves tomorrow' });
    expect(runCommand(folder, 'check').out).toContain('1 silenced');
  });

  it('is 2 after reporting when the configuration has a mistake, and the rest of it applies', () => {
    const folder = temporaryFolder({
      'compose.yaml': badCompose,
      'headroom.yaml': 'lod: 3\nrules:\n  reservation-exceeds-limit: hint\n',
    });
    const { code, out } = runCommand(folder, 'check');
    expect(code).toBe(2);
    expect(out).toContain('headroom.yaml\n  1:1 error');
    expect(out).toContain('5:22 hint web reserves 1 GiB');
  });

  it('is 2 with one line for a path that does not exist', () => {
    const { code, out, err } = runCommand(temporaryFolder({}), 'check', 'nowhere');
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: 'headroom: nowhere does not exist\n' });
  });
});

describe('text', () => {
  it('shows the place, the code, the arithmetic and the fixes', () => {
    const { code, out } = runCommand(temporaryFolder({ 'compose.yaml': badCompose }), 'check', '.');
    expect(code).toBe(1);
    expect(out).toBe(`compose.yaml
  5:22 error web reserves 1 GiB of memory but is limited to 512 MiB: Docker will not start it. reservation-exceeds-limit
    5 |     mem_reservation: 1g
      |                      ^^
      1. compose.yaml:5: 1 GiB reserved
      2. compose.yaml:4: limit of 512 MiB
      fix (safe): Lower the reservation to the limit (512 MiB)
      fix (review): Raise the limit to the reservation (1 GiB)

1 error; 1 can be fixed with --fix, 1 file read.
`);
  });

  it('shows no secret and no control character of the line it marks', () => {
    const folder = temporaryFolder({
      'compose.yaml': `services: { web: { image: x, mem_limit: 1m, mem_reservation: 2m, environment: { URL: "mysql://root:hunter2@db/x" } } } # \u001B[2J\n`,
    });
    const { out } = runCommand(folder, 'check');
    expect(out).toContain('mem_reservation: 2m');
    expect(out).not.toContain('hunter2');
    expect(out).not.toContain('\u001B');
  });
});

describe('json', () => {
  it('keeps the contract', () => {
    const folder = temporaryFolder({ 'compose.yaml': badCompose.replace('512m', '512m # 😀') });
    const report = JSON.parse(runCommand(folder, 'check', '--format', 'json').out);
    expect(Object.keys(report)).toEqual(['version', 'findings', 'unknown', 'files']);
    expect(report.files).toEqual({ read: ['compose.yaml'], skipped: [] });
    expect(report.findings).toHaveLength(1);
    expect(report.findings[0]).toEqual({
      rule: 'reservation-exceeds-limit',
      severity: 'error',
      project: expect.any(String),
      subject: 'web',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      file: 'compose.yaml',
      start: { line: 5, column: 22 },
      end: { line: 5, column: 24 },
      message: expect.stringMatching(/^web reserves 1 GiB/),
      assumed: false,
      trail: [
        { says: '1 GiB reserved', file: 'compose.yaml', line: 5 },
        { says: 'limit of 512 MiB', file: 'compose.yaml', line: 4 },
      ],
      fixes: [
        {
          title: 'Lower the reservation to the limit (512 MiB)',
          safety: 'safe',
          edits: [
            {
              file: 'compose.yaml',
              start: { line: 5, column: 22 },
              end: { line: 5, column: 24 },
              newText: '512m',
            },
          ],
        },
        expect.objectContaining({ safety: 'review' }),
      ],
      suppressed: null,
    });
  });

  it('counts columns in UTF-16 units', () => {
    const compose = 'services: { "😀": { image: x, mem_limit: 1m, mem_reservation: 2m } }\n';
    const { out } = runCommand(temporaryFolder({ 'compose.yaml': compose }), 'check', '--format', 'json');
    expect(JSON.parse(out).findings[0].start).toEqual({ line: 1, column: compose.indexOf('2m') + 1 });
  });
});

describe('paths', () => {
  it('reports on one file only, in the project that it belongs to', () => {
    const folder = temporaryFolder({
      '.git/HEAD': '',
      'app/compose.yaml': badCompose,
      'app/settings.py': 'x = 1\n',
    });
    const file = runCommand(folder, 'check', 'app/compose.yaml', '--format', 'json');
    expect(JSON.parse(file.out).findings[0].file).toBe('app/compose.yaml');
    expect(runCommand(folder, 'check', 'app/settings.py').code).toBe(0);
  });

  it('names files of several folders from their common parent', () => {
    const folder = temporaryFolder({ 'one/compose.yaml': badCompose, 'two/compose.yaml': badCompose });
    const { out } = runCommand(folder, 'check', 'one', 'two', '--format', 'json');
    expect(JSON.parse(out).findings.map((finding: { file: string }) => finding.file)).toEqual([
      'one/compose.yaml',
      'two/compose.yaml',
    ]);
  });

  it('leaves out installed packages and what the configuration excludes', () => {
    const folder = temporaryFolder({
      'node_modules/x/compose.yaml': badCompose,
      'legacy/old/compose.yaml': badCompose,
      'headroom.yaml': 'exclude: [legacy/]\n',
    });
    expect(runCommand(folder, 'check').code).toBe(0);
    expect(runCommand(folder, 'check', '--config', 'none.yaml')).toMatchObject({
      code: 2,
      err: 'headroom: none.yaml does not exist\n',
    });
  });

  it('takes another configuration in the place of the own one', () => {
    const folder = temporaryFolder({
      'app/compose.yaml': badCompose,
      'app/headroom.yaml': 'rules:\n  reservation-exceeds-limit: off\n',
      'strict.yaml': 'rules: {}\nlod: 1\n',
    });
    expect(runCommand(folder, 'check', 'app').code).toBe(0);
    const { code, out } = runCommand(folder, 'check', 'app', '--config', 'strict.yaml');
    expect(code).toBe(2);
    expect(out).toContain('../strict.yaml\n  2:1 error');
    expect(out).toContain('5:22 error');
  });
});

describe('bad input', () => {
  it('survives what a disk can hold and names what it skips', () => {
    const folder = temporaryFolder({
      'compose.yaml': new Uint8Array([0xff, 0xfe, 0x73, 0x00]),
      'sub/docker-compose.yml': goodCompose,
      'sub/compose.override.yaml/inner.txt': 'a folder named like a file',
    });
    symlinkSync('..', join(folder, 'sub/loop'));
    symlinkSync('/', join(folder, 'out'));
    symlinkSync('gone', join(folder, 'dead.yaml'));
    mkdirSync(join(folder, 'empty'));
    const { code, out } = runCommand(folder, 'check', '--format', 'json');
    expect(code).toBe(0);
    const { skipped } = JSON.parse(out).files;
    expect(skipped).toContainEqual({ file: 'compose.yaml', why: 'not UTF-8 text' });
    expect(skipped).toContainEqual({ file: 'out', why: 'a link that leads outside the folder, or to nothing' });
  });
});

describe('usage', () => {
  it.each([
    [[], 'a command is missing'],
    [['chek'], 'did you mean "check"?'],
    [['check', '--format', 'xml'], '--format takes text, json'],
    [['check', '--fail-on', 'warn'], 'did you mean "warning"?'],
    [['check', '--nope'], "unknown option '--nope'"],
    [['stack', '--fix'], '--fix does not go with stack'],
    [['explain'], 'explain takes the id of one rule'],
  ])('%j ends with 2 and says why', (words, why) => {
    const { code, out, err } = runCommand(temporaryFolder({}), ...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(why);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('shows help and version', () => {
    expect(runCommand('/', '--help')).toMatchObject({ code: 0, out: expect.stringContaining('headroom check') });
    expect(runCommand('/', '--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});
