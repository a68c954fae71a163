import { formatBytes } from '../capacity/bytes.ts';
import type { Figure } from '../capacity/figure.ts';
import { replaceNumber } from '../model/fixes/replace-text.ts';
import type { Pool } from '../model/pool.ts';
import { isDefault, type Known, knownValue } from '../model/value.ts';
import { formatDecimal, type HttpMemory, httpMemory } from './http-memory.ts';
import { plannedProcess } from './planned-project.ts';
import type { PlannedStack } from './planned-stack.ts';
import { poolConcurrency } from './pool-use.ts';
import type { Proposal } from './recommendation.ts';

/** Written bounds of the web server's HTTP pools that its container's memory, or the pool itself, cannot keep. */
export function recommendHttp(planned: PlannedStack): readonly Proposal[] {
  return planned.target.process.pools
    .filter(({ kind, perCall }) => kind === 'http' && !perCall)
    .flatMap((pool) => recommendPool(pool, planned));
}

function recommendPool(pool: Pool, planned: PlannedStack): readonly Proposal[] {
  const { size } = pool;
  if (!size.known || isDefault(size)) return [];
  const fitting = sizeInMemory(pool, planned);
  const most = fitting?.figure.value ?? size.value;
  const common = { services: [planned.target.service] };
  const { keepAlive } = pool;
  const kept = keepAlive && knownValue(keepAlive);
  return [
    ...(fitting
      ? [
          {
            ...common,
            setting: pool.sizeName ?? 'pool size',
            subject: pool.alias ?? pool.library,
            today: String(size.value),
            planned: String(most),
            reason: 'counted with {arithmetic} its connections take {total}, the container may use {limit}',
            values: fitting.values,
            figure: fitting.figure,
            at: size.at,
            change: { kind: 'edits' as const, edits: replaceNumber(size, most) },
          },
        ]
      : []),
    ...(keepAlive && typeof kept === 'number' && kept > most && !isDefault(keepAlive)
      ? [
          {
            ...common,
            setting: 'keep-alive connections',
            subject: pool.alias ?? pool.library,
            today: String(kept),
            planned: String(most),
            reason: 'more than the {most} connections that the pool may open can never be kept',
            values: { most },
            figure: keepAliveFigure(most),
            at: keepAlive.at,
            change: { kind: 'edits' as const, edits: replaceNumber(keepAlive as Known<number>, most) },
          },
        ]
      : []),
  ];
}

function keepAliveFigure(maxConnections: number): Figure {
  return {
    value: maxConnections,
    formula: 'maxConnections',
    inputs: { maxConnections },
    source: 'httpx and urllib3: kept connections are some of the open ones',
  };
}

interface Fitting {
  readonly figure: Figure;
  readonly values: Readonly<Record<string, string>>;
}

/** The connections that fit into the container's memory, where the pool may open more; undefined where it may not. */
function sizeInMemory(pool: Pool, planned: PlannedStack): Fitting | undefined {
  const { service } = planned.target;
  const process = plannedProcess(planned);
  const limit = knownValue(service.limits.memoryBytes);
  const size = knownValue(pool.size);
  if (!limit || size === undefined || !Number.isFinite(size)) return undefined;
  const usable = knownValue(poolConcurrency(pool, process)) ?? size;
  const memory: HttpMemory = httpMemory(planned.goal, {
    connections: Math.min(size, usable),
    processes: Math.max(1, knownValue(process.workers) ?? 1),
  });
  const figure = memory.connectionsIn(limit);
  if (memory.totalBytes <= limit || figure.value < 1) return undefined;
  return {
    figure,
    values: { arithmetic: memory.arithmetic, total: formatDecimal(memory.totalBytes), limit: formatBytes(limit) },
  };
}
