import type { Process, Service } from '../model/stack.ts';
import type { CapacityTarget } from './capacity-target.ts';
import { routesTo } from './proxied.ts';

/** Where people reach a web server from this machine: through its proxy where that is published, else directly. */
export interface WebAddress {
  readonly url: string;
  /** Whether a compose file publishes it, the server listens there on this machine, or no file says it. */
  readonly kind: 'published' | 'own' | 'unknown';
}

/** The address of the planned web server; without a project that of a server with its default port. */
export function addressOf(target: CapacityTarget | undefined): WebAddress {
  if (!target) return { url: 'http://localhost:8000', kind: 'unknown' };
  const { project, service, process } = target;
  const proxies = [...new Set(routesTo(project, { service, process }).map(({ proxy }) => proxy))];
  const published = [...proxies.flatMap(publishedOn), ...publishedOn(service)];
  const own = portOf(process);
  const plain = published.filter(({ container }) => container !== 443 && container !== 8443);
  const chosen = proxies.some((proxy) => publishedOn(proxy).length > 0)
    ? (plain[0] ?? published[0])
    : (published.find(({ container }) => container === own) ?? plain[0] ?? published[0]);
  if (chosen) return { url: urlOf(chosen), kind: 'published' };
  const isHosted = project.kind !== 'image' && service.compose === undefined && own !== undefined;
  return { url: `http://localhost:${own ?? 8000}`, kind: isHosted ? 'own' : 'unknown' };
}

interface PublishedPort {
  readonly container: number;
  readonly host: number;
}

function publishedOn({ publishedPorts }: Service): readonly PublishedPort[] {
  return publishedPorts.flatMap(({ container, host }) => (host === undefined ? [] : [{ container, host }]));
}

function urlOf({ container, host }: PublishedPort): string {
  if (container === 443 || container === 8443) return `https://localhost${host === 443 ? '' : `:${host}`}`;
  return `http://localhost${host === 80 ? '' : `:${host}`}`;
}

/** The port that the server listens on. */
function portOf({ bind }: Process): number | undefined {
  const address = bind.known ? bind.value.find((text) => /:\d+$/.test(text)) : undefined;
  return address === undefined ? undefined : Number(/:(\d+)$/.exec(address)?.[1]);
}
