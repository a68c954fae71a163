import { entryOf } from '../../parse/yaml-read.ts';
import type { YamlNode } from '../../parse/yaml-tree.ts';
import type { Process, Service } from '../stack.ts';

/**
 * False when the name of `right` surely means nothing to `left`: no network in common. Network modes count as common, and
 * so does an external network, on which others may answer to the name.
 */
export function mayReach(left: Service, right: Service): boolean {
  if (left.networks.length === 0 || right.networks.length === 0) return true;
  if (left.networks.some((key) => entryOf(networkEntry(left, key), 'external') !== undefined)) return true;
  const names = new Set(left.networks.map((key) => networkName(left, key)));
  return right.networks.some((key) => names.has(networkName(right, key)));
}

/**
 * True when a container surely runs nothing but the programs that are read here, so that nobody else listens in it: an
 * image built here from a bare language or system image, no server installed, no tunnel or supervisor in a script.
 */
export function runsNothingElse(service: Service): boolean {
  const { dockerfile } = service.build ?? {};
  if (!dockerfile || service.networks.length === 0) return false;
  const bases = [...dockerfile.text.matchAll(/^[^\S\n]*FROM\s+(?:--\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?/gim)];
  const stages = new Set(bases.map((base) => base[2]?.toLowerCase()));
  const isBare = (name: string) => stages.has(name.toLowerCase()) || bareImage.test(name);
  if (bases.length === 0 || !bases.every((base) => isBare(base[1] ?? ''))) return false;
  return !listeners.test(dockerfile.text) && service.processes.every(isUnderstood);
}

function isUnderstood(process: Process): boolean {
  if (process.server === 'unknown' || process.alternative) return false;
  if (process.missing !== undefined && process.missing.length > 0) return false;
  const sources = new Set(process.command.trail.flatMap((hop) => ('source' in hop.at ? [hop.at.source] : [])));
  return [...sources].every(
    (source) => !/\.(sh|bash)$|^entrypoint|\/[\w-]+$/.test(source.path) || !listeners.test(source.text),
  );
}

const bareImage =
  /^(?:docker\.io\/)?(?:library\/)?(?:python|node|debian|ubuntu|alpine)(?:[:@].*)?$|^ghcr\.io\/astral-sh\/uv\b/i;

/** Programs that listen for others in the same container; clients and headers of libraries do not count. */
const listeners =
  /\b(?:postgres(?:ql)?(?:-\d+)?|mysql-server|mysqld|mariadb-server|mariadbd|redis|redis-server|valkey|keydb|pgbouncer|supervisor[d]?|s6-overlay|runit|ssh|autossh|openssh|socat|haproxy|stunnel|cloud[_-]sql[_-]proxy|tailscaled?|tunnel)\b(?!-(?:client|dev|libs|common))(?!\w*-client)/i;

/** What Docker calls a network: its `name`, where the top of the file gives one. */
function networkName(service: Service, key: string): string {
  const name = entryOf(networkEntry(service, key), 'name')?.value;
  return name?.kind === 'scalar' ? `name ${name.text}` : `key ${key}`;
}

function networkEntry(service: Service, key: string): YamlNode | undefined {
  return entryOf(entryOf(service.compose?.root, 'networks')?.value, key)?.value;
}
