import type { SettingName } from '../capacity/capacity-plan.ts';
import type { StackSettings } from '../capacity/stack-settings.ts';
import type { Recommendation } from './recommendation.ts';

/**
 * The planned settings as far as edits can write them: what only somebody's hand can change stays as it is today, so that
 * a plan promises what its rows do.
 */
export function appliedSettings(
  planned: StackSettings,
  of: { readonly today: StackSettings; readonly recommendations: readonly Recommendation[] },
): StackSettings {
  const { today, recommendations } = of;
  const byHand = new Set<SettingName | undefined>(
    recommendations.filter(({ row }) => row.refused !== undefined).map(({ decides }) => decides),
  );
  const pick = <Name extends 'workers' | 'threads' | 'maxConnections' | 'workerTimeoutSeconds'>(name: Name) =>
    (byHand.has(name) ? today : planned)[name];
  const timeoutSeconds = planned.pool?.timeoutSeconds ?? null;
  return {
    ...planned,
    workers: pick('workers'),
    threads: pick('threads'),
    maxConnections: pick('maxConnections'),
    workerTimeoutSeconds: pick('workerTimeoutSeconds'),
    pool: byHand.has('poolSize') ? today.pool && { ...today.pool, timeoutSeconds } : planned.pool,
  };
}
