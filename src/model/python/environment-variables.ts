import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import { unknown } from '../value.ts';
import { type Frame, widen } from './frame.ts';
import type { PythonValue } from './python-value.ts';

export interface VariableRead {
  /** Names that are tried in order. */
  readonly names: readonly string[];
  /** The reading expression. */
  readonly at: Location;
  /** The code's default, when it has one. */
  readonly fallback: PythonValue | undefined;
}

/**
 * A variable of the process's environment: its value where it is set, else the code's default. The default is assumed
 * when the environment is not fully known. Only names of variables appear in reasons, never their values.
 */
export function readVariable(frame: Frame, read: VariableRead): PythonValue {
  const { environment, environmentWrites, absentReads } = frame.runtime;
  const name = read.names.at(-1) ?? '';
  for (const candidate of read.names) {
    const value = environment.variables.get(candidate);
    if (!value) continue;
    const hop: Hop = { at: read.at, says: `read from ${candidate}` };
    const trail = [hop, ...value.trail];
    return value.known ? { ...widen(value), trail } : unknown(`${candidate}: ${value.why}`, value.at, { trail });
  }
  const written = read.names.map((candidate) => environmentWrites.get(candidate)).find((value) => value !== undefined);
  if (written) return written;
  const { fallback } = read;
  const absent = `${name} is not set in the files that were read`;
  if (fallback === undefined) return unknown(absent, read.at, { trail: [{ at: read.at, says: `read from ${name}` }] });
  const says = `${name} is not set: default in the code`;
  const hop: Hop = environment.complete ? { at: read.at, says } : { at: read.at, says, assumed: true };
  if (environment.complete || !fallback.known || fallback.value !== null)
    return { ...fallback, trail: [hop, ...fallback.trail] };
  const missing: PythonValue = unknown(absent, read.at, { trail: [hop] });
  absentReads.add(missing);
  return missing;
}
