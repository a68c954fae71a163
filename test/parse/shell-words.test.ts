import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBrokenCommandLine, splitCommandLine } from '../../src/parse/shell-words.ts';
import { expectSpansInside } from './spans.ts';

function wordsOf(text: string): string[] {
  return splitCommandLine(text).map((word) => word.text);
}

describe('splitCommandLine', () => {
  it('splits at blanks and removes quotes', () => {
    expect(wordsOf('gunicorn -w 4\n  --bind "0.0.0.0:80"\t\'a b\'c "" shop.wsgi')).toEqual([
      'gunicorn',
      '-w',
      '4',
      '--bind',
      '0.0.0.0:80',
      'a bc',
      '',
      'shop.wsgi',
    ]);
  });

  it('keeps the line behind sh -c together', () => {
    expect(wordsOf(`sh -c "migrate && gunicorn -w $$N 'a b' \\"c\\""`)).toEqual([
      'sh',
      '-c',
      `migrate && gunicorn -w $$N 'a b' "c"`,
    ]);
  });

  it('expands nothing', () => {
    expect(wordsOf('a $B ${C:-2} *.py #d')).toEqual(['a', '$B', '${C:-2}', '*.py', '#d']);
  });

  it.each(['a b && c', 'a b; c', 'a b|c', 'a b >log', 'a b 2>log', 'a b <in'])('ends %s like Compose', (text) => {
    expect(wordsOf(text)).toEqual(['a', 'b']);
  });

  it('says where a word stands one to one', () => {
    const text = `-w "4" --name='x' a\\ b`;
    expect(splitCommandLine(text).map((word) => [text.slice(word.span.start, word.span.end), word.exact])).toEqual([
      ['-w', true],
      ['4', true],
      ["--name='x'", false],
      ['a\\ b', false],
    ]);
  });

  it('holds substitutions together', () => {
    expect(wordsOf('a $(b "c d") `e f` g')).toEqual(['a', '$(b "c d")', '`e f`', 'g']);
  });

  it.each(['a "b', "it's", 'a (b)', 'a)', 'a \\'])('knows that Compose refuses %j', (text) => {
    expect(isBrokenCommandLine(text)).toBe(true);
  });

  it('takes an open quote to the end', () => {
    expect(wordsOf('a "b c')).toEqual(['a', 'b c']);
    expect(wordsOf('a \\')).toEqual(['a']);
  });

  it('holds its spans for any text', () => {
    const texts = fc.array(fc.constantFrom('a', ' ', '"', "'", '\\', '\n', '>', '2', '\uD800'), { maxLength: 30 });
    fc.assert(
      fc.property(texts, (pieces) => {
        const text = pieces.join('');
        expectSpansInside(splitCommandLine(text), text);
      }),
    );
  });
});
