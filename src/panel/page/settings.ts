import type { SettingName } from '../../capacity/capacity-plan.ts';
import { type FieldUnit, units } from './numbers.ts';

/** The settings of today in reading order, as people call them. */
export const settingLabels: Readonly<Record<SettingName, string>> = {
  replicas: 'Replicas',
  workers: 'Workers',
  threads: 'Threads of each worker',
  poolSize: 'Pool size',
  maxOverflow: 'Pool overflow',
  poolTimeoutSeconds: 'Pool timeout',
  maxConnections: 'Connections the database takes',
  workerTimeoutSeconds: 'Worker timeout',
  proxyTimeoutSeconds: 'Proxy timeout',
};

/** The unit of a setting's number. */
export function unitOfSetting(name: SettingName): FieldUnit {
  return name.endsWith('Seconds') ? units.seconds : units.whole;
}
