import { type Derivation, derive, type SourceText } from '../text/source-text.ts';

export type { Derivation } from '../text/source-text.ts';

/** What a host keeps from one reading to the next; the texts themselves carry what was derived from them. */
export interface Session {
  /** The cached result of `derivation` for this text. */
  derive<T>(source: SourceText, derivation: Derivation<T>): T;
  /** Results that rest on several files; who puts them here checks that they still hold. */
  readonly remembered: Map<string, readonly unknown[]>;
}

/** Creates an empty session. */
export function createSession(): Session {
  return { derive, remembered: new Map() };
}
