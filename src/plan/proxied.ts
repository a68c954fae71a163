import type { ProxyRoute, ProxyTarget } from '../model/proxy/proxy-route.ts';
import type { Process, Project, Service } from '../model/stack.ts';
import { isDefault, type Known, knownValue } from '../model/value.ts';
import { samePlace, servesRequests } from './pool-use.ts';
import { type RequestLimit, requestLimit } from './request-limit.ts';

/** A route of a proxy that leads to a process. */
export interface Proxied {
  readonly proxy: Service;
  readonly route: ProxyRoute;
}

/** The routes of the project's running proxies that lead to this web server. */
export function routesTo(project: Project, target: { service: Service; process: Process }): readonly Proxied[] {
  const { service, process } = target;
  if (!service.active || !servesRequests(process)) return [];
  return project.services
    .filter((proxy) => proxy.active)
    .flatMap((proxy) =>
      (proxy.routes ?? [])
        .filter((route) => leadsTo(route.to, { proxy, ...target }))
        .map((route) => ({ proxy, route })),
    );
}

/**
 * Who gives up on a request first: the server itself, or nginx in front of it. Of several locations the most patient one
 * counts, and one whose time is not known leaves the proxies out.
 */
export function callerLimit(
  project: Project,
  target: { service: Service; process: Process },
): RequestLimit | undefined {
  const own = requestLimit(target.process);
  const routes = routesTo(project, target).filter(({ route }) => !route.websocket);
  const times = routes.flatMap(({ route }) => (route.readTimeoutSeconds.known ? [route] : []));
  const [first, ...others] = times;
  if (!first || times.length < routes.length) return own;
  const patience = (route: ProxyRoute) => knownValue(route.readTimeoutSeconds) ?? 0;
  const longest = others.reduce((most, route) => (patience(route) > patience(most) ? route : most), first);
  const seconds = longest.readTimeoutSeconds;
  if (!seconds.known || (own && own.seconds.value > 0 && own.seconds.value <= seconds.value)) return own;
  return { name: `nginx's ${longest.timeoutDirective}`, seconds };
}

/** Routes that share one written read time-out, or the default. */
export interface TimedRoutes {
  readonly read: Known<number>;
  readonly directive: ProxyRoute['timeoutDirective'];
  readonly routes: readonly Proxied[];
}

/** Groups the routes of plain requests (not WebSocket) by the read time-out that decides them; each route once. */
export function routesByTimeout(proxied: readonly Proxied[]): readonly TimedRoutes[] {
  const groups = new Map<string, TimedRoutes>();
  for (const one of proxied) {
    const { readTimeoutSeconds: read, timeoutDirective: directive, websocket, at } = one.route;
    if (websocket || !read.known) continue;
    const key = isDefault(read) ? directive : `${read.at.source.path}:${read.at.span.start}`;
    const routes = groups.get(key)?.routes ?? [];
    if (!routes.some(({ route }) => samePlace(route.at, at)))
      groups.set(key, { read, directive, routes: [...routes, one] });
  }
  return [...groups.values()];
}

function leadsTo(to: ProxyTarget, target: { proxy: Service; service: Service; process: Process }): boolean {
  const { proxy, service, process } = target;
  const addresses = process.bind.known ? process.bind.value : undefined;
  if (to.kind === 'socket') return addresses?.some((address) => socketPath(address) === to.path) ?? false;
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(to.host);
  const reaches = isLocal ? proxy === service : (service.hostNames ?? [service.name]).includes(to.host);
  if (!reaches) return false;
  // An address that is not known is taken for the port where the service has no other server.
  if (!addresses) return service.processes.filter(servesRequests).length === 1;
  return addresses.some((address) => /:(\d+)$/.exec(address)?.[1] === String(to.port));
}

function socketPath(address: string): string | undefined {
  return /^unix:(?:\/\/)?(\/.*)$/.exec(address)?.[1] ?? (address.startsWith('/') ? address : undefined);
}
