import type { CapacityPlan, Place, PlanRow } from '../capacity/capacity-plan.ts';
import type { LoadTarget } from '../capacity/load-plan.ts';
import { type LoadSummary, summariseLoads } from '../capacity/summarise-loads.ts';
import type { Reading } from '../model/read-workspace.ts';
import type { Project } from '../model/stack.ts';
import { composeCommand } from '../plan/compose-command.ts';
import { placeOf } from '../plan/origin.ts';
import { editsOfRows, type PlannedCapacity } from '../plan/plan-capacity.ts';
import { applyEdits } from '../text/span.ts';
import type { TextChanges } from '../text/unified-diff.ts';
import { type PlanLanguage, planLanguage } from './plan-language.ts';

/** What every report of a plan is made from. */
export interface PlanReport {
  readonly plan: CapacityPlan;
  readonly loads: LoadSummary;
  /** Files that the selected rows change, with their text before and after. */
  readonly changes: TextChanges;
  /** Names of web servers that could be planned as well (`--service`). */
  readonly others: readonly string[];
  /** Files that matter and that nobody could read: the plan goes by the others. */
  readonly unread: readonly UnreadFile[];
  /** `docker compose` as this project needs it; undefined where no compose file starts it. */
  readonly composeCommand: string | undefined;
  /** How texts for people are written; JSON is the same in every language. */
  readonly language: PlanLanguage;
}

/** A file that could not be understood, at the place where it cannot. */
export interface UnreadFile {
  readonly place: Place;
  /** "it is not valid YAML". */
  readonly why: string;
}

/** Simulates a plan under its load steps and makes the changes of its selected rows, in memory. */
export function createPlanReport(
  { plan, recommendations }: PlannedCapacity,
  rest: {
    readonly others: readonly string[];
    readonly target?: LoadTarget | undefined;
    /** The planned project; none for typical values. */
    readonly project?: Project | undefined;
    readonly broken?: Reading['broken'] | undefined;
    /** Of the numbers in texts; English where none is given. */
    readonly locale?: string | undefined;
  },
): PlanReport {
  const result = editsOfRows(recommendations, new Set(chosenRows(plan).map(({ id }) => id)));
  const edits = 'edits' in result ? result.edits : [];
  const sources = [...new Set(edits.map(({ source }) => source))];
  const changes = sources.map((source) => {
    const own = edits.filter((edit) => edit.source === source);
    return [source.path, { before: source.text, after: applyEdits(source, own) }] as const;
  });
  return {
    plan,
    loads: summariseLoads(plan, rest.target),
    changes: new Map(changes),
    others: rest.others,
    unread: unreadFiles(rest.broken ?? []),
    composeCommand: rest.project?.composeFiles && composeCommand(rest.project),
    language: planLanguage(rest.locale),
  };
}

/** Files that could not be understood, each with its place. */
export function unreadFiles(broken: Reading['broken']): readonly UnreadFile[] {
  return broken.map(({ at, why }) => ({ place: placeOf(at), why }));
}

/** Rows whose change is part of the plan. */
export function chosenRows(plan: CapacityPlan): readonly PlanRow[] {
  return plan.rows.filter((row) => row.selected);
}

/** Rows that somebody has to carry out by hand, with the reason. */
export function refusedRows(plan: CapacityPlan): readonly PlanRow[] {
  return plan.rows.filter((row) => row.refused !== undefined);
}
