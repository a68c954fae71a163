import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../harness/temporary-folder.ts';
import { runCommand } from './run-command.ts';

const files = {
  'compose.yaml': 'services:\n  web:\n    image: python:3.12\n    command: gunicorn -w 2 app:app\n',
  'app.py': 'app = None\n',
  taken: '',
};

describe('a command line of plan that cannot be meant', () => {
  it.each([
    [['--think', '-1s'], '--think takes a time, such as 200ms or 1s, not "-1s"'],
    [['--users', '-0'], '--users must be at least 1'],
    [['--memory', '8'], '--memory must be at least 1 MiB; did you mean "8GiB"?'],
    [['--worker-memory', '150'], '--worker-memory must be at least 1 MiB; did you mean "150MiB"?'],
    [['--memory', '0'], '--memory must be at least 1 MiB'],
    [['--rate', '30', '--users', '50'], '--users and --rate are two ways to state the load: give one of them'],
    [['--runbook'], '--runbook needs the path of a project'],
    [['--config', 'headroom.yaml'], '--config needs the path of a project'],
    [['--compose-file', 'compose.yaml'], '--compose-file needs the path of a project'],
    [['.', '--runbook', '--format', 'json'], '--format goes with the report, not with --runbook or --load-test'],
    [
      ['.', '--runbook', '--load-test', 'k6'],
      '--runbook and --load-test together need --output, a folder for both files',
    ],
    [['.', '--runbook', '--output', ''], '--output takes a folder, not ""'],
    [['.', '--runbook', '--output', 'taken'], 'FOLDER is not a folder'],
    [['.', '--assume', 'workers=3'], '--assume workers: the files leave open nothing that could be assumed'],
  ])('%j ends with 2 and one line', (words, message) => {
    const folder = temporaryFolder(files);
    const { code, out, err } = runCommand(folder, 'plan', ...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.replace(join(folder, 'taken'), 'FOLDER')).toBe(`headroom: ${message}\n`);
  });

  it('says of a folder without a web server what would do instead', () => {
    expect(runCommand(temporaryFolder({}), 'plan', '.').err).toBe(
      'headroom: . starts no web server that could be planned; leave the path out to plan with flags alone\n',
    );
  });
});
