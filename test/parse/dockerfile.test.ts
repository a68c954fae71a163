import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../src/parse/dockerfile.ts';
import type { CommandForm, DockerfileVariable } from '../../src/parse/dockerfile-tree.ts';
import { processorSeconds } from '../harness/processor-seconds.ts';
import { expectSpansInside } from './spans.ts';

function keywordsOf(text: string): string[] {
  return parseDockerfile(text).stages.flatMap((stage) => stage.instructions.map((instruction) => instruction.keyword));
}

function variablesOf(text: string): DockerfileVariable[] {
  return parseDockerfile(text).stages.flatMap((stage) =>
    stage.instructions.flatMap((instruction) => (instruction.kind === 'variables' ? instruction.variables : [])),
  );
}

function valuesOf(text: string): Record<string, string | undefined> {
  return Object.fromEntries(variablesOf(text).map(({ name, value }) => [name, value]));
}

function commandOf(text: string): CommandForm | undefined {
  for (const instruction of parseDockerfile(text).stages.at(-1)?.instructions ?? []) {
    if (instruction.kind === 'command') return instruction.form;
  }
  return undefined;
}

function argumentsOf(text: string): string[] | string | undefined {
  const form = commandOf(text);
  return form?.kind === 'exec' ? form.items.map((item) => item.text) : form?.text;
}

describe('stages', () => {
  it('reads global arguments, platform, names and bases', () => {
    const text = [
      '# syntax=docker/dockerfile:1',
      'ARG VERSION=3.12',
      'ARG EXTRA',
      'FROM --platform=$BUILDPLATFORM python:${VERSION}-slim AS Build',
      'RUN pip wheel .',
      'from build as web',
      'CMD ["gunicorn", "shop.wsgi"]',
    ].join('\n');
    const file = parseDockerfile(text);
    expect(file.globalArguments.map(({ name, value }) => [name, value])).toEqual([
      ['VERSION', '3.12'],
      ['EXTRA', undefined],
    ]);
    expect(file.stages.map((stage) => [stage.name, stage.base.text])).toEqual([
      ['build', 'python:${VERSION}-slim'],
      ['web', 'build'],
    ]);
    const base = file.stages[0]?.base.span;
    expect(text.slice(base?.start, base?.end)).toBe('python:${VERSION}-slim');
    const stage = file.stages[0]?.span;
    expect(text.slice(stage?.start, stage?.end)).toMatch(/^FROM.*pip wheel \.$/s);
  });

  it('ignores ONBUILD, comments and what Docker does not know', () => {
    expect(keywordsOf('FROM a\n# CMD ["no"]\nONBUILD CMD ["no"]\nNONSENSE x\nUSER app\n')).toEqual(['USER']);
  });

  it('is empty for an empty file, and for one without FROM', () => {
    expect(parseDockerfile('')).toEqual({ globalArguments: [], stages: [], errors: [] });
    expect(parseDockerfile('CMD ["gunicorn"]\n').stages).toEqual([]);
  });

  it('keeps a FROM that is still being typed apart from the stage above', () => {
    expect(parseDockerfile('FROM a\nFROM \nUSER x').stages.map((stage) => stage.instructions.length)).toEqual([0, 1]);
  });
});

describe('heredocs', () => {
  it('does not take their lines for instructions', () => {
    const text = [
      'FROM python:3.12',
      'RUN <<EOF',
      'from importlib import metadata',
      'CMD ["no"]',
      'EOF',
      "RUN python - <<-'PY' && <<B echo",
      'ENV NO=1',
      '\tPY',
      'ENV NEITHER=1',
      'B',
      'ENV YES=1',
      'CMD ["gunicorn"]',
    ].join('\n');
    expect(parseDockerfile(text).stages).toHaveLength(1);
    expect(keywordsOf(text)).toEqual(['RUN', 'RUN', 'ENV', 'CMD']);
    expect(valuesOf(text)).toEqual({ YES: '1' });
  });

  it('also when a blank stands before the delimiter', () => {
    expect(keywordsOf("FROM a\nRUN cat << 'EOF' > /start.sh\nFROM b\nEOF\nUSER x\n")).toEqual(['RUN', 'USER']);
  });

  it('leaves shifts, quoted text and JSON alone', () => {
    expect(keywordsOf('FROM a\nRUN echo $((1 << 2)) "<<EOF" \'<<X\'\nRUN ["sh", "<<EOF"]\nUSER x')).toHaveLength(3);
  });

  it('runs to the end of the file when it is not closed, and says so', () => {
    const file = parseDockerfile('FROM a\nCOPY <<EOF /start.sh\nFROM b\nCMD x\n');
    expect(file.stages).toHaveLength(1);
    expect(file.errors.map((error) => error.code)).toEqual(['unterminated-heredoc']);
  });
});

describe('variables', () => {
  it('reads quotes, blanks, continuations and the old form', () => {
    const text = [
      'FROM a',
      'ENV WEB_CONCURRENCY=4 GUNICORN_CMD_ARGS="--workers ${N:-2} --threads 4" \\',
      '    # a comment between',
      '    EMPTY= BLANK=""  ESCAPED=a\\ b \\',
      '',
      "    SINGLE='$RAW'",
      'ENV PATH /opt/bin:$PATH',
      'ENV OLD "two words" more',
    ].join('\n');
    expect(valuesOf(text)).toEqual({
      WEB_CONCURRENCY: '4',
      GUNICORN_CMD_ARGS: '--workers ${N:-2} --threads 4',
      EMPTY: '',
      BLANK: '',
      ESCAPED: 'a b',
      SINGLE: '$RAW',
      PATH: '/opt/bin:$PATH',
      OLD: 'two words more',
    });
    const placed = variablesOf(text).map(({ name, valueSpan }) => [name, text.slice(valueSpan.start, valueSpan.end)]);
    expect(Object.fromEntries(placed)).toMatchObject({
      WEB_CONCURRENCY: '4',
      GUNICORN_CMD_ARGS: '--workers ${N:-2} --threads 4',
      BLANK: '',
      SINGLE: '$RAW',
      PATH: '/opt/bin:$PATH',
    });
    expect(
      variablesOf(text)
        .filter((variable) => variable.literalDollar)
        .map(({ name }) => name),
    ).toEqual(['SINGLE']);
  });

  it('knows an argument without a default', () => {
    expect(valuesOf('FROM a\nARG WORKERS\nARG THREADS=4 POOL="5"\n')).toEqual({
      WORKERS: undefined,
      THREADS: '4',
      POOL: '5',
    });
  });

  it('follows the escape directive', () => {
    const text = '# escape=`\r\nFROM a\r\nENV P=C:\\app\\ `\r\n  Q=2\r\nCMD serve `\r\n  now\r\n';
    expect(valuesOf(text)).toEqual({ P: 'C:\\app\\', Q: '2' });
    expect(argumentsOf(text)).toBe('serve   now');
  });
});

describe('commands', () => {
  it('reads the exec form with the place of each argument', () => {
    const text = 'FROM a\nCMD [ "gunicorn" , "--workers", \\\n  "4", "a\\"b" ]\n';
    const form = commandOf(text);
    if (form?.kind !== 'exec') return expect.fail('exec form expected');
    expect(form.items.map((item) => [item.text, item.exact])).toEqual([
      ['gunicorn', true],
      ['--workers', true],
      ['4', true],
      ['a"b', false],
    ]);
    expect(form.items.map((item) => text.slice(item.span.start, item.span.end))).toEqual([
      'gunicorn',
      '--workers',
      '4',
      'a\\"b',
    ]);
  });

  it.each([
    ["['gunicorn', '-w', '4']", 'single quotes'],
    ['["gunicorn", ]', 'a comma too many'],
    ['["gunicorn"] # four workers', 'a comment behind it'],
    ['[ {% if x %}"pipenv", {% endif %}"npm" ]', 'a template'],
    ['["gunicorn", 4]', 'a number'],
  ])('takes %s for the shell form (%s)', (command) => {
    expect(argumentsOf(`FROM a\nCMD ${command}\n`)).toBe(command);
  });

  it('reads the shell form without continuations and their comments', () => {
    const text = 'FROM a\ncmd gunicorn \\ \n  # workers\n  --workers 4 \\\n\n  shop.wsgi\nUSER x';
    const form = commandOf(text);
    if (form?.kind !== 'shell') return expect.fail('shell form expected');
    expect(form.text.split(/\s+/)).toEqual(['gunicorn', '--workers', '4', 'shop.wsgi']);
    expect(form.offsets.map((offset) => text[offset]).join('')).toBe(form.text);
    expect(keywordsOf(text)).toEqual(['CMD', 'USER']);
  });

  it('does not continue a line that ends with two backslashes', () => {
    expect(keywordsOf('FROM a\nRUN echo \\\\\nUSER x')).toEqual(['RUN', 'USER']);
  });

  it('reads an empty array and the shell to use', () => {
    expect(argumentsOf('FROM a\nENTRYPOINT []\n')).toEqual([]);
    expect(argumentsOf('FROM a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n')).toHaveLength(4);
  });
});

describe('files and directories', () => {
  it('reads sources, destination and the stage copied from', () => {
    const text = [
      'FROM a',
      'COPY --from=build --chown=app:app dist conf /app/',
      'ADD ["my file", "/srv/my file"]',
      'COPY <<EOF /start.sh',
      'exec gunicorn',
      'EOF',
      'COPY onlyone',
      'WORKDIR /app',
    ].join('\n');
    const instructions = parseDockerfile(text).stages[0]?.instructions ?? [];
    expect(instructions).toMatchObject([
      { kind: 'copy', keyword: 'COPY', from: 'build', sources: ['dist', 'conf'], destination: '/app/' },
      { kind: 'copy', keyword: 'ADD', from: undefined, sources: ['my file'], destination: '/srv/my file' },
      { kind: 'copy', sources: [], destination: '/start.sh' },
      { kind: 'other', keyword: 'WORKDIR', argument: { text: '/app' } },
    ]);
  });
});

describe('hazards', () => {
  it('skips what is too large, visibly', () => {
    const lines = 'RUN true\n'.repeat(30_000);
    const line = `RUN ${'a '.repeat(40_000)}`;
    for (const text of [lines, line]) {
      const file = parseDockerfile(`FROM a\n${text}`);
      expect(file.stages).toEqual([]);
      expect(file.errors.map((error) => error.code)).toEqual(['too-large']);
    }
  });

  it('reads around conflict markers', () => {
    const text = 'FROM a\n<<<<<<< HEAD\nENV W=1\n=======\nENV W=2\n>>>>>>> other\nCMD ["x"]\n';
    expect(keywordsOf(text)).toEqual(['ENV', 'ENV', 'CMD']);
  });

  it.each([
    ['a byte order mark', '\uFEFFFROM a\nUSER x'],
    ['carriage returns', 'FROM a\r\nRUN x \\\r\n  # c\r\n  y\r\nUSER x\r\n'],
    ['a NUL', 'FROM a\nENV A=\u0000\nUSER x'],
    ['a lone surrogate', 'FROM a\nENV A=\uD800\nUSER x'],
    ['open quotes', 'FROM a\nENV A="x B=2\nUSER x'],
    ['a comment with a backslash between continuations', 'FROM a\nRUN \\\n  # back\\slash\n  x\nUSER x'],
    ['a page break', 'FROM a\n\f\nUSER x'],
  ])('goes on after %s', (_, text) => {
    expect(keywordsOf(text).at(-1)).toBe('USER');
    expectSpansInside(parseDockerfile(text), text);
  });

  it('stays quick on hostile texts', () => {
    const texts = [
      `FROM a\n${'RUN x <<EOF\n'.repeat(20_000)}`,
      `FROM a\nRUN x ${'\\\n'.repeat(100_000)}`,
      `FROM a\n${'ENV A=1\n'.repeat(25_000)}`,
      `FROM a\nCMD ${'['.repeat(60_000)}`,
      `FROM a\nENV A=${'"'.repeat(60_001)}`,
    ];
    for (const text of texts) {
      expect(processorSeconds(() => parseDockerfile(text))).toBeLessThan(3);
    }
  });
});

describe('properties', () => {
  const pieces = [
    'FROM a AS b\n',
    'ENV ',
    'ARG A',
    'CMD ',
    '["a", "b\\"c"]',
    'K="v w"',
    "'$x'",
    ' ',
    '\\\n',
    '`',
    '\r\n',
  ];
  const more = ['<<EOF', '\nEOF\n', '# escape=`\n', '# c\n', 'RUN ', 'COPY --from=a b c', '\u00a0', '\uD800', '=', '"'];
  const fragments = fc.constantFrom(...pieces, ...more);

  it('never throws, and its spans lie in the text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fragments, { maxLength: 40 }).map((parts) => `FROM x\n${parts.join('')}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const file = parseDockerfile(text);
        expectSpansInside(file, text);
        expect(file.errors.map((error) => error.code)).not.toContain('unreadable');
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds every argument of an exec form where it stands', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20 })), (words) => {
        const text = `FROM a\nCMD ${JSON.stringify(words)}\n`;
        expect(argumentsOf(text)).toEqual(words);
        expectSpansInside(parseDockerfile(text), text);
      }),
    );
  });
});
