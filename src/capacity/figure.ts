import { formatBytes } from './bytes.ts';
import { type DefaultId, documentedDefaults } from './defaults.ts';
import { formatPlain, standardLocale } from './format-number.ts';

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

/** How a figure is written: the unit of its result (counts by default), and the locale of its numbers. */
export interface FigureStyle {
  readonly unit?: Unit;
  readonly locale?: string;
}

/** The formula with its numbers: `2 x 4 + 1 = 9`. */
export function explainFigure(
  { value, formula, inputs }: Figure<number | string>,
  { unit = 'count', locale = standardLocale }: FigureStyle = {},
): string {
  const numbers = formula.replace(/[a-z]\w*|\d+(?:\.\d+)?/gi, (word) => {
    if (/^\d/.test(word)) return formatPlain(Number(word), locale);
    const input = Object.hasOwn(inputs, word) ? inputs[word] : undefined;
    return input === undefined ? word : formatQuantity(input, { unit: unitOf(word), locale });
  });
  const result = typeof value === 'number' ? formatQuantity(value, { unit, locale }) : value;
  return numbers === result ? result : `${numbers} = ${result}`;
}

export type Unit = 'count' | 'bytes' | 'seconds';

/** A number with its unit; counts with at most two decimals. */
export function formatQuantity(value: number, { unit = 'count', locale = standardLocale }: FigureStyle = {}): string {
  if (unit === 'bytes') return formatBytes(value, locale);
  // Shares keep three digits: 0.0625 is not 0.06.
  const rounded = Math.abs(value) < 1 ? Number(value.toPrecision(3)) : Math.round(value * 100) / 100;
  const number = formatPlain(rounded, locale);
  return unit === 'seconds' ? `${number} s` : number;
}

/** Where a number of the catalogue is documented. */
export function sourceOf(id: DefaultId): string {
  return documentedDefaults[id].source;
}

function unitOf(name: string): Unit {
  if (/bytes$/i.test(name)) return 'bytes';
  return /seconds$/i.test(name) ? 'seconds' : 'count';
}
