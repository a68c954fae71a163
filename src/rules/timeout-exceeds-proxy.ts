import { joinEdits } from '../model/fix.ts';
import { replaceNumber } from '../model/fixes/replace-text.ts';
import { setProxyTimeout } from '../model/fixes/set-proxy-timeout.ts';
import { isDefault } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import { routesByTimeout, routesTo } from '../plan/proxied.ts';
import { requestLimit } from '../plan/request-limit.ts';
import { formatSeconds, listNames } from '../text/wording.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'timeout-exceeds-proxy',
  on: 'process',
  severity: 'warning',
  summary: 'The proxy gives up on a request before the worker does.',
  why: `nginx waits for the answer of a server up to its read timeout (\`proxy_read_timeout\`, \`uwsgi_read_timeout\`; 60 s unless written), the longest gap between two pieces of the answer. A synchronous worker may work on a request up to its own timeout. When that is longer, slow requests end in between: the client gets a 504 from nginx and often tries again, while the worker goes on with an answer that nobody takes. The retries then find fewer free workers.

Whoever gives up first should be the worker, which logs what it was doing. Raise the read timeout of the location to the worker's timeout, or lower the worker's.

The rule looks at workers whose timeout bounds a request: Gunicorn's \`sync\` workers and uWSGI's \`harakiri\`. For threads and event loops Gunicorn's timeout is a heartbeat. Locations that ask for a protocol upgrade (WebSocket) do not count.`,
  references: [
    'nginx documentation: ngx_http_proxy_module, proxy_read_timeout (60 s); ngx_http_uwsgi_module, uwsgi_read_timeout',
    'gunicorn/config.py: timeout; uWSGI 2.0, Options: harakiri',
  ],
  messages: {
    written:
      'nginx gives up on {locations} after {read}, but {limit} of {service} is {seconds}. Clients get a 504 while the work goes on; raise {directive}, or lower the timeout.',
    default:
      'nginx gives up on {locations} after {read} (its default), but {limit} of {service} is {seconds}. Clients get a 504 while the work goes on; set {directive}, or lower the timeout.',
    raise: 'Set {directive} to {seconds}s: nginx waits as long as the worker works',
    lower: 'Lower {limit} to {read}: the worker gives up first',
  },
  *check({ process, service }, { project }) {
    const limit = requestLimit(process);
    if (!limit || limit.seconds.value <= 0) return;
    const seconds = Math.ceil(limit.seconds.value);
    for (const { read, directive, routes: proxied } of routesByTimeout(routesTo(project, { service, process }))) {
      if (read.value >= limit.seconds.value) continue;
      const routes = proxied.map(({ route }) => route);
      const locations = routes.map(({ location }) => location);
      yield {
        at: isDefault(read) ? limit.seconds.at : read.at,
        subject: service.name,
        message: {
          says: isDefault(read) ? 'default' : 'written',
          with: {
            locations: listNames([...new Set(locations)], 3),
            read: formatSeconds(read.value),
            limit: limit.name,
            service: service.name,
            seconds: formatSeconds(limit.seconds.value),
            directive,
          },
        },
        trail: [
          ...explain(`${limit.name} of ${formatSeconds(limit.seconds.value)}`, limit.seconds),
          ...routes.slice(0, 5).map(({ location, at }) => ({ at, says: `${location} leads to ${service.name}` })),
          ...explain(`${directive} of ${formatSeconds(read.value)}`, read),
        ],
        fixes: () => [
          {
            title: { says: 'raise', with: { directive, seconds } },
            safety: 'review',
            edits: joinEdits(
              (isDefault(read) ? routes : routes.slice(0, 1)).map((route) => setProxyTimeout(route, seconds)),
            ),
          },
          {
            title: { says: 'lower', with: { limit: limit.name, read: formatSeconds(read.value) } },
            safety: 'review',
            edits: replaceNumber(limit.seconds, Math.floor(read.value)),
          },
        ],
      };
    }
  },
});
