import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import { joinEdits } from '../model/fix.ts';
import { setServiceLimits } from '../model/fixes/service-limits.ts';
import type { Project } from '../model/stack.ts';
import type { Known } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import type { Goal } from '../plan/goal.ts';
import { type HostLimit, hostLimits } from '../plan/host-limits.ts';
import { sizeMemory } from '../plan/memory-sizing.ts';
import { listNames } from '../text/wording.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'limits-exceed-host',
  on: 'project',
  severity: 'warning',
  severities: { cpus: 'hint' },
  summary: 'The limits of all containers add up to more than the host has.',
  why: `A memory limit is a promise that the host can keep only while the limits of all containers together fit into its memory. When they do not, containers that stay below their own limits can still fill the host, and then the kernel picks its victim among all of them, often the database, as if there were no limits.

The rule adds up memory limit x replicas of every active service of the project and compares the sum with \`host.memory\` of \`headroom.yaml\`. It needs that figure: without it nobody knows the host. Services without a limit come on top and are not counted here.

CPU limits may add up to more than the host has: idle containers leave their share to the others. It is a hint, because under load nobody gets what the limit says.`,
  references: [
    'Compose specification, deploy: resources.limits',
    'Docker documentation: runtime options with memory, CPUs',
  ],
  messages: {
    memory:
      'The memory limits add up to {total}, more than the {host} of the host: {names}. When all are used, the kernel kills any of them.',
    cpus: 'The CPU limits add up to {total}, more than the {host} CPUs of the host: {names}. Under load nobody gets that much.',
    lower: 'Lower {amounts}: {total} in all; compare with docker stats first',
  },
  *check({ project }, { goal }) {
    const host = goal.host;
    const place = goal.hostAt ? [{ at: goal.hostAt, says: 'the host' }] : [];
    const memory = hostLimits(project, 'memoryBytes');
    const [largest] = memory.limits;
    if (host?.memoryBytes !== undefined && largest && memory.total > host.memoryBytes) {
      yield {
        at: largest.limit.at,
        subject: 'memory',
        message: {
          says: 'memory',
          with: {
            total: formatBytes(memory.total),
            host: formatBytes(host.memoryBytes),
            names: describe(memory.limits, formatBytes),
          },
        },
        trail: [...memory.limits.flatMap((entry) => hopsOf(entry, formatBytes(entry.limit.value))), ...place],
        fixes: () => lowerLimits(project, { goal, memory, hostBytes: host.memoryBytes ?? 0 }),
      };
    }
    const cpus = hostLimits(project, 'cpus');
    const [most] = cpus.limits;
    if (host?.cpus === undefined || !most || cpus.total <= host.cpus) return;
    yield {
      at: most.limit.at,
      subject: 'cpus',
      case: 'cpus',
      message: { says: 'cpus', with: { total: cpus.total, host: host.cpus, names: describe(cpus.limits, String) } },
      trail: [...cpus.limits.flatMap((entry) => hopsOf(entry, String(entry.limit.value))), ...place],
      fixes: () => [],
    };
  },
});

function describe(limits: readonly HostLimit[], format: (amount: number) => string): string {
  return listNames(
    limits.map(({ service, replicas, limit }) => {
      const times = replicas === 1 ? '' : `${replicas} x `;
      return `${service.name} ${times}${format(limit.value)}`;
    }),
    6,
  );
}

function hopsOf({ service, limit, replicas }: HostLimit, amount: string) {
  const known: Known<number> = limit;
  return explain(`${service.name}: ${amount}${replicas === 1 ? '' : ` x ${replicas} replicas`}`, known);
}

/** Lowers the limits that are above what their services are sized for, where that makes all of them fit. */
function lowerLimits(
  project: Project,
  of: { readonly goal: Goal; readonly memory: ReturnType<typeof hostLimits>; readonly hostBytes: number },
) {
  const lowered = of.memory.limits.flatMap(({ service, limit, replicas }) => {
    const bytes = sizeMemory(service, { project, goal: of.goal })?.value;
    return bytes !== undefined && bytes < limit.value
      ? [{ service, bytes, saved: (limit.value - bytes) * replicas }]
      : [];
  });
  const total = of.memory.total - lowered.reduce((sum, { saved }) => sum + saved, 0);
  if (lowered.length === 0 || total > of.hostBytes) return [];
  const amounts = listNames(lowered.map(({ service, bytes }) => `${service.name} to ${formatBytes(bytes)}`));
  return [
    {
      title: { says: 'lower' as const, with: { amounts, total: formatBytes(total) } },
      safety: 'review' as const,
      edits: joinEdits(
        lowered.map(({ service, bytes }) => setServiceLimits(service, { memory: writeBytes(bytes).toUpperCase() })),
      ),
    },
  ];
}
