import { formatBytes } from '../capacity/bytes.ts';
import { explainFigure, type Figure, type FigureStyle, formatQuantity } from '../capacity/figure.ts';
import {
  formatExact,
  formatLoad,
  formatShare,
  formatTime,
  localizeAmounts,
  standardLocale,
} from '../capacity/format-number.ts';

/**
 * How a report of a plan speaks: the locale of its numbers. Every sentence and every name of a report passes through
 * `say` as an English template, so that translated templates have one place to join.
 */
export interface PlanLanguage {
  /** A template with its `{names}` filled in; texts among the values may hold amounts with a unit. */
  readonly say: (template: string, values?: Readonly<Record<string, string | number>>) => string;
  /** A text that comes ready-made and may hold amounts with a unit. */
  readonly amounts: (text: string) => string;
  /** A number as exact as it is, in groups of digits. */
  readonly number: (value: number) => string;
  /** A load that the model found, as exact as the model. */
  readonly load: (value: number) => string;
  /** A share of 1 as a percentage. */
  readonly share: (value: number) => string;
  readonly time: (milliseconds: number) => string;
  readonly bytes: (bytes: number) => string;
  readonly quantity: (value: number, unit: NonNullable<FigureStyle['unit']>) => string;
  /** A figure's formula with its numbers and its result; empty where nothing is computed. */
  readonly explain: (figure: Figure<number | string>, unit?: NonNullable<FigureStyle['unit']>) => string;
}

/** The language of a locale that `knownLocale` gave; English without one, whatever the machine's own is. */
export function planLanguage(locale: string = standardLocale): PlanLanguage {
  const number = (value: number) => (Number.isFinite(value) ? formatExact(value, locale) : 'unlimited');
  return {
    say: (template, values = {}) =>
      template.replace(/\{(\w+)\}/g, (place, name: string) => {
        const value = Object.hasOwn(values, name) ? values[name] : undefined;
        if (value === undefined) return place;
        return typeof value === 'number' ? number(value) : localizeAmounts(value, locale);
      }),
    amounts: (text) => localizeAmounts(text, locale),
    number,
    load: (value) => formatLoad(value, locale),
    share: (value) => formatShare(value, locale),
    time: (milliseconds) => formatTime(milliseconds, locale),
    bytes: (bytes) => (bytes < 0 ? `-${formatBytes(-bytes, locale)}` : formatBytes(bytes, locale)),
    quantity: (value, unit) => formatQuantity(value, { unit, locale }),
    explain: (figure, unit = 'count') => {
      const isComputed = Object.keys(figure.inputs).length > 0 && figure.formula.includes(' ');
      const text = isComputed ? explainFigure(figure, { unit, locale }) : '';
      // "1.5 GiB, rounded up = 1.5 GiB" says nothing.
      return /^(.+), rounded (?:up|down) = \1$/.test(text) ? '' : text;
    },
  };
}
