import { type Edits, joinEdits } from '../model/fix.ts';
import { type LimitTexts, setServiceLimits } from '../model/fixes/service-limits.ts';
import { type CommandOption, setCommandOptions } from '../model/fixes/set-command-option.ts';
import { setServiceSetting } from '../model/fixes/set-service-setting.ts';
import type { CommandLine, Service, Store } from '../model/stack.ts';
import { setStoreOptions } from './store-options.ts';

/**
 * What a recommendation changes. Changes of one command, store or service are written in one go, because each of them
 * alone would insert at the same place.
 */
export type PlanChange =
  | { readonly kind: 'command'; readonly command: CommandLine; readonly option: CommandOption }
  | {
      readonly kind: 'store';
      readonly store: Store;
      readonly service: Service;
      readonly options: readonly CommandOption[];
    }
  | { readonly kind: 'limits'; readonly service: Service; readonly limits: LimitTexts }
  | { readonly kind: 'service'; readonly service: Service; readonly path: readonly string[]; readonly text: string }
  | { readonly kind: 'edits'; readonly edits: Edits };

/** The edits of all changes together; refused when one of them is. */
export function editsOfChanges(changes: readonly PlanChange[]): Edits {
  return joinEdits([...groupChanges(changes).values()].map(writeGroup));
}

function groupChanges(changes: readonly PlanChange[]): Map<unknown, PlanChange[]> {
  const groups = new Map<unknown, PlanChange[]>();
  for (const change of changes) {
    const key = keyOf(change);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return groups;
}

function keyOf(change: PlanChange): unknown {
  switch (change.kind) {
    case 'command':
      return change.command;
    case 'store':
      return change.store;
    case 'limits':
      return change.service;
    default:
      return change;
  }
}

function writeGroup(changes: readonly PlanChange[]): Edits {
  const [first] = changes;
  switch (first?.kind) {
    case undefined:
      return { edits: [] };
    case 'command': {
      const options = changes.flatMap((change) => (change.kind === 'command' ? [change.option] : []));
      return setCommandOptions(first.command, options);
    }
    case 'store': {
      const options = changes.flatMap((change) => (change.kind === 'store' ? change.options : []));
      return setStoreOptions(first, options);
    }
    case 'limits': {
      const limits = changes.flatMap((change) => (change.kind === 'limits' ? [change.limits] : []));
      return setServiceLimits(first.service, Object.assign({}, ...limits));
    }
    case 'service':
      return setServiceSetting(first.service, first.path, first.text);
    case 'edits':
      return first.edits;
  }
}
