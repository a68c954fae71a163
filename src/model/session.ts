import type { SourceText } from '../text/source-text.ts';

/** Keeps what was derived from a text for as long as that text lives; each host creates one. */
export interface Session {
  /** The cached result of `derive` for this text; `kind` tells the derivations of one text apart. */
  derive<T>(source: SourceText, derivation: Derivation<T>): T;
}

export interface Derivation<T> {
  readonly kind: string;
  readonly from: (text: string) => T;
}

/** Creates an empty session. */
export function createSession(): Session {
  const caches = new WeakMap<SourceText, Map<string, unknown>>();
  return {
    derive<T>(source: SourceText, derivation: Derivation<T>): T {
      const cache = caches.get(source) ?? new Map<string, unknown>();
      caches.set(source, cache);
      if (!cache.has(derivation.kind)) cache.set(derivation.kind, derivation.from(source.text));
      return cache.get(derivation.kind) as T;
    },
  };
}
