import type { Location } from '../../text/span.ts';
import type { Value } from '../value.ts';

/** One way on which a proxy passes requests on. */
export interface ProxyRoute {
  /** The location's pattern as written, "/" or "~ ^/api"; "server" for a pass outside of any location. */
  readonly location: string;
  readonly to: ProxyTarget;
  /** Longest gap between two reads of the answer, after which the client gets an error. */
  readonly readTimeoutSeconds: Value<number>;
  /** The directive that sets it. */
  readonly timeoutDirective: 'proxy_read_timeout' | 'uwsgi_read_timeout';
  /** True when the location asks for a protocol upgrade: its connections are meant to stay open. */
  readonly websocket: boolean;
  /** The directive that passes the request on. */
  readonly at: Location;
}

/** Where a proxy sends requests: a host and port, or a Unix socket. */
export type ProxyTarget =
  | { readonly kind: 'host'; readonly host: string; readonly port: number }
  | { readonly kind: 'socket'; readonly path: string };
