import { formatBytes } from '../capacity/bytes.ts';
import { documentedDefaults } from '../capacity/defaults.ts';
import type { Figure } from '../capacity/figure.ts';
import { sizeHttpConnections, sizeHttpMemory } from '../capacity/memory-sizing.ts';
import type { Goal } from './goal.ts';

/** Memory of the processes of a container when their HTTP pools are full. */
export interface HttpMemory {
  readonly totalBytes: number;
  /** What the processes take with no connection open. */
  readonly baseBytes: number;
  /** "200 MB + 300 x 50 KB". */
  readonly arithmetic: string;
  /** True when both figures stand in `headroom.yaml`. */
  readonly configured: boolean;
  /** Connections for each process that fit into so many bytes, in round tens. */
  readonly connectionsIn: (bytes: number) => Figure;
}

/** processes x (base + connections x memory per connection). */
export function httpMemory(goal: Goal, use: { connections: number; processes: number }): HttpMemory {
  const base = goal.memory?.baseBytes ?? documentedDefaults['headroom.http_base_bytes'].value;
  const each = goal.memory?.perConnectionBytes ?? documentedDefaults['headroom.http_connection_bytes'].value;
  const { connections, processes } = use;
  const inner = `${formatMeasured(base)} + ${connections} x ${formatMeasured(each)}`;
  return {
    totalBytes: sizeHttpMemory({ processes, baseBytes: base, connections, connectionBytes: each }).value,
    baseBytes: processes * base,
    arithmetic: processes === 1 ? inner : `${processes} x (${inner})`,
    configured: goal.memory?.baseBytes !== undefined && goal.memory.perConnectionBytes !== undefined,
    connectionsIn: (limitBytes) =>
      sizeHttpConnections({ limitBytes, processes, baseBytes: base, connectionBytes: each }),
  };
}

/** Bytes as people write measured figures: "200 MB", "50 KB"; units of 1024 when they are round in those. */
export function formatMeasured(bytes: number): string {
  return bytes % 1024 === 0 ? formatBytes(bytes) : formatDecimal(bytes);
}

/** Bytes in units of 1000 with at most one decimal: "268.4 MB". */
export function formatDecimal(bytes: number): string {
  if (bytes >= 1e6) return `${Math.round(bytes / 1e5) / 10} MB`;
  return bytes >= 1e3 ? `${Math.round(bytes / 100) / 10} KB` : `${bytes} B`;
}
