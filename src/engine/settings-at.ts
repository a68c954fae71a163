import type { Project } from '../model/stack.ts';
import { isDefault } from '../model/value.ts';
import type { Location } from '../text/span.ts';
import type { Hop } from '../text/trail.ts';
import { type StackSetting, type StackSubject, subjectsOf } from './stack-settings.ts';

/** A place in a file, as an editor asks about it. */
export interface Place {
  readonly path: string;
  /** UTF-16 offset in the text that was analysed. */
  readonly offset: number;
}

/** A setting that a place decides, takes part in, or would decide if nothing stronger were written. */
export interface SettingHere {
  readonly project: string;
  readonly subject: string;
  readonly setting: StackSetting;
  readonly part: 'decides' | 'takes-part' | 'loses';
  readonly at: Location;
}

/** The settings that the text at a place has to do with; only those of the smallest text around it. */
export function settingsAt(projects: readonly Project[], place: Place): readonly SettingHere[] {
  const found = projects.flatMap((project) =>
    subjectsOf(project).flatMap((subject) =>
      subject.settings.flatMap((setting) => {
        const here = partOf(setting, place);
        return here ? [{ project: project.name, subject: subject.name, setting, ...here }] : [];
      }),
    ),
  );
  const smallest = Math.min(...found.map(({ at }) => lengthOf(at)));
  return found.filter(({ at }) => lengthOf(at) === smallest);
}

/** The services, processes, pools and stores that are named at a place. */
export function subjectsAt(projects: readonly Project[], place: Place): readonly StackSubject[] {
  return projects.flatMap((project) => subjectsOf(project).filter(({ at }) => covers(at, place)));
}

function partOf({ value }: StackSetting, place: Place): Pick<SettingHere, 'part' | 'at'> | undefined {
  if (!isDefault(value) && value.known && covers(value.at, place)) return { part: 'decides', at: value.at };
  const lost = locationsOf(value.overridden ?? []).find((at) => covers(at, place));
  if (lost) return { part: 'loses', at: lost };
  const step = locationsOf(value.trail).find((at) => covers(at, place));
  return step && { part: 'takes-part', at: step };
}

function locationsOf(hops: readonly Hop[]): readonly Location[] {
  return hops.flatMap(({ at }) => ('default' in at ? [] : [at]));
}

function covers({ source, span }: Location, { path, offset }: Place): boolean {
  return source.path === path && span.start <= offset && offset <= span.end;
}

function lengthOf({ span }: Location): number {
  return span.end - span.start;
}
