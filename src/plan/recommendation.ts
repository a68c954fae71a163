import type { PlanRow, SettingName } from '../capacity/capacity-plan.ts';
import type { Figure, Unit } from '../capacity/figure.ts';
import type { Service } from '../model/stack.ts';
import type { Location, TextEdit } from '../text/span.ts';
import { placeOf } from './origin.ts';
import { editsOfChanges, type PlanChange } from './plan-change.ts';

/** A row of the plan with the change that carries it out. */
export interface Recommendation {
  readonly row: PlanRow;
  readonly change: PlanChange;
  /** The setting of the web server or its database that the row changes, where the simulation knows it. */
  readonly decides: SettingName | undefined;
}

/** What a row says; place, refusal and consequences follow from the change. */
export interface Proposal {
  readonly setting: string;
  readonly subject: string;
  readonly today: string | undefined;
  readonly planned: string;
  readonly reason: string;
  readonly values?: Readonly<Record<string, string | number>>;
  readonly figure: Figure<number | string>;
  readonly unit?: Unit;
  /** Where the setting stands today. */
  readonly at: Location;
  readonly change: PlanChange;
  /** Services that have to be started again. */
  readonly services: readonly Service[];
  readonly decides?: SettingName;
}

/** Completes a proposal; undefined when its edits would change nothing. */
export function recommendation(proposal: Proposal): Recommendation | undefined {
  const { setting, subject, today, planned, reason, values, figure, unit, at, change, services, decides } = proposal;
  const edits = editsOfChanges([change]);
  const refused = 'refused' in edits ? edits.refused : undefined;
  if ('edits' in edits && edits.edits.length === 0) return undefined;
  const first = 'edits' in edits ? edits.edits[0] : undefined;
  const row: PlanRow = {
    id: `${setting} ${subject}`,
    setting,
    subject,
    today,
    planned,
    place: placeOf(first ?? at),
    reason: { says: reason, with: values ?? {} },
    figure,
    unit: unit ?? 'count',
    selected: refused === undefined,
    refused,
    needs: {
      kind: 'edits' in edits && edits.edits.some((edit) => isBuilt(edit, services)) ? 'rebuild' : 'restart',
      services: [...new Set(services.map(({ name }) => name))],
    },
  };
  return { row, change, decides };
}

/** True for a file that goes into an image: all but compose and environment files, unless a service mounts it. */
function isBuilt({ source }: TextEdit, services: readonly Service[]): boolean {
  const outside = services.some((service) => service.compose?.source.path === source.path);
  if (outside || /\.ya?ml$|(^|\/)\.env[^/]*$/.test(source.path)) return false;
  return services.some(
    (service) =>
      service.build !== undefined &&
      !service.volumes.some((mount) => mount.source !== undefined && source.path.startsWith(mount.source)),
  );
}
