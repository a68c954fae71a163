import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type FieldUnit, fieldText, readNumber } from './numbers.ts';
import { ResetButton } from './reset-button.tsx';
import { say } from './texts.ts';

interface NumberEntryProps {
  /** The element's id; labels and messages refer to it. */
  readonly id: string;
  readonly label: string;
  readonly unit: FieldUnit;
  /** In the unit of the inputs; undefined leaves the field empty. */
  readonly value: number | undefined;
  /** From and to, in the field's unit; fields without one take numbers that nobody slides. */
  readonly slider?: { readonly least: number; readonly most: number; readonly step: number } | undefined;
  readonly hint?: string | undefined;
  /** What is wrong with what was typed, in words; the number is undefined for a text that is none. */
  readonly check: (number: number | undefined) => string | undefined;
  /** Hears of numbers that can be used only. */
  readonly onGive: (number: number) => void;
  /** Takes back what was given; absent where nothing was. */
  readonly onReset?: (() => void) | undefined;
  /** Where the value comes from. */
  readonly children?: ComponentChildren;
}

/** What stands in a field while the user types. */
interface Typed {
  readonly text: string;
  readonly number: number | undefined;
  readonly problem: string | undefined;
}

/** A number that the user can change. What cannot be used stays in the field with the reason below it. */
export function NumberEntry(props: NumberEntryProps) {
  const { id, label, unit, value, slider, hint, check, onGive, onReset, children } = props;
  const [typed, setTyped] = useState<Typed>();
  // A value that comes from elsewhere (a file, the slider, reset) replaces what was typed, unless that is wrong.
  const isShown = typed !== undefined && (typed.problem !== undefined || typed.number === value);
  const give = (text: string) => {
    const { number, either } = readNumber(text, unit);
    const [one = '', other = ''] = either ?? [];
    const problem = either ? say('{one} or {other}? Type the one you mean.', { one, other }) : check(number);
    setTyped({ text, number, problem });
    if (problem === undefined && number !== undefined) onGive(number);
  };
  const reset = () => {
    setTyped(undefined);
    onReset?.();
  };
  const problem = typed?.problem;
  const notes = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const shown = value === undefined ? '' : fieldText(value, unit);
  const amount = (value ?? 0) / unit.factor;
  const most = slider && Math.max(slider.most, amount);
  return (
    <div class={problem ? 'field wrong' : 'field'}>
      <label for={id}>{label}</label>
      <span class="entry">
        <input
          id={id}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          value={isShown ? typed.text : shown}
          aria-invalid={problem !== undefined}
          aria-describedby={notes === '' ? undefined : notes}
          onInput={({ currentTarget }) => give(currentTarget.value)}
          onBlur={() => problem === undefined && setTyped(undefined)}
        />
        <span class="unit">{unit.label}</span>
      </span>
      {slider && value !== undefined && (
        <input
          class="slider"
          type="range"
          aria-label={say('{label}, slider', { label })}
          min={slider.least}
          max={most}
          step={slider.step}
          value={amount}
          style={{ '--filled': `${filledShare(amount, slider.least, most)}%` }}
          onInput={({ currentTarget }) => {
            setTyped(undefined);
            give(currentTarget.value);
          }}
        />
      )}
      {/* In one place, so that the fields below keep theirs while somebody types. */}
      <div class="origin">
        {problem === undefined ? (
          children
        ) : (
          <p class="problem" id={`${id}-problem`} role="alert">
            {problem}
          </p>
        )}
        {(onReset || problem !== undefined) && <ResetButton label={label} onReset={reset} />}
      </div>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** Percent of a slider's way that lies behind its thumb. */
function filledShare(amount: number, least: number, most = least): number {
  return most > least ? Math.round((1000 * Math.max(0, amount - least)) / (most - least)) / 10 : 0;
}
