import { readNumber } from '../mapped-value.ts';
import { known, unknown, type Value, withHop } from '../value.ts';

/** Reads a setting as a number; `read` gives undefined for what the server would not take. */
export function toNumber(
  value: Value<string>,
  as: { readonly name: string; readonly read?: (text: string) => number | undefined },
): Value<number> {
  if (!value.known) return { ...unknown<number>(value.why, value.at), trail: value.trail };
  const number = (as.read ?? readWhole)(value.value);
  if (number === undefined) return unknown(`${as.name} is not a number`, value.at, { trail: value.trail });
  const result = known(number, value.at, value.trail);
  return value.trail.length > 0 ? result : withHop(result, { at: value.at, says: `${as.name} of the server` });
}

/** Reads a switch; what the server would not take is unknown. */
export function toSwitch(value: Value<string>, read: (text: string) => boolean | undefined): Value<boolean> {
  if (!value.known) return { ...unknown<boolean>(value.why, value.at), trail: value.trail };
  const on = read(value.value);
  return on === undefined ? unknown('it is not a switch', value.at) : known(on, value.at, value.trail);
}

/** MySQL's whole numbers: `512M`, `1G`, units of 1024 (mysys/my_getopt.c). */
export function readMysqlNumber(text: string): number | undefined {
  const match = /^\s*\+?(\d+)([kmgtpe]?)\s*$/i.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * 1024 ** ' kmgtpe'.indexOf((match[2] ?? '').toLowerCase() || ' ');
}

/** MySQL's switches: ON, TRUE and 1, OFF, FALSE and 0 in any case. */
export function readMysqlSwitch(text: string): boolean | undefined {
  if (/^(on|true|1)$/i.test(text.trim())) return true;
  return /^(off|false|0)$/i.test(text.trim()) ? false : undefined;
}

/** Bytes of a PostgreSQL setting; a number without a unit counts `unit` bytes. Units are case-sensitive, by 1024. */
export function readPostgresqlBytes(text: string, unit: number): number | undefined {
  const match = /^\s*(\d+(?:\.\d*)?|\.\d+)\s*(B|kB|MB|GB|TB)?\s*$/.exec(text);
  if (!match) return undefined;
  const factor = match[2] === undefined ? unit : 1024 ** ['B', 'kB', 'MB', 'GB', 'TB'].indexOf(match[2]);
  // The server keeps whole units of the setting.
  return Math.round((Number(match[1]) * factor) / unit) * unit;
}

/** Redis' amounts: `512mb` counts by 1024, `512m` by 1000 (src/util.c, memtoull). */
export function readRedisBytes(text: string): number | undefined {
  const match = /^(\d+)(b|k|kb|m|mb|g|gb)?$/i.exec(text.trim());
  if (!match) return undefined;
  const unit = (match[2] ?? 'b').toLowerCase();
  const power = 'bkmg'.indexOf(unit.charAt(0));
  return Number(match[1]) * (unit.length === 2 ? 1024 : 1000) ** power;
}

function readWhole(text: string): number | undefined {
  return readNumber(text, 'int');
}
