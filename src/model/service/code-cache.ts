import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { Session } from '../session.ts';
import type { Environment } from '../stack.ts';
import type { Value } from '../value.ts';
import type { Files } from '../workspace.ts';

/** What an earlier reading of the same code gave, with everything it looked at. */
interface Remembered<T> {
  readonly result: T;
  readonly environment: Environment;
  readonly paths: ReadonlySet<string>;
  readonly pathCount: number;
  readonly texts: ReadonlyMap<string, SourceText | undefined>;
  readonly variables: ReadonlyMap<string, Value<string> | undefined>;
  readonly namesListed: boolean;
}

export interface CodeRequest {
  /** Entry module and folders: what tells one program from another. */
  readonly key: string;
  readonly files: Files;
  readonly session: Session;
  readonly environment: Environment;
}

const mostRemembered = 48;

/**
 * Reads a program's code, or takes what an earlier reading gave when the same files and the same values of the variables
 * it read would give the same again. Evaluating a large program takes seconds and services share code: so this is what
 * keeps typing in a compose file cheap. Places of variables are moved to where they stand now.
 */
export function rememberCode<T>(
  request: CodeRequest,
  compute: (tools: { files: Files; environment: Environment }) => T,
): T {
  const { key, files, session, environment } = request;
  const entries = (session.remembered.get(key) ?? []) as Remembered<T>[];
  const match = entries.find((entry) => stillHolds(entry, request));
  if (match) return moveVariables(match, environment);
  const watched = watchFiles(files);
  const recorded = recordReads(environment);
  const result = compute({ files: watched.files, environment: recorded.environment });
  // A reading that still waits for files is repeated anyway.
  if (files.wanted.size === 0) {
    const entry = {
      result,
      environment,
      paths: files.workspace.paths,
      pathCount: files.workspace.paths.size,
      texts: watched.texts,
      ...recorded.reads(),
    };
    session.remembered.set(key, [entry, ...entries].slice(0, mostRemembered));
  }
  return result;
}

function stillHolds(entry: Remembered<unknown>, request: CodeRequest): boolean {
  const { files, environment } = request;
  if (entry.environment.complete !== environment.complete || !samePaths(entry, files.workspace.paths)) return false;
  for (const [name, value] of entry.variables) {
    if (!sameValue(value, environment.variables.get(name))) return false;
  }
  if (entry.namesListed && !sameNames(entry.environment, environment)) return false;
  for (const [path, text] of entry.texts) if (files.read(path) !== text) return false;
  return true;
}

function samePaths(entry: Remembered<unknown>, paths: ReadonlySet<string>): boolean {
  if (entry.pathCount !== paths.size) return false;
  return entry.paths === paths || [...paths].every((path) => entry.paths.has(path));
}

function sameValue(left: Value<string> | undefined, right: Value<string> | undefined): boolean {
  if (!left || !right) return left === right;
  if (left.trail.length !== right.trail.length) return false;
  return left.known && right.known ? left.value === right.value : !left.known && !right.known && left.why === right.why;
}

function sameNames(left: Environment, right: Environment): boolean {
  return (
    left.variables.size === right.variables.size &&
    [...left.variables.keys()].every((name) => right.variables.has(name))
  );
}

function watchFiles(files: Files): { files: Files; texts: Map<string, SourceText | undefined> } {
  const texts = new Map<string, SourceText | undefined>();
  const read = (path: string) => {
    const text = files.read(path);
    texts.set(path, text);
    return text;
  };
  return { files: { ...files, read }, texts };
}

/** The environment as seen by the code, remembering which variables it asks for. */
function recordReads(environment: Environment) {
  const variables = new Map<string, Value<string> | undefined>();
  let namesListed = false;
  const source = environment.variables;
  const get = (name: string) => {
    variables.set(name, source.get(name));
    return source.get(name);
  };
  const listed = () => {
    namesListed = true;
    for (const name of source.keys()) variables.set(name, source.get(name));
    return source;
  };
  const recording: ReadonlyMap<string, Value<string>> = {
    get,
    has: (name) => get(name) !== undefined,
    keys: () => {
      namesListed = true;
      return source.keys();
    },
    get size() {
      return listed().size;
    },
    values: () => listed().values(),
    entries: () => listed().entries(),
    forEach: (visit) => listed().forEach(visit),
    [Symbol.iterator]: () => listed()[Symbol.iterator](),
  };
  return { environment: { ...environment, variables: recording }, reads: () => ({ variables, namesListed }) };
}

/** Puts the present places and hops of variables into a result that was made with the earlier ones. */
function moveVariables<T>(entry: Remembered<T>, environment: Environment): T {
  const places = new Map<Location, Location>();
  const hops = new Map<Hop, Hop>();
  for (const name of entry.variables.keys()) {
    const before = entry.environment.variables.get(name);
    const now = environment.variables.get(name);
    if (!before || !now || before === now) continue;
    places.set(before.at, now.at);
    for (const [index, hop] of before.trail.entries()) hops.set(hop, now.trail[index] ?? hop);
  }
  return places.size === 0
    ? entry.result
    : (replaceParts(entry.result, { places, hops, seen: new Map(), depth: 0 }) as T);
}

interface Replacing {
  readonly places: ReadonlyMap<Location, Location>;
  readonly hops: ReadonlyMap<Hop, Hop>;
  readonly seen: Map<object, unknown>;
  readonly depth: number;
}

function replaceParts(part: unknown, work: Replacing): unknown {
  if (typeof part !== 'object' || part === null || work.depth > 40 || 'lineStarts' in part) return part;
  const moved = work.places.get(part as Location) ?? work.hops.get(part as Hop) ?? work.seen.get(part);
  if (moved !== undefined) return moved;
  const inner = { ...work, depth: work.depth + 1 };
  const copy = Array.isArray(part)
    ? part.map((item) => replaceParts(item, inner))
    : part instanceof Map
      ? new Map([...part].map(([key, value]) => [key, replaceParts(value, inner)]))
      : part instanceof Set
        ? part
        : Object.fromEntries(Object.entries(part).map(([key, value]) => [key, replaceParts(value, inner)]));
  work.seen.set(part, copy);
  return copy;
}
