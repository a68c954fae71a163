import { useState } from 'preact/hooks';
import { type CapacityInputs, checkInputs } from '../../capacity/capacity-inputs.ts';
import type { CapacityPlan, Origin, Place } from '../../capacity/capacity-plan.ts';
import { describeProblem, type Field, fieldGroups, sharedFields } from './fields.ts';
import { fieldText, readNumber } from './numbers.ts';
import { OriginChip } from './origin-chip.tsx';
import { say } from './texts.ts';

/** What the inputs column needs. */
export interface InputsProps {
  readonly plan: CapacityPlan;
  readonly given: Partial<CapacityInputs>;
  readonly onGive: (given: Partial<CapacityInputs>) => void;
  readonly onOpen: (place: Place) => void;
}

/** All fields in their groups, with what is wrong with them and where their values come from. */
export function InputFields(props: InputsProps) {
  const { plan } = props;
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      {fieldGroups.map(({ title, fields, folded }) => {
        const shown = fields.filter(({ name }) => plan.inputs.profile === 'shared' || !sharedFields.has(name));
        const content = shown.map((field) => <NumberInput key={field.name} field={field} {...props} />);
        if (folded)
          return (
            <details key={title}>
              <summary>{say(title)}</summary>
              {content}
            </details>
          );
        return (
          <fieldset key={title}>
            <legend>{say(title)}</legend>
            {content}
            {title === 'Machine' && <ProfileChoice {...props} />}
          </fieldset>
        );
      })}
    </form>
  );
}

/** What stands in a field while the user types. */
interface Typed {
  readonly text: string;
  readonly number: number | undefined;
  readonly problem: string | undefined;
}

function NumberInput({ field, plan, given, onGive, onOpen }: InputsProps & { readonly field: Field }) {
  const { name, label, unit, slider, hint } = field;
  const value = given[name] ?? plan.inputs[name] ?? 0;
  const [typed, setTyped] = useState<Typed>();
  // A value that comes from elsewhere (a file, the slider, reset) replaces what was typed, unless that is wrong.
  const isShown = typed !== undefined && (typed.problem !== undefined || typed.number === value);
  const give = (text: string) => {
    const number = readNumber(text, unit);
    const checked = checkInputs({
      ...plan.inputs,
      ...given,
      [name]: text.trim() === '' ? undefined : (number ?? text),
    });
    const problems = checked.ok ? [] : checked.problems;
    // What is wrong with fields together is said at the one that was typed.
    const problem = problems.find((one) => one.field === name) ?? problems[0];
    setTyped({ text, number, problem: problem && describeProblem(problem, field, number) });
    if (!problem && number !== undefined) onGive({ ...given, [name]: number });
  };
  const reset = () => {
    const { [name]: _, ...rest } = given;
    setTyped(undefined);
    onGive(rest);
  };
  const id = `field-${name}`;
  const problem = typed?.problem;
  const notes = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div class={problem ? 'field wrong' : 'field'}>
      <label for={id}>{say(label)}</label>
      <span class="entry">
        <input
          id={id}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          value={isShown ? typed.text : fieldText(value, unit)}
          aria-invalid={problem !== undefined}
          aria-describedby={notes === '' ? undefined : notes}
          onInput={({ currentTarget }) => give(currentTarget.value)}
          onBlur={() => typed?.problem === undefined && setTyped(undefined)}
        />
        <span class="unit">{unit.label}</span>
      </span>
      {slider && (
        <input
          class="slider"
          type="range"
          aria-label={say('{label}, slider', { label: say(label) })}
          min={slider.least}
          max={Math.max(slider.most, value / unit.factor)}
          step={slider.step}
          value={value / unit.factor}
          onInput={({ currentTarget }) => {
            setTyped(undefined);
            give(currentTarget.value);
          }}
        />
      )}
      <OriginChip
        origin={name in given ? { kind: 'given' } : plan.origins[name]}
        onOpen={onOpen}
        onReset={name in given || problem ? reset : undefined}
      />
      {problem && (
        <p class="problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {say(hint)}
        </p>
      )}
    </div>
  );
}

const profiles = [
  { profile: 'shared', label: 'The whole stack' },
  { profile: 'dedicated', label: 'Only the web server' },
] as const;

function ProfileChoice({ plan, given, onGive, onOpen }: InputsProps) {
  const origin: Origin = 'profile' in given ? { kind: 'given' } : plan.origins.profile;
  const chosen = given.profile ?? plan.inputs.profile;
  const { profile: _, ...rest } = given;
  return (
    <div class="field choice" role="radiogroup" aria-labelledby="profile-label">
      <span id="profile-label" class="label">
        {say('It runs')}
      </span>
      {profiles.map(({ profile, label }) => (
        <label key={profile}>
          <input
            type="radio"
            name="profile"
            checked={chosen === profile}
            onChange={() => onGive({ ...given, profile })}
          />
          {say(label)}
        </label>
      ))}
      <OriginChip origin={origin} onOpen={onOpen} onReset={'profile' in given ? () => onGive(rest) : undefined} />
    </div>
  );
}
