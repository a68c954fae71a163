import { type CapacityInputs, checkInputs, typicalInputs } from '../capacity/capacity-inputs.ts';
import type { Place } from '../capacity/capacity-plan.ts';
import { checkSetting, type GivenSettings, isGivenSetting } from '../capacity/given-settings.ts';
import type { LoadTarget } from '../capacity/load-plan.ts';
import type { FromPanel, PanelState } from './protocol.ts';

/** A message of the page, checked field by field; undefined for anything else, whoever sent it. */
export function readFromPanel(data: unknown): FromPanel | undefined {
  const message = asRecord(data);
  const state = readState(message?.state);
  switch (message?.type) {
    case 'ready':
    case 'validation':
      return { type: message.type };
    case 'open': {
      const place = readPlace(message.place);
      return place && { type: 'open', place };
    }
    case 'forget':
      return typeof message.name === 'string' ? { type: 'forget', name: message.name } : undefined;
    case 'plan':
      return state && isCount(message.revision) ? { type: 'plan', revision: message.revision, state } : undefined;
    case 'copy':
    case 'save':
      return state && { type: message.type, state };
    case 'apply': {
      const { rowIds } = message;
      const isList = Array.isArray(rowIds) && rowIds.every((id) => typeof id === 'string');
      return state && isList ? { type: 'apply', state, rowIds } : undefined;
    }
    case 'export': {
      const format = (['json', 'csv', 'markdown'] as const).find((one) => one === message.format);
      return state && format ? { type: 'export', state, format } : undefined;
    }
    default:
      return undefined;
  }
}

/** The state of a panel, as it comes from a page, a saved plan or an earlier session; undefined when it is none. */
export function readState(data: unknown): PanelState | undefined {
  const state = asRecord(data);
  const given = asRecord(state?.given);
  const chosen = asRecord(state?.chosen);
  const settings = readSettings(state?.settings);
  if (!state || !given || !chosen || !settings || typeof state.scenario !== 'string') return undefined;
  const known = Object.fromEntries(Object.entries(given).filter(([field]) => field in typicalInputs));
  const checked = checkInputs({ ...typicalInputs, ...known });
  if (!checked.ok) return undefined;
  const isChoice = Object.values(chosen).every((value) => typeof value === 'boolean');
  if (!isChoice || Object.keys(chosen).length > mostRows) return undefined;
  return {
    targetId: typeof state.targetId === 'string' ? state.targetId : undefined,
    given: known as Partial<CapacityInputs>,
    settings,
    chosen: chosen as Readonly<Record<string, boolean>>,
    scenario: state.scenario,
    target: readTarget(state.target),
  };
}

const mostRows = 1000;

/** Settings that can be used; none for a state that was saved before there were any. */
function readSettings(data: unknown): GivenSettings | undefined {
  if (data === undefined) return {};
  const settings = asRecord(data);
  const entries = Object.entries(settings ?? {}).filter(([name]) => isGivenSetting(name));
  const isUsable = entries.every(([name, value]) => isGivenSetting(name) && !checkSetting(name, value));
  return settings && isUsable ? Object.fromEntries(entries) : undefined;
}

function readTarget(data: unknown): LoadTarget | null {
  const target = asRecord(data);
  const { p95Seconds, errorShare } = target ?? {};
  if (typeof p95Seconds !== 'number' || typeof errorShare !== 'number') return null;
  return p95Seconds > 0 && p95Seconds < 3600 && errorShare >= 0 && errorShare <= 1 ? { p95Seconds, errorShare } : null;
}

function readPlace(data: unknown): Place | undefined {
  const { path, line, column } = asRecord(data) ?? {};
  return typeof path === 'string' && isCount(line) && isCount(column) ? { path, line, column } : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
