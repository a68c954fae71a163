import { describe, expect, it } from 'vitest';
import { readWorkspace } from '../../../src/model/read-workspace.ts';
import { createSession } from '../../../src/model/session.ts';
import { knownValue } from '../../../src/model/value.ts';
import { textAt } from '../../../src/text/span.ts';
import { launchImage, wordsOf, workspaceOf } from '../stack-fixture.ts';

const run = (dockerfile: string, files: Readonly<Record<string, string>> = {}) =>
  launchImage({ Dockerfile: `FROM python:3.12-slim\nWORKDIR /app\n${dockerfile}`, ...files }).launches;

describe('a script that the Dockerfile writes itself', () => {
  it('is followed as any other, its words found where they are written', () => {
    const [launch] = run(
      'COPY <<\'EOF\' /start.sh\n#!/bin/sh\npython manage.py migrate\nexec gunicorn -w "${WORKERS:-4}" app:app\nEOF\nRUN chmod +x /start.sh\nCMD ["/start.sh"]\n',
    );
    expect(wordsOf(launch)).toEqual(['gunicorn', '-w', '4', 'app:app']);
    expect(launch && textAt(launch.at)).toBe('gunicorn');
  });

  it('has the variables of the build expanded unless its name is quoted', () => {
    const script = 'exec gunicorn -w $N \\$APP\nEOF\nENV APP=app:app N=5\nCMD ["sh", "start.sh"]\n';
    expect(wordsOf(run(`ARG N=3\nCOPY <<EOF start.sh\n${script}`)[0])).toEqual(['gunicorn', '-w', '3', 'app:app']);
    expect(wordsOf(run(`ARG N=3\nCOPY <<"EOF" start.sh\n${script.replace('\\', '')}`)[0])).toEqual([
      'gunicorn',
      '-w',
      '5',
      'app:app',
    ]);
  });

  it('lands in a folder under the name of the heredoc, without the tabs of <<-', () => {
    const [launch] = run(
      'COPY <<-first.sh <<-second.sh /opt/\n\t#!/bin/sh\n\tsh /opt/second.sh\n\tfirst.sh\n\texec uvicorn main:app\n\tsecond.sh\nENTRYPOINT ["/opt/first.sh"]\n',
    );
    expect(wordsOf(launch)).toEqual(['uvicorn', 'main:app']);
  });

  it('gives way to a file that is copied over it', () => {
    const [launch] = run(
      'COPY <<EOF /app/start.sh\nexec gunicorn a:b\nEOF\nCOPY start.sh .\nCMD ["sh", "start.sh"]\n',
      {
        'start.sh': 'exec uvicorn c:d\n',
      },
    );
    expect(wordsOf(launch)).toEqual(['uvicorn', 'c:d']);
  });
});

describe('variables and stages of a Dockerfile', () => {
  const words = (dockerfile: string) => wordsOf(launchImage({ Dockerfile: dockerfile }).launches[0]).join(' ');
  const command = 'CMD exec gunicorn -w ${WORKERS} app:app\n';

  it('hands ENV on to the stages built on it, and ARG only inside its stage', () => {
    expect(words(`FROM python:3.12-slim AS base\nENV WORKERS=3\nFROM base AS app\n${command}`)).toBe(
      'gunicorn -w 3 app:app',
    );
    expect(words(`FROM python:3.12-slim AS base\nARG WORKERS=3\nFROM base AS app\n${command}`)).toContain('\uFFFC');
  });

  it('gives an ARG in front of FROM only to a stage that declares it again', () => {
    const body = (declaration: string) =>
      `ARG N=6\nARG TAG=3.12-slim\nFROM python:\${TAG}\n${declaration}ENV WORKERS=\${N:-1}\n${command}`;
    expect(words(body('ARG N\n'))).toBe('gunicorn -w 6 app:app');
    expect(words(body(''))).toBe('gunicorn -w 1 app:app');
    expect(words(body('ARG N=2\n'))).toBe('gunicorn -w 2 app:app');
  });

  it('leaves ONBUILD to the images built on it', () => {
    expect(words('FROM python:3.12-slim\nCMD ["gunicorn", "app:app"]\nONBUILD CMD ["uvicorn", "main:app"]\n')).toBe(
      'gunicorn app:app',
    );
  });
});

it('follows a script that the compose file gives as the content of a config', () => {
  const compose = `services:
  web:
    build: .
    command: ["sh", "/start.sh"]
    configs: [{source: start, target: /start.sh}]
configs:
  start:
    content: |
      #!/bin/sh
      exec gunicorn -w $\${WORKERS:-3} app:app
`;
  const texts = {
    'compose.yaml': compose,
    Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n',
    'start.sh': '',
  };
  const [project] = readWorkspace(workspaceOf(texts), createSession()).stack.projects;
  const [process] = project?.services[0]?.processes ?? [];
  expect([process?.server, knownValue(process?.workers)]).toEqual(['gunicorn', 3]);
  expect(process?.at.source.path).toBe('compose.yaml');
});
