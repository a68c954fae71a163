import type { Phrase } from '../../capacity/bottleneck-sentence.ts';
import { formatBytes } from '../../capacity/bytes.ts';
import { explainFigure, type Figure, type FigureStyle, formatQuantity } from '../../capacity/figure.ts';
import * as format from '../../capacity/format-number.ts';

/** How a field shows its number: the unit beside it, and what one of it is in the unit of the inputs. */
export interface FieldUnit {
  readonly label: string;
  readonly factor: number;
  /** Nobody has a part of one. */
  readonly whole?: true;
  /** What may be typed after a number, and what one of it is in the unit of the inputs. */
  readonly typed?: Readonly<Record<string, number>>;
}

const mebibyte = 2 ** 20;

/** As Compose reads them: each in steps of 1024. */
const typedBytes = Object.fromEntries(
  ['k', 'm', 'g', 't'].flatMap((letter, index) =>
    ['', 'b', 'ib'].map((end) => [`${letter}${end}`, 1024 ** (index + 1)] as const),
  ),
);
const typedTimes = { ms: 0.001, s: 1, min: 60, h: 3600 };

/** Units of the fields. */
export const units = {
  count: { label: '', factor: 1 },
  whole: { label: '', factor: 1, whole: true },
  gibibytes: { label: 'GiB', factor: 1024 * mebibyte, typed: typedBytes },
  mebibytes: { label: 'MiB', factor: mebibyte, typed: typedBytes },
  seconds: { label: 's', factor: 1, typed: typedTimes },
  milliseconds: { label: 'ms', factor: 0.001, typed: typedTimes },
  percent: { label: '%', factor: 0.01, typed: { '%': 0.01 } },
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

/** The numbers of an axis of times, all in the unit of the longest. */
export function timeTicks(milliseconds: readonly number[], locale: string): readonly string[] {
  const [factor, unit] = Math.max(...milliseconds) >= 1000 ? [1000, 's'] : [1, 'ms'];
  return milliseconds.map((time) => (time === 0 ? '0' : `${formatNumber(time / factor, locale)} ${unit}`));
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

/** What was typed: a number in the unit of the inputs, or two that it could be; neither for a text that is none. */
export interface ReadNumber {
  readonly number?: number;
  readonly either?: readonly [string, string];
}

/**
 * Reads what was typed; a unit after it counts ("512 MiB"). Full-width digits are digits, a decimal comma is a point, and
 * spaces part thousands. A comma that could part them too, as in "1,000", is not guessed about.
 */
export function readNumber(text: string, unit: FieldUnit): ReadNumber {
  const [, amount = '', name = ''] =
    /^([-+]?[\d., ]*(?:e[-+]?\d+)?)\s*([a-z%]*)$/i.exec(text.normalize('NFKC').trim()) ?? [];
  const factor = name === '' ? unit.factor : unit.typed?.[name.toLowerCase()];
  if (factor === undefined) return {};
  const plain = amount
    .trim()
    .replace(/(?<=\d) (?=\d{3}(?!\d))/g, '')
    .replace(/^([-+]?\d{1,3})((?:,\d{3}){2,}|(?:\.\d{3}){2,})$/, (_, first, rest) => first + rest.replace(/[,.]/g, ''));
  // Where nobody has a part of one, the point of "1.000" is none between one and its parts, either.
  const isEither = (unit.whole ? /^[1-9]\d{0,2}[,.]\d{3}$/ : /^[1-9]\d{0,2},\d{3}$/).test(plain);
  if (isEither) return { either: [String(Number(plain.replace(',', '.'))), plain.replace(/[,.]/, '')] };
  const decimal = plain.replace(',', '.');
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(decimal) ? { number: Number(decimal) * factor } : {};
}

/** A field's text for a number of the inputs: no grouping, at most four significant digits. */
export function fieldText(value: number, unit: FieldUnit): string {
  const shown = value / unit.factor;
  return String(Number.isInteger(shown) ? shown : Number(shown.toPrecision(4)));
}

/** A number of the inputs with its unit, in the unit that suits it: "1 MiB" in a field of GiB. */
export function withUnit(value: number, unit: FieldUnit): string {
  if (unit.typed === typedBytes) return formatBytes(value);
  if (unit === units.milliseconds && value >= 1) return `${value} s`;
  return `${fieldText(value, unit)} ${unit.label}`.trim();
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
