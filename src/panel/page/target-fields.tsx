import type { CapacityPlan } from '../../capacity/capacity-plan.ts';
import { type LoadTarget, standardTarget } from '../../capacity/load-plan.ts';
import { NumberEntry } from './number-entry.tsx';
import { type FieldUnit, fieldText, units } from './numbers.ts';
import { say } from './texts.ts';

interface TargetFieldsProps {
  readonly plan: CapacityPlan;
  /** Null for the standard target. */
  readonly target: LoadTarget | null;
  readonly onTarget: (target: LoadTarget | null) => void;
}

/** What must hold for a load to count as carried. */
export function TargetFields({ plan, target, onTarget }: TargetFieldsProps) {
  const shown = target ?? standardTarget(plan.inputs);
  return (
    <details>
      <summary>{say('Target')}</summary>
      {fields.map(({ name, label, unit, least, most }) => (
        <NumberEntry
          // A reset clears what was typed.
          key={`${name} ${target === null}`}
          id={`target-${name}`}
          label={say(label)}
          unit={unit}
          value={shown[name]}
          check={(number) =>
            number !== undefined && number >= least && number <= most
              ? undefined
              : say('A number from {least} to {most} is needed here.', {
                  least: fieldText(least, unit),
                  most: fieldText(most, unit),
                })
          }
          onGive={(value) => onTarget({ ...shown, [name]: value })}
        />
      ))}
      {target !== null && (
        <button type="button" class="link" onClick={() => onTarget(null)}>
          {say('reset the target')}
        </button>
      )}
    </details>
  );
}

interface TargetFieldData {
  readonly name: keyof LoadTarget;
  readonly label: string;
  readonly unit: FieldUnit;
  readonly least: number;
  readonly most: number;
}

const fields: readonly TargetFieldData[] = [
  { name: 'p95Seconds', label: '95 % of requests within', unit: units.seconds, least: 0.001, most: 3599 },
  { name: 'errorShare', label: 'Errors at most', unit: units.percent, least: 0, most: 1 },
];
