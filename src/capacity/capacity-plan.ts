import type { Phrase } from './bottleneck-sentence.ts';
import type { CapacityInputs } from './capacity-inputs.ts';
import type { DefaultId } from './defaults.ts';
import type { Figure, Unit } from './figure.ts';
import type { OpenSetting } from './given-settings.ts';
import type { StackSizing } from './size-stack.ts';
import type { StackSettings } from './stack-settings.ts';

/**
 * Everything that a capacity plan says, as plain data that survives JSON: the command prints it, the panel shows it, and
 * `recommend` in `plan` turns its rows into edits. Load figures are added by `simulateLoads` and `carriedLoad`.
 */
export interface CapacityPlan {
  readonly project: PlannedProject | undefined;
  /** What the figures rest on. */
  readonly inputs: CapacityInputs;
  readonly origins: Readonly<Record<keyof CapacityInputs, Origin>>;
  readonly replaced: ReplacedInputs;
  /** The settings as they stand; undefined without a web server to read. Unknown ones hold what is assumed. */
  readonly today: StackSettings | undefined;
  readonly todayOrigins: Readonly<Partial<Record<SettingName, Origin>>>;
  /** Settings of today that the files leave open, stated by the user or not. */
  readonly openSettings: readonly OpenSetting[];
  readonly recommended: StackSizing;
  /** The settings with which the plan is simulated: what its rows write, and today's where a row has to be done by hand. */
  readonly planned: StackSettings;
  /** The same with the rows that have to be done by hand; undefined where they make no difference to the simulation. */
  readonly plannedByHand: StackSettings | undefined;
  readonly connections: readonly ServerConnections[];
  readonly rows: readonly PlanRow[];
}

/** What would stand in place of each input that the user typed. */
export type ReplacedInputs = {
  readonly [Field in keyof CapacityInputs]?: { readonly value: CapacityInputs[Field]; readonly origin: Origin };
};

export interface PlannedProject {
  readonly name: string;
  readonly stage: 'production' | 'development' | 'unknown';
  /** The service whose web server is planned, and its program: `backend`, `gunicorn`. */
  readonly service: string;
  readonly server: string;
  /** Services with other web servers that take from the same CPUs: "admin, api"; undefined without any. */
  readonly sharesCpusWith: string | undefined;
}

export type SettingName =
  | 'replicas'
  | 'workers'
  | 'threads'
  | 'poolSize'
  | 'maxOverflow'
  | 'poolTimeoutSeconds'
  | 'maxConnections'
  | 'workerTimeoutSeconds'
  | 'proxyTimeoutSeconds';

/** Where a value comes from. */
export type Origin =
  | { readonly kind: 'file'; readonly place: Place; readonly says: string }
  /** A documented default: program, version and source stand in the catalogue. */
  | { readonly kind: 'default'; readonly id: DefaultId; readonly place: Place | undefined }
  /** Nobody wrote it: an assumption of ours (`id`), or an example file that another may replace (`place`). */
  | { readonly kind: 'assumed'; readonly id?: DefaultId; readonly place?: Place; readonly says: string }
  /** Typed by the user: a flag, a field. */
  | { readonly kind: 'given' }
  /** The files cannot say; the value beside it is an assumption to be replaced. */
  | { readonly kind: 'unknown'; readonly why: string; readonly place: Place | undefined }
  /** Computed from other values. */
  | { readonly kind: 'computed'; readonly says: string };

/** A place of a file; line and column count from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** How a database server is used today and with the plan. */
export interface ServerConnections {
  readonly store: string;
  readonly engine: string;
  /** Connections that programs can use; undefined when the server's limit is not known. */
  readonly usable: number | undefined;
  /** The same with the plan. */
  readonly plannedUsable: number | undefined;
  /** From here on the server counts as nearly full. */
  readonly alertAt: number | undefined;
  readonly parts: readonly { readonly service: string; readonly today: number; readonly planned: number }[];
}

/** One setting to change. */
export interface PlanRow {
  /** Names the row among the rows of its plan, also after the inputs changed: `workers backend`. */
  readonly id: string;
  /** The setting as its file names it: `--workers`, `pool_size`. */
  readonly setting: string;
  /** Service, pool or store. */
  readonly subject: string;
  /** As people read it; undefined when nothing is set. */
  readonly today: string | undefined;
  readonly planned: string;
  /** Where it is written, or would be. */
  readonly place: Place | undefined;
  readonly reason: Phrase;
  readonly figure: Figure<number | string>;
  readonly unit: Unit;
  /** Part of the plan unless the user takes it out. */
  readonly selected: boolean;
  /** Why no edit can be made. */
  readonly refused: string | undefined;
  /** What the change needs to take effect, and of which service. */
  readonly needs: { readonly kind: 'rebuild' | 'restart'; readonly services: readonly string[] };
}
