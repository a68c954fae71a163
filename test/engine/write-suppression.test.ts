import { describe, expect, it } from 'vitest';
import { findSuppressions, suppresses } from '../../src/engine/suppressions.ts';
import { writeSuppression } from '../../src/engine/write-suppression.ts';
import { createSourceText } from '../../src/text/source-text.ts';
import { applyEdits } from '../../src/text/span.ts';

describe('writeSuppression', () => {
  it('writes behind the line in YAML and Python', () => {
    expect(silence('compose.yaml', 'services:\n  web:\n    ^image: x\n')).toBe(
      'services:\n  web:\n    image: x  # headroom-ignore a-rule -- fine here\n',
    );
    expect(silence('app/db.py', 'e = create_engine(\n    URL,\n    ^pool_size=5,\n)\n')).toBe(
      'e = create_engine(\n    URL,\n    pool_size=5,  # headroom-ignore a-rule -- fine here\n)\n',
    );
  });

  it('writes above the line in Dockerfiles, env files and scripts, above the first of joined lines', () => {
    expect(silence('Dockerfile', 'FROM a\r\n^CMD gunicorn app\r\n')).toBe(
      'FROM a\r\n# headroom-ignore a-rule -- fine here\r\nCMD gunicorn app\r\n',
    );
    expect(silence('.env', 'A=1\n^WEB_CONCURRENCY=4')).toBe(
      'A=1\n# headroom-ignore a-rule -- fine here\nWEB_CONCURRENCY=4',
    );
    expect(silence('start.sh', 'cd x\n  gunicorn \\\n    ^--workers 4 \\\n    app\n')).toBe(
      'cd x\n  # headroom-ignore a-rule -- fine here\n  gunicorn \\\n    --workers 4 \\\n    app\n',
    );
  });

  it('writes above the key of a block scalar', () => {
    expect(silence('compose.yaml', 'services:\n  web:\n    command: |\n      cd x\n      ^gunicorn app\n')).toBe(
      'services:\n  web:\n    # headroom-ignore a-rule -- fine here\n    command: |\n      cd x\n      gunicorn app\n',
    );
  });

  it('falls back to the head of the file where a comment would become text', () => {
    const text = 'services:\n  web:\n    command: "gunicorn\n      ^--workers 4\n      app"\n';
    expect(silence('compose.yaml', text)).toBe(`# headroom-ignore-file a-rule -- fine here\n${text.replace('^', '')}`);
    expect(silence('gunicorn.conf.py', '#!/usr/bin/env python\nraw = """\n^workers = 4\n"""\n')).toBe(
      '#!/usr/bin/env python\n# headroom-ignore-file a-rule -- fine here\nraw = """\nworkers = 4\n"""\n',
    );
  });

  it('stands beside an earlier comment', () => {
    expect(silence('compose.yaml', 'web:\n  ^image: x # note\n')).toBe(
      'web:\n  image: x # note  # headroom-ignore a-rule -- fine here\n',
    );
    expect(silence('compose.yaml', 'web:\n  ^image: x  # headroom-ignore other -- because\n')).toBe(
      'web:\n  # headroom-ignore a-rule -- fine here\n  image: x  # headroom-ignore other -- because\n',
    );
  });

  it('keeps the reason on one line', () => {
    const { source, at } = place('compose.yaml', '^a: 1\n');
    const edits = writeSuppression({ rule: 'a-rule', at }, 'two\n lines ');
    expect('edits' in edits && applyEdits(source, edits.edits)).toBe('a: 1  # headroom-ignore a-rule -- two lines\n');
  });

  it('refuses JSON', () => {
    expect(writeSuppression({ rule: 'a-rule', at: place('package.json', '{^}').at }, 'x')).toHaveProperty('refused');
  });
});

function silence(path: string, marked: string): string {
  const { source, at } = place(path, marked);
  const edits = writeSuppression({ rule: 'a-rule', at }, 'fine here');
  if (!('edits' in edits)) return edits.refused;
  const text = applyEdits(source, edits.edits);
  const after = createSourceText(path, text);
  const moved = text.indexOf(
    marked
      .slice(marked.indexOf('^') + 1)
      .split('\n')[0]
      ?.slice(0, 6) ?? '',
  );
  const finding = { rule: 'a-rule', at: { source: after, span: { start: moved, end: moved + 1 } } };
  expect(findSuppressions(after).some((suppression) => suppresses(suppression, finding))).toBe(true);
  return text;
}

function place(path: string, marked: string) {
  const start = marked.indexOf('^');
  const source = createSourceText(path, marked.replace('^', ''));
  return { source, at: { source, span: { start, end: start + 1 } } };
}
