import type { Location } from '../text/span.ts';

/** What the team wants the stack to carry and what machine it has, as `headroom.yaml` states it. */
export interface Goal {
  readonly load: Load | undefined;
  /** Where `headroom.yaml` states the load. */
  readonly loadAt?: Location;
  readonly host: Host | undefined;
  /** Where `headroom.yaml` states the machine. */
  readonly hostAt?: Location;
  readonly memory: MemoryFigures | undefined;
  /** Where `headroom.yaml` states memory figures. */
  readonly memoryAt?: Location;
}

/** People and the pace of their requests. */
export interface Load {
  /** People using the application at once. */
  readonly users: number;
  /** Seconds between a reply and the same user's next request. */
  readonly thinkSeconds: number;
  /** Seconds a request takes when nothing waits. */
  readonly responseSeconds: number;
  /** The part of it that the web server computes; undefined where nobody has measured it. */
  readonly cpuSeconds?: number | undefined;
  /** The part of it that the database computes; undefined where nobody has measured it. */
  readonly databaseCpuSeconds?: number | undefined;
}

/** The machine the stack runs on; undefined where `headroom.yaml` does not say. */
export interface Host {
  readonly cpus: number | undefined;
  readonly memoryBytes: number | undefined;
  /** True when the database, cache and workers share the host with the web server. */
  readonly shared: boolean;
  /** Share of its memory for the databases; undefined for the usual one. */
  readonly databaseMemoryShare?: number;
}

/** Memory figures that the team measured. */
export interface MemoryFigures {
  /** Bytes one web worker process takes. */
  readonly perWorkerBytes: number | undefined;
  /** Bytes the process takes before it opens HTTP connections. */
  readonly baseBytes: number | undefined;
  /** Bytes each pooled HTTP connection takes. */
  readonly perConnectionBytes: number | undefined;
}

/** Users that an unconfigured project is judged against, always as information and never as a warning. */
export const suggestedUsers = 50;

/** A goal that states nothing. */
export const noGoal: Goal = { load: undefined, host: undefined, memory: undefined };
