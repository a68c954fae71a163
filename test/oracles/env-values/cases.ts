import type { OracleCase } from '../agreement.ts';

/** Env files for the libraries that read them: values by hand, named by their text, and generated ones. */
export function envCases(): readonly OracleCase[] {
  const texts = new Set([...handWritten, ...handWrittenFiles, ...generated(220)]);
  return [...texts].map((text) => ({ name: JSON.stringify(text), files: { '.env': text } }));
}

const values = [
  ...[
    '4',
    ' 4',
    '4 ',
    '',
    ' ',
    '4 # four',
    '4# four',
    '4#four',
    '4 #four',
    '4\t# four',
    '# four',
    ' # four',
    '#',
    '##4',
  ],
  ...['"4"', "'4'", '`4`', '"4" # four', "'4' # four", '"4"# four', '"4" four', "'4'x", '"4', "'4", '`4', '4"', "4'"],
  ...['"4 # four"', "'4 # four'", '`4 # four`', '"a\\nb"', "'a\\nb'", 'a\\nb', '"a\\tb"', '"a\\\\b"', "'a\\\\b'"],
  ...['"say \\"hi\\""', "'it\\'s'", '"it\'s"', '\'say "hi"\'', '"a\\\'b"', '"a\\xb"', '"\\r\\n"', '"\\$HOME"', '$HOME'],
  ...['${HOME}', '"${HOME}"', "'${HOME}'", '${HOME:-x}', '$$', '\\$HOME', 'a=b', 'a=b=c', '=', '==', 'a b c', 'a  b'],
  ...['postgres://u:p@db:5432/x?a=b#c', 'redis://:p#w@redis:6379/0', '{"a": 1}', '[1, 2]', 'true', 'None', '60.0'],
  ...[
    '1_000',
    '-1',
    '+1',
    '1e3',
    'é',
    '你好',
    '😀',
    '"你好" # 你',
    'C:\\temp\\new',
    '"C:\\temp\\new"',
    'a;b',
    'a && b',
  ],
  ...[
    '"one\ntwo"',
    "'one\ntwo'",
    '`one\ntwo`',
    '"one\n# two"',
    '"one\r\ntwo"',
    '"one\n\ntwo" # c',
    'one\\',
    'one \\\ntwo',
  ],
  ...[
    '""',
    "''",
    '``',
    '"" # none',
    '"\\""',
    "'\\''",
    '"a""b"',
    "'a''b'",
    '"a"\'b\'',
    '" 4 "',
    "' 4 '",
    '\u00a04',
    '4\u00a0',
  ],
] as const;

const handWritten = [
  ...values.map((value) => `WORKERS=${value}\n`),
  ...values.slice(0, 40).map((value) => `export POOL_SIZE = ${value}\nNEXT=1\n`),
  ...values.slice(0, 30).map((value) => `A: ${value}\nB=2`),
];

const handWrittenFiles = [
  '',
  '\n\n',
  '# only a comment\n',
  'A=1\nA=2\n',
  'A=1\r\nB=2\r\n',
  'A=1\rB=2\r',
  'A\nB=2\n',
  'A B=1\nC=2\n',
  '=1\nB=2\n',
  'export A\nB=2\n',
  'export\tA=1\n',
  'exportA=1\n',
  '  A=1\n\tB=2\n',
  'A.B=1\nA-B=2\nA[0]=3\n',
  "'A'=1\n'A B'=2\n",
  'A="open\nB=2\nC=3\n',
  "A='open\nB=2\n",
  'A="x" y\nB=2\n',
  'A=1 B=2\nC=3\n',
  'A=1;B=2\n',
  'é=1\nB=2\n',
  'A=1 # one # two\n',
  '#A=1\nB=2\n',
  ' # A=1\nB=2\n',
  'A=\nB=\nC=',
  'A==1\nB= =2\n',
  'A="\nB=2"\nC=3\n',
  'a=1\nA=2\n',
  'A=1\u0085B=2\n',
  'A=1\u2028B=2\n',
  'A=1\fB=2\n',
  'A=1\vB=2\n',
];

/** Files of a few lines put together from pieces; the same on every run. */
function generated(count: number): readonly string[] {
  const next = numbers(20260711);
  const pick = <T>(items: readonly T[]): T => items[next() % items.length] as T;
  const line = () => `${pick(starts)}${pick(names)}${pick(separators)}${pick(pieces)}${pick(pieces)}${pick(endings)}`;
  return Array.from({ length: count }, () => Array.from({ length: 1 + (next() % 3) }, line).join(''));
}

const starts = ['', '', '', ' ', 'export ', '# ', '\t'];
const names = ['A', 'B', 'POOL_SIZE', 'a_b', 'X.Y', 'N1'];
const separators = ['=', '=', '=', ' = ', '= ', ' =', ': ', ':', ''];
const pieces = [
  '1',
  'x y',
  '"q"',
  "'s'",
  '`b`',
  '#',
  ' # c',
  '\\n',
  '"',
  "'",
  '$A',
  '${B}',
  ' ',
  '',
  '\\',
  '"m\nn"',
  'é',
];
const endings = ['\n', '\n', '\n', '\r\n', '\n\n', ''];

/** A linear congruential generator (Numerical Recipes, ranqd1), without its weak low bits. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
