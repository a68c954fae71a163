import { isBrokenCommandLine } from '../../parse/shell-words.ts';
import type { UnknownNote } from '../stack.ts';
import type { ComposeService } from './compose-service.ts';
import { type ConfigMapping, type ConfigNode, childOf, entriesOf, itemsOf, presentChild } from './config-node.ts';
import { knownChild, knownText } from './config-text.ts';
import { servicesOf } from './load-config.ts';

/** A project whose services are read. */
interface Checked {
  readonly root: ConfigMapping;
  readonly services: readonly ComposeService[];
  /** True when files are missing, so that names may be defined that are not known here. */
  readonly incomplete: boolean;
}

/** What Compose refuses in services that are well formed: names of nothing, cycles, settings that contradict. */
export function checkServices(checked: Checked): readonly UnknownNote[] {
  const { root, services, incomplete } = checked;
  const bodies = servicesOf(root);
  const active = services.filter((service) => service.active);
  const states = new Map(services.map((service) => [service.name, service.active] as const));
  return [
    ...services.flatMap((service) => checkCommands(service, bodies.get(service.name))),
    ...active.flatMap((service) => checkContradictions(service, bodies.get(service.name))),
    ...(incomplete
      ? []
      : active.flatMap((service) =>
          checkNames(service, { checked: { root, states }, body: bodies.get(service.name) }),
        )),
    ...findCycle(active),
  ];
}

function checkCommands(service: ComposeService, body: ConfigNode | undefined): readonly UnknownNote[] {
  return ['command', 'entrypoint'].flatMap((key) => {
    const node = childOf(body, key);
    const text = knownText(node);
    if (!node || text === undefined || !isBrokenCommandLine(text)) return [];
    return [
      { what: `services.${service.name}.${key}`, why: 'Compose cannot split this command into words', at: node.at },
    ];
  });
}

function checkContradictions(service: ComposeService, body: ConfigNode | undefined): readonly UnknownNote[] {
  const { name, at, limitPairs, replicas, networkMode } = service;
  const what = `services.${name}`;
  const notes: UnknownNote[] = limitPairs.flatMap((pair) => {
    const { short, deploy, deploySectionExists, shortName, deployName } = pair;
    const isSet = short?.known && (short.value !== 0 || pair.setting === 'scale');
    if (!isSet || !deploySectionExists || (deploy && !deploy.known) || deploy?.value === short.value) return [];
    return [{ what, why: `Compose refuses ${shortName} and ${deployName} with different values`, at: pair.at }];
  });
  if (presentChild(body, 'container_name') && replicas.known && replicas.value > 1) {
    notes.push({ what, why: 'Compose refuses container_name with several replicas', at: replicas.at });
  }
  const networks = childOf(body, 'networks');
  if (networkMode !== undefined && networks) {
    notes.push({ what, why: 'Compose refuses network_mode together with networks', at: networks.at });
  }
  const build = childOf(body, 'build');
  if (presentChild(build, 'dockerfile') && presentChild(build, 'dockerfile_inline')) {
    notes.push({ what, why: 'Compose refuses dockerfile together with dockerfile_inline', at });
  }
  return notes;
}

function checkNames(
  service: ComposeService,
  {
    checked,
    body,
  }: { checked: Pick<Checked, 'root'> & { states: ReadonlyMap<string, boolean> }; body: ConfigNode | undefined },
): readonly UnknownNote[] {
  const { root } = checked;
  const what = `services.${service.name}`;
  const dependencies = service.dependsOn.filter(({ service: name, required }) => {
    const active = checked.states.get(name);
    return active === undefined || (!active && required !== false);
  });
  const lacking = (section: string, names: readonly (string | undefined)[]): readonly string[] =>
    names
      .filter((name) => name !== undefined && !childEntryExists(root, { section, name }))
      .map((name) => `${section} ${name}`);
  const nameOfItem = (item: ConfigNode): string | undefined =>
    item.kind === 'mapping' ? knownChild(item, 'source') : knownText(item);
  const unknownNames = [
    ...dependencies.map(({ service: name }) => `service ${name}`),
    ...lacking(
      'networks',
      service.networks.filter((name) => name !== 'default'),
    ),
    ...lacking('volumes', itemsOf(childOf(body, 'volumes')).map(volumeName)),
    ...lacking('configs', itemsOf(childOf(body, 'configs')).map(nameOfItem)),
    ...lacking('secrets', itemsOf(childOf(body, 'secrets')).map(nameOfItem)),
  ];
  return unknownNames.map((name) => ({ what, why: `Compose finds no ${name.replace(/s /, ' ')}`, at: service.at }));
}

function childEntryExists(root: ConfigMapping, { section, name }: { section: string; name: string }): boolean {
  return entriesOf(childOf(root, section)).some(({ key }) => key === name);
}

/** The named volume of an item; undefined for a path, an anonymous volume and what is not known. */
function volumeName(item: ConfigNode): string | undefined {
  if (item.kind === 'mapping') {
    const source = knownChild(item, 'type') === 'volume' ? knownChild(item, 'source') : undefined;
    return source === '' ? undefined : source;
  }
  const name = /^([^:]+):./.exec(knownText(item) ?? '')?.[1];
  return name === undefined || /^[./~]/.test(name) || /^[A-Za-z]$/.test(name) ? undefined : name;
}

function findCycle(services: readonly ComposeService[]): readonly UnknownNote[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  // Services that depend on nothing left are taken away; what stays depends on itself.
  const left = new Set(byName.keys());
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const name of left)
      if (!byName.get(name)?.dependsOn.some(({ service }) => left.has(service))) left.delete(name);
  }
  const [first] = left;
  const service = first === undefined ? undefined : byName.get(first);
  if (!service) return [];
  return [
    {
      what: `services.${service.name}`,
      why: 'Compose refuses services that depend on each other in a circle',
      at: service.at,
    },
  ];
}
