import { type ComposeCase, caseOf, mergeCase } from './compose-case.ts';

/** What a later file makes of each field of an earlier one. */
export const mergeCases: readonly ComposeCase[] = [
  ...Object.entries({
    'command text by text': ['command: a b', 'command: c'],
    'command by a list': ['command: a b', 'command: [c, d e]'],
    'command by null': ['command: a b', 'command: null'],
    'command by nothing at all': ['command: a b', 'command:'],
    'command by an empty list': ['command: a b', 'command: []'],
    'command by empty text': ['command: a b', 'command: ""'],
    'command kept': ['command: a b', 'init: true'],
    'command reset': ['command: a b', 'command: !reset null'],
    'entrypoint by text': ['entrypoint: [a]', 'entrypoint: b c'],
    'entrypoint by null': ['entrypoint: [a]', 'entrypoint: null'],
    'entrypoint by empty text': ['entrypoint: [a]', "entrypoint: ''"],
    'entrypoint by an empty list': ['entrypoint: [a]', 'entrypoint: []'],
    'entrypoint reset': ['entrypoint: [a]', 'entrypoint: !reset []'],
    'image replaced': ['stop_signal: SIGINT', 'image: y\nstop_signal: SIGQUIT'],
    'image by null': ['init: true', 'image: null'],
    'environment list by mapping': ['environment: [A=1, B=2]', 'environment: {B: 3, C: 4}'],
    'environment mapping by list': ['environment: {A: 1, B: 2}', 'environment: ["B=3", "C="]'],
    'environment value by empty text': ['environment: {A: 1}', 'environment: {A: ""}'],
    'environment by null': ['environment: {A: 1}', 'environment: null'],
    'environment by an empty mapping': ['environment: {A: 1}', 'environment: {}'],
    'environment reset': ['environment: {A: 1}', 'environment: !reset {}'],
    'environment overridden': ['environment: {A: 1, B: 2}', 'environment: !override {C: 3}'],
    'one variable reset': ['environment: {A: 1, B: 2}', 'environment: {A: !reset null}'],
    'one variable reset in a list': ['environment: [A=1, B=2]', 'environment: {A: !reset null}'],
    'environment with odd scalars': [
      'environment: {A: 010, B: 1e3, C: yes, D: 0x1F}',
      'environment: {A: 1.50, E: 2024-01-02}',
    ],
    'ports joined': ['ports: ["80:80"]', 'ports: ["81:81"]'],
    'the same port twice': ['ports: ["80:80"]', 'ports: ["80:80"]'],
    'the same container port elsewhere': ['ports: ["80:80"]', 'ports: ["8080:80"]'],
    'ports in long form': ['ports: ["80:80"]', 'ports: [{target: 80, published: "80"}, {target: 90}]'],
    'ports overridden': ['ports: ["80:80"]', 'ports: !override ["8080:80"]'],
    'ports reset': ['ports: ["80:80", "90:90"]', 'ports: !reset []'],
    'port ranges': ['ports: ["9000-9002:8000-8002"]', 'ports: ["9001:8001"]'],
    'expose joined': ['expose: ["80", 81]', 'expose: ["81", "82/udp"]'],
    'volumes by target': ['volumes: ["./a:/data", "./b:/b"]', 'volumes: ["./c:/data"]'],
    'volumes in both forms': ['volumes: ["./a:/data"]', 'volumes: [{type: bind, source: ./c, target: /data}]'],
    'volumes with a slash at the end': ['volumes: ["./a:/data/"]', 'volumes: ["./c:/data"]'],
    'volumes reset': ['volumes: ["./a:/data"]', 'volumes: !reset []'],
    'volumes overridden': ['volumes: ["./a:/data"]', 'volumes: !override ["./x:/y"]'],
    'an anonymous volume over a bind': ['volumes: ["./a:/data"]', 'volumes: ["/data"]'],
    'depends_on list by list': ['depends_on: [db]', 'depends_on: [cache]'],
    'depends_on mapping by list': ['depends_on: {db: {condition: service_healthy}}', 'depends_on: [db]'],
    'depends_on list by mapping': ['depends_on: [db]', 'depends_on: {db: {condition: service_completed_successfully}}'],
    'depends_on reset': ['depends_on: [db, cache]', 'depends_on: !reset []'],
    'depends_on overridden': ['depends_on: [db, cache]', 'depends_on: !override [cache]'],
    'limits merged': [
      'deploy: {resources: {limits: {memory: 1g, cpus: "1"}}}',
      'deploy: {resources: {limits: {memory: 2g}}}',
    ],
    'limits reset': [
      'deploy: {replicas: 2, resources: {limits: {memory: 1g}}}',
      'deploy: {resources: {limits: !reset {}}}',
    ],
    'limits overridden': [
      'deploy: {resources: {limits: {memory: 1g, cpus: "1"}}}',
      'deploy: {resources: {limits: !override {cpus: "2"}}}',
    ],
    'limits by null': ['deploy: {resources: {limits: {memory: 1g}}}', 'deploy: {resources: {limits: null}}'],
    'deploy by null': ['deploy: {replicas: 3}', 'deploy: null'],
    'deploy reset': ['deploy: {replicas: 3}', 'deploy: !reset null'],
    'replicas replaced': ['deploy: {replicas: 3}', 'deploy: {replicas: 5}'],
    'replicas by zero': ['deploy: {replicas: 3}', 'deploy: {replicas: 0}'],
    'scale replaced': ['scale: 3', 'scale: 4'],
    'scale by null': ['scale: 3', 'scale: null'],
    'mem_limit replaced': ['mem_limit: 512m', 'mem_limit: 1g'],
    'mem_limit by null': ['mem_limit: 512m', 'mem_limit: null'],
    'mem_limit reset, the long form instead': [
      'mem_limit: 512m',
      'mem_limit: !reset null\ndeploy: {resources: {limits: {memory: 1g}}}',
    ],
    'networks list by mapping': ['networks: [default]', 'networks: {other: {aliases: [w]}}\nlabels: [a]'],
    'networks by null': ['networks: [default]', 'networks: null'],
    'ulimits merged': ['ulimits: {nofile: 1024, nproc: 10}', 'ulimits: {nofile: {soft: 1, hard: 2}}'],
    'ulimits pair by number': ['ulimits: {nofile: {soft: 1, hard: 2}}', 'ulimits: {nofile: 3}'],
    'ulimits of a pair in part': ['ulimits: {nofile: {soft: 1, hard: 2}}', 'ulimits: {nofile: {soft: 5, hard: 9}}'],
    'ulimits reset': ['ulimits: {nofile: 1024, nproc: 10}', 'ulimits: {nofile: !reset 0}'],
    'shm_size replaced': ['shm_size: 64m', 'shm_size: 1gb'],
    'stop_grace_period replaced': ['stop_grace_period: 5s', 'stop_grace_period: 1m30s'],
    'stop_grace_period reset': ['stop_grace_period: 5s', 'stop_grace_period: !reset 0s'],
    'init turned off': ['init: true', 'init: false'],
    'restart replaced': ['restart: always', 'restart: "no"'],
    'restart policy over restart': ['restart: always', 'deploy: {restart_policy: {condition: none}}'],
    'working_dir replaced': ['working_dir: /a', 'working_dir: /b'],
    'build text by mapping': ['build: ./app', 'build: {target: prod, args: [A=1]}'],
    'build mapping by text': ['build: {context: ./app, target: prod}', 'build: ./other'],
    'build arguments by key': ['build: {context: ., args: {A: 1, B: 2}}', 'build: {args: [B=3, C=4]}'],
    'build arguments reset': ['build: {context: ., args: {A: 1, B: 2}}', 'build: {args: !reset {}}'],
    'build reset': ['build: {context: .}', 'build: !reset null'],
    'build dockerfile replaced': ['build: {context: ., dockerfile: a.Dockerfile}', 'build: {dockerfile: b.Dockerfile}'],
    'profiles joined': ['profiles: [a]', 'profiles: [b]'],
    'profiles reset': ['profiles: [a]', 'profiles: !reset []'],
    'labels of both forms': ['labels: {a: b}\ninit: true', 'labels: ["a=c"]'],
    'dns of text and list': ['dns: 1.1.1.1', 'dns: [8.8.8.8]\ninit: true'],
    'a fragment with its own keys': ['x-note: {a: 1}\ninit: true', 'x-note: {b: 2}'],
    'healthcheck beside': [
      'healthcheck: {test: [CMD, a], interval: 5s}',
      'healthcheck: {test: CMD-SHELL b}\ninit: true',
    ],
  } as const)
    .flatMap(([name, [base, override]]) => mergeCase(`merge: ${name}`, base, override, {}))
    .map(withOtherNetwork),
  caseOf('merge: a service only in the override', {
    'compose.yaml': 'services:\n  web: {image: x}\n',
    'compose.override.yaml': 'services:\n  db: {image: pg, environment: {A: 1}}\n',
  }),
  caseOf('merge: a service reset by the override', {
    'compose.yaml': 'services:\n  web: {image: x}\n  db: {image: pg}\n',
    'compose.override.yaml': 'services:\n  db: !reset null\n',
  }),
  caseOf('merge: a service overridden as a whole', {
    'compose.yaml': 'services:\n  web: {image: x, environment: {A: 1}, ports: ["1:1"]}\n',
    'compose.override.yaml': 'services:\n  web: !override {image: y, init: true}\n',
  }),
  caseOf('merge: configs and secrets by source', {
    'compose.yaml':
      'services:\n  web:\n    image: x\n    configs: [a, {source: b, target: /etc/b.conf}]\n    secrets: [s]\nconfigs: {a: {file: ./a.conf}, b: {file: ./b.conf}}\nsecrets: {s: {file: ./s}}\n',
    'compose.override.yaml':
      'services:\n  web:\n    configs: [{source: b, target: /etc/c.conf}]\nconfigs: {b: {file: ./c.conf}}\n',
  }),
  caseOf('merge: a config whose file becomes content', {
    'compose.yaml': 'services:\n  web: {image: x, configs: [a]}\nconfigs: {a: {content: "x=1\\n"}}\n',
    'compose.override.yaml': 'services:\n  web: {configs: [{source: a, target: /etc/a.conf}]}\n',
  }),
  caseOf('merge: the name of the last file that has one', {
    'compose.yaml': 'name: first\nservices:\n  web: {image: x}\n',
    'compose.override.yaml': 'name: second\nservices: {}\n',
  }),
  caseOf(
    'merge: three files named with -f',
    {
      'a.yml': 'services:\n  web: {image: x, environment: {A: 1, B: 1, C: 1}, command: a}\n',
      'b.yml': 'services:\n  web: {environment: {B: 2, C: 2}, ports: ["80:80"]}\n',
      'c.yml': 'services:\n  web: {environment: {C: 3}, command: [c]}\n',
    },
    { composeFiles: ['a.yml', 'b.yml', 'c.yml'] },
  ),
  caseOf(
    'merge: files of folders take paths from the first',
    {
      'deploy/base.yml': 'services:\n  web: {build: ./app, volumes: ["./data:/data"], env_file: web.env}\n',
      'other/prod.yml': 'services:\n  web: {volumes: ["./more:/more"]}\n',
      'deploy/web.env': 'A=1\n',
    },
    { composeFiles: ['deploy/base.yml', 'other/prod.yml'] },
  ),
];

/** Networks have to be defined where a service names them. */
function withOtherNetwork(given: ComposeCase): ComposeCase {
  const text = given.files['compose.yaml'] ?? '';
  return { ...given, files: { ...given.files, 'compose.yaml': `${text}networks: {other: {}}\n` } };
}
