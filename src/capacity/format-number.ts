/** The locale of texts that are to be the same on every machine. */
export const standardLocale = 'en';

/** The canonical form of a locale that numbers can be formatted for (`zh-cn` -> `zh-CN`); undefined for another text. */
export function knownLocale(tag: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag)[0];
  } catch {
    return undefined;
  }
}

/** A number for people with at most three significant digits; large ones whole. */
export function formatNumber(value: number, locale: string): string {
  const digits = Math.abs(value) >= 1000 ? Math.ceil(Math.log10(Math.abs(value) + 1)) : 3;
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: Math.min(21, digits) }).format(value);
}

/** A number as exact as it is, with at most three decimals and in groups of digits. */
export function formatExact(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(value);
}

/** A number as exact as it is and without groups, which would look like a list of numbers in a formula. */
export function formatPlain(value: number, locale: string): string {
  if (locale === standardLocale) return String(value);
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 20, useGrouping: false }).format(value);
}

/** A load that the model found: two significant digits from 100 on, because it is not more exact than that. */
export function formatLoad(load: number, locale: string): string {
  const rounded = load < 100 ? Math.round(load * 10) / 10 : Number(load.toPrecision(2));
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(rounded);
}

/** A share of 1 as a percentage with at most one decimal. */
export function formatShare(share: number, locale: string): string {
  const text = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share);
  // English texts here write "80 %" as they write "80 ms".
  return new Intl.Locale(locale).language === 'en' ? text.replace('%', ' %') : text;
}

/** Milliseconds, from a second on as seconds, with at most three significant digits. */
export function formatTime(milliseconds: number, locale: string): string {
  if (milliseconds >= 1000) return `${formatNumber(milliseconds / 1000, locale)} s`;
  return `${formatNumber(milliseconds, locale)} ms`;
}

/**
 * A text with amounts in English ("1.5 GiB") with the numbers of another locale. For what comes ready-made from the
 * files: numbers without a unit may be versions, addresses or values to type, and stay.
 */
export function localizeAmounts(text: string, locale: string): string {
  if (locale === standardLocale) return text;
  return text.replace(/(?<![\w.,:/-])\d+(?:\.\d+)?(?= (?:[KMGT]iB|B|ms|s|min|h)(?!\w))/g, (number) =>
    formatPlain(Number(number), locale),
  );
}
