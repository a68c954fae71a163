import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseShell } from '../../src/parse/shell.ts';
import type { ShellCommand, ShellWord } from '../../src/parse/shell-tree.ts';
import { processorSeconds } from '../harness/processor-seconds.ts';
import { expectSpansInside } from './spans.ts';

/** A word in one line: `{NAME:-operand}` for parameters, `<source>` for what is not known. */
function showWord(word: ShellWord): string {
  const parts = word.parts.map((part) => {
    if (part.kind === 'literal') return part.text;
    if (part.kind === 'substitution') return part.arithmetic ? `<(${part.source})>` : `<${part.source}>`;
    return `{${part.name}${part.operator ?? ''}${part.operand ? showWord(part.operand) : ''}}`;
  });
  return parts.join('');
}

function show(command: ShellCommand): string {
  const assignments = command.assignments.map(({ name, value }) => `${name}=${showWord(value)}`);
  return [...assignments, ...command.words.map(showWord)].join(' ');
}

function commandsOf(text: string): string[] {
  return parseShell(text).commands.map(show);
}

function pick(text: string, flag: 'conditional' | 'background' | 'piped' | 'last'): string[] {
  return parseShell(text)
    .commands.filter((command) => command[flag])
    .map(show);
}

describe('scripts', () => {
  it('reads an entrypoint', () => {
    const text = [
      '#!/bin/bash -e',
      'GUNICORN_WORKERS="${GUNICORN_WORKERS:-3}"',
      'export PYTHONPATH=/app TIMEOUT=${TIMEOUT:-30}',
      '# exec gunicorn --workers 9',
      'python manage.py migrate --noinput',
      'umask 0 && exec gunicorn --workers $GUNICORN_WORKERS \\',
      '  --timeout="$TIMEOUT" shop.wsgi # comment',
    ].join('\n');
    const script = parseShell(text);
    expect(script.interpreter).toBe('/bin/bash -e');
    expect(script.errors).toEqual([]);
    expect(script.commands.map(show)).toEqual([
      'GUNICORN_WORKERS={GUNICORN_WORKERS:-3}',
      'PYTHONPATH=/app TIMEOUT={TIMEOUT:-30}',
      'python manage.py migrate --noinput',
      'umask 0',
      'exec gunicorn --workers {GUNICORN_WORKERS} --timeout={TIMEOUT} shop.wsgi',
    ]);
    expect(pick(text, 'conditional')).toEqual([]);
    expect(pick(text, 'last')).toHaveLength(1);
    expect(script.commands[1]?.assignments.map((assignment) => assignment.exported)).toEqual([true, true]);
    expect(script.commands[0]?.assignments[0]?.exported).toBeUndefined();
  });

  it.each([
    ['PYTHONPATH=. REDIS=true gunicorn app', ['PYTHONPATH=. REDIS=true gunicorn app']],
    ['exec gosu web gunicorn "$@"', ['exec gosu web gunicorn {@}']],
    ['"${wrap[@]}" gunicorn -w${X:-4}', ['{wrap} gunicorn -w{X:-4}']],
    ['gunicorn -w $((2 * $(nproc) + 1))', ['gunicorn -w <(2 * $(nproc) + 1)>']],
    ['gunicorn -w `nproc` app:app', ['gunicorn -w <nproc> app:app']],
    ['gunicorn "app:create_app()" *.py', ['gunicorn app:create_app() <*>.py']],
    ['cmd="gunicorn $params"; exec $cmd', ['cmd=gunicorn {params}', 'exec {cmd}']],
    [': "${W:=4}"', [': {W:=4}']],
    ['gunicorn -w ${A:-${B:-2}} ${C%%.*}', ['gunicorn -w {A:-{B:-2}} {C%%.<*>}']],
    ['export A=1 B', ['A=1', 'export B']],
    ['env A=1 gunicorn', ['env A=1 gunicorn']],
    ['A=2\nA+=3', ['A=2', 'A={A}3']],
    ['> log', []],
    ['', []],
  ])('reads %s', (text, expected) => {
    expect(commandsOf(text)).toEqual(expected);
  });

  it('reads arrays as words', () => {
    const text = 'CMD=(gunicorn -w "$W")\nCMD+=(app)\nODD=("a b" c)\nexec "${CMD[@]}"';
    expect(commandsOf(text)).toEqual(['CMD=gunicorn -w {W}', 'CMD={CMD} app', 'ODD=<"a b" c>', 'exec {CMD}']);
    const [first, second, odd, run] = parseShell(text).commands;
    expect(first?.assignments[0]?.elements?.map(showWord)).toEqual(['gunicorn', '-w', '{W}']);
    expect(second?.assignments[0]?.elements?.map(showWord)).toEqual(['{CMD}', 'app']);
    expect(odd?.assignments[0]?.elements?.map(showWord)).toEqual(['a b', 'c']);
    expect(run?.words[1]?.parts).toMatchObject([{ kind: 'parameter', name: 'CMD', allElements: true, quoted: true }]);
  });

  it('says where literals stand one to one', () => {
    const text = `-w"4" 'a b' c\\ d "" $'e\\n'`;
    const parts = parseShell(text).commands.flatMap((command) => command.words.flatMap((word) => word.parts));
    const placed = parts.flatMap((part) =>
      part.kind === 'literal' ? [[part.text, text.slice(part.span.start, part.span.end), part.exact]] : [],
    );
    expect(placed).toEqual([
      ['-w', '-w', true],
      ['4', '4', true],
      ['a b', 'a b', true],
      ['c d', 'c\\ d', false],
      ['', '', true],
      ['e\n', 'e\\n', false],
    ]);
  });

  it('ignores the carriage returns of line ends', () => {
    const text = '#!/bin/sh\r\nW=4\r\nexec gunicorn \\\r\n  -w "$W" \\\r\n  shop.wsgi\r\n';
    expect(commandsOf(text)).toEqual(['W=4', 'exec gunicorn -w {W} shop.wsgi']);
    expect(parseShell(text).interpreter).toBe('/bin/sh');
    const word = parseShell(text).commands[1]?.words.at(-1)?.span;
    expect(text.slice(word?.start, word?.end)).toBe('shop.wsgi');
    expectSpansInside(parseShell(text), text);
  });

  it('ignores heredocs', () => {
    expect(commandsOf('cat <<EOF > x\ngunicorn -w 9\nEOF\nexec gunicorn')).toEqual(['cat', 'exec gunicorn']);
  });
});

describe('what may not run', () => {
  it.each([
    ['migrate && collect && exec gunicorn', []],
    ['migrate || exit 1; exec gunicorn', ['exit 1']],
    ['wait_for db || exit 1 && exec gunicorn', ['exit 1']],
    ['[ -n "$DEV" ] && runserver || gunicorn', ['runserver', 'gunicorn']],
    ['test -f x && . x\n[[ -f y ]] && . y\n(( n > 1 )) && z', ['. x', '. y', 'z']],
    ['command -v uv && uv run\ncommand gunicorn && x', ['uv run']],
    ['! ready && wait_more', ['wait_more']],
    ['while ! ready; do sleep 1; done; gunicorn', ['sleep 1']],
    ['for x in 1 2; do echo; done', ['echo']],
  ])('in %s', (text, expected) => {
    expect(pick(text, 'conditional')).toEqual(expected);
  });

  it('tells the branches of if and case apart', () => {
    const text = [
      'if [ "$ENV" = dev ]; then runserver; echo; elif ask; then daphne; else gunicorn; fi',
      'case "$1" in web) uvicorn;; worker|beat) celery;; *) exec "$@";; esac',
    ].join('\n');
    const commands = parseShell(text).commands;
    const branches = commands.map(({ branch }) => branch && text.slice(branch.start, branch.end));
    expect(commands.map(show).map((shown, index) => [shown, branches[index]])).toEqual([
      ['[ {ENV} = dev ]', undefined],
      ['runserver', 'runserver; echo'],
      ['echo', 'runserver; echo'],
      ['ask', undefined],
      ['daphne', 'daphne'],
      ['gunicorn', 'gunicorn'],
      ['case {1}', undefined],
      ['uvicorn', 'web) uvicorn;;'],
      ['celery', 'worker|beat) celery;;'],
      ['exec {@}', '*) exec "$@";;'],
    ]);
    expect(commands.filter((command) => !command.conditional).map(show)).toEqual(['[ {ENV} = dev ]', 'case {1}']);
  });
});

describe('how it runs', () => {
  it('marks background commands and pipelines', () => {
    const text = 'celery & { beat; flower; } &\ngunicorn 2>&1 | tee log\nwait';
    expect(pick(text, 'background')).toEqual(['celery', 'beat', 'flower']);
    expect(pick(text, 'piped')).toEqual(['gunicorn']);
  });

  it.each([
    ['migrate\ngunicorn', ['gunicorn']],
    ['migrate && { cd x; gunicorn; }', ['gunicorn']],
    ['gunicorn\nif a; then b; fi', []],
    ['f() { gunicorn; }', []],
  ])('marks the command that ends %s', (text, expected) => {
    expect(pick(text, 'last')).toEqual(expected);
  });

  it('keeps functions apart', () => {
    const script = parseShell('serve() { migrate; exec gunicorn "$1"; }\nfunction beat { celery beat; }\nserve 4');
    expect(script.commands.map(show)).toEqual(['serve 4']);
    expect(script.functions.get('serve')?.map(show)).toEqual(['migrate', 'exec gunicorn {1}']);
    expect(script.functions.get('beat')?.map(show)).toEqual(['celery beat']);
  });
});

describe('hazards', () => {
  it('skips what is too large, visibly', () => {
    for (const text of [`a ${'b'.repeat(70_000)}`, 'true\n'.repeat(110_000)]) {
      const script = parseShell(`#!/bin/sh\n${text}`);
      expect(script.commands).toEqual([]);
      expect(script.errors.map((error) => error.code)).toEqual(['too-large']);
    }
  });

  it.each([
    ['nested parentheses', `${'('.repeat(10_000)}a${')'.repeat(10_000)}`],
    ['nested braces', '{ '.repeat(10_000)],
    ['nested defaults', `a ${'${A:-'.repeat(10_000)}`],
    ['nested substitutions', `a ${'$('.repeat(10_000)}`],
    ['nested ifs', 'if a; then\n'.repeat(5_000)],
    ['many errors', ';;\n'.repeat(20_000)],
    ['a long list', 'a && '.repeat(10_000)],
    ['many quotes', `a ${'"'.repeat(30_001)}`],
  ])('survives %s', (_, text) => {
    expect(processorSeconds(() => parseShell(text))).toBeLessThan(3);
    const script = parseShell(text);
    expect(script.errors.length).toBeLessThanOrEqual(100);
    expectSpansInside(script, text);
  });

  it.each([
    ['an open quote', 'exec gunicorn\necho "x'],
    ['an open heredoc', 'exec gunicorn\ncat <<EOF\nx'],
    ['a NUL', 'exec gunicorn\necho \u0000'],
    ['a lone surrogate', 'exec gunicorn\necho \uD800'],
    ['conflict markers', 'exec gunicorn\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n'],
  ])('reads what stands before %s', (_, text) => {
    expect(commandsOf(text)[0]).toBe('exec gunicorn');
    expectSpansInside(parseShell(text), text);
  });

  it('says of errors only where they are', () => {
    const codes = parseShell('echo "secret').errors.map((error) => error.code);
    expect(codes).toEqual(['unterminated']);
  });
});

describe('properties', () => {
  it('never throws, and its spans lie in the text', () => {
    const fragments = [
      'a',
      ' ',
      '\n',
      '\r\n',
      '\\',
      '"',
      "'",
      '$',
      '${A:-',
      '}',
      '$(',
      ')',
      '((',
      '`',
      '&& ',
      '|| ',
      '; ',
    ];
    const more = [
      'if ',
      'then ',
      'fi\n',
      'case x in ',
      'esac',
      'A=(',
      'A+=',
      'export ',
      '<<EOF\n',
      '[ ',
      '*',
      '{a,b}',
      '#',
    ];
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...fragments, ...more, '\uD800', '\r'), { maxLength: 40 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const script = parseShell(text);
        expectSpansInside(script, text);
        expect(script.errors.map((error) => error.code)).not.toContain('unreadable');
      }),
      { numRuns: 1_500 },
    );
  });

  it('finds quoted arguments where they stand', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[^'\0\r]*$/)), (words) => {
        const text = ['run', ...words.map((word) => `'${word}'`)].join(' ');
        const read = parseShell(text).commands[0]?.words.slice(1) ?? [];
        expect(read.map(showWord)).toEqual(words);
        expect(read.every((word) => word.parts.every((part) => part.kind === 'literal' && part.exact))).toBe(true);
      }),
    );
  });
});
