import type { ProxyRoute, ProxyTarget } from '../model/proxy/proxy-route.ts';
import type { Process, Project, Service } from '../model/stack.ts';
import { servesRequests } from './pool-use.ts';

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
