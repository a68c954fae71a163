import type { Location } from './span.ts';

/** One step of the way a value took: a place in a file, or a documented default of a program. */
export interface Hop {
  readonly at: Location | DefaultReference;
  /** What happened there, as a short phrase: "set in .env", "PostgreSQL's default", "merged from x-web". */
  readonly says: string;
  /** True when the step rests on an example file, or on a code default that a missing env_file may override. */
  readonly assumed?: true;
}

/** Points at an entry of the catalogue of documented defaults (capacity/defaults). */
export interface DefaultReference {
  readonly default: string;
}

/** True for a hop that names a documented default instead of a file. */
export function isDefaultHop(hop: Hop): hop is Hop & { readonly at: DefaultReference } {
  return 'default' in hop.at;
}
