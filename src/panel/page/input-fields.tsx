import { useRef } from 'preact/hooks';
import { type CapacityInputs, checkInputs, fieldRanges, responseSeconds } from '../../capacity/capacity-inputs.ts';
import type { CapacityPlan, Place } from '../../capacity/capacity-plan.ts';
import { databaseCores, fullDatabaseCpuSeconds } from '../../capacity/database-cpu.ts';
import { describeProblem, type Field, type FieldGroup, fieldGroups, isShown } from './fields.ts';
import { NumberEntry } from './number-entry.tsx';
import { units, withUnit } from './numbers.ts';
import { OriginChip } from './origin-chip.tsx';
import { RadioChoice } from './radio-choice.tsx';
import { asSentence, say } from './texts.ts';

/** What the inputs column needs. */
export interface InputsProps {
  readonly plan: CapacityPlan;
  readonly given: Partial<CapacityInputs>;
  readonly onGive: (given: Partial<CapacityInputs>) => void;
  readonly onOpen: (place: Place) => void;
}

/** All fields in their groups, with what is wrong with them and where their values come from. */
export function InputFields(props: InputsProps) {
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      {fieldGroups.map((group) => (
        <Group key={group.title} group={group} {...props} />
      ))}
    </form>
  );
}

function Group({ group, ...props }: InputsProps & { readonly group: FieldGroup }) {
  const { title, fields, folded } = group;
  const { plan, given } = props;
  const { requestsPerSecond = null } = given;
  const shown = fields.filter(({ name }) => isShown(name, { ...plan.inputs, ...given, requestsPerSecond }));
  const content = shown.map((field) => <InputEntry key={field.name} field={field} {...props} />);
  if (folded) {
    return (
      <details>
        <summary>{say(title)}</summary>
        {content}
      </details>
    );
  }
  return (
    <fieldset>
      <legend>{say(title)}</legend>
      {title === 'Load' && <LoadChoice {...props} />}
      {content}
      {title === 'Machine' && <ProfileChoice {...props} />}
    </fieldset>
  );
}

function InputEntry({ field, plan, given, onGive, onOpen }: InputsProps & { readonly field: Field }) {
  const { name, label, unit, slider, hint } = field;
  const check = (number: number | undefined) => {
    const checked = checkInputs({ ...plan.inputs, ...given, [name]: number });
    const problems = checked.ok ? [] : checked.problems;
    // What is wrong with fields together is said at the one that was typed.
    const problem = problems.find((one) => one.field === name) ?? problems[0];
    return problem && describeProblem(problem, field, number);
  };
  const { [name]: typed, ...rest } = given;
  // Without its rate the load would be users again.
  const isReplaced = typed !== undefined && name !== 'requestsPerSecond';
  const { value, origin } = (isReplaced && plan.replaced[name]) || {
    value: plan.inputs[name],
    origin: plan.origins[name],
  };
  // Without a place there is no more to say than that no file says it.
  const isOpen = origin.kind === 'unknown' && origin.place !== undefined;
  const notes = [
    hint && say(hint),
    name === 'databaseCpuSeconds' && fullCores({ ...plan.inputs, ...given }),
    isOpen && asSentence(origin.why),
  ].filter(Boolean);
  return (
    <NumberEntry
      id={`field-${name}`}
      label={say(label)}
      unit={unit}
      value={typed ?? value ?? undefined}
      slider={slider}
      hint={notes.join(' ') || undefined}
      check={check}
      onGive={(number) => onGive({ ...given, [name]: number })}
      onReset={isReplaced ? () => onGive(rest) : undefined}
    >
      {isReplaced && <span>{say('instead of {value}', { value: withUnit(value ?? 0, unit) })}</span>}
      <OriginChip origin={origin} onOpen={onOpen} />
    </NumberEntry>
  );
}

/** With how much computing the database's cores would be busy all the time, where that is known and less than it all. */
function fullCores(inputs: CapacityInputs): string | undefined {
  const full = fullDatabaseCpuSeconds(inputs);
  if (full === undefined || full > inputs.databaseSeconds) return undefined;
  const cores = databaseCores(inputs);
  const says =
    cores === 1 ? 'At this load {time} would fill its core.' : 'At this load {time} would fill its {cores} cores.';
  const time = withUnit(Number(full.toPrecision(2)), units.milliseconds);
  return say(says, { time, cores: withUnit(cores, units.count) });
}

const profiles = [
  { value: 'shared', label: 'The whole stack' },
  { value: 'dedicated', label: 'Only the web server' },
] as const;

function ProfileChoice({ plan, given, onGive, onOpen }: InputsProps) {
  const { profile, ...rest } = given;
  return (
    <RadioChoice
      id="profile"
      label={say('It runs')}
      options={profiles.map(({ value, label }) => ({ value, label: say(label) }))}
      chosen={profile ?? plan.inputs.profile}
      onChoose={(chosen) => onGive({ ...given, profile: chosen })}
      onReset={profile === undefined ? undefined : () => onGive(rest)}
    >
      <OriginChip origin={profile === undefined ? plan.origins.profile : { kind: 'given' }} onOpen={onOpen} />
    </RadioChoice>
  );
}

const loads = [
  { value: 'users', label: 'Users who wait and think' },
  { value: 'rate', label: 'Requests per second' },
] as const;

/** People, each with one request at a time, or requests that come whatever happens. */
function LoadChoice({ plan, given, onGive }: InputsProps) {
  const lastRate = useRef<number | undefined>(undefined);
  const { requestsPerSecond, ...rest } = given;
  const { users, thinkSeconds } = { ...plan.inputs, ...given };
  // Users who hardly wait send so many.
  const sent = users / (thinkSeconds + responseSeconds({ ...plan.inputs, ...given }));
  const choose = (load: 'users' | 'rate') => {
    if (load === 'rate') return onGive({ ...given, requestsPerSecond: lastRate.current ?? roundRate(sent) });
    lastRate.current = requestsPerSecond ?? undefined;
    onGive(rest);
  };
  return (
    <RadioChoice
      id="load"
      label={say('Requests come from')}
      options={loads.map(({ value, label }) => ({ value, label: say(label) }))}
      chosen={typeof requestsPerSecond === 'number' ? 'rate' : 'users'}
      onChoose={choose}
    />
  );
}

/** Two digits within what the field takes. */
function roundRate(requestsPerSecond: number): number {
  const { least = 0, most } = fieldRanges.requestsPerSecond;
  return Math.min(most, Math.max(least, Number(requestsPerSecond.toPrecision(2))));
}
