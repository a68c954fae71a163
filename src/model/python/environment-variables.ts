import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import { known, unknown } from '../value.ts';
import { type Frame, widen } from './frame.ts';
import type { PythonData, PythonMap } from './python-data.ts';
import type { PythonValue } from './python-value.ts';

export interface VariableRead {
  /** Names that are tried in order. */
  readonly names: readonly string[];
  /** The reading expression. */
  readonly at: Location;
  /** The code's default, when it has one. */
  readonly fallback: PythonValue | undefined;
  /** What a file says that the reading library keeps beside the environment. */
  readonly file?: ReadonlyMap<string, PythonValue> | undefined;
}

/**
 * A variable of the process's environment: its value where it is set, else the code's default. The default is assumed
 * when the environment is not fully known. Only names of variables appear in reasons, never their values.
 */
export function readVariable(frame: Frame, read: VariableRead): PythonValue {
  const { environment, environmentWrites, environmentOverrides, absentReads, missingFiles } = frame.runtime;
  const name = read.names.at(-1) ?? '';
  for (const candidate of read.names) {
    const overridden = environmentOverrides.get(candidate);
    if (overridden) return overridden;
    const value = environment.variables.get(candidate);
    if (!value) continue;
    const hop: Hop = { at: read.at, says: `read from ${candidate}` };
    const trail = [hop, ...value.trail];
    return value.known ? { ...widen(value), trail } : unknown(`${candidate}: ${value.why}`, value.at, { trail });
  }
  for (const candidate of read.names) {
    const written = environmentWrites.get(candidate) ?? read.file?.get(candidate);
    if (written) return written;
  }
  const { fallback } = read;
  const absent = `${name} is not set in the files that were read`;
  if (fallback === undefined) return unknown(absent, read.at, { trail: [{ at: read.at, says: `read from ${name}` }] });
  const says = `${name} is not set: default in the code`;
  // A file that the code opens and the workspace lacks may say more: what the code would do without it is assumed.
  const isAssumed = !environment.complete || missingFiles.size > 0;
  const hop: Hop = { at: read.at, says, ...(isAssumed && { assumed: true }) };
  if (environment.complete || !fallback.known || fallback.value !== null)
    return { ...fallback, trail: [hop, ...fallback.trail] };
  const missing: PythonValue = unknown(absent, read.at, { trail: [hop] });
  absentReads.add(missing);
  return missing;
}

/** `os.environ` as a dict: `{**os.environ}`, `os.environ.copy()`. */
export function environmentMap(frame: Frame, at: Location): PythonMap {
  const { environment, environmentWrites, environmentOverrides, missingFiles } = frame.runtime;
  const names = new Set([...environment.variables.keys(), ...environmentWrites.keys(), ...environmentOverrides.keys()]);
  const entries = [...names].map(
    (name) => [name, readVariable(frame, { names: [name], at, fallback: undefined })] as const,
  );
  // What the image's own programs set is never listed.
  return {
    type: 'map',
    entries: new Map(entries),
    complete: environment.complete && missingFiles.size === 0,
    literal: undefined,
  };
}

/** Whether a variable is set: `'NAME' in os.environ`. */
export function hasVariable(frame: Frame, name: string, at: Location): PythonValue {
  const { environment, environmentWrites, environmentOverrides, missingFiles } = frame.runtime;
  const isSet = environment.variables.has(name) || environmentWrites.has(name) || environmentOverrides.has(name);
  if (isSet) return known<PythonData>(true, at);
  const says = `${name} is not set`;
  if (environment.complete)
    return known<PythonData>(false, at, missingFiles.size === 0 ? [] : [{ at, says, assumed: true }]);
  return unknown(`${name} is not set in the files that were read`, at);
}
