import { entryOf, mappingEntries } from '../../parse/yaml-read.ts';
import type { Edits } from '../fix.ts';
import type { Service } from '../stack.ts';
import { type ServiceSetting, setServiceSettings } from './set-service-setting.ts';

/** Limits as Compose writes them: memory `512M`, CPUs `2` or `0.5`. */
export interface LimitTexts {
  readonly memory?: string;
  readonly cpus?: string;
  readonly memoryReservation?: string;
}

/**
 * The form in which the service's limits are written: `deploy.resources` or the short keys (`mem_limit`, `cpus`). A
 * service without limits takes the form that all others of its file use, else `deploy`.
 */
export function limitForm(service: Service): 'deploy' | 'short' {
  const { pairs } = service.limits;
  if (pairs.some((pair) => pair.setting !== 'scale' && pair.deploy !== undefined)) return 'deploy';
  if (pairs.some((pair) => pair.setting !== 'scale' && pair.deploySectionExists)) return 'deploy';
  if (pairs.some((pair) => pair.setting !== 'scale' && pair.short !== undefined)) return 'short';
  const services = service.compose && entryOf(service.compose.root, 'services')?.value;
  const bodies = mappingEntries(services).map((entry) => entry.value);
  const short = bodies.some((body) => shortKeys.some((key) => entryOf(body, key) !== undefined));
  const deploy = bodies.some((body) => entryOf(entryOf(body, 'deploy')?.value, 'resources') !== undefined);
  return short && !deploy ? 'short' : 'deploy';
}

/** Writes limits of a service in the form it uses (Compose refuses both forms with different values). */
export function setServiceLimits(service: Service, limits: LimitTexts): Edits {
  const paths = limitPaths[limitForm(service)];
  const settings: ServiceSetting[] = [];
  if (limits.cpus !== undefined) settings.push({ path: paths.cpus, text: `'${limits.cpus}'` });
  if (limits.memory !== undefined) settings.push({ path: paths.memory, text: limits.memory });
  if (limits.memoryReservation !== undefined) {
    settings.push({ path: paths.memoryReservation, text: limits.memoryReservation });
  }
  return setServiceSettings(service, settings);
}

/** Where each limit stands in a service, in both forms. */
const limitPaths = {
  deploy: {
    memory: ['deploy', 'resources', 'limits', 'memory'],
    cpus: ['deploy', 'resources', 'limits', 'cpus'],
    memoryReservation: ['deploy', 'resources', 'reservations', 'memory'],
  },
  short: { memory: ['mem_limit'], cpus: ['cpus'], memoryReservation: ['mem_reservation'] },
} as const satisfies Record<string, Record<keyof LimitTexts, readonly string[]>>;

const shortKeys = ['mem_limit', 'cpus', 'mem_reservation'];
