/** What a database image's name says about the configuration that it brings. */
export interface ServerImage {
  /**
   * `official`: the images of Docker's library, and images built on them that add extensions alone: the program's own
   * defaults hold. `bitnami` and `redis-stack` read variables and files of their own, `timescale` tunes itself at its
   * first start, and `other` may bring any configuration.
   */
  readonly family: 'official' | 'bitnami' | 'redis-stack' | 'timescale' | 'edoburu' | 'other';
  /** Numbers of the tag: `[8, 0, 36]`; empty for none, `latest` and names. */
  readonly version: readonly number[];
  readonly tag: string;
}

/** Reads an image reference: `postgres:16-alpine`, `registry.example.com/library/mysql:8.4@sha256:...`. */
export function readServerImage(reference: string | undefined): ServerImage {
  const withoutDigest = (reference ?? '').split('@')[0] ?? '';
  const colon = withoutDigest.indexOf(':', withoutDigest.lastIndexOf('/') + 1);
  const tag = colon === -1 ? '' : withoutDigest.slice(colon + 1);
  const path = (colon === -1 ? withoutDigest : withoutDigest.slice(0, colon)).toLowerCase().split('/');
  // A first part with a dot or a port is the registry.
  const repository = (path.length > 1 && /[.:]|^localhost$/.test(path[0] ?? '') ? path.slice(1) : path).join('/');
  const numbers = /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1] ?? '';
  return { family: familyOf(repository), version: numbers === '' ? [] : numbers.split('.').map(Number), tag };
}

/** True when the version is known and not below `wanted`: `isAtLeast([17, 2], [16])`. */
export function isAtLeast(version: readonly number[], wanted: readonly number[]): boolean {
  if (version.length === 0) return false;
  for (const [index, part] of wanted.entries()) {
    const own = version[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

function familyOf(repository: string): ServerImage['family'] {
  if (/^(docker\/)?library\/[^/]+$/.test(repository) || !repository.includes('/')) return 'official';
  const found = families.find(({ names }) => names.test(repository));
  return found?.family ?? 'other';
}

const families: readonly { readonly names: RegExp; readonly family: ServerImage['family'] }[] = [
  { names: /^(postgis\/postgis|pgvector\/pgvector|ankane\/pgvector|imresamu\/postgis)$/, family: 'official' },
  { names: /^(valkey\/valkey|eqalpha\/keydb|mysql\/mysql-server)$/, family: 'official' },
  { names: /^bitnami(legacy|secure)?\//, family: 'bitnami' },
  { names: /^redis\/redis-stack/, family: 'redis-stack' },
  { names: /^timescale\//, family: 'timescale' },
  { names: /^edoburu\//, family: 'edoburu' },
];
