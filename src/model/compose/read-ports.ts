import type { Location } from '../../text/span.ts';
import type { ComposeService } from './compose-service.ts';
import { parseWhole } from './compose-units.ts';
import { type ConfigNode, type ConfigScalar, childOf, itemsOf } from './config-node.ts';
import { knownChild, knownText, textOf } from './config-text.ts';
import type { ServiceContext } from './read-setting.ts';

type Port = ComposeService['ports'][number];

/** Published ports; ranges give one entry for each port, and a container port that is not known is left out. */
export function readPorts(context: ServiceContext): readonly Port[] {
  const ports = new Map<string, Port>();
  for (const item of itemsOf(childOf(context.body, 'ports'))) {
    const specification = item.kind === 'scalar' ? splitShort(item) : readLong(item);
    for (const port of expand(specification)) {
      const { address, protocol, host } = specification;
      ports.set(`${address || '0.0.0.0'}:${port.host ?? host}:${port.container}/${protocol}`, port);
    }
  }
  return [...ports.values()];
}

/** Ports that `expose` names. */
export function readExpose(context: ServiceContext): readonly number[] {
  const texts = itemsOf(childOf(context.body, 'expose')).map((item) => knownText(item) ?? '');
  return [...new Set(texts.flatMap((text) => readRange(text.split('/')[0] ?? '')))];
}

interface PortSpecification {
  readonly address: string;
  readonly host: string;
  readonly container: string;
  readonly protocol: string;
  readonly at: Location;
}

/** `[[address:]host:]container[/protocol]`, where an unknown piece hides only its own part. */
function splitShort(item: ConfigScalar): PortSpecification {
  const { text } = textOf(item);
  const [ports = '', protocol = 'tcp'] = text.split('/');
  const [, before = '', container = ''] = /^(?:(.*):)?([^:]*)$/s.exec(ports) ?? [];
  const [, address = '', host = ''] = /^(?:(.*):)?([^:]*)$/s.exec(before) ?? [];
  return { address, host, container, protocol: protocol.toLowerCase(), at: item.at };
}

function readLong(item: ConfigNode): PortSpecification {
  return {
    address: knownChild(item, 'host_ip') ?? '',
    host: knownChild(item, 'published') ?? '',
    container: knownChild(item, 'target') ?? '',
    protocol: knownChild(item, 'protocol') ?? 'tcp',
    at: childOf(item, 'target')?.at ?? item.at,
  };
}

function expand({ host, container, at }: PortSpecification): readonly Port[] {
  const containers = readRange(container);
  const hosts = readRange(host);
  return containers.map((port, index) => ({
    container: port,
    host: hosts.length === containers.length ? hosts[index] : undefined,
    at,
  }));
}

/** `8000` or `8000-8010`; empty for other text. */
function readRange(text: string): readonly number[] {
  const [first, last = first] = text.split('-').map(parseWhole);
  if (first === undefined || last === undefined || last < first || last > 65_535) return [];
  const count = Math.min(last - first + 1, maximumRange);
  return Array.from({ length: count }, (_, index) => first + index);
}

const maximumRange = 1000;
