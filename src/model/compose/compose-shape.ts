/** What Compose's schema lets stand at a place (https://github.com/compose-spec/compose-spec, as of Compose 2.40). */
export type Shape = ScalarShape | ListShape | MapShape | RecordShape | ChoiceShape;

/**
 * Scalars by what may be written and what Compose must be able to read from it: `text` takes no numbers, `size` and
 * `number` take both, `whole` and `flag` take what can be cast, `scalar` takes everything.
 */
export type ScalarShape =
  | 'any'
  | 'null'
  | 'text'
  | 'number-or-text'
  | 'scalar'
  | 'flag'
  | 'whole'
  | 'replicas'
  | 'count'
  | 'number'
  | 'decimal'
  | 'size'
  | 'text-size'
  | 'duration'
  | 'port';

interface ListShape {
  readonly items: Shape;
}

interface MapShape {
  readonly values: Shape;
}

interface RecordShape {
  readonly keys: Readonly<Record<string, Shape>>;
  readonly required?: string;
}

interface ChoiceShape {
  readonly anyOf: readonly Shape[];
}

const texts: Shape = { items: 'text' };
const textOrTexts: Shape = { anyOf: ['text', texts] };
// After merging, the items of a list may be pairs.
const pairs: Shape = { anyOf: [{ values: 'scalar' }, { items: { anyOf: ['text', { values: 'scalar' }] } }] };
const command: Shape = { anyOf: ['null', 'text', texts] };
const envFile: Shape = { keys: { path: 'text', format: 'text', required: 'flag' }, required: 'path' };
const mountedFiles: Shape = {
  items: { anyOf: ['text', { keys: { source: 'text', target: 'text', uid: 'text', gid: 'text', mode: 'any' } }] },
};
const ulimits: Shape = { values: { anyOf: ['whole', { keys: { soft: 'whole', hard: 'whole' }, required: 'hard' }] } };
const limits: Shape = { keys: { cpus: 'decimal', memory: 'text-size', pids: 'whole' } };
const reservations: Shape = {
  keys: { cpus: 'decimal', memory: 'text-size', generic_resources: 'any', devices: 'any' },
};
const deploy: Shape = {
  keys: {
    mode: 'text',
    endpoint_mode: 'text',
    replicas: 'replicas',
    labels: pairs,
    rollback_config: 'any',
    update_config: 'any',
    placement: 'any',
    resources: { keys: { limits, reservations } },
    restart_policy: { keys: { condition: 'text', delay: 'duration', max_attempts: 'whole', window: 'duration' } },
  },
};
const build: Shape = {
  keys: {
    context: 'text',
    dockerfile: 'text',
    dockerfile_inline: 'text',
    target: 'text',
    args: pairs,
    labels: pairs,
    shm_size: 'size',
    network: 'text',
    ...open(['additional_contexts', 'cache_from', 'cache_to', 'entitlements', 'extra_hosts', 'isolation', 'no_cache']),
    ...open(['platforms', 'privileged', 'provenance', 'pull', 'sbom', 'secrets', 'ssh', 'tags', 'ulimits']),
  },
};
const healthcheck: Shape = {
  keys: {
    test: textOrTexts,
    interval: 'duration',
    timeout: 'duration',
    start_period: 'duration',
    start_interval: 'duration',
    retries: 'count',
    disable: 'flag',
  },
};
const port: Shape = {
  keys: {
    target: 'whole',
    published: 'number-or-text',
    host_ip: 'text',
    mode: 'text',
    protocol: 'text',
    ...open(['name', 'app_protocol']),
  },
  required: 'target',
};
const volume: Shape = {
  keys: {
    type: 'text',
    source: 'text',
    target: 'text',
    read_only: 'flag',
    ...open(['consistency', 'bind', 'volume', 'tmpfs', 'image']),
  },
  required: 'type',
};
const dependency: Shape = { keys: { condition: 'text', restart: 'flag', required: 'flag' }, required: 'condition' };

const service: Shape = {
  keys: {
    build: { anyOf: ['text', build] },
    command,
    configs: mountedFiles,
    container_name: 'text',
    cpu_period: 'count',
    cpu_quota: 'count',
    cpus: 'number',
    cpuset: 'text',
    depends_on: { anyOf: [texts, { values: dependency }] },
    deploy: { anyOf: ['null', deploy] },
    entrypoint: command,
    env_file: { anyOf: ['text', { items: { anyOf: ['text', envFile] } }] },
    environment: pairs,
    expose: { items: 'number-or-text' },
    extends: { anyOf: ['text', { keys: { service: 'text', file: 'text' }, required: 'service' }] },
    healthcheck,
    hostname: 'text',
    image: 'text',
    init: 'flag',
    ipc: 'text',
    labels: pairs,
    links: texts,
    mem_limit: 'size',
    mem_reservation: 'size',
    network_mode: 'text',
    networks: { anyOf: [texts, { values: 'any' }] },
    pids_limit: 'count',
    ports: { items: { anyOf: ['port', port] } },
    privileged: 'flag',
    profiles: texts,
    read_only: 'flag',
    restart: 'text',
    scale: 'replicas',
    secrets: mountedFiles,
    shm_size: 'size',
    stop_grace_period: 'duration',
    stop_signal: 'text',
    sysctls: pairs,
    tmpfs: textOrTexts,
    ulimits,
    user: 'text',
    volumes: { items: { anyOf: ['text', volume] } },
    volumes_from: texts,
    working_dir: 'text',
    ...open(['annotations', 'attach', 'blkio_config', 'cap_add', 'cap_drop', 'cgroup', 'cgroup_parent', 'cpu_count']),
    ...open(['cpu_percent', 'cpu_rt_period', 'cpu_rt_runtime', 'cpu_shares', 'credential_spec', 'develop', 'devices']),
    ...open(['device_cgroup_rules', 'dns', 'dns_opt', 'dns_search', 'domainname', 'external_links', 'extra_hosts']),
    ...open(['gpus', 'group_add', 'isolation', 'label_file', 'logging', 'mac_address', 'mem_swappiness', 'models']),
    ...open(['memswap_limit', 'oom_kill_disable', 'oom_score_adj', 'pid', 'platform', 'post_start', 'pre_stop']),
    ...open(['provider', 'pull_policy', 'pull_refresh_after', 'runtime', 'security_opt', 'stdin_open', 'storage_opt']),
    ...open(['tty', 'use_api_socket', 'userns_mode', 'uts']),
  },
};

/** A compose file as a whole. */
export const composeShape: Shape = {
  keys: {
    name: 'text',
    services: { values: service },
    include: 'any',
    networks: { values: 'any' },
    volumes: { values: 'any' },
    configs: { values: 'any' },
    secrets: { values: 'any' },
    ...open(['models', 'version']),
  },
};

/** Keys that exist and that are not looked into. */
function open(keys: readonly string[]): Readonly<Record<string, 'any'>> {
  return Object.fromEntries(keys.map((key) => [key, 'any']));
}
