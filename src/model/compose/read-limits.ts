import type { LimitPair, ServiceLimits } from '../stack.ts';
import { mapValue, unknown, type Value } from '../value.ts';
import { parseDecimal, parseWhole } from './compose-units.ts';
import { type ConfigNode, childOf, descendantOf } from './config-node.ts';
import { knownText } from './config-text.ts';
import { defaultValue, parsedValue, type ServiceContext, settledValue, sizeValue } from './read-setting.ts';

/** The service's limits and reservations, with both forms of those that Compose knows in two. */
export function readLimits(context: ServiceContext): ServiceLimits {
  const pairs = forms.flatMap((form) => readPair(context, form) ?? []);
  const find = (setting: LimitPair['setting']): LimitPair | undefined => pairs.find((pair) => pair.setting === setting);
  return {
    memoryBytes: effectiveLimit(context, find('memory')),
    cpus: find('cpus')
      ? effectiveLimit(context, find('cpus'))
      : (readQuota(context) ?? effectiveLimit(context, undefined)),
    memoryReservationBytes: effectiveLimit(context, find('memoryReservation')),
    pairs,
  };
}

/** How many containers the service runs. */
export function readReplicas(context: ServiceContext, limits: ServiceLimits): Value<number> {
  const pair = limits.pairs.find((candidate) => candidate.setting === 'scale');
  const mode = descendantOf(context.body, ['deploy', 'mode']);
  if (mode && knownText(mode) !== 'replicated') {
    return unknown('its deploy mode runs one container on each node', mode.at);
  }
  const written = pair?.short ?? pair?.deploy;
  return settledValue(context, written, () => defaultValue(1, 'compose.replicas', context.at));
}

interface LimitForm {
  readonly setting: LimitPair['setting'];
  readonly shortName: string;
  /** Keys from the service to the section that holds the long form, then the long form's own key. */
  readonly section: readonly string[];
  readonly key: string;
  readonly read: (node: ConfigNode | undefined) => Value<number> | undefined;
}

const limitSection = ['deploy', 'resources', 'limits'];
const reservationSection = ['deploy', 'resources', 'reservations'];

const forms: readonly LimitForm[] = [
  { setting: 'memory', shortName: 'mem_limit', section: limitSection, key: 'memory', read: sizeValue },
  {
    setting: 'cpus',
    shortName: 'cpus',
    section: limitSection,
    key: 'cpus',
    read: (node) => parsedValue(node, parseDecimal),
  },
  {
    setting: 'memoryReservation',
    shortName: 'mem_reservation',
    section: reservationSection,
    key: 'memory',
    read: sizeValue,
  },
  {
    setting: 'pids',
    shortName: 'pids_limit',
    section: limitSection,
    key: 'pids',
    read: (node) => parsedValue(node, parseWhole),
  },
  {
    setting: 'scale',
    shortName: 'scale',
    section: ['deploy'],
    key: 'replicas',
    read: (node) => parsedValue(node, parseWhole),
  },
];

function readPair({ body }: ServiceContext, form: LimitForm): LimitPair | undefined {
  const section = descendantOf(body, form.section);
  const shortNode = childOf(body, form.shortName);
  const deployNode = childOf(section, form.key);
  const short = form.read(shortNode);
  const deploy = form.read(deployNode);
  const written = shortNode ?? deployNode;
  if (!written || (!short && !deploy)) return undefined;
  return {
    setting: form.setting,
    shortName: form.shortName,
    deployName: [...form.section, form.key].join('.'),
    short,
    deploy,
    // Two numbers of replicas clash only where both are written; a limit clashes with a section that lacks it.
    deploySectionExists: form.setting === 'scale' ? deploy !== undefined : section?.kind === 'mapping',
    at: written.at,
  };
}

/** The long form wins when it sets a limit; zero sets none (docker compose pkg/compose/create.go). */
function effectiveLimit(context: ServiceContext, pair: LimitPair | undefined): Value<number | null> {
  const written = [pair?.deploy, pair?.short].filter((value) => value !== undefined);
  const setting = written.find((value) => !value.known || value.value !== 0);
  const zero = written[0];
  if (setting) return setting;
  if (zero?.known) return { ...zero, value: null };
  return settledValue(context, undefined, () => defaultValue<number | null>(null, 'compose.limits', context.at));
}

/** `cpu_quota` in microseconds of each `cpu_period` (100000 unless written); zero and less mean no limit. */
function readQuota({ body }: ServiceContext): Value<number | null> | undefined {
  const quota = parsedValue(childOf(body, 'cpu_quota'), parseWhole);
  if (!quota) return undefined;
  const period = parsedValue(childOf(body, 'cpu_period'), parseWhole);
  if (period && !period.known) return unknown(period.why, period.at);
  return mapValue(quota, (microseconds) => (microseconds > 0 ? microseconds / (period?.value || 100_000) : null));
}
