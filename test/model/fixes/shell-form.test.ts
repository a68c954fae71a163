import { describe, expect, test } from 'vitest';
import { prependExec, wrapInShell } from '../../../src/model/fixes/shell-form.ts';
import { createSourceText } from '../../../src/text/source-text.ts';
import { fixFileOnce, fixStack, placeOfText, processIn, reason } from './fix-fixture.ts';

const exec = (path: string, text: string, word = 'gunicorn') => {
  const edits = prependExec(placeOfText(createSourceText(path, text), word));
  if ('refused' in edits) return `refused: ${edits.refused}`;
  return fixFileOnce(path, text, () => prependExec(placeOfText(createSourceText(path, text), word)));
};

describe('exec', () => {
  test.each([
    ['start.sh', '#!/bin/sh\nset -e\ngunicorn app:app # serve\n', 'exec gunicorn app:app # serve'],
    ['start.sh', '#!/bin/sh\r\ngunicorn app:app \\\r\n  -w 2\r\n', '\r\nexec gunicorn app:app \\\r\n'],
    ['start.sh', 'X=1 gunicorn app:app\n', 'X=1 exec gunicorn app:app'],
    ['start.sh', 'if [ "$1" = dev ]; then\n  flask run\nelse\n  gunicorn app:app\nfi\n', '  exec gunicorn app:app'],
    ['Dockerfile', 'FROM a\nCMD gunicorn app:app\n', 'CMD exec gunicorn app:app'],
    [
      'Dockerfile',
      'FROM a\nCMD ["sh", "-c", "./migrate && gunicorn app:app"]\n',
      './migrate && exec gunicorn app:app"]',
    ],
    ['compose.yaml', "command: sh -c 'gunicorn app:app'\n", "command: sh -c 'exec gunicorn app:app'"],
    ['compose.yaml', 'command: ["sh", "-c", "gunicorn app:app"]\n', '"exec gunicorn app:app"]'],
    [
      'compose.yaml',
      'command:\n  - sh\n  - -c\n  - |\n    ./migrate\n    gunicorn app:app\n',
      '    exec gunicorn app:app\n',
    ],
  ])('is written in %s: %j', (path, text, expected) => {
    const fixed = exec(path, text);
    expect(fixed).toContain(expected);
    expect(fixed.replace('exec gunicorn', 'gunicorn')).toBe(text);
  });

  test('is there already', () => {
    const source = createSourceText('start.sh', 'exec gunicorn app:app\n');
    expect(prependExec(placeOfText(source, 'gunicorn'))).toEqual({ edits: [] });
    expect(prependExec(placeOfText(source, 'exec'))).toEqual({ edits: [] });
  });

  test.each([
    ['start.sh', 'gunicorn app:app | tee log\n', /pipeline/],
    ['start.sh', 'gunicorn app:app &\nwait\n', /background/],
    ['start.sh', 'gunicorn app:app\necho done\n', /never run/],
    ['start.sh', 'if true; then\n  gunicorn app:app\nfi\necho done\n', /never run/],
    ['start.sh', 'gunicorn() { command gunicorn "$@"; }\ngunicorn app:app\n', /./],
    ['Dockerfile', 'FROM a\nCMD ["gunicorn", "app:app"]\n', /no shell/],
    ['compose.yaml', 'command: >\n  sh -c "gunicorn\n  app:app"\n', /folded/],
  ])('is refused in %s: %j', (path, text, why) => {
    expect(exec(path, text)).toMatch(why);
  });

  test('goes where the stack says that signals stop', () => {
    const texts = {
      Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["./start.sh"]\n',
      'start.sh': '#!/bin/sh\n./manage.py migrate\ngunicorn app:app "$@"\n',
    };
    const fixed = fixStack(texts, (project) => {
      const process = project.services[0]?.processes[0];
      return process?.signals.blockedAt ? prependExec(process.signals.blockedAt) : { edits: [] };
    });
    expect(fixed).toEqual({ 'start.sh': '#!/bin/sh\n./manage.py migrate\nexec gunicorn app:app "$@"\n' });
  });
});

describe('a shell', () => {
  const wrap = (text: string) => {
    const edits = wrapInShell(placeOfText(createSourceText('Dockerfile', text), '$'));
    if ('refused' in edits) return `refused: ${edits.refused}`;
    const fixed = fixFileOnce('Dockerfile', text, () => edits);
    expect(wrapInShell(placeOfText(createSourceText('Dockerfile', fixed), '$'))).toEqual({ edits: [] });
    return fixed;
  };

  test('expands the variables of an exec form', () => {
    expect(wrap('FROM a\nCMD ["gunicorn", "-w", "${WORKERS:-4}", "app:app"]\n')).toBe(
      'FROM a\nCMD ["sh", "-c", "exec gunicorn -w ${WORKERS:-4} app:app"]\n',
    );
    expect(wrap('FROM a\nCMD ["gunicorn", \\\r\n  "-b", ":$PORT", "app:make(\'x\')"]\r\n')).toBe(
      "FROM a\nCMD [\"sh\", \"-c\", \"exec gunicorn -b :$PORT 'app:make('\\\\''x'\\\\'')'\"]\r\n",
    );
    expect(wrap('FROM a\nENTRYPOINT ["tini", "--"]\nCMD ["gunicorn", "--log", "a \\"$B\\" c"]\n')).toContain(
      'CMD ["sh", "-c", "exec gunicorn --log \\"a \\\\\\"$B\\\\\\" c\\""]',
    );
  });

  test('is refused where ENTRYPOINT and CMD belong together', () => {
    expect(wrap('FROM a\nENTRYPOINT ["gunicorn"]\nCMD ["-w", "$W"]\n')).toMatch(/ENTRYPOINT takes/);
    expect(wrap('FROM a\nENTRYPOINT ["gunicorn", "-w", "$W"]\nCMD ["app:app"]\n')).toMatch(/CMD gives/);
    expect(wrap('FROM a\nRUN echo $W\n')).toMatch(/no exec-form/);
    expect(wrap('FROM a\nCMD ["gunicorn", \\\n# note\n "$W"]\n')).toMatch(/comment/);
  });

  test('is offered for what the stack finds unexpanded', () => {
    const texts = {
      Dockerfile: 'FROM python:3.12\nCMD ["gunicorn", "-w", "$W", "app:app"]\n',
      'compose.yaml': 'services:\n  web:\n    build: .\n',
    };
    const fixed = fixStack(texts, (project) => {
      const [first] = processIn(project).unexpanded;
      return first ? wrapInShell(first.at) : { edits: [] };
    });
    expect(fixed.Dockerfile).toContain('exec gunicorn -w $W app:app');
    expect(reason({ refused: 'x' })).toBe('x');
  });
});
