import type { CapacityInputs } from '../capacity/capacity-inputs.ts';
import type { CapacityPlan, Place } from '../capacity/capacity-plan.ts';
import type { GivenSettings } from '../capacity/given-settings.ts';
import type { LoadTarget } from '../capacity/load-plan.ts';

/** A web server that can be planned: one of a project's services. */
export interface TargetChoice {
  /** Names the server among the workspace's: folder, project and service. */
  readonly id: string;
  /** As in "shop · production (compose.yaml + compose.prod.yaml): web". */
  readonly label: string;
}

/** What the user typed; everything else comes from the files. Survives a reload and makes a saved plan. */
export interface PanelState {
  readonly targetId: string | undefined;
  readonly given: Partial<CapacityInputs>;
  /** Settings of today that the files leave open, as the user knows them. */
  readonly settings: GivenSettings;
  /** Rows that the user took out of the plan, or put in, by their ids. */
  readonly chosen: Readonly<Record<string, boolean>>;
  readonly scenario: string;
  /** Null for the standard target of the inputs. */
  readonly target: LoadTarget | null;
}

/** The state of a panel in which nothing was typed. */
export const emptyState: PanelState = {
  targetId: undefined,
  given: {},
  settings: {},
  chosen: {},
  scenario: 'steady',
  target: null,
};

/** A plan with a name, kept in the workspace. */
export interface SavedPlan {
  readonly name: string;
  readonly state: PanelState;
}

/** From the extension to the page. */
export type ToPanel =
  | {
      readonly type: 'plan';
      /** The `revision` of the request that this answers; a page drops answers to older requests. */
      readonly revision: number;
      readonly plan: CapacityPlan;
      readonly targets: readonly TargetChoice[];
      readonly targetId: string | undefined;
      readonly savedPlans: readonly SavedPlan[];
      /** The language of the editor, for numbers. */
      readonly locale: string;
      /** True while no workspace file says anything: the values are typical ones. */
      readonly isTypical: boolean;
    }
  /** Files changed: the page asks again with its state. */
  | { readonly type: 'changed' }
  /** The state to start from: a saved plan, or the target that a CodeLens or a finding named. */
  | { readonly type: 'restore'; readonly state: PanelState }
  /** What became of an action, for the status line: "Copied". */
  | { readonly type: 'notice'; readonly text: string; readonly kind: 'done' | 'problem' };

/** From the page to the extension. Every message is checked before use (`readFromPanel`). */
export type FromPanel =
  | { readonly type: 'ready' }
  | { readonly type: 'plan'; readonly revision: number; readonly state: PanelState }
  | { readonly type: 'open'; readonly place: Place }
  /** Shows the page with the measured error of the model. */
  | { readonly type: 'validation' }
  | { readonly type: 'apply'; readonly state: PanelState; readonly rowIds: readonly string[] }
  | { readonly type: 'copy'; readonly state: PanelState }
  | { readonly type: 'export'; readonly state: PanelState; readonly format: 'json' | 'csv' | 'markdown' }
  | { readonly type: 'save'; readonly state: PanelState }
  | { readonly type: 'forget'; readonly name: string };
