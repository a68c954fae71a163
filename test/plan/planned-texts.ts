import type { PlanRow } from '../../src/capacity/capacity-plan.ts';
import { explainFigure } from '../../src/capacity/figure.ts';
import { analyse } from '../../src/engine/analyse.ts';
import { createSession } from '../../src/model/session.ts';
import type { GivenInputs } from '../../src/plan/capacity-inputs.ts';
import { capacityTargets } from '../../src/plan/capacity-target.ts';
import { editsOfRows, type PlannedCapacity, planCapacity } from '../../src/plan/plan-capacity.ts';
import { rules } from '../../src/rules/index.ts';
import { applyEdits } from '../../src/text/span.ts';
import { workspaceOf } from '../model/stack-fixture.ts';

/** A project as texts by path. */
export type Texts = Readonly<Record<string, string>>;

/** The plan of the project's first web server, with what the user types. */
export function planOfTexts(texts: Texts, given: GivenInputs = {}): PlannedCapacity {
  const { reading, configuration } = analyse({ workspace: workspaceOf(texts), session: createSession(), rules: [] });
  const [target] = capacityTargets(reading.stack.projects);
  return planCapacity(target, { goal: configuration.goal, given });
}

/** The texts with all rows applied that an edit can carry out. */
export function applyPlan(texts: Texts): Texts {
  const { plan, recommendations } = planOfTexts(texts);
  const chosen = plan.rows.filter((row) => row.selected).map((row) => row.id);
  const result = editsOfRows(recommendations, new Set(chosen));
  if ('refused' in result) throw new Error(result.refused);
  const sources = [...new Set(result.edits.map(({ source }) => source))];
  const changed = sources.map((source) => [
    source.path,
    applyEdits(
      source,
      result.edits.filter((edit) => edit.source === source),
    ),
  ]);
  return { ...texts, ...Object.fromEntries(changed) };
}

/** Findings of warning or above, as `rule: message`. */
export function warningsOf(texts: Texts): readonly string[] {
  const { report } = analyse({ workspace: workspaceOf(texts), session: createSession(), rules });
  return report.findings
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ rule, text }) => `${rule}: ${text}`);
}

/** A row in one line: `web/Dockerfile:3 --workers of web: 1 -> 3 | 2 x 1 + 1 = 3`. */
export function sayRow({ setting, subject, today, planned, place, figure, unit }: PlanRow): string {
  const where = place ? `${place.path}:${place.line}` : 'nowhere';
  return `${where} ${setting} of ${subject}: ${today ?? 'none'} -> ${planned} | ${explainFigure(figure, { unit })}`;
}

/** The rows of these settings, in one line each. */
export function rowsOf(texts: Texts, settings: RegExp): readonly string[] {
  return planOfTexts(texts)
    .plan.rows.filter(({ setting }) => settings.test(setting))
    .map(sayRow);
}
