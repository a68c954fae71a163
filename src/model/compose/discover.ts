import { entryOf, resolveAlias } from '../../parse/yaml-read.ts';
import type { YamlNode } from '../../parse/yaml-tree.ts';
import type { Location } from '../../text/span.ts';
import { folderOf, joinPath, nameOf, resolveInside } from '../workspace.ts';
import { type ComposeFile, readComposeFile } from './compose-file.ts';
import { definedNames, findLacking, runsSomething, servicesOf } from './compose-outline.ts';
import { isTemplate } from './compose-template.ts';
import { findNamedFiles } from './named-combinations.ts';
import { type ComposeReading, readVariables } from './variables.ts';

/** Files that Compose would join into one project. */
export interface PlannedProject {
  /** In merge order. */
  readonly paths: readonly string[];
  /** `.env` files whose variables the files use; what an earlier one sets stays. */
  readonly envPaths: readonly string[];
  /** True for what `docker compose` loads in its folder without being told. */
  readonly isDefault: boolean;
}

/** A file named like a compose file, or loaded as one, that Compose could not read. */
export interface BrokenComposeFile {
  readonly path: string;
  readonly why: string;
  readonly at: Location;
}

/** What the workspace's paths and texts say about its compose projects. */
export interface Discovery {
  /** Default projects before others, the root folder first. */
  readonly projects: readonly PlannedProject[];
  /** Pairs of a base and an overlay that a script may put together; which of them it does is not known. */
  readonly overlays: readonly PlannedProject[];
  readonly broken: readonly BrokenComposeFile[];
}

const defaultNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** Finds the projects of a workspace (compose-go cli/options.go); files that take part in none are left out. */
export function discoverProjects(reading: ComposeReading): Discovery {
  return reading.files.once('compose projects', () => discover(reading));
}

/** The files that their names make compose files, in order. */
export function listCandidates({ files }: ComposeReading): readonly string[] {
  return files.once('compose files', (paths) => [...paths].filter(isCandidateName).sort());
}

function discover(reading: ComposeReading): Discovery {
  const own = findCandidates(reading, []);
  // Commands that name files are worth reading only where there is something to combine, or a file of another name.
  const { combinations: named, gathered } =
    own.size > 1 || hasOtherNames(reading.files.workspace.paths)
      ? findNamedFiles(reading, [...own.keys()])
      : { combinations: [], gathered: [] };
  const families = gathered.map((paths) => ({ base: paths.find((path) => isWholeFile(reading, path)), paths }));
  const joined = [...named.flat(), ...families.flatMap(({ base }) => base ?? [])];
  const candidates = joined.length === 0 ? own : findCandidates(reading, joined);
  const callers = [...reading.files.workspace.paths].filter((path) => nameOf(path) === '.env').map(folderOf);
  const folders = new Set([...callers, ...[...candidates.keys()].map(folderOf)]);
  const used = collectReferences(candidates);
  const planned = [...folders].flatMap((folder) => planFolder(reading, { folder, candidates, used }));
  const broken = [...candidates].flatMap(([path, { problem }]) => (problem ? [{ path, ...problem }] : []));
  const whole = named.filter((paths) => paths.every((path) => candidates.get(path)?.problem === undefined));
  const overlays = families.flatMap(({ base, paths }) =>
    base === undefined ? [] : paths.flatMap((path) => (path === base ? [] : [chosenProject([base, path])])),
  );
  return { projects: joinNamed(planned, whole).sort(byImportance), overlays, broken };
}

/**
 * Adds the combinations that commands name. They take the place of what was guessed of the same overlays: a pair with
 * some base, and a project of the overlay's own unless a command names it alone.
 */
function joinNamed(planned: readonly PlannedProject[], named: readonly (readonly string[])[]): PlannedProject[] {
  const overlays = new Set(
    named.flatMap((paths) => paths.filter((path, index) => index > 0 || (paths.length > 1 && !isCandidateName(path)))),
  );
  const alone = new Set(named.flatMap((paths) => (paths.length === 1 ? paths : [])));
  const isReplaced = ({ paths, isDefault }: PlannedProject): boolean => {
    const added = paths.length === 1 ? paths.filter((path) => !alone.has(path)) : paths.slice(1);
    return !isDefault && added.length > 0 && added.every((path) => overlays.has(path));
  };
  const kept = planned.filter((project) => !isReplaced(project));
  const known = new Set(kept.map(({ paths }) => paths.join('\n')));
  const added = named.filter((paths) => paths.length > 1 && !known.has(paths.join('\n')));
  return [...kept, ...added.map(chosenProject)];
}

/** The project that `docker compose -f` makes of these files, called in the workspace's root. */
export function chosenProject(paths: readonly string[]): PlannedProject {
  return { paths, envPaths: envPathsOf(paths), isDefault: false };
}

/** Every file that may be a compose file, templates left out. */
function findCandidates(reading: ComposeReading, named: readonly string[]): ReadonlyMap<string, ComposeFile> {
  const candidates = new Map<string, ComposeFile>();
  const add = (path: string): void => {
    const file = readComposeFile(reading, path);
    if (file && !isTemplate(file.source)) candidates.set(path, file);
  };
  for (const path of named) add(path);
  const listed = new Set(listCandidates(reading));
  for (const path of reading.files.once('compose files and .env', (paths) => listSettled(paths, listed))) {
    if (listed.has(path)) add(path);
    if (nameOf(path) === '.env') for (const named of readComposeFileVariable(reading, folderOf(path)) ?? []) add(named);
  }
  return candidates;
}

function listSettled(paths: ReadonlySet<string>, compose: ReadonlySet<string>): readonly string[] {
  return [...paths].filter((path) => compose.has(path) || nameOf(path) === '.env').sort();
}

/** True where a YAML file stands near the root whose name does not say that Compose is to read it. */
function hasOtherNames(paths: ReadonlySet<string>): boolean {
  for (const path of paths) {
    const isYaml = path.endsWith('.yml') || path.endsWith('.yaml');
    if (isYaml && /^(?:[\w-]+\/){0,2}[\w-][^/]*$/.test(path) && !isCandidateName(path)) return true;
  }
  return false;
}

function isWholeFile(reading: ComposeReading, path: string): boolean {
  const file = readComposeFile(reading, path);
  return file?.problem === undefined && servicesOf(file).size > 0 && findLacking(file).length === 0;
}

function isCandidateName(path: string): boolean {
  if (path.includes('{{') || path.split('/').includes('.github')) return false;
  const name = nameOf(path).toLowerCase();
  if (!/\.ya?ml$/.test(name)) return false;
  return /compose|stack/.test(name) || /^(?:local|prod|production|dev|development|staging)\.ya?ml$/.test(name);
}

/** The files that `COMPOSE_FILE` names in the folder's `.env`; undefined unless all of them are there. */
function readComposeFileVariable(reading: ComposeReading, folder: string): readonly string[] | undefined {
  const path = joinPath(folder, '.env');
  if (!reading.files.read(path)) return undefined;
  const { lookup } = readVariables(reading, { paths: [path], decides: 'first' });
  const value = lookup('COMPOSE_FILE');
  const separator = lookup('COMPOSE_PATH_SEPARATOR');
  if (!value?.known || value.value === '') return undefined;
  // Without a separator of its own, `;` can only have been meant for Windows.
  const fallback = value.value.includes(';') ? ';' : ':';
  const names = value.value.split(separator?.known && separator.value !== '' ? separator.value : fallback);
  const paths = names.map((name) => resolveInside(folder, name.trim()));
  const inside = paths.filter((named) => named !== undefined && reading.files.exists(named));
  return inside.length === names.length ? inside.filter((named) => named !== undefined) : undefined;
}

interface Folder {
  readonly folder: string;
  readonly candidates: ReadonlyMap<string, ComposeFile>;
  /** Files that others extend or include. */
  readonly used: ReadonlySet<string>;
}

function planFolder(reading: ComposeReading, place: Folder): readonly PlannedProject[] {
  const { folder, candidates } = place;
  const chosen = readComposeFileVariable(reading, folder) ?? autoLoaded(place);
  const usable = (paths: readonly string[]): boolean =>
    paths.every((path) => candidates.get(path)?.problem === undefined);
  const planned: PlannedProject[] = [];
  if (chosen.length > 0 && usable(chosen) && chosen.some((path) => hasContent(candidates.get(path)))) {
    planned.push({ paths: chosen, envPaths: envPathsOf(chosen, folder), isDefault: true });
  }
  const others = [...candidates.keys()].filter((path) => folderOf(path) === folder && !chosen.includes(path));
  const bases = [...chosen.slice(0, 1), ...others.filter((path) => /base|common|core/i.test(nameOf(path)))];
  for (const path of others) {
    const paths = planOther(place, { path, bases: bases.filter((base) => base !== path) });
    if (paths && usable(paths)) planned.push({ paths, envPaths: envPathsOf(paths), isDefault: false });
  }
  const needsOverlay = planned.some((project) => !project.isDefault && project.paths[0] === chosen[0]);
  const baseIsWhole = chosen.length !== 1 || isWhole(candidates.get(chosen[0] ?? ''));
  const fromElsewhere = needsOverlay || nameOf(folder) === '.devcontainer';
  return fromElsewhere && !baseIsWhole ? planned.filter((project) => !project.isDefault) : planned;
}

/** The `.env` that names the files if one does, then the one beside the first file, which is the project's folder. */
function envPathsOf(paths: readonly string[], caller?: string): readonly string[] {
  const folder = folderOf(paths[0] ?? '');
  return [...new Set([joinPath(caller ?? folder, '.env'), joinPath(folder, '.env')])];
}

/** The first default name in the folder, with the first override name whatever the two are called. */
function autoLoaded({ folder, candidates }: Folder): readonly string[] {
  const find = (names: readonly string[]): string[] =>
    names
      .map((name) => joinPath(folder, name))
      .filter((path) => candidates.has(path))
      .slice(0, 1);
  const base = find(defaultNames);
  return base.length === 0 ? [] : [...base, ...find(overrideNames)];
}

/** A file that is whole stands alone; one that adds to services of a base joins it; anything else is a fragment. */
function planOther(
  { candidates, used }: Folder,
  { path, bases }: { path: string; bases: readonly string[] },
): readonly string[] | undefined {
  const file = candidates.get(path);
  if (servicesOf(file).size === 0 || used.has(path)) return undefined;
  const lacking = findLacking(file);
  if (lacking.length === 0) return [path];
  const base = bases.find((candidate) => {
    const names = definedNames(candidates.get(candidate));
    return lacking.every((name) => names.has(name));
  });
  return base === undefined ? undefined : [base, path];
}

function hasContent(file: ComposeFile | undefined): boolean {
  if (file?.root !== undefined && entryOf(file.root, 'include') !== undefined) return true;
  return [...servicesOf(file).values()].some(runsSomething);
}

function isWhole(file: ComposeFile | undefined): boolean {
  return [...servicesOf(file).values()].every(runsSomething);
}

/** Files that `extends` and `include` of other files lead to. */
function collectReferences(candidates: ReadonlyMap<string, ComposeFile>): ReadonlySet<string> {
  const used = new Set<string>();
  for (const [path, file] of candidates) {
    const named: (YamlNode | undefined)[] = [];
    for (const body of servicesOf(file).values()) named.push(entryOf(entryOf(body, 'extends')?.value, 'file')?.value);
    const include = entryOf(file.root, 'include')?.value;
    for (const item of include?.kind === 'sequence' ? include.items : []) {
      const inner = resolveAlias(item)?.kind === 'mapping' ? entryOf(item, 'path')?.value : resolveAlias(item);
      named.push(...(inner?.kind === 'sequence' ? inner.items : [inner]));
    }
    for (const node of named) {
      const text = resolveAlias(node);
      const target = text?.kind === 'scalar' ? resolveInside(folderOf(path), text.text) : undefined;
      if (target !== undefined && target !== path) used.add(target);
    }
  }
  return used;
}

function byImportance(left: PlannedProject, right: PlannedProject): number {
  const rank = ({ paths: [first = ''] }: PlannedProject): number => (folderOf(first) === '' ? 0 : 1);
  const order = rank(left) - rank(right) || Number(right.isDefault) - Number(left.isDefault);
  if (order !== 0) return order;
  const [a, b] = [left.paths.join('\n'), right.paths.join('\n')];
  return a < b ? -1 : Number(a > b);
}
