import { useState } from 'preact/hooks';
import type { CapacityPlan } from '../../capacity/capacity-plan.ts';
import { type LoadTarget, standardTarget } from '../../capacity/load-plan.ts';
import { type FieldUnit, fieldText, readNumber, units } from './numbers.ts';
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
      {fields.map((field) => (
        <TargetField
          // A reset clears what was typed.
          key={`${field.name} ${target === null}`}
          {...field}
          value={shown[field.name]}
          onGive={(value) => onTarget({ ...shown, [field.name]: value })}
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

function TargetField(props: TargetFieldData & { readonly value: number; readonly onGive: (value: number) => void }) {
  const { name, label, unit, least, most, value, onGive } = props;
  const [wrong, setWrong] = useState<string>();
  const id = `target-${name}`;
  const give = (text: string) => {
    const number = readNumber(text, unit);
    const isRight = number !== undefined && number >= least && number <= most;
    setWrong(isRight ? undefined : text);
    if (isRight) onGive(number);
  };
  return (
    <div class={wrong === undefined ? 'field' : 'field wrong'}>
      <label for={id}>{say(label)}</label>
      <span class="entry">
        <input
          id={id}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          value={wrong ?? fieldText(value, unit)}
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong === undefined ? undefined : `${id}-problem`}
          onChange={({ currentTarget }) => give(currentTarget.value)}
        />
        <span class="unit">{unit.label}</span>
      </span>
      {wrong !== undefined && (
        <p class="problem" id={`${id}-problem`} role="alert">
          {say('A number from {least} to {most} is needed here.', {
            least: fieldText(least, unit),
            most: fieldText(most, unit),
          })}
        </p>
      )}
    </div>
  );
}
