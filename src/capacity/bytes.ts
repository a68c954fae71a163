import { formatPlain, standardLocale } from './format-number.ts';

const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes for people, in units of 1024 with at most two decimals: `1.5 GiB`. */
export function formatBytes(bytes: number, locale: string = standardLocale): string {
  const exponent = Math.floor(Math.log2(Math.max(bytes, 1)) / 10);
  const round = (step: number) => Math.round((bytes / 1024 ** step) * 100) / 100;
  // One byte less than a GiB is 1 GiB as well, not 1024 MiB.
  const step = Math.min(round(exponent) < 1024 ? exponent : exponent + 1, steps.length - 1);
  return `${formatPlain(round(step), locale)} ${steps[step]}`;
}

/** Bytes as Compose and most servers write them, without loss: `1536m`, `2g`, `1000b`. */
export function writeBytes(bytes: number): string {
  const units = ['g', 'm', 'k'].map((unit, index) => ({ unit, size: 1024 ** (3 - index) }));
  const whole = units.find(({ size }) => bytes >= size && bytes % size === 0);
  return whole ? `${bytes / whole.size}${whole.unit}` : `${bytes}b`;
}
