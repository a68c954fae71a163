import type { Location } from '../../../text/span.ts';
import type { Pool, PoolFault, PoolLibrary } from '../../pool.ts';
import type { StoreEngine } from '../../stack.ts';
import { known, sum, unknown, type Value } from '../../value.ts';
import { type DatabaseUrl, parseDatabaseUrl, urlOf } from '../database-url.ts';
import { markedText } from '../python-text.ts';
import { asText, mapAlternatives, type PythonValue } from '../python-value.ts';
import type { Arguments } from './pool-setting.ts';

/** What a library family tells of a pool; the rest follows from it. */
export interface PoolParts {
  readonly library: PoolLibrary;
  readonly kind: Pool['kind'];
  readonly alias: string | undefined;
  readonly at: Location;
  readonly sizeName: string | undefined;
  readonly overflowName?: string;
  readonly size: Value<number>;
  readonly overflow?: Value<number>;
  readonly sizeWritten: boolean;
  readonly opensEagerly?: Value<number>;
  readonly timeoutSeconds: Value<number | null>;
  readonly recycleSeconds?: Value<number | null>;
  readonly prePing?: Value<boolean>;
  readonly engine: Value<StoreEngine>;
  readonly store: Value<string>;
  readonly async: boolean;
  readonly faults?: readonly PoolFault[];
  readonly keepAlive?: Value<number | null>;
}

/** Completes a pool: capacity is size + overflow; what a library does not have is unknown. */
export function makePool(parts: PoolParts): Pool {
  const { at } = parts;
  const overflow = parts.overflow ?? known(0, at);
  return {
    ...parts,
    overflowName: parts.overflowName,
    overflow,
    capacity: sum([parts.size, overflow], at),
    opensEagerly: parts.opensEagerly ?? known(0, at),
    recycleSeconds: parts.recycleSeconds ?? unknown('the library has no such setting', at),
    prePing: parts.prePing ?? unknown('the library has no such setting', at),
    faults: parts.faults ?? [],
    keepAlive: parts.keepAlive,
  };
}

/** The engine a URL names. */
export function engineOf(url: Value<DatabaseUrl>): Value<StoreEngine> {
  return mapAlternatives(url, (option) => ({ ...option, value: option.value.engine }));
}

/** The host name a URL names: what the store's service is called. */
export function hostOf(url: Value<DatabaseUrl>): Value<string> {
  return mapAlternatives(url, (option) => hostValue(option.value.host, option));
}

/** The host argument of a call, else the host of its URL or connection string, else the local machine. */
export function storeOf(
  args: Arguments,
  request: { readonly names: readonly string[]; readonly dsn?: PythonValue },
): Value<string> {
  const { object } = args;
  for (const name of request.names) {
    const value = object.keywords.get(name);
    if (value) return asText(value);
  }
  if (request.dsn) return hostOfConnectionString(request.dsn);
  return unknown(object.complete ? 'no host is given' : 'may be among arguments that the files do not show', object.at);
}

/** The host in a URL or in a "host=db dbname=app" string. */
function hostOfConnectionString(value: PythonValue): Value<string> {
  return mapAlternatives(value, (option) => {
    const text = markedText(option.value);
    // `mysql://` with a creator function: the URL names the driver and nothing else.
    if (text !== undefined && /^[\w+.-]+:\/\/\/?$/.test(text)) return hostValue(undefined, option);
    if (text !== undefined && !parseDatabaseUrl(text)) {
      const host = /(?:^|\s)host\s*=\s*'?([^\s']+)/.exec(text)?.[1];
      return hostValue(host ?? undefined, option);
    }
    return hostOf(urlOf(option));
  });
}

function hostValue(host: string | undefined, origin: { at: Location; trail: PythonValue['trail'] }): Value<string> {
  if (host === undefined || host.includes('\uFFFC'))
    return unknown('the host is not in the files that were read', origin.at, { trail: origin.trail });
  return known(host === '' ? 'localhost' : host, origin.at, origin.trail);
}
