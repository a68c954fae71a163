import { describe, expect, it } from 'vitest';
import { launchImage, wordsOf } from '../stack-fixture.ts';

const dockerfile = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . /app\nENTRYPOINT ["./start.sh"]\n';
const script = `#!/bin/bash
if [ "\${STAGE}" = "production" ]; then
  # many workers
  exec gunicorn app:app --workers 4
else
  exec uvicorn app:app --reload
fi
`;
const launch = (environment: Readonly<Record<string, string>>, text = script) =>
  launchImage({ Dockerfile: dockerfile, 'start.sh': text }, environment).launches.map((found) => wordsOf(found)[0]);

describe('an if of a start script', () => {
  it('is decided by a variable that is known', () => {
    expect(launch({ STAGE: 'production' })).toEqual(['gunicorn']);
    expect(launch({ STAGE: 'development' })).toEqual(['uvicorn']);
  });

  it('is decided by an argument with a default, and what follows an exec in it does not count', () => {
    const { launches } = launchImage({
      Dockerfile: `${dockerfile}CMD ["gunicorn", "app:app"]`,
      'start.sh': '#!/bin/sh\nif [ "${1:-}" = "gunicorn" ]; then\n  exec "$@" --workers 4\nfi\nexec "$@"\n',
    });
    expect(launches.map(wordsOf)).toEqual([['gunicorn', 'app:app', '--workers', '4']]);
  });

  it('stays open when nobody knows the variable', () => {
    expect(launch({}, script.replace('--reload', '--workers 2'))).toEqual(['gunicorn', 'uvicorn']);
  });

  it('is decided by "not equal" and by the test command as well', () => {
    const negated = script.replace('[ "${STAGE}" = "production" ]', 'test "$STAGE" != production');
    expect(launch({ STAGE: 'production' }, negated)).toEqual(['uvicorn']);
  });

  it('is decided in double brackets, by emptiness and by its negation', () => {
    const asked = (question: string) => script.replace('[ "${STAGE}" = "production" ]', question);
    expect(launch({ STAGE: 'production' }, asked('[[ $STAGE == production ]]'))).toEqual(['gunicorn']);
    expect(launch({ STAGE: 'a b' }, asked('[[ $STAGE != production ]]'))).toEqual(['gunicorn']);
    expect(launch({ STAGE: 'x' }, asked('[ -z "$STAGE" ]'))).toEqual(['uvicorn']);
    expect(launch({ STAGE: 'x' }, asked('[[ -n "$STAGE" ]]'))).toEqual(['gunicorn']);
    expect(launch({ STAGE: 'x' }, asked('! [ "$STAGE" = x ]'))).toEqual(['uvicorn']);
  });

  it('stays open for patterns and for conditions of several parts', () => {
    const serious = script.replace('--reload', '--workers 2');
    const asked = (question: string) => serious.replace('[ "${STAGE}" = "production" ]', question);
    for (const question of ['[[ $STAGE == prod* ]]', '[ "$OTHER" = 1 ] || [ "$STAGE" = y ]', '[[ $STAGE =~ ^p ]]'])
      expect(launch({ STAGE: 'x' }, asked(question))).toEqual(['gunicorn', 'uvicorn']);
  });

  it('leaves nested commands of the arm that does not run alone', () => {
    const nested = script.replace('exec gunicorn', 'if true; then migrate; fi\n  exec gunicorn');
    expect(launch({ STAGE: 'development' }, nested)).toEqual(['uvicorn']);
  });

  it('follows functions that main calls', () => {
    const text =
      '#!/bin/bash\nstart() {\n  celery -A shop worker -c 2\n}\nmain() {\n  echo starting\n  start\n}\nmain "$@"\n';
    expect(launch({}, text)).toEqual(['celery']);
  });
});
