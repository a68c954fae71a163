import { type ComposeCase, caseOf, webCase, webFile } from './compose-case.ts';

const one = 'services:\n  web: {image: x}\n';

/** How services and files build on each other. */
export const compositionCases: readonly ComposeCase[] = [
  ...Object.entries({
    'a service of the same file':
      'services:\n  base: {image: x, command: a, environment: {A: 1, B: 1}, ports: ["80:80"]}\n  web: {extends: base, environment: {B: 2}, ports: ["81:81"]}\n',
    'in long form': 'services:\n  base: {image: x, command: a}\n  web: {extends: {service: base}, command: b}\n',
    'a chain':
      'services:\n  a: {image: x, environment: {A: 1}}\n  b: {extends: a, environment: {B: 1}}\n  web: {extends: b, environment: {A: 2}}\n',
    'entrypoint and command':
      'services:\n  base: {image: x, command: a, entrypoint: e}\n  web: {extends: base, entrypoint: f}\n',
    'command by null': 'services:\n  base: {image: x, command: a}\n  web: {extends: base, command: null}\n',
    dependencies: 'services:\n  db: {image: pg}\n  base: {image: x, depends_on: [db]}\n  web: {extends: base}\n',
    limits:
      'services:\n  base: {image: x, deploy: {replicas: 3, resources: {limits: {memory: 1g}}}}\n  web: {extends: base, deploy: {resources: {limits: {cpus: "2"}}}}\n',
    'volumes and networks':
      'services:\n  base: {image: x, volumes: ["./a:/a"], networks: [n]}\n  web: {extends: base, volumes: ["./b:/b"]}\nnetworks: {n: {}}\n',
    profiles: 'services:\n  base: {image: x, profiles: [p]}\n  web: {extends: base}\n',
    'reset of what is inherited':
      'services:\n  base: {image: x, ports: ["80:80"], environment: {A: 1}}\n  web: {extends: base, ports: !reset [], environment: !reset {}}\n',
    'override of what is inherited':
      'services:\n  base: {image: x, ports: ["80:80"]}\n  web: {extends: base, ports: !override ["81:81"]}\n',
    'a merge key beside':
      'x-e: &e {environment: {A: 1}}\nservices:\n  base: {image: x, environment: {B: 2}}\n  web: {<<: *e, extends: base}\n',
    'scale and ulimits':
      'services:\n  base: {image: x, scale: 2, ulimits: {nofile: 10}, shm_size: 1g}\n  web: {extends: base}\n',
    'an env_file': 'services:\n  base: {image: x, env_file: a.env}\n  web: {extends: base, env_file: [b.env]}\n',
    itself: 'services:\n  web: {image: x, extends: web}\n',
    'a cycle': 'services:\n  a: {image: x, extends: b}\n  b: {image: x, extends: a}\n',
    'a service that does not exist': 'services:\n  web: {image: x, extends: nowhere}\n',
    'a file that does not exist': 'services:\n  web: {image: x, extends: {file: no.yml, service: a}}\n',
    'a build context':
      'services:\n  base: {build: {context: ./app, args: {A: 1}}}\n  web: {extends: base, build: {target: prod}}\n',
  }).map(([name, text]) =>
    caseOf(`extends: ${name}`, { 'compose.yaml': text, 'a.env': 'A=a\nB=a\n', 'b.env': 'B=b\n' }),
  ),
  caseOf('extends: another file', {
    'compose.yaml': 'services:\n  web: {extends: {file: common/base.yml, service: app}, environment: {B: 2}}\n',
    'common/base.yml':
      'services:\n  app: {build: ./app, env_file: a.env, volumes: ["./d:/d"], environment: {A: 1, B: 1}}\n',
    'common/a.env': 'F=1\n',
  }),
  caseOf('extends: another file that extends', {
    'compose.yaml': 'services:\n  web: {extends: {file: base.yml, service: app}}\n',
    'base.yml': 'services:\n  root: {image: r, environment: {A: 1}}\n  app: {extends: root, command: c}\n',
  }),
  caseOf('extends: two files that extend each other', {
    'compose.yaml': 'services:\n  web: {image: x, extends: {file: base.yml, service: web}}\n',
    'base.yml': 'services:\n  web: {image: x, extends: {file: compose.yaml, service: web}}\n',
  }),
  caseOf('extends: a service of the same name in another file', {
    'compose.yaml': 'services:\n  web: {extends: {file: base.yml, service: web}, command: c}\n',
    'base.yml': 'services:\n  web: {image: b, command: d}\n',
  }),
  caseOf('extends: the variables of .env reach the other file', {
    'compose.yaml': 'services:\n  web: {extends: {file: sub/base.yml, service: web}}\n',
    'sub/base.yml': 'services:\n  web: {image: "b:${V-unset}"}\n',
    '.env': 'V=root\n',
    'sub/.env': 'V=sub\n',
  }),
  caseOf('extends: the override changes what is extended', {
    'compose.yaml': 'services:\n  base: {image: x, command: a}\n  web: {extends: base}\n',
    'compose.override.yaml': 'services:\n  base: {command: b}\n',
  }),
  caseOf('extends: in the override', {
    'compose.yaml': 'services:\n  base: {image: x, command: a}\n  web: {image: y, command: w}\n',
    'compose.override.yaml': 'services:\n  other: {image: o, command: c}\n  web: {extends: other}\n',
  }),
  caseOf('extends: in the override, a service of the base', {
    'compose.yaml': 'services:\n  base: {image: x, command: a}\n  web: {image: y}\n',
    'compose.override.yaml': 'services:\n  web: {extends: base}\n',
  }),
  caseOf('include: a file', {
    'compose.yaml': 'include: [sub/compose.yaml]\nservices:\n  web: {image: x, depends_on: [db]}\n',
    'sub/compose.yaml': 'services:\n  db: {image: pg, volumes: ["./d:/d"], env_file: db.env}\n',
    'sub/db.env': 'A=1\n',
  }),
  caseOf('include: the .env of its folder', {
    'compose.yaml': `include: [sub/compose.yaml]\n${one}`,
    'sub/compose.yaml': 'services:\n  db: {image: "pg:${V-unset}:${W-unset}"}\n',
    'sub/.env': 'V=sub\nW=sub\n',
    '.env': 'V=root\n',
  }),
  caseOf('include: a project directory and an env_file', {
    'compose.yaml': `include:\n  - path: sub/compose.yaml\n    project_directory: other\n    env_file: other.env\n${one}`,
    'sub/compose.yaml': 'services:\n  db: {image: "pg:${V-unset}", volumes: ["./d:/d"]}\n',
    'other/x.txt': '',
    'other.env': 'V=other\n',
    'sub/.env': 'V=sub\n',
  }),
  caseOf('include: several files as one', {
    'compose.yaml': `include:\n  - path: [sub/a.yaml, sub/b.yaml]\n${one}`,
    'sub/a.yaml': 'services:\n  db: {image: pg, environment: {A: 1, B: 1}}\n',
    'sub/b.yaml': 'services:\n  db: {environment: {B: 2}}\n',
  }),
  caseOf('include: nested', {
    'compose.yaml': `include: [a/compose.yaml]\n${one}`,
    'a/compose.yaml': 'include: [../b/compose.yaml]\nservices:\n  a: {image: a}\n',
    'b/compose.yaml': 'services:\n  b: {image: b}\n',
  }),
  caseOf('include: the same service twice', {
    'compose.yaml': `include: [a.yaml]\n${one}`,
    'a.yaml': 'services:\n  web: {image: y}\n',
  }),
  caseOf('include: the same service twice, alike', { 'compose.yaml': `include: [a.yaml]\n${one}`, 'a.yaml': one }),
  caseOf('include: the override changes what is included', {
    'compose.yaml': `include: [a.yaml]\n${one}`,
    'a.yaml': 'services:\n  db: {image: pg, command: a}\n',
    'compose.override.yaml': 'services:\n  db: {command: b}\n',
  }),
  caseOf('include: itself', { 'compose.yaml': `include: [compose.yaml]\n${one}` }),
  caseOf('include: a cycle', {
    'compose.yaml': `include: [a.yaml]\n${one}`,
    'a.yaml': 'include: [compose.yaml]\nservices:\n  a: {image: a}\n',
  }),
  caseOf('include: a missing file', { 'compose.yaml': `include: [no.yaml]\n${one}` }),
  caseOf('include: a path from a variable', {
    'compose.yaml': `include: ["\${D}/compose.yaml"]\n${one}`,
    'd/compose.yaml': 'services:\n  d: {image: d}\n',
    '.env': 'D=d\n',
  }),
  caseOf('include: networks and configs', {
    'compose.yaml': 'include: [a.yaml]\nservices:\n  web: {image: x, networks: [n], configs: [c]}\n',
    'a.yaml': 'services:\n  a: {image: a, networks: [n]}\nnetworks: {n: {}}\nconfigs: {c: {file: ./c.conf}}\n',
  }),
  caseOf('include: two files with one network', {
    'compose.yaml': `include: [a.yaml, b.yaml]\n${one}`,
    'a.yaml': 'services:\n  a: {image: a, networks: [n]}\nnetworks: {n: {}}\n',
    'b.yaml': 'services:\n  b: {image: b, networks: [n]}\nnetworks: {n: {}}\n',
  }),
  caseOf('include: only', { 'compose.yaml': 'include: [a.yaml]\n', 'a.yaml': one }),
  caseOf('include: its name does not count', {
    'compose.yaml': `include: [a.yaml]\n${one}`,
    'a.yaml': 'name: inner\nservices:\n  a: {image: "a:${COMPOSE_PROJECT_NAME}"}\n',
  }),
  caseOf('profiles: none is active', {
    'compose.yaml': 'services:\n  web: {image: x}\n  a: {image: a, profiles: [a]}\n  b: {image: b, profiles: []}\n',
  }),
  caseOf('profiles: a dependency behind a profile', {
    'compose.yaml': 'services:\n  web: {image: x, depends_on: [a]}\n  a: {image: a, profiles: [a]}\n',
  }),
  caseOf('profiles: an optional dependency behind a profile', {
    'compose.yaml':
      'services:\n  web: {image: x, depends_on: {a: {condition: service_started, required: false}}}\n  a: {image: a, profiles: [a]}\n',
  }),
  caseOf('profiles: every service', {
    'compose.yaml': 'services:\n  a: {image: a, profiles: [a]}\n',
    '.env': 'COMPOSE_PROFILES=*\n',
  }),
  caseOf('profiles: an inactive service may be wrong in itself', {
    'compose.yaml': `${one}  a: {image: a, profiles: [a], environment: {A: 1}}\n`,
  }),
  caseOf('profiles: an inactive service may lack a network', {
    'compose.yaml': `${one}  a: {image: a, profiles: [a], networks: [none]}\n`,
  }),
  ...Object.entries({
    'a merge key': 'x-a: &a {image: x, environment: {A: 1}}\nservices:\n  web: {<<: *a, command: c}\n',
    'a list of merge keys':
      'x-a: &a {image: x, command: a}\nx-b: &b {image: y, init: true}\nservices:\n  web: {<<: [*a, *b]}\n',
    'an own key over a merge key':
      'x-a: &a {image: x, environment: {A: 1, B: 1}}\nservices:\n  web: {<<: *a, environment: {A: 2}}\n',
    'a merge key after the own key':
      'x-a: &a {image: x, command: a}\nservices:\n  web:\n    command: own\n    <<: *a\n',
    'merge keys deep inside':
      'x-e: &e {A: 1, B: 1}\nservices:\n  web:\n    image: x\n    environment:\n      <<: *e\n      B: 2\n',
    'a list of merge keys deep inside':
      'x-e: &e {A: 1, B: 1}\nx-f: &f {B: 2, C: 2}\nservices:\n  web:\n    image: x\n    environment:\n      <<: [*e, *f]\n      C: 3\n',
    'a merge key of a merge key': 'x-a: &a {image: x}\nx-b: &b {<<: *a, command: b}\nservices:\n  web: {<<: *b}\n',
    'aliases of values':
      'x-i: &i x:1\nx-c: &c [run, it]\nservices:\n  web: {image: *i, command: *c, deploy: {replicas: &n 3}}\n  b: {image: *i, scale: *n}\n',
    'an alias of a service': 'services:\n  web: &w {image: x, command: a}\n  b: *w\n  c: {<<: *w, command: c}\n',
    'an anchor defined twice': 'x-a: &a {image: x}\nx-b: &a {image: y}\nservices:\n  web: {<<: *a}\n',
    'an anchor on a list': 'services:\n  web: {image: x, environment: &e [A=1]}\n  b: {image: x, environment: *e}\n',
    'two merge keys': 'x-a: &a {image: x}\nx-b: &b {command: b}\nservices:\n  web:\n    <<: *a\n    <<: *b\n',
    'a merge key of no mapping': 'x-a: &a [1]\nservices:\n  web: {<<: *a, image: x}\n',
    'an inline merge': 'services:\n  web:\n    <<: {image: x, command: a}\n    init: true\n',
    'an alias of limits':
      'x-r: &r {resources: {limits: {memory: 1g}}}\nservices:\n  web: {image: x, deploy: {<<: *r, replicas: 2}}\n',
    'an undefined alias': 'services:\n  web: *nowhere\n',
    'a key written twice': 'services:\n  web: {image: x, command: a, command: b}\n',
    'a service written twice': 'services:\n  web: {image: x}\n  web: {image: y}\n',
    'flow items indented less than their parent':
      'services:\n  web:\n    image: x\n    command: [\n  "a",\n  "b"\n    ]\n',
    'flow that closes at the margin': 'services:\n  web:\n    image: x\n    environment: {\n      A: 1\n}\n',
    'flow at the margin':
      'services:\n  web:\n    image: x\n    command: [\na, # first ]\n"b c",\n]\n    environment: {\nA: 1,\nB: "{"\n}\n',
    'tabs inside flow': 'services:\n  web:\n    image: x\n    command: [a,\t"b"]\n',
    'a tab for indentation': 'services:\n\tweb: {image: x}\n',
    'lists at the margin of their key':
      'services:\n  web:\n    image: x\n    ports:\n    - "80:80"\n    command:\n    - a\n',
    'two documents': `${one}---\n${one}`,
    'two documents that add up': `${one}---\nservices:\n  web: {command: second}\n  db: {image: pg}\n`,
    'a document marker': `---\n${one}`,
    'a document end': `${one}...\n`,
    'windows line ends': 'services:\r\n  web:\r\n    image: x\r\n    command: a\r\n',
    'a version': `version: "3.8"\n${one}`,
    'numbers as text':
      'services:\n  web:\n    image: x\n    environment:\n      A: 1_000\n      B: 1.0\n      C: 0o17\n      D: .5\n      E: 1e6\n      F: 12345678901234567890\n      G: +1\n      H: 0b11\n      I: 1.10\n      J: 1e21\n      K: 100000000.5\n',
    'odd plain text':
      'services:\n  web:\n    image: x\n    environment:\n      A: ~x\n      B: 1:30\n      C: "null"\n      D: Off\n      E: .inf\n      F: 2024-01-02\n      G: 2024-01-02T03:04:05Z\n      H: "~"\n      I: n\n',
    'block text':
      'services:\n  web:\n    image: x\n    environment:\n      A: |\n        a\n        b\n      B: >-\n        a\n        b\n      C: |+\n        a\n\n      D: "a\\\n        b"\n',
    'comments everywhere':
      '# a\nservices: # b\n  # c\n  web: # d\n    image: x # e\n    command: # f\n      - a # g\n      # h\n      - "b # c"\n',
    'a byte order mark': `\uFEFF${one}`,
    'quoted keys': '"services":\n  "web":\n    \'image\': x\n',
  }).map(([name, text]) => caseOf(`yaml: ${name}`, { 'compose.yaml': text })),
  caseOf('files: an override with another spelling', {
    'docker-compose.yml': one,
    'compose.override.yaml': 'services:\n  web: {command: o}\n',
  }),
  caseOf('files: compose.yaml before docker-compose.yml', {
    'docker-compose.yml': one,
    'compose.yaml': 'services:\n  app: {image: a}\n',
  }),
  caseOf('files: docker-compose.yml before docker-compose.yaml', {
    'docker-compose.yaml': one,
    'docker-compose.yml': 'services:\n  app: {image: a}\n',
  }),
  caseOf('files: compose.yaml before compose.yml', {
    'compose.yml': one,
    'compose.yaml': 'services:\n  app: {image: a}\n',
  }),
  caseOf('files: two overrides', {
    'compose.yaml': one,
    'compose.override.yml': 'services:\n  web: {command: a}\n',
    'docker-compose.override.yml': 'services:\n  web: {command: b}\n',
  }),
  caseOf('files: the parent folder is searched', { 'compose.yaml': one, 'a/b/x.txt': '' }, { folder: 'a/b' }),
  caseOf(
    'files: the nearest file counts',
    { 'compose.yaml': one, 'a/docker-compose.yml': 'services:\n  app: {image: a}\n' },
    { folder: 'a' },
  ),
  caseOf('files: an override without a base', { 'compose.override.yaml': one }),
  caseOf(
    'files: -f leaves the override out',
    { 'compose.yaml': one, 'compose.override.yaml': 'services:\n  web: {command: o}\n' },
    { composeFiles: ['compose.yaml'] },
  ),
  caseOf(
    'files: -f of a file in a folder names the project',
    { 'deploy/prod.yml': one },
    { composeFiles: ['deploy/prod.yml'] },
  ),
  webCase('fragments: x- keys anywhere', 'x-a: 1\ndeploy: {x-b: 2, replicas: 2}\nenvironment: {x-c: 3}'),
  caseOf('fragments: only x- keys at the top', {
    'compose.yaml': `x-a: {b: [1, 2]}\nx-c: text\n${webFile('init: true')}`,
  }),
];
