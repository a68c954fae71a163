import { checkSetting, type GivenSettingName, type GivenSettings, settingRanges } from '../capacity/given-settings.ts';
import { readSeconds } from '../engine/quantities.ts';
import { suggest } from './suggest.ts';
import { UsageError } from './terminal.ts';

/** The names of `--assume`: settings of today that the files may leave open. */
export const assumptionNames: Readonly<Record<GivenSettingName, string>> = {
  workers: 'workers',
  threads: 'threads',
  poolSize: 'pool-size',
  maxOverflow: 'max-overflow',
  poolTimeoutSeconds: 'pool-timeout',
  maxConnections: 'max-connections',
  workerTimeoutSeconds: 'worker-timeout',
  proxyTimeoutSeconds: 'proxy-timeout',
};

/** Reads `--assume workers=4`; throws a UsageError for a name or a value that cannot be used. */
export function readAssumptions(texts: readonly string[]): GivenSettings {
  return Object.fromEntries(texts.map(readAssumption));
}

function readAssumption(text: string): readonly [GivenSettingName, number] {
  const [word = '', value] = text.split(/=(.*)/s);
  const names = Object.keys(assumptionNames) as GivenSettingName[];
  const name = names.find((candidate) => assumptionNames[candidate] === word);
  if (name === undefined) {
    const known = Object.values(assumptionNames);
    throw new UsageError(`--assume takes ${known.join(', ')}, not "${word}"${suggest(word, known)}`);
  }
  const isTime = name.endsWith('Seconds');
  const number = isTime ? readSeconds(value ?? '') : /^\d+$/.test(value ?? '') ? Number(value) : undefined;
  if (number === undefined) {
    throw new UsageError(
      `--assume ${word} takes ${isTime ? 'a time, such as 30s' : 'a whole number'}, not "${value ?? ''}"`,
    );
  }
  if (checkSetting(name, number)) {
    const { least = 0, most } = settingRanges[name];
    throw new UsageError(`--assume ${word} takes ${least} to ${most}, not ${value}`);
  }
  return [name, number];
}
