/** Bytes of a Compose size: `512m`, `1.5 GiB`, `1024`; units count by 1024. Undefined for what Compose refuses. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d*\.?\d*) ?(?:([kmgtp])(?:i?b)?|b)?$/i.exec(text);
  if (!match || !/\d/.test(match[1] ?? '')) return undefined;
  const power = 'kmgtp'.indexOf((match[2] ?? '').toLowerCase() || '-') + 1;
  return Math.trunc(Number(match[1]) * 1024 ** power);
}

/** Seconds of a Compose duration: `90s`, `1m30s`, `1.5h`, `500ms`. Undefined for what Compose refuses. */
export function parseDurationSeconds(text: string): number | undefined {
  if (/^[-+]?0$/.test(text)) return 0;
  const parts = [...text.replace(/^\+/, '').matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w)/gy)];
  const length = parts.reduce((total, [part]) => total + part.length, 0);
  if (parts.length === 0 || length !== text.replace(/^\+/, '').length) return undefined;
  const milliseconds = parts.reduce(
    (total, [, size, unit]) => total + Number(size) * (unitMilliseconds.get(unit ?? '') ?? 0),
    0,
  );
  return milliseconds / 1000;
}

/** A decimal number as Go reads it; undefined for other text. */
export function parseDecimal(text: string): number | undefined {
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text) ? Number(text) : undefined;
}

/** A whole number as Go reads it; undefined for other text. */
export function parseWhole(text: string): number | undefined {
  return /^[-+]?\d+$/.test(text) ? Number(text) : undefined;
}

const unitMilliseconds: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);
