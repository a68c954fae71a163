import { describe, expect, it } from 'vitest';
import { launchImage, wordsOf } from '../stack-fixture.ts';

/** The programs that a start script leaves running, each as one line. */
function run(script: string, from: { command?: string; environment?: Readonly<Record<string, string>> } = {}) {
  const { command, environment } = from;
  const dockerfile = `FROM python:3.12-slim\nWORKDIR /app\nCOPY . /app\nENTRYPOINT ["./start.sh"]\n`;
  const files = {
    Dockerfile: command ? `${dockerfile}CMD ${command}\n` : dockerfile,
    'start.sh': `#!/bin/bash\n${script}`,
  };
  return launchImage(files, environment).launches.map((launch) => wordsOf(launch).join(' '));
}

describe('a case of a start script', () => {
  const script = `case "$1" in
  web|server) exec gunicorn app:app --workers 4 ;;
  work*) exec celery -A app worker -c 2 ;;
  "") exec daphne app:app ;;
  *) exec "$@" ;;
esac
`;

  it('is decided by the arguments of the container', () => {
    expect(run(script, { command: '["web"]' })).toEqual(['gunicorn app:app --workers 4']);
    expect(run(script, { command: '["worker"]' })).toEqual(['celery -A app worker -c 2']);
    expect(run(script, { command: '["uvicorn", "main:app"]' })).toEqual(['uvicorn main:app']);
    expect(run(script)).toEqual(['daphne app:app']);
  });

  it('is decided by a variable, and stays open without one', () => {
    const role = script.replace('"$1"', '$ROLE').replace('*) exec "$@" ;;', '');
    expect(run(role, { environment: { ROLE: 'server' } })).toEqual(['gunicorn app:app --workers 4']);
    expect(run(role, { environment: { ROLE: 'none' } })).toEqual([]);
    expect(run(role)).toEqual(['gunicorn app:app --workers 4', 'celery -A app worker -c 2', 'daphne app:app']);
  });

  it('stays open for patterns of characters and for arms that go on', () => {
    const open = ['gunicorn app:app --workers 4', 'celery -A app worker -c 2', 'daphne app:app'];
    for (const [from, to] of [
      ['web|', '[wx]eb|'],
      ['2 ;;', '2 ;&'],
    ] as const)
      expect(run(script.replace(from, to), { command: '["web"]' })).toEqual(expect.arrayContaining(open));
  });

  it('sets variables in the arm that runs alone', () => {
    const text = 'case $STAGE in production) W=8;; *) W=1;; esac\nexec gunicorn app:app -w $W\n';
    expect(run(text, { environment: { STAGE: 'production' } })).toEqual(['gunicorn app:app -w 8']);
    expect(run(text, { environment: { STAGE: 'test' } })).toEqual(['gunicorn app:app -w 1']);
    expect(run(text)).toEqual(['gunicorn app:app -w \uFFFC']);
  });
});

describe('the arguments of a start script', () => {
  it('are set anew, shifted, sliced and counted', () => {
    const command = '["app:app", "--workers", "3"]';
    expect(run('set -- gunicorn "$@"\nexec "$@"\n', { command })).toEqual(['gunicorn app:app --workers 3']);
    expect(run('APP=$1\nshift\nexec gunicorn "$@" $APP\n', { command })).toEqual(['gunicorn --workers 3 app:app']);
    expect(run('exec gunicorn "${@:2}" app:app\n', { command })).toEqual(['gunicorn --workers 3 app:app']);
    const counted = 'if [ $# -eq 0 ]; then\n  set -- gunicorn app:app\nfi\nexec "$@"\n';
    expect(run(counted)).toEqual(['gunicorn app:app']);
    expect(run(counted, { command: '["uvicorn", "main:app"]' })).toEqual(['uvicorn main:app']);
  });

  it('get their program when they start with an option', () => {
    const script = 'if [ "${1#-}" != "$1" ] || [ -z "$1" ]; then\n  set -- gunicorn "$@"\nfi\nexec "$@"\n';
    const alone = script.replace(' || [ -z "$1" ]', '');
    expect(run(alone, { command: '["--workers", "3", "app:app"]' })).toEqual(['gunicorn --workers 3 app:app']);
    expect(run(alone, { command: '["celery", "-A", "app", "worker"]' })).toEqual(['celery -A app worker']);
    const first = 'if [ "${1:0:1}" = "-" ]; then\n  set -- gunicorn "$@"\nfi\nexec "$@"\n';
    expect(run(first, { command: '["-w", "3", "app:app"]' })).toEqual(['gunicorn -w 3 app:app']);
  });

  it('are not known after a branch that nobody can decide', () => {
    expect(run('if ask; then set -- "$@" --workers 9; fi\nexec gunicorn "$@"\n', { command: '["app:app"]' })).toEqual([
      'gunicorn \uFFFC',
    ]);
  });

  it('reach the functions they are given to', () => {
    const script =
      'serve() {\n  local app=$1\n  shift\n  exec gunicorn "$app" "$@"\n}\nmain() {\n  if [ "$1" = web ]; then serve app:app --workers "$2"; fi\n  exec celery -A app worker\n}\nmain "$@"\n';
    expect(run(script, { command: '["web", "5"]' })).toEqual(['gunicorn app:app --workers 5']);
    expect(run(script, { command: '["jobs"]' })).toEqual(['celery -A app worker']);
  });
});

describe('the arrays and variables of a start script', () => {
  it('hand their elements on one by one', () => {
    const script =
      'args=(--workers 4 --name "my shop")\nargs+=(--bind 0.0.0.0:80)\nexec gunicorn "${args[@]}" app:app\n';
    expect(run(script)).toEqual(['gunicorn --workers 4 --name my shop --bind 0.0.0.0:80 app:app']);
    expect(run('exec gunicorn "${args[@]}" app:app\n')).toEqual(['gunicorn \uFFFC app:app']);
    expect(run('args+=(-w 2)\nexec gunicorn "${args[@]}" app:app\n')).toEqual(['gunicorn -w 2 app:app']);
  });

  it('keep what a branch cannot override', () => {
    const script = (added: string) =>
      `args=(--workers 4)\nif ask; then args+=(${added}); fi\nexec gunicorn "\${args[@]}" app:app\n`;
    expect(run(script('--preload'))).toEqual(['gunicorn --workers 4 \uFFFC app:app']);
    expect(run(script('--workers=8'))).toEqual(['gunicorn \uFFFC app:app']);
  });

  it('keep the word of ${NAME:=word}', () => {
    const script = ': "${WORKERS:=4}" "${BIND:=0.0.0.0:$PORT}"\nexec gunicorn -w $WORKERS -b $BIND app:app\n';
    expect(run(script, { environment: { PORT: '80' } })).toEqual(['gunicorn -w 4 -b 0.0.0.0:80 app:app']);
    expect(run(script, { environment: { PORT: '80', WORKERS: '2' } })).toEqual(['gunicorn -w 2 -b 0.0.0.0:80 app:app']);
  });

  it('are not known after an operator whose result is not', () => {
    const environment = { APP: 'SHOP.py' };
    expect(run('exec gunicorn "${APP%.py}:app"\n', { environment })).toEqual(['gunicorn SHOP:app']);
    expect(run('exec gunicorn "${APP,,}"\n', { environment })).toEqual(['gunicorn \uFFFC']);
  });
});

it('ends at an exit and behind an exec', () => {
  expect(
    run('if [ "$1" = jobs ]; then\n  celery -A app worker\n  exit\nfi\ngunicorn app:app\n', { command: '["jobs"]' }),
  ).toEqual(['celery -A app worker']);
  expect(run('exec ./manage.py migrate\ngunicorn app:app\n')).toEqual([]);
});

it('bounds functions that call each other', () => {
  const body = 'b\n'.repeat(300);
  expect(
    run(`a() {\n${body.replaceAll('b', 'c')}}\nb() {\n${body.replaceAll('b', 'a')}}\nc() {\n${body}}\n${body}`),
  ).toEqual([]);
});
