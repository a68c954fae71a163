import type * as vscode from 'vscode';
import type { PanelState, SavedPlan } from '../panel/protocol.ts';
import { readState } from '../panel/read-message.ts';

/** Named plans of this workspace, kept by the editor beside its other workspace state. */
export interface SavedPlans {
  all(): readonly SavedPlan[];
  /** Keeps a plan; one of the same name is replaced. */
  save(name: string, state: PanelState): Promise<void>;
  forget(name: string): Promise<void>;
}

const key = 'headroom.plans';

/** Reads and writes the plans; entries that cannot be read (of another version) are left out. */
export function openSavedPlans(memento: vscode.Memento): SavedPlans {
  const all = () =>
    Object.entries(memento.get<Record<string, unknown>>(key, {})).flatMap(([name, data]) => {
      const state = readState(data);
      return state ? [{ name, state }] : [];
    });
  const write = async (plans: readonly SavedPlan[]) => {
    await memento.update(key, Object.fromEntries(plans.map(({ name, state }) => [name, state])));
  };
  return {
    all,
    save: (name, state) => write([...all().filter((plan) => plan.name !== name), { name, state }]),
    forget: (name) => write(all().filter((plan) => plan.name !== name)),
  };
}
