import { formatBytes } from './bytes.ts';
import { type DefaultId, documentedDefaults } from './defaults.ts';

/** A result with the way it was computed. */
export interface Figure<T = number> {
  readonly value: T;
  /** The formula in the names of `inputs`: `2 x cpus + 1`. */
  readonly formula: string;
  /** Numbers by their names in the formula; names say the unit (`workerBytes`, `thinkSeconds`), others are counts. */
  readonly inputs: Readonly<Record<string, number>>;
  /** The document that gives the formula, or "Headroom's share: ..." where it is ours. */
  readonly source: string;
}

/** The formula with its numbers: `2 x 4 + 1 = 9`. */
export function explainFigure({ value, formula, inputs }: Figure<number | string>, unit: Unit = 'count'): string {
  const numbers = formula.replace(/[a-z]\w*/gi, (name) => {
    const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    return input === undefined ? name : formatQuantity(input, unitOf(name));
  });
  const result = typeof value === 'number' ? formatQuantity(value, unit) : value;
  return numbers === result ? result : `${numbers} = ${result}`;
}

export type Unit = 'count' | 'bytes' | 'seconds';

/** A number with its unit; counts with at most two decimals. */
export function formatQuantity(value: number, unit: Unit): string {
  if (unit === 'bytes') return formatBytes(value);
  // Shares keep three digits: 0.0625 is not 0.06.
  const rounded = Math.abs(value) < 1 ? Number(value.toPrecision(3)) : Math.round(value * 100) / 100;
  return unit === 'seconds' ? `${rounded} s` : String(rounded);
}

/** Where a number of the catalogue is documented. */
export function sourceOf(id: DefaultId): string {
  return documentedDefaults[id].source;
}

function unitOf(name: string): Unit {
  if (/bytes$/i.test(name)) return 'bytes';
  return /seconds$/i.test(name) ? 'seconds' : 'count';
}
