import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { Pausable } from '../pausable.ts';
import type { ProgramDisk } from '../python/program-disk.ts';
import type { Session } from '../session.ts';
import type { Environment } from '../stack.ts';
import type { Value } from '../value.ts';
import type { Files } from '../workspace.ts';

/** What an earlier reading of the same code gave, with everything it looked at. */
interface Remembered<T> {
  readonly result: T;
  readonly environment: Environment;
  readonly paths: ReadonlySet<string>;
  readonly texts: ReadonlyMap<string, SourceText | undefined>;
  /** Paths that were asked for without being read. */
  readonly looked: ReadonlySet<string>;
  readonly variables: ReadonlyMap<string, Value<string> | undefined>;
  readonly namesListed: boolean;
  /** Where the program's own paths led. */
  readonly places: DiskReads;
}

interface DiskReads {
  readonly found: Map<string, string | undefined>;
  readonly paths: Map<string, string>;
  readonly keptOut: Map<string, boolean>;
  readonly mayExist: Map<string, boolean>;
}

export interface CodeRequest {
  /** Entry module and folders: what tells one program from another. */
  readonly key: string;
  readonly files: Files;
  readonly session: Session;
  readonly environment: Environment;
  readonly disk: ProgramDisk;
}

const mostRemembered = 48;
const pathsKey = 'paths';

interface PathSnapshot {
  /** The reading's own list of wanted files, which tells readings apart. */
  readonly reading: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
}

/**
 * Reads a program's code, or takes what an earlier reading gave when the same files and the same values of the variables
 * it read would give the same again. Evaluating a large program takes seconds and services share code: so this is what
 * keeps typing in a compose file cheap. Places of variables are moved to where they stand now.
 */
export function* rememberCode<T>(
  request: CodeRequest,
  compute: (tools: { files: Files; environment: Environment; disk: ProgramDisk }) => Pausable<T>,
): Pausable<T> {
  const { key, files, session, environment, disk } = request;
  const paths = snapshotPaths(request);
  const entries = (session.remembered.get(key) ?? []) as Remembered<T>[];
  for (const entry of entries) {
    const moved = entry.paths === paths && stillHolds(entry, request) ? moveVariables(entry, request) : undefined;
    if (!moved) continue;
    for (const path of entry.looked) files.exists(path);
    return moved.result;
  }
  const watched = watchFiles(files);
  const recorded = recordReads(environment);
  const places: DiskReads = { found: new Map(), paths: new Map(), keptOut: new Map(), mayExist: new Map() };
  const result = yield* compute({
    files: watched.files,
    environment: recorded.environment,
    disk: recordPlaces(disk, places),
  });
  // A reading that still waits for files is repeated anyway.
  if (files.wanted.size === 0) {
    const entry = {
      result,
      environment,
      paths,
      texts: watched.texts,
      looked: watched.looked,
      places,
      ...recorded.reads(),
    };
    const kept = (session.remembered.get(key) ?? []) as Remembered<T>[];
    session.remembered.set(key, [entry, ...kept].slice(0, mostRemembered));
  }
  return result;
}

/**
 * The paths of this reading, the same object while they are the same: hosts change their set in place. A new reading
 * begins by forgetting what can never hold again.
 */
function snapshotPaths({ files, session }: CodeRequest): ReadonlySet<string> {
  const last = session.remembered.get(pathsKey)?.[0] as PathSnapshot | undefined;
  if (last?.reading === files.wanted) return last.paths;
  const present = files.workspace.paths;
  const isSame = last?.paths.size === present.size && [...present].every((path) => last.paths.has(path));
  const paths = isSame ? last.paths : new Set(present);
  session.remembered.set(pathsKey, [{ reading: files.wanted, paths } satisfies PathSnapshot]);
  forgetOutdated({ files, session }, paths);
  return paths;
}

/** Drops what can never hold again: a changed text or list of paths is a new object. */
function forgetOutdated({ files, session }: Pick<CodeRequest, 'files' | 'session'>, paths: ReadonlySet<string>): void {
  for (const [key, entries] of session.remembered) {
    if (key === pathsKey) continue;
    const kept = (entries as readonly Remembered<unknown>[]).filter(
      (entry) =>
        entry.paths === paths && [...entry.texts].every(([path, text]) => files.workspace.texts.get(path) === text),
    );
    if (kept.length === 0) session.remembered.delete(key);
    else session.remembered.set(key, kept);
  }
}

function stillHolds(entry: Remembered<unknown>, request: CodeRequest): boolean {
  const { files, environment, disk } = request;
  for (const [path, found] of entry.places.found) if (disk.find(path) !== found) return false;
  for (const [path, own] of entry.places.paths) if (disk.pathOf(path) !== own) return false;
  for (const [path, kept] of entry.places.keptOut) if (disk.isKeptOut(path) !== kept) return false;
  for (const [path, may] of entry.places.mayExist) if (disk.mayExist(path) !== may) return false;
  if (entry.environment.complete !== environment.complete) return false;
  for (const [name, value] of entry.variables) {
    if (!sameValue(value, environment.variables.get(name))) return false;
  }
  if (entry.namesListed && !sameNames(entry.environment, environment)) return false;
  for (const [path, text] of entry.texts) if (files.read(path) !== text) return false;
  return true;
}

/** The same value, whatever its places. */
function sameValue(left: Value<string> | undefined, right: Value<string> | undefined): boolean {
  if (!left || !right) return left === right;
  if (!sameLength(left.trail, right.trail) || !sameLength(left.overridden, right.overridden)) return false;
  if (left.trail.some((hop, index) => hop.assumed !== right.trail[index]?.assumed)) return false;
  if (left.known || right.known) return left.known && right.known && left.value === right.value;
  const sameBounds = left.atLeast === right.atLeast && left.atMost === right.atMost;
  const sameReason = left.why === right.why && left.fromCpuCount === right.fromCpuCount;
  if (!sameBounds || !sameReason || !sameLength(left.oneOf, right.oneOf)) return false;
  return (left.oneOf ?? []).every((option, index) => sameValue(option, right.oneOf?.[index]));
}

function sameLength(left: readonly unknown[] | undefined, right: readonly unknown[] | undefined): boolean {
  return left?.length === right?.length;
}

function sameNames(left: Environment, right: Environment): boolean {
  return (
    left.variables.size === right.variables.size &&
    [...left.variables.keys()].every((name) => right.variables.has(name))
  );
}

function watchFiles(files: Files) {
  const texts = new Map<string, SourceText | undefined>();
  const looked = new Set<string>();
  const read = (path: string) => {
    const text = files.read(path);
    texts.set(path, text);
    return text;
  };
  const exists = (path: string) => {
    looked.add(path);
    return files.exists(path);
  };
  return { files: { ...files, read, exists }, texts, looked };
}

function recordPlaces(disk: ProgramDisk, { found, paths, keptOut, mayExist }: DiskReads): ProgramDisk {
  const recorded = <T>(look: (path: string) => T, answers: Map<string, T>) => {
    return (path: string) => {
      const answer = look(path);
      answers.set(path, answer);
      return answer;
    };
  };
  return {
    find: recorded(disk.find, found),
    pathOf: recorded(disk.pathOf, paths),
    isKeptOut: recorded(disk.isKeptOut, keptOut),
    mayExist: recorded(disk.mayExist, mayExist),
  };
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

/**
 * Puts the present places and hops of variables into a result that was made with the earlier ones; undefined when it
 * holds a place that cannot be moved for certain, such as a part of a variable's place.
 */
function moveVariables<T>(entry: Remembered<T>, { files, environment }: CodeRequest): { result: T } | undefined {
  const work: Moving = { places: new Map(), hops: new Map(), files, seen: new Map(), failed: false };
  for (const name of entry.variables.keys()) {
    const before = entry.environment.variables.get(name);
    const now = environment.variables.get(name);
    if (before && now) moveValue(work, before, now);
  }
  const isStill =
    [...work.places.values()].every(({ before, now }) => isSamePlace(before, now)) &&
    [...work.hops].every(([before, now]) => isSameHop(before, now));
  if (isStill) return work.failed ? undefined : { result: entry.result };
  const result = moveParts(entry.result, { work, depth: 0 }) as T;
  return work.failed ? undefined : { result };
}

interface Moving {
  readonly places: Map<string, { before: Location; now: Location }>;
  readonly hops: Map<Hop, Hop>;
  readonly files: Files;
  readonly seen: Map<object, unknown>;
  /** Set when two variables shared a place and part now, or when a place is found whose file has changed. */
  failed: boolean;
}

/** The two have as many hops and alternatives: `sameValue` has seen to it. */
function moveValue(work: Moving, before: Value<string>, now: Value<string>): void {
  if (before === now) return;
  movePlace(work, before.at, now.at);
  for (const [index, hop] of before.trail.entries()) moveHop(work, hop, now.trail[index]);
  for (const [index, hop] of before.overridden?.entries() ?? []) moveHop(work, hop, now.overridden?.[index]);
  if (before.known || now.known) return;
  for (const [index, option] of before.oneOf?.entries() ?? []) {
    const other = now.oneOf?.[index];
    if (other) moveValue(work, option, other);
  }
}

function movePlace(work: Moving, before: Location, now: Location): void {
  const known = work.places.get(keyOf(before));
  if (known && (known.before.source !== before.source || !isSamePlace(known.now, now))) work.failed = true;
  work.places.set(keyOf(before), { before, now });
}

function moveHop(work: Moving, before: Hop, now: Hop | undefined): void {
  if (!now || before === now) return;
  const known = work.hops.get(before);
  if (known && known !== now && !isSameHop(known, now)) work.failed = true;
  work.hops.set(before, now);
  if ('source' in before.at && 'source' in now.at) movePlace(work, before.at, now.at);
}

function isSameHop(left: Hop, right: Hop): boolean {
  if (left.says !== right.says) return false;
  if ('default' in left.at || 'default' in right.at)
    return 'default' in left.at && 'default' in right.at && left.at.default === right.at.default;
  return isSamePlace(left.at, right.at);
}

function isSamePlace(left: Location, right: Location): boolean {
  return left.source === right.source && left.span.start === right.span.start && left.span.end === right.span.end;
}

function keyOf({ source, span }: Location): string {
  return `${source.path}:${span.start}:${span.end}`;
}

const deepestResult = 60;

function moveParts(part: unknown, { work, depth }: { work: Moving; depth: number }): unknown {
  if (typeof part !== 'object' || part === null) return part;
  const moved = work.hops.get(part as Hop) ?? work.seen.get(part);
  if (moved !== undefined) return moved;
  if (isLocation(part)) return moveLocation(part, work);
  if (depth > deepestResult) work.failed = true;
  if ('lineStarts' in part || work.failed) return part;
  const move = (inner: unknown) => moveParts(inner, { work, depth: depth + 1 });
  const copy = Array.isArray(part)
    ? part.map(move)
    : part instanceof Map
      ? new Map([...part].map(([key, value]) => [key, move(value)]))
      : part instanceof Set
        ? new Set([...part].map(move))
        : Object.fromEntries(Object.entries(part).map(([key, value]) => [key, move(value)]));
  work.seen.set(part, copy);
  return copy;
}

function isLocation(part: object): part is Location {
  return 'source' in part && 'span' in part && Object.keys(part).length === 2;
}

function moveLocation(at: Location, work: Moving): Location {
  const move = work.places.get(keyOf(at));
  if (move && move.before.source === at.source) return move.now;
  const isPart = [...work.places.values()].some(
    ({ before, now }) =>
      !isSamePlace(before, now) &&
      before.source === at.source &&
      before.span.start <= at.span.start &&
      at.span.end <= before.span.end,
  );
  if (isPart || work.files.workspace.texts.get(at.source.path) !== at.source) work.failed = true;
  return at;
}
