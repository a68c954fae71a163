import { describe, expect, it } from 'vitest';
import { unknownMark } from '../../../src/text/mapped-text.ts';
import { environmentOf, place, serviceOf, tell, wordsOf } from './compose-workspace.ts';

const env = 'W=4\nEMPTY=\nREF=${W}x${NOPE:-y}\nLIT="\\$W"\nSINGLE=\'a $W\'\n';

function interpolated(text: string): unknown {
  const compose = `services:\n  web:\n    image: x\n    environment:\n      V: ${JSON.stringify(text)}\n`;
  return environmentOf(serviceOf({ 'compose.yaml': compose, '.env': env })).V;
}

describe('interpolation', () => {
  it.each([
    ['$W and ${W}', '4 and 4'],
    ['${MISS:-d}', 'd'],
    ['${MISS-d}', 'd'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY-d}', ''],
    ['${W:+set}', 'set'],
    ['${EMPTY:+set}', ''],
    ['${EMPTY+set}', 'set'],
    ['${MISS:+set}', ''],
    ['${W:?must}', '4'],
    ['${MISS:-${OTHER:-deep}}', 'deep'],
    ['${MISS:-${W}}${MISS:-c}', '4c'],
    ['${MISS:-{"a": 1}}', '{"a": 1}'],
    ['${MISS:-a:-b?c}', 'a:-b?c'],
    ['$$HOME $${X}', '$HOME ${X}'],
    ['cost$ $1 $', 'cost$ $1 $'],
    ['${REF}', '4xy'],
    ['${LIT}', '$W'],
    ['${SINGLE}', 'a $W'],
    ['${COMPOSE_PROJECT_NAME}', 'shop'],
  ])('reads %s as %s', (text, expected) => {
    expect(interpolated(text)).toBe(expected);
  });

  it.each([
    ['${MISS}', '? comes from the shell: MISS is not in .env'],
    ['${MISS:?must}', '? comes from the shell: MISS is not in .env'],
    ['${EMPTY:?must}', '? Compose refuses to start while EMPTY is empty'],
    ['${HOME:-/root}', '? comes from the shell: HOME is not in .env'],
    ['${bad name}', '? Compose refuses this interpolation'],
  ])('does not guess %s', (text, expected) => {
    expect(interpolated(text)).toBe(expected);
  });

  it('points at the value in .env, at the default, and exactly at what is written in place', () => {
    const compose = 'services:\n  web:\n    image: x\n    command: run --a ${W} --b=${B:-7} last\n';
    const { command } = serviceOf({ 'compose.yaml': compose, '.env': 'W=4\n' });
    const segments = command?.words.flatMap((word) => word.segments) ?? [];
    expect(segments.map((segment) => [place(segment.at), segment.exact, segment.trail.map((hop) => hop.says)])).toEqual(
      [
        ['compose.yaml:4 run', true, []],
        ['compose.yaml:4 --a', true, []],
        ['.env:1 4', false, ['set in .env']],
        ['compose.yaml:4 --b=', true, []],
        ['compose.yaml:4 7', false, ['default of ${B}']],
        ['compose.yaml:4 last', true, []],
      ],
    );
  });

  it('keeps the known part of a word around an unknown one', () => {
    const compose = 'services:\n  web:\n    image: x\n    command: gunicorn --workers=${W} app\n';
    expect(wordsOf(serviceOf({ 'compose.yaml': compose }))).toEqual(['gunicorn', `--workers=${unknownMark}`, 'app']);
  });

  it('assumes what an example says while .env is missing', () => {
    const compose = 'services:\n  web:\n    image: x:${TAG:-1}\n';
    const { image } = serviceOf({ 'compose.yaml': compose, '.env.example': 'TAG=2\n' });
    expect(tell(image)).toBe('x:2');
    expect(image?.trail).toMatchObject([{ says: 'set in .env.example', assumed: true }]);
  });

  it('ends with references that multiply', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `V${index + 1}=$V${index}$V${index}`);
    const compose = 'services:\n  web:\n    image: x\n    environment: {V: "$V40", N: "${A:-${A:-${A:-x}}}"}\n';
    const service = serviceOf({ 'compose.yaml': compose, '.env': `V0=abc\n${lines.join('\n')}\n` });
    expect(environmentOf(service).V).toBe('? it holds too many references');
    const deep = `${'${A:-'.repeat(5000)}x${'}'.repeat(5000)}`;
    expect(interpolated(deep)).toBe('? its references are nested too deeply');
  });
});
