import { formatBytes } from '../capacity/bytes.ts';
import type { Unknown } from '../model/value.ts';
import type { SettingValue, StackSetting } from './stack-settings.ts';

/** A setting's value for people, with its unit; for an unknown one the reason and what can still be said. */
export function showSetting({ value, unit }: StackSetting): string {
  const show = (plain: SettingValue) => showPlain(plain, unit);
  return value.known ? show(value.value) : `unknown: ${value.why}${showBounds(value, show)}`;
}

function showBounds(value: Unknown<SettingValue>, show: (value: SettingValue) => string): string {
  const options = value.oneOf?.flatMap((option) => (option.known ? [show(option.value)] : []));
  if (options && options.length > 0) return ` (one of ${options.join(', ')})`;
  const parts = [
    ...(value.atLeast === undefined || value.atLeast === 0 ? [] : [`at least ${show(value.atLeast)}`]),
    ...(value.atMost === undefined ? [] : [`at most ${show(value.atMost)}`]),
  ];
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

function showPlain(value: SettingValue, unit: StackSetting['unit']): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value)) return 'unlimited';
  if (unit === 'bytes') return formatBytes(value);
  return unit === 'seconds' ? `${value} s` : String(value);
}
