import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import { type Edits, joinEdits } from '../model/fix.ts';
import { setServiceLimits } from '../model/fixes/service-limits.ts';
import type { Service } from '../model/stack.ts';
import { explain } from '../plan/explain.ts';
import { sizeMemory } from '../plan/memory-sizing.ts';
import { perFile } from '../plan/per-file.ts';
import { listNames } from '../text/wording.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'memory-limit-missing',
  on: 'project',
  severity: 'hint',
  severities: { production: 'information' },
  summary: 'Services run without a memory limit, so one of them can take the memory of all.',
  why: `A container without a memory limit may use the whole host. When one leaks, or one request loads a large file, the kernel looks for a victim on the host and may pick the database. With a limit only the container at fault is killed, and \`restart\` brings it back.

A limit also makes the other numbers mean something: how many workers fit, how large \`maxmemory\` or the buffer pool may be.

The fix writes amounts to start with: web workers x 256 MiB (Heroku's budget for a Python process; \`memory.perWorker\` in \`headroom.yaml\` replaces it) and task workers twice over, since a limit below the need kills the program; PostgreSQL 9.1 MiB for each connection it allows (Amazon's budget), at least 1 GiB; Redis its \`maxmemory\` and what it needs beside it. Look at \`docker stats\` under load before you deploy them.

It is one finding for each file and lists the services.`,
  references: [
    'Compose specification: deploy.resources.limits, mem_limit',
    'heroku-buildpack-python vendor/WEB_CONCURRENCY.sh: 256 MB for each process',
  ],
  messages: {
    missing: 'No memory limit: {names}. One of them can take the memory of the whole host; limit each.',
    limit: 'Limit {amounts} ({total} in all): compare with docker stats under load first',
    part: 'Limit {amounts} ({total} in all), leave {rest}: what they need is not known; compare with docker stats first',
    none: 'Limit {rest}',
    over: 'Limit {amounts}: {total} in all, more than the {host} of the host',
  },
  *check({ project }, { goal }) {
    const unlimited = project.services.filter(
      (service) =>
        service.active &&
        service.compose !== undefined &&
        service.role !== 'one-shot' &&
        service.limits.memoryBytes.known &&
        service.limits.memoryBytes.value === null,
    );
    for (const services of perFile(unlimited, (service) => service.at)) {
      const sizes = services.flatMap((service) => {
        const bytes = sizeMemory(service, { project, goal })?.value;
        return bytes === undefined ? [] : [{ service, bytes }];
      });
      const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
      const host = goal.host?.memoryBytes;
      const amounts = listNames(
        sizes.map(({ service, bytes }) => `${service.name} ${formatBytes(bytes)}`),
        6,
      );
      const unsized = services.filter((service) => !sizes.some((size) => size.service === service));
      const rest = listNames(unsized.map(({ name }) => name));
      yield {
        at: services[0].at,
        subject: services.map((service) => service.name).join(' '),
        message: {
          says: 'missing',
          with: {
            names: listNames(
              services.map((service) => service.name),
              6,
            ),
          },
        },
        ...(project.stage.name === 'production' && { case: 'production' as const }),
        trail: [
          ...explain('no memory limit', services[0].limits.memoryBytes),
          ...services.slice(1).map(({ name, at }) => ({ at, says: `${name}: no memory limit` })),
        ],
        fixes: () => [
          {
            title: {
              says:
                sizes.length === 0
                  ? 'none'
                  : host !== undefined && total > host
                    ? 'over'
                    : unsized.length > 0
                      ? 'part'
                      : 'limit',
              with: { amounts, total: formatBytes(total), host: formatBytes(host ?? 0), rest },
            },
            safety: 'review',
            edits: host !== undefined && total > host ? tooMuch : limitsOf(sizes),
          },
        ],
      };
    }
  },
});

const tooMuch: Edits = {
  refused: 'the host has less memory than these programs are counted with: measure them with docker stats',
};

function limitsOf(sizes: readonly { readonly service: Service; readonly bytes: number }[]): Edits {
  if (sizes.length === 0) return { refused: 'what these programs need is not known: measure it with docker stats' };
  return joinEdits(
    sizes.map(({ service, bytes }) => setServiceLimits(service, { memory: writeBytes(bytes).toUpperCase() })),
  );
}
