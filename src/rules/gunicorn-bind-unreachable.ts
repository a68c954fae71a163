import { setCommandOption } from '../model/fixes/set-command-option.ts';
import type { Process, Project, Service } from '../model/stack.ts';
import { isDefault } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import { routesTo } from '../plan/proxied.ts';
import type { Location } from '../text/span.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'gunicorn-bind-unreachable',
  on: 'process',
  severity: 'warning',
  summary: 'Gunicorn listens on the loopback address of its container, where no published port leads.',
  why: `Each container has a loopback address of its own. A published port, a proxy in another container and a health check from outside all arrive at the container's network address, so a server on 127.0.0.1 refuses them: "connection refused", or an empty reply through the published port.

Gunicorn binds to 127.0.0.1:8000 unless \`--bind\`, its configuration file or \`PORT\` says otherwise. In a container, bind to 0.0.0.0 and let the compose file decide what is published.`,
  references: ['gunicorn/config.py: bind (127.0.0.1:8000, or 0.0.0.0:$PORT)', 'Compose specification: services, ports'],
  messages: {
    written: 'Gunicorn listens on {bind}, which port {port} of the container cannot reach. Bind to 0.0.0.0:{port}.',
    default:
      'Gunicorn listens on {bind} (its default), which port {port} of the container cannot reach. Add --bind 0.0.0.0:{port}.',
    open: 'Bind to 0.0.0.0:{port}',
  },
  *check({ process, service }, { project }) {
    const { bind } = process;
    if (process.server !== 'gunicorn' || !service.compose || !bind.known || bind.value.length === 0) return;
    // Without a network of its own the container shares another's loopback address.
    if (service.networks.length === 0) return;
    const ports = bind.value.map(loopbackPort);
    if (ports.includes(undefined)) return;
    const caller = findCaller(project, { service, process, ports });
    if (!caller) return;
    const { port } = caller;
    const byDefault = isDefault(bind);
    yield {
      at: bind.at,
      subject: service.name,
      message: {
        says: byDefault ? 'default' : 'written',
        with: { bind: bind.value.join(', '), port },
      },
      trail: [...explain(`listens on ${bind.value.join(', ')}`, bind), { at: caller.at, says: caller.says }],
      fixes: () => [
        {
          title: { says: 'open', with: { port } },
          safety: 'review',
          edits: setCommandOption(process.command, {
            flag: '--bind',
            aliases: ['-b'],
            value: `0.0.0.0:${port}`,
          }),
        },
      ],
    };
  },
});

interface Caller {
  readonly port: number;
  readonly at: Location;
  readonly says: string;
}

/** Who arrives from outside the container at one of the ports: a published port, or the proxy in another container. */
function findCaller(
  project: Project,
  target: { service: Service; process: Process; ports: readonly (number | undefined)[] },
): Caller | undefined {
  const { service, ports } = target;
  const published = service.publishedPorts.find(({ container }) => ports.includes(container));
  if (published)
    return { port: published.container, at: published.at, says: `port ${published.container} is published` };
  const proxied = routesTo(project, target).find(({ proxy }) => proxy !== service);
  if (proxied?.route.to.kind !== 'host') return undefined;
  return { port: proxied.route.to.port, at: proxied.route.at, says: `${proxied.proxy.name} passes requests to it` };
}

/** Port of a loopback address; undefined for sockets and addresses that others reach. */
function loopbackPort(address: string): number | undefined {
  const port = /^(?:127(?:\.\d+){3}|localhost|\[::1\]):(\d+)$/.exec(address)?.[1];
  return port === undefined ? undefined : Number(port);
}
