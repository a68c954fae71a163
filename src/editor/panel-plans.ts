import type { Finding } from '../engine/finding.ts';
import type { PanelState, TargetChoice } from '../panel/protocol.ts';
import { type CapacityTarget, capacityTargets } from '../plan/capacity-target.ts';
import { noGoal } from '../plan/goal.ts';
import { type PlannedCapacity, planCapacity } from '../plan/plan-capacity.ts';
import type { Location } from '../text/span.ts';
import type { FolderAnalysis } from './folder-analysis.ts';
import type { Folders } from './folders.ts';

/** A web server of the workspace that can be planned. */
export interface PanelTarget extends TargetChoice {
  readonly folder: FolderAnalysis;
  readonly target: CapacityTarget;
}

/** A plan with the folder whose files it reads; no folder for typical values. */
export interface PanelPlan {
  readonly planned: PlannedCapacity;
  readonly chosen: PanelTarget | undefined;
}

/** The web servers of all folders, from the last analyses. */
export function panelTargets(folders: Folders): readonly PanelTarget[] {
  const several = folders.all().length > 1;
  return folders.all().flatMap((folder) => {
    const projects = folder.result?.analysis.reading.stack.projects ?? [];
    return capacityTargets(projects).map((target) => ({
      id: targetId(folder, target.project.name, target.service.name),
      label: labelOf(target, several ? folder.folder.name : undefined),
      folder,
      target,
    }));
  });
}

/** Names a web server among those of the workspace. */
export function targetId(folder: FolderAnalysis, project: string, service: string): string {
  return JSON.stringify([folder.folder.uri.toString(), project, service]);
}

/** The web server that a finding is about, as an argument of the panel's command; undefined where its project has none. */
export function targetOfFinding(
  folders: Folders,
  at: { folder: FolderAnalysis; finding: Finding },
): string | undefined {
  const { folder, finding } = at;
  const targets = panelTargets(folders).filter(
    (one) => one.folder === folder && one.target.project.name === finding.project,
  );
  const named = finding.subject.split(' ');
  const tests: readonly ((target: CapacityTarget) => boolean)[] = [
    ({ service }) => named.includes(service.name),
    ({ process }) => process.pools.some((pool) => isSamePlace(pool.at, finding.at)),
    ({ store }) => store !== undefined && named.includes(store.name),
    () => true,
  ];
  return firstId(targets, tests);
}

/** The web server that a file starts or that reads it, as an argument of the panel's command. */
export function targetOfFile(folders: Folders, file: { folder: FolderAnalysis; path: string }): string | undefined {
  const targets = panelTargets(folders).filter(({ folder }) => folder === file.folder);
  const isHere = ({ source }: Location) => source.path === file.path;
  return firstId(targets, [
    ({ process }) => isHere(process.at) || process.pools.some((pool) => isHere(pool.at)),
    ({ service, project }) => isHere(service.at) || project.files.some(({ path }) => path === file.path),
  ]);
}

/** The first server that passes the first test that any passes. */
function firstId(
  targets: readonly PanelTarget[],
  tests: readonly ((target: CapacityTarget) => boolean)[],
): string | undefined {
  for (const test of tests) {
    const found = targets.find(({ target }) => test(target));
    if (found) return found.id;
  }
  return undefined;
}

function isSamePlace(left: Location, right: Location): boolean {
  return left.source.path === right.source.path && left.span.start < right.span.end && right.span.start < left.span.end;
}

/** The plan for what the user typed; for the first web server when the chosen one is gone. */
export function planPanel(folders: Folders, state: PanelState): PanelPlan {
  const targets = panelTargets(folders);
  const chosen = targets.find(({ id }) => id === state.targetId) ?? targets[0];
  const goal = (chosen?.folder ?? folders.all()[0])?.result?.analysis.configuration.goal ?? noGoal;
  const { given, settings } = state;
  return { planned: planCapacity(chosen?.target, { goal, given, settings }), chosen };
}

function labelOf({ project, service }: CapacityTarget, folder: string | undefined): string {
  const files = project.files.filter(({ path }) => /\.ya?ml$/.test(path)).map(({ path }) => path);
  const stage = project.stage.name === 'unknown' ? '' : ` · ${project.stage.name}`;
  // Projects of one name have their files in it already.
  const isNamed = files.length === 0 || files.some((path) => project.name.includes(path));
  const place = isNamed ? '' : ` (${files.join(' + ')})`;
  return `${folder === undefined ? '' : `${folder}: `}${project.name}${stage}${place} · ${service.name}`;
}
