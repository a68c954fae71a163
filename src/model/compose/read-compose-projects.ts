import { entryOf, resolveAlias } from '../../parse/yaml-read.ts';

import type { SourceText } from '../../text/source-text.ts';
import { textValue } from '../mapped-value.ts';
import type { Pausable } from '../pausable.ts';
import type { UnknownNote } from '../stack.ts';
import { type Known, known, type Unknown } from '../value.ts';
import { folderOf, nameOf } from '../workspace.ts';
import { checkServices } from './check-services.ts';
import { readComposeFile } from './compose-file.ts';
import type { ComposeProject } from './compose-service.ts';
import { interpolateScalar } from './config-text.ts';
import {
  type BrokenComposeFile,
  chosenProject,
  discoverProjects,
  listCandidates,
  type PlannedProject,
} from './discover.ts';
import { type LoadedConfig, type Loading, loadConfig, servicesOf } from './load-config.ts';
import { readService } from './read-service.ts';
import { type ComposeReading, checkEnvFile, readVariables, type Variables } from './variables.ts';

/** The workspace to read, and what to call a project of its root folder. */
export interface ComposeRequest extends ComposeReading {
  /** Name of the workspace folder; Compose names a project after its folder. */
  readonly rootName?: string;
  /** Files that the user has chosen to be read as one project, in merge order; undefined to find the projects. */
  readonly composeFiles?: readonly string[];
}

/** Every compose project of the workspace, the default one first; files with errors take part in none. */
export function* readComposeProjects(request: ComposeRequest): Pausable<readonly ComposeProject[]> {
  // To discover the projects all these files are needed; parsing them is the largest part of it.
  for (const path of listCandidates(request)) {
    readComposeFile(request, path);
    yield;
  }
  const projects = request.composeFiles ? [chosenProject(request.composeFiles)] : discoverProjects(request).projects;
  const read: ReadProject[] = [];
  for (const planned of projects) {
    const project = readProject(request, planned);
    if (project) read.push(project);
    yield;
  }
  return nameApart(read);
}

/** What overlays that a script may add to its base make of it, one project for each overlay. */
export function readOverlays(request: ComposeRequest): readonly ComposeProject[] {
  return discoverProjects(request).overlays.flatMap((planned) => readProject(request, planned)?.project ?? []);
}

/** Files that Compose would refuse for their form (not valid YAML, too large, unknown anchors). */
export function brokenComposeFiles(reading: ComposeReading): readonly BrokenComposeFile[] {
  return discoverProjects(reading).broken;
}

interface ReadProject {
  readonly project: ComposeProject;
  readonly planned: PlannedProject;
}

function readProject(request: ComposeRequest, planned: PlannedProject): ReadProject | undefined {
  const folder = folderOf(planned.paths[0] ?? '');
  const { name, variables } = nameProject(request, { planned, folder });
  const reading: ComposeReading = { files: request.files, session: request.session };
  const sources = new Set<SourceText>();
  const notes: UnknownNote[] = [];
  const refusals: UnknownNote[] = [];
  const loading: Loading = { reading, sources, notes, refusals, including: [], budget: { left: 500 } };
  const loaded = loadConfig(loading, { paths: planned.paths, folder, variables });
  if (!loaded) return undefined;
  const envFiles = new Set(variables.sources);
  const services = readServices(loaded, { loading, variables, envFiles });
  if (services.length === 0) return undefined;
  for (const source of envFiles) refusals.push(...checkEnvFile(reading, source));
  refusals.push(...checkServices({ root: loaded.root, services, incomplete: notes.length > 0 }));
  const entry = planned.paths.flatMap((path) => request.files.read(path) ?? []);
  const files = [...new Set([...entry, ...sources, ...envFiles])];
  return { project: { name, files, entry, services, refusals: distinct(refusals), unknowns: notes }, planned };
}

/** Notes of the same place once; files that are merged one after the other are looked at again and again. */
function distinct(notes: readonly UnknownNote[]): readonly UnknownNote[] {
  const places = new Map(notes.map((note) => [`${note.at.source.path}:${note.at.span.start}:${note.why}`, note]));
  return [...places.values()];
}

/** The project's name (compose-go cli/options.go) and its variables, to which Compose adds the name. */
function nameProject(
  request: ComposeRequest,
  { planned, folder }: { planned: PlannedProject; folder: string },
): { name: string; variables: Variables } {
  const variables = readVariables(request, { paths: planned.envPaths, decides: 'first' });
  const written = variables.lookup('COMPOSE_PROJECT_NAME') ?? nameInFiles(request, { planned, variables });
  const text = written?.known ? normalizeName(written.value) : '';
  const fallback = nameOf(folder) || (request.rootName ?? '');
  const name = text || normalizeName(fallback) || 'workspace';
  const isKnown = text !== '' || fallback !== '';
  const source = request.files.read(planned.paths[0] ?? '');
  const at = written?.at ?? (source && { source, span: { start: 0, end: 0 } });
  const value = isKnown && at ? known(name, at, [{ at, says: "the project's name" }]) : undefined;
  return {
    name,
    variables: {
      sources: variables.sources,
      lookup: (variable) => (variable === 'COMPOSE_PROJECT_NAME' && value ? value : variables.lookup(variable)),
    },
  };
}

/** `name:` of the last file that has one. */
function nameInFiles(
  reading: ComposeReading,
  { planned, variables }: { planned: PlannedProject; variables: Variables },
): Known<string> | Unknown<string> | undefined {
  for (const path of [...planned.paths].reverse()) {
    const file = readComposeFile(reading, path);
    const scalar = resolveAlias(entryOf(file?.root, 'name')?.value);
    if (!file || scalar?.kind !== 'scalar') continue;
    const text = interpolateScalar({ source: file.source, scalar }, variables.lookup);
    return textValue(text, { source: file.source, span: scalar.span });
  }
  return undefined;
}

function normalizeName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}

function readServices(
  loaded: LoadedConfig,
  { loading, variables, envFiles }: { loading: Loading; variables: Variables; envFiles: Set<SourceText> },
): ComposeProject['services'] {
  const { reading, notes } = loading;
  const active = variables.lookup('COMPOSE_PROFILES');
  const profiles = active?.known ? active.value.split(',').map((profile) => profile.trim()) : [''];
  return [...servicesOf(loaded.root)].flatMap(([name, body]) => {
    const origin = loaded.origins.get(name);
    if (body.kind !== 'mapping' || !origin) return [];
    const context = { name, body, at: origin.keyAt, variables, root: loaded.root, notes };
    return [readService(context, { reading, origin, profiles, sources: envFiles })];
  });
}

/** Makes names distinct in reports: files that Compose does not load by itself stand in brackets, then the folder. */
function nameApart(read: readonly ReadProject[]): readonly ComposeProject[] {
  const named = read.map(({ project, planned }) => {
    const names = planned.paths.map(nameOf).join(' + ');
    return { ...project, name: planned.isDefault ? project.name : `${project.name} (${names})` };
  });
  const taken = new Map<string, number>();
  for (const { name } of named) taken.set(name, (taken.get(name) ?? 0) + 1);
  return named.map((project, index) => {
    const first = read[index]?.planned.paths[0] ?? '';
    return (taken.get(project.name) ?? 0) > 1
      ? { ...project, name: `${project.name} in ${folderOf(first) || '.'}` }
      : project;
  });
}
