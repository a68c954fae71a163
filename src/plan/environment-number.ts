import type { EnvironmentRead } from '../model/code-facts.ts';

/** True for variables that size something: pools, workers, limits, timeouts. */
export function isWorkForCapacity(name: string): boolean {
  return /(^|_)(WORKERS?|THREADS?|POOL|CONNECTIONS?|CONNS?|CONCURRENCY|OVERFLOW|RECYCLE|TIMEOUT|KEEPALIVE|KEEP_ALIVE|EXPIRY|SIZE|LIMIT|MAX|MIN|AGE|TTL|REPLICAS|PROCESSES|PREFETCH|RATE|BATCH|MEMORY|CPUS?|JITTER|BACKLOG|RETRIES)(_|$)/i.test(
    name,
  );
}

/** True for a text that Python's `int` or `float` takes (surrounding blanks are allowed). */
export function isNumberFor(cast: 'int' | 'float', text: string): boolean {
  const digits = '\\d+(_\\d+)*';
  if (new RegExp(`^[-+]?${digits}$`).test(text)) return true;
  if (cast === 'int') return false;
  if (/^[-+]?(inf|infinity|nan)$/i.test(text)) return true;
  return new RegExp(`^[-+]?(${digits}\\.?(${digits})?|\\.${digits})(e[-+]?${digits})?$`, 'i').test(text);
}

/** True when the code around the conversion seems to look for an empty text: then nothing is said about one. */
export function mayTakeEmpty(read: EnvironmentRead): boolean {
  const { source, span } = read.at;
  const lineEnd = source.text.indexOf('\n', span.end);
  const around = source.text.slice(Math.max(0, span.start - 300), lineEnd === -1 ? undefined : lineEnd);
  return /\b(or|if|not)\b/.test(around);
}

/** The one number in a text such as `90s` or `20 connections`; undefined when there is none or more than one. */
export function numberIn(cast: 'int' | 'float', text: string): string | undefined {
  const found = text.match(/[-+]?\d+(?:\.\d+)?/g) ?? [];
  const [only] = found;
  return found.length === 1 && only !== undefined && isNumberFor(cast, only) ? only : undefined;
}
