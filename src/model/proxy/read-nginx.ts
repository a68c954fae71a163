import { type MappedText, unknownReason } from '../../text/mapped-text.ts';
import { textValue } from '../mapped-value.ts';
import { defaultNumber } from '../process/server-settings.ts';
import { known, unknown, type Value, withHop } from '../value.ts';
import { nameOf } from '../workspace.ts';
import { type NginxInput, type NginxNode, readNginxTree } from './nginx-tree.ts';
import type { ProxyRoute, ProxyTarget } from './proxy-route.ts';

/** Where an nginx passes requests to; a target that is computed at run time is left out. */
export function readNginxRoutes(input: NginxInput): readonly ProxyRoute[] {
  const nodes = readNginxTree(input);
  const upstreams = new Map<string, readonly NginxNode[]>();
  for (const node of nodes)
    if (node.name === 'upstream' && node.arguments[0]) upstreams.set(node.arguments[0].text, node.block ?? []);
  const routes: ProxyRoute[] = [];
  walk(nodes, { location: 'server', timeouts: new Map(), websocket: false, variables: new Map(), upstreams, routes });
  return routes.slice(0, mostRoutes);
}

const mostRoutes = 500;

/** Directive that passes requests on, with the one that bounds its wait. */
const passes = new Map([
  ['proxy_pass', 'proxy_read_timeout'],
  ['uwsgi_pass', 'uwsgi_read_timeout'],
] as const);

type TimeoutDirective = ProxyRoute['timeoutDirective'];

/** Files of nginx's packages and certbot that hold no time-out. */
const harmless = /^(mime\.types|(uwsgi|fastcgi|scgi|proxy)_params|fastcgi\.conf|options-ssl-nginx\.conf)$/;

interface Scope {
  readonly location: string;
  /** In effect, by directive. */
  readonly timeouts: ReadonlyMap<TimeoutDirective, Value<number>>;
  readonly websocket: boolean;
  /** `set $name value`, without the dollar sign. */
  readonly variables: ReadonlyMap<string, string>;
  readonly upstreams: ReadonlyMap<string, readonly NginxNode[]>;
  readonly routes: ProxyRoute[];
}

function walk(nodes: readonly NginxNode[], outer: Scope): void {
  const scope: Scope = { ...outer, ...settingsOf(nodes, outer) };
  for (const node of nodes) {
    const directive = node.name === 'proxy_pass' || node.name === 'uwsgi_pass' ? passes.get(node.name) : undefined;
    if (directive !== undefined) addRoutes(node, { scope, directive });
    if (!node.block || node.name === 'upstream') continue;
    const pattern = node.arguments.map(({ text }) => text).join(' ');
    walk(node.block, node.name === 'location' ? { ...scope, location: pattern } : scope);
  }
}

/** A level's own time-outs and variables beside the inherited ones; headers are inherited all or not at all. */
function settingsOf(nodes: readonly NginxNode[], outer: Scope): Pick<Scope, 'timeouts' | 'websocket' | 'variables'> {
  const timeouts = new Map(outer.timeouts);
  const variables = new Map(outer.variables);
  const directives = [...passes.values()];
  for (const node of nodes) {
    const [first, second] = node.arguments;
    if (node.name === 'include' && first && !harmless.test(nameOf(first.text)))
      for (const directive of directives)
        timeouts.set(directive, unknown(`${first.text} is not in the workspace`, node.at));
    if (node.name === 'set' && first && second && unknownReason(second) === undefined)
      variables.set(first.text.replace(/^\$/, ''), second.text);
  }
  for (const node of nodes) {
    const directive = directives.find((name) => name === node.name);
    const [value] = node.arguments;
    if (directive && value) timeouts.set(directive, readTime(node, value));
  }
  const headers = nodes.filter(({ name }) => name === 'proxy_set_header');
  const upgrades = headers.some((node) => node.arguments[0]?.text.toLowerCase() === 'upgrade');
  return { timeouts, variables, websocket: headers.length > 0 ? upgrades : outer.websocket };
}

function readTime(node: NginxNode, text: MappedText): Value<number> {
  const value = withHop(textValue(text, node.at), { at: node.at, says: `${node.name} in ${node.at.source.path}` });
  if (!value.known) return unknown(value.why, value.at, { trail: value.trail });
  const seconds = parseTime(value.value);
  return seconds === undefined
    ? unknown(`the value of ${node.name} is no time`, value.at)
    : known(seconds, value.at, value.trail);
}

const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `90`, `90s`, `1m 30s` (nginx, src/core/ngx_parse.c). */
function parseTime(text: string): number | undefined {
  const part = /(\d+)(ms|[smhdw])?\s*/g;
  const parts = [...text.matchAll(part)];
  if (parts.length === 0 || text.replace(part, '') !== '') return undefined;
  return parts.reduce((total, [, count, unit = 's']) => total + Number(count) * (unitSeconds[unit] ?? 1), 0);
}

function addRoutes(node: NginxNode, work: { scope: Scope; directive: TimeoutDirective }): void {
  const { scope, directive } = work;
  const [argument] = node.arguments;
  if (!argument || unknownReason(argument) !== undefined) return;
  const text = argument.text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced, plain) => {
    return scope.variables.get(braced ?? plain) ?? whole;
  });
  const common = {
    location: scope.location,
    readTimeoutSeconds: scope.timeouts.get(directive) ?? defaultNumber(`nginx.${directive}`, node.at),
    timeoutDirective: directive,
    websocket: scope.websocket,
    at: node.at,
  };
  for (const to of targetsOf(text, scope)) scope.routes.push({ ...common, to });
}

function targetsOf(text: string, scope: Scope): readonly ProxyTarget[] {
  const [, scheme = '', rest = ''] = /^(?:(\w+):\/\/)?(.*)$/s.exec(text) ?? [];
  const address = rest.startsWith('unix:') ? rest : (rest.split('/')[0] ?? '');
  const upstream = scope.upstreams.get(address);
  const servers = upstream
    ? upstream.flatMap(({ name, arguments: words }) => {
        const down = words.some((word) => word.text === 'down');
        const [server] = words;
        return name === 'server' && server && !down && unknownReason(server) === undefined ? [server.text] : [];
      })
    : [address];
  return servers.flatMap((server) => readAddress(server, scheme === 'https' ? 443 : 80) ?? []);
}

function readAddress(text: string, defaultPort: number): ProxyTarget | undefined {
  if (text.startsWith('unix:')) return { kind: 'socket', path: text.slice(5).replace(/^\/+/, '/').split(':')[0] ?? '' };
  const [, host, port] = /^(\[[\da-f:]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  return host === undefined ? undefined : { kind: 'host', host, port: port === undefined ? defaultPort : Number(port) };
}
