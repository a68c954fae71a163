import type { StackConfiguration } from '../../src/capacity/simulate-configuration.ts';

/** A small stack in which nothing waits; tests change what they are about. */
export const example: StackConfiguration = {
  web: { kind: 'threads', processes: 2, concurrency: 8, cpus: 2, backlog: 2048, timeoutSeconds: 30, restartSeconds: 1 },
  pool: { size: 8, overflow: 0, timeoutSeconds: 30, heldFor: 'request', connectSeconds: 0.005, connectCpuSeconds: 0 },
  database: { concurrency: 8, writers: 8, cpuShare: 0, cpus: null },
  request: {
    cpu: { kind: 'lognormal', meanSeconds: 0.02, variation: 0.5 },
    database: { kind: 'lognormal', meanSeconds: 0.05, variation: 1 },
    queries: 1,
    writeShare: 0.2,
    frontCpuSeconds: 0,
  },
  load: { kind: 'users', users: 10, think: { kind: 'exponential', meanSeconds: 1 } },
  proxyTimeoutSeconds: null,
};

/** Changes of the example, one level deep. */
export type Changes = { readonly [Part in keyof StackConfiguration]?: Partial<StackConfiguration[Part]> | null };

/** The example with changes: `stack({ web: { processes: 4 } })`. */
export function stack(changes: Changes): StackConfiguration {
  const parts = Object.entries(changes).map(([name, change]) => {
    const before = example[name as keyof StackConfiguration];
    const replaces = change === null || typeof change !== 'object' || 'kind' in change || before === null;
    return [name, name !== 'web' && replaces ? change : { ...(before as object), ...(change as object) }];
  });
  return { ...example, ...Object.fromEntries(parts) } as StackConfiguration;
}
