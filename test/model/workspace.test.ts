import { describe, expect, it } from 'vitest';
import { readWorkspace } from '../../src/model/read-workspace.ts';
import { createSession } from '../../src/model/session.ts';
import { openFiles } from '../../src/model/workspace.ts';
import { workspaceOf } from './stack-fixture.ts';

const both = '<<<<<<< HEAD\r\nWEB_CONCURRENCY=\r\n=======\r\nWEB_CONCURRENCY=2\r\n>>>>>>> other\r\n';

describe('a file with both sides of a merge', () => {
  it('counts as absent and is named at its first marker', () => {
    const files = openFiles(workspaceOf({ '.env': `A=1\r\n${both}` }));
    expect(files.read('.env')).toBeUndefined();
    expect(files.pending('.env')).toBe(false);
    expect(files.conflicted.get('.env')?.span).toEqual({ start: 5, end: 12 });
  });

  it('leaves its values unknown to the services that read it', () => {
    const compose = 'services:\n  web:\n    image: x\n    env_file: web.env\n    command: gunicorn app:app\n';
    const reading = readWorkspace(workspaceOf({ 'compose.yaml': compose, 'web.env': both }), createSession());
    expect(reading.broken.map(({ at, why }) => `${at.source.path}: ${why}`)).toEqual([
      'web.env: it holds merge-conflict markers',
    ]);
    expect(reading.stack.projects[0]?.services[0]?.environment).toMatchObject({ complete: false });
  });

  it('is not seen in a heading underlined with equals signs', () => {
    const files = openFiles(workspaceOf({ 'notes.sh': '# Title\n=======\n<<<<<<< no end\n' }));
    expect(files.read('notes.sh')).toBeDefined();
  });
});
