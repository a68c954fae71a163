import type { StoreEngine } from '../stack.ts';

/** What an image's name says for certain: the store it is, or the proxy; nothing about applications. */
export interface KnownImage {
  readonly engine?: StoreEngine;
  readonly proxy?: true;
}

const repositories: Readonly<Record<string, KnownImage>> = {
  postgres: { engine: 'postgresql' },
  postgresql: { engine: 'postgresql' },
  postgis: { engine: 'postgresql' },
  pgvector: { engine: 'postgresql' },
  timescaledb: { engine: 'postgresql' },
  'timescaledb-ha': { engine: 'postgresql' },
  'docker-postgis': { engine: 'postgresql' },
  // Upgrades the data, then starts PostgreSQL as the official image does (pgautoupgrade/docker-pgautoupgrade, README).
  pgautoupgrade: { engine: 'postgresql' },
  mysql: { engine: 'mysql' },
  'mysql-server': { engine: 'mysql' },
  percona: { engine: 'mysql' },
  mariadb: { engine: 'mariadb' },
  redis: { engine: 'redis' },
  'redis-stack': { engine: 'redis' },
  'redis-stack-server': { engine: 'redis' },
  valkey: { engine: 'valkey' },
  keydb: { engine: 'keydb' },
  pgbouncer: { engine: 'pgbouncer' },
  mongo: { engine: 'mongodb' },
  mongodb: { engine: 'mongodb' },
  rabbitmq: { engine: 'rabbitmq' },
  memcached: { engine: 'memcached' },
  nginx: { proxy: true },
  'nginx-unprivileged': { proxy: true },
  'nginx-proxy': { proxy: true },
  openresty: { proxy: true },
  traefik: { proxy: true },
  caddy: { proxy: true },
  haproxy: { proxy: true },
  httpd: { proxy: true },
};

/** Looks an image reference up by the last part of its repository, whatever registry and tag it has. */
export function lookUpImage(reference: string): KnownImage | undefined {
  const withoutDigest = reference.split('@')[0] ?? '';
  const last = withoutDigest.slice(withoutDigest.lastIndexOf('/') + 1);
  const repository = (last.split(':')[0] ?? '').toLowerCase();
  return Object.hasOwn(repositories, repository) ? repositories[repository] : undefined;
}

/** Which program `/bin/sh` is in an image, where its name says so: Alpine's busybox, Debian's dash. */
export function systemShellOf(reference: string): 'dash' | 'busybox' | 'bash' | undefined {
  const name = reference.toLowerCase();
  if (/alpine/.test(name)) return 'busybox';
  if (/fedora|rockylinux|almalinux|centos|ubi\d|amazonlinux|oraclelinux/.test(name)) return 'bash';
  if (/debian|ubuntu|bookworm|bullseye|buster|trixie|slim|noble|jammy|focal/.test(name)) return 'dash';
  // The official language images without a suffix are built on Debian.
  return /^(docker\.io\/)?(library\/)?(python|node|ruby|golang|php)(:[\d.]+)?$/.test(name) ? 'dash' : undefined;
}
