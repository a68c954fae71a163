import { type ComposeCase, caseOf, webCase } from './compose-case.ts';

/** One `.env` line each, seen through `${V}`. */
const dotenvLines = {
  plain: 'V=a b',
  'blanks around': 'V =  a  ',
  'single quotes': "V='a $X b'",
  'double quotes': 'V="a $X b"',
  'an escape in double quotes': 'V="a\\nb\\tc\\"d"',
  'an escape in single quotes': "V='a\\nb'",
  'a comment after a blank': 'V=a # c',
  'a number sign inside': 'V=a#c',
  'a comment after quotes': 'V="a" # c',
  'a comment inside quotes': 'V="a # c"',
  export: 'export V=a',
  'export with quotes and a reference': 'export "V=$X"',
  'a colon instead of the equals sign': 'V: a',
  empty: 'V=',
  'empty quotes': 'V=""',
  'a reference': 'V=$X-${X}',
  'a reference with default': 'V=${U:-d}',
  'a reference with alternative': 'V=${X:+y}',
  'an escaped dollar sign': 'V=\\$X',
  'two dollar signs': 'V=$$X',
  'an equals sign inside': 'V=a=b=c',
  'several lines in quotes': 'V="a\nb"',
  'several lines in single quotes': "V='a\nb'",
  'a quote inside': "V=it's",
  'double quotes inside': 'V=say "x"',
  'text after quotes': 'V="a"b',
  json: `V={"a": 1}`,
  'a url': 'V=postgres://u:p@db:5432/x?y=1#z',
  'a backslash': 'V=C:\\dir',
  'later wins': 'V=a\nV=b',
  itself: 'V=a\nV=${V}b',
  'a windows line end': 'V=a\r',
  'a dash in a name': 'V-W=a\nV=b',
  'a dot in a name': 'V.W=a\nV=b',
  'blank lines and comments': '\n# x\n\n  V=a\n',
  backquotes: 'V=`a`',
  'a tab': 'V=a\tb',
  'a byte order mark': '\uFEFFV=a',
} as const;

const refusedLines = {
  'an open double quote': 'V="a',
  'an open single quote': "V='a",
  'a name with a blank': 'V W=a',
  'a name without a value before others': 'NOTHING\nV=a',
  'a lone equals sign': '=a',
  'a bad name': 'V!=a',
} as const;

const withEnv = (name: string, text: string): ComposeCase =>
  webCase(`.env: ${name}`, 'environment: {V: "${V-unset}"}', { '.env': `X=x\n${text}\n` });
const withEnvFile = (name: string, text: string): ComposeCase =>
  webCase(`env_file: ${name}`, 'env_file: web.env', { 'web.env': `X=x\n${text}\n` });
const withRaw = (name: string, text: string): ComposeCase =>
  webCase(`env_file raw: ${name}`, 'env_file: [{path: web.env, format: raw}]', { 'web.env': `X=x\n${text}\n` });

/** Where variables come from, who wins, and how env files are read. */
export const environmentCases: readonly ComposeCase[] = [
  ...Object.entries({ ...dotenvLines, ...refusedLines }).flatMap(([name, text]) => [
    withEnv(name, text),
    withEnvFile(name, text),
  ]),
  ...Object.entries(dotenvLines)
    .filter((_, index) => index % 2 === 0)
    .map(([name, text]) => withRaw(name, text)),
  webCase('env_file: environment wins', 'env_file: a.env\nenvironment: {A: own}', { 'a.env': 'A=file\nB=file\n' }),
  webCase('env_file: an empty own value wins', 'env_file: a.env\nenvironment: {A: ""}', { 'a.env': 'A=file\n' }),
  webCase('env_file: the later file wins', 'env_file: [a.env, b.env]', { 'a.env': 'A=1\nB=1\n', 'b.env': 'B=2\n' }),
  webCase('env_file: the same file twice', 'env_file: [a.env, b.env, a.env]', { 'a.env': 'A=1\n', 'b.env': 'A=2\n' }),
  webCase('env_file: .env feeds interpolation only', 'environment: {A: "${A}"}', { '.env': 'A=1\nB=2\n' }),
  webCase('env_file: .env named as env_file', 'env_file: .env', { '.env': 'A=1\nB=$A\n' }),
  webCase('env_file: refers to .env', 'env_file: a.env', { '.env': 'A=1\n', 'a.env': 'B=$A\n' }),
  webCase('env_file: refers to its own earlier line', 'env_file: a.env', { 'a.env': 'A=1\nB=${A}2\n' }),
  webCase('env_file: refers to an earlier file', 'env_file: [a.env, b.env]', {
    'a.env': 'A=1\n',
    'b.env': 'B=${A}2\n',
  }),
  webCase('env_file: refers to environment', 'env_file: a.env\nenvironment: {A: own}', { 'a.env': 'B=$A\n' }),
  webCase('env_file: .env wins over its own earlier line in references', 'env_file: a.env', {
    '.env': 'A=dot\n',
    'a.env': 'A=1\nB=$A\n',
  }),
  webCase('env_file: a bare name takes the value of .env', 'env_file: a.env', { '.env': 'A=dot\n', 'a.env': 'A\n' }),
  webCase('env_file: environment passes .env on', 'environment: [A]', { '.env': 'A=dot\n' }),
  webCase('env_file: a mapping passes .env on', 'environment: {A: }', { '.env': 'A=dot\n' }),
  webCase('env_file: a missing optional file', 'env_file: [{path: no.env, required: false}, a.env]', {
    'a.env': 'A=1\n',
  }),
  webCase('env_file: a missing required file', 'env_file: [{path: no.env, required: true}]'),
  webCase('env_file: a missing file', 'env_file: no.env'),
  webCase('env_file: an optional file that exists', 'env_file: [{path: a.env, required: false}]', { 'a.env': 'A=1\n' }),
  webCase('env_file: one file in long form', 'env_file:\n  path: a.env', { 'a.env': 'A=1\n' }),
  webCase('env_file: an unknown format', 'env_file: [{path: a.env, format: json}]', { 'a.env': 'A=1\n' }),
  webCase('env_file: a path from a variable', 'env_file: "${STAGE}.env"', {
    '.env': 'STAGE=prod\n',
    'prod.env': 'A=1\n',
  }),
  webCase('env_file: an empty file', 'env_file: a.env', { 'a.env': '' }),
  webCase('env_file: quotes in a list of variables stay', 'environment: [\'A="1"\', "B=\'2\'"]'),
  webCase('env_file: a variable named twice', 'environment: [A=1, A=2]'),
  caseOf(
    '.env: beside the compose file in a folder',
    { 'sub/compose.yaml': 'services:\n  web: {image: "x:${V-unset}"}\n', 'sub/.env': 'V=sub\n' },
    { composeFiles: ['sub/compose.yaml'] },
  ),
  caseOf(
    '.env: of the root for a compose file in a folder',
    { 'sub/compose.yaml': 'services:\n  web: {image: "x:${V-unset}"}\n', '.env': 'V=root\n' },
    { composeFiles: ['sub/compose.yaml'] },
  ),
  caseOf(
    '.env: of the root and of the folder',
    {
      'sub/compose.yaml': 'services:\n  web: {image: "x:${V-unset}:${W-unset}"}\n',
      '.env': 'V=root\nW=root\n',
      'sub/.env': 'V=sub\n',
    },
    { composeFiles: ['sub/compose.yaml'] },
  ),
  caseOf(
    '.env: of the folder of the call, with the file named',
    { 'sub/compose.yaml': 'services:\n  web: {image: "x:${V-unset}"}\n', 'sub/.env': 'V=sub\n', '.env': 'V=root\n' },
    { folder: 'sub', composeFiles: ['sub/compose.yaml'] },
  ),
  caseOf(
    '.env: a call in a folder',
    { 'sub/compose.yaml': 'services:\n  web: {image: "x:${V-unset}"}\n', '.env': 'V=root\n' },
    { folder: 'sub' },
  ),
  caseOf('.env: COMPOSE_FILE', {
    'docker-compose.yml': 'services:\n  web: {image: x}\n',
    'prod.yml': 'services:\n  web: {command: prod}\n',
    '.env': 'COMPOSE_FILE=docker-compose.yml:prod.yml\n',
  }),
  caseOf('.env: COMPOSE_FILE leaves the override out', {
    'docker-compose.yml': 'services:\n  web: {image: x}\n',
    'docker-compose.override.yml': 'services:\n  web: {command: dev}\n',
    '.env': 'COMPOSE_FILE=docker-compose.yml\n',
  }),
  caseOf('.env: COMPOSE_FILE with a separator of its own', {
    'a.yml': 'services:\n  web: {image: x}\n',
    'b.yml': 'services:\n  web: {command: b}\n',
    '.env': 'COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=a.yml,b.yml\n',
  }),
  caseOf('.env: COMPOSE_FILE in a folder', {
    'deploy/prod.yml': 'services:\n  web: {image: "x:${V-unset}", volumes: ["./d:/d"]}\n',
    '.env': 'COMPOSE_FILE=deploy/prod.yml\nV=root\n',
    'deploy/.env': 'V=deploy\n',
  }),
  caseOf(
    '.env: -f over COMPOSE_FILE',
    {
      'a.yml': 'services:\n  web: {image: a}\n',
      'b.yml': 'services:\n  web: {image: b}\n',
      '.env': 'COMPOSE_FILE=a.yml\n',
    },
    { composeFiles: ['b.yml'] },
  ),
  caseOf('.env: COMPOSE_PROJECT_NAME', {
    'compose.yaml': 'name: written\nservices:\n  web: {image: x}\n',
    '.env': 'COMPOSE_PROJECT_NAME=from-env\n',
  }),
  caseOf('.env: COMPOSE_PROFILES', {
    'compose.yaml':
      'services:\n  web: {image: x}\n  a: {image: a, profiles: [a]}\n  b: {image: b, profiles: [b, c]}\n  d: {image: d, profiles: [d]}\n',
    '.env': 'COMPOSE_PROFILES=a,c\n',
  }),
];
