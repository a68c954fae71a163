import { type ComposeCase, caseOf, indent } from './compose-case.ts';

/** Base, override and `.env` put together at random, the same each time: fields meet that nobody thought of together. */
export function generateCases(count: number): readonly ComposeCase[] {
  return Array.from({ length: count }, (_, index) => generateCase(index));
}

function generateCase(index: number): ComposeCase {
  const random = createRandom(index + 1);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const body = (chance: number): string =>
    Object.entries(fields)
      .filter(() => random() < chance)
      .map(([key, values]) => `${key}: ${pick(values)}`)
      .join('\n');
  const extended = random() < 0.3 ? 'extends: base' : 'image: x';
  const merged = random() < 0.3 ? '\n    <<: *fragment' : '';
  const service = (name: string, head: string, chance: number): string =>
    `  ${name}:\n    ${head}\n${indent(body(chance), 4)}\n`;
  const files: Record<string, string> = {
    'compose.yaml': `x-fragment: &fragment\n${indent(body(0.2) || 'init: true', 2)}\nservices:\n${service('base', 'image: b', 0.25)}${service('web', extended + merged, 0.3)}  db: {image: pg}\n  cache: {image: redis}\nnetworks: {front: {}, back: {}}\nvolumes: {data: {}}\n`,
    '.env': `SIZE=${pick(['512m', '1g', '64M'])}\nCOUNT=${pick(['1', '2', '5'])}\nEMPTY=\n`,
    'a.env': 'A=file\nF=${COUNT}\n',
    'b.env': 'A=second\nG="x $A"\n',
  };
  if (random() < 0.75)
    files['compose.override.yaml'] =
      `services:\n${service('web', pick(['init: true', 'image: y', 'labels: [a]']), 0.3)}`;
  return caseOf(`generated: ${index + 1}`, files);
}

const fields: Readonly<Record<string, readonly string[]>> = {
  command: ['a b', '[c, "d e"]', 'null', '[]', '""', 'run --count ${COUNT}', '!reset null', 'sh -c "exec a $$B"'],
  entrypoint: ['/e', '[e, f]', 'null', '[]', '!override [g]'],
  environment: [
    '{A: 1, B: "${COUNT}"}',
    '[A=2, C=3]',
    '{A: "", D: "${EMPTY:-d}"}',
    '!override {E: 1}',
    '!reset {}',
    '{A: !reset null, B: 2}',
    '["A=${SIZE}"]',
    'null',
    '{A: 010, H: yes, I: 1.0}',
  ],
  env_file: [
    'a.env',
    '[a.env, b.env]',
    '[{path: none.env, required: false}, b.env]',
    '!reset []',
    '[{path: a.env, format: raw}]',
  ],
  ports: [
    '["80:80"]',
    '["80:80", "81:81"]',
    '[{target: 80, published: "80"}]',
    '!override ["82:80"]',
    '!reset []',
    '["${COUNT}000:80"]',
    '["9000-9001:9000-9001"]',
  ],
  expose: ['["80"]', '[80, 81]'],
  volumes: [
    '["./a:/data"]',
    '["data:/data", "./b:/b"]',
    '[{type: bind, source: ./c, target: /data}]',
    '!override ["./d:/d"]',
    '!reset []',
  ],
  depends_on: ['[db]', '[db, cache]', '{db: {condition: service_healthy}}', '!override [cache]', '!reset []'],
  networks: ['[front]', '{back: }', '[default, front]', '!override [back]', '!reset []'],
  deploy: [
    '{replicas: 2}',
    '{replicas: "${COUNT}"}',
    '{resources: {limits: {memory: "${SIZE}"}}}',
    '{resources: {limits: {cpus: "0.5"}, reservations: {memory: 32m}}}',
    '!reset null',
    '!override {replicas: 4}',
    '{resources: !reset null}',
    'null',
  ],
  mem_reservation: ['10m', '"20m"'],
  stop_grace_period: ['5s', '1m30s', '${COUNT}s'],
  stop_signal: ['SIGINT', 'SIGTERM', '!reset null'],
  restart: ['always', '"no"', 'unless-stopped', '!reset null'],
  shm_size: ['1g', '${SIZE}', '64m'],
  ulimits: ['{nofile: 1024}', '{nofile: {soft: 1, hard: 2}, nproc: 5}', '!override {nproc: 9}', '!reset {}'],
  working_dir: ['/app', '/srv/${COUNT}'],
  build: [
    '.',
    '{context: ./app, target: prod}',
    '{context: ., args: {A: 1}}',
    '{args: [B=2]}',
    '!reset null',
    './other',
  ],
  profiles: ['[]', '!reset []'],
};

/** Mulberry32: a small generator whose numbers depend on the seed alone. */
function createRandom(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
