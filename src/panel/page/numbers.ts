import type { Phrase } from '../../capacity/bottleneck-sentence.ts';
import { formatBytes } from '../../capacity/bytes.ts';
import { explainFigure, type Figure, type FigureStyle, formatQuantity } from '../../capacity/figure.ts';
import * as format from '../../capacity/format-number.ts';

/** How a field shows its number: the unit beside it, and what one of it is in the unit of the inputs. */
export interface FieldUnit {
  readonly label: string;
  readonly factor: number;
}

const mebibyte = 2 ** 20;

/** Units of the fields. */
export const units = {
  count: { label: '', factor: 1 },
  gibibytes: { label: 'GiB', factor: 1024 * mebibyte },
  mebibytes: { label: 'MiB', factor: mebibyte },
  seconds: { label: 's', factor: 1 },
  milliseconds: { label: 'ms', factor: 0.001 },
  percent: { label: '%', factor: 0.01 },
} as const satisfies Readonly<Record<string, FieldUnit>>;

/** A number for people, in the editor's language, with at most three significant digits; large ones whole. */
export function formatNumber(value: number, locale: string): string {
  return format.formatNumber(value, localeOr(locale));
}

/** A share as a percentage with one decimal. */
export function formatShare(share: number, locale: string): string {
  return format.formatShare(share, localeOr(locale));
}

/** Milliseconds, from a second on as seconds. */
export function formatTime(milliseconds: number, locale: string): string {
  return format.formatTime(milliseconds, localeOr(locale));
}

/**
 * Several times in the unit of the longest: "0.66 / 1.8 / 2.2 s", with two significant digits, because the model is not
 * more exact than that. Number and unit stay on one line.
 */
export function formatTimes(milliseconds: readonly number[], locale: string): string {
  const [factor, unit] = Math.max(...milliseconds) >= 1000 ? [1000, 's'] : [1, 'ms'];
  const shown = milliseconds.map((time) => formatNumber(Number((time / factor).toPrecision(2)), locale));
  return `${shown.join(' / ')}\u00a0${unit}`;
}

/** A load that is carried, no more exact than the model is; small ones keep their digits. */
export function formatCarried(load: number, locale: string): string {
  return load < 1 ? formatNumber(load, locale) : format.formatLoad(load, localeOr(locale));
}

/** Bytes in units of 1024. */
export function formatMemory(bytes: number, locale: string): string {
  return bytes < 0 ? `-${formatMemory(-bytes, locale)}` : formatBytes(bytes, localeOr(locale));
}

/** A result of the plan with its unit. */
export function formatFigure({ value }: Figure<number | string>, style: Required<FigureStyle>): string {
  return typeof value === 'number' ? formatQuantity(value, { ...style, locale: localeOr(style.locale) }) : value;
}

/** The formula of a result with its numbers. */
export function explain(figure: Figure<number | string>, style: Required<FigureStyle>): string {
  return explainFigure(figure, { ...style, locale: localeOr(style.locale) });
}

/** What was typed, in the unit of the inputs; undefined for what is no number. A decimal comma counts as a point. */
export function readNumber(text: string, unit: FieldUnit): number | undefined {
  const plain = text.trim().replace(',', '.');
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return undefined;
  return Number(plain) * unit.factor;
}

/** A field's text for a number of the inputs: no grouping, at most four significant digits. */
export function fieldText(value: number, unit: FieldUnit): string {
  const shown = value / unit.factor;
  return String(Number.isInteger(shown) ? shown : Number(shown.toPrecision(4)));
}

/** Round steps up to at least `most`: 0, 10, 20 ... in steps of 1, 2 or 5 times a power of ten. */
export function axisTicks(most: number, count = 5): readonly number[] {
  const rough = Math.max(most, 1e-9) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks = Math.ceil(most / step - 1e-9);
  return Array.from({ length: Math.max(1, ticks) + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** The values of a sentence with its numbers as people of the editor's language write them. */
export function withNumbers(values: Phrase['with'], locale: string): Phrase['with'] {
  const shown = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'number' ? formatNumber(value, locale) : value,
  ]);
  return Object.fromEntries(shown);
}

/** English where the editor's language is none that numbers are written in. */
function localeOr(locale: string): string {
  return format.knownLocale(locale) ?? format.standardLocale;
}
