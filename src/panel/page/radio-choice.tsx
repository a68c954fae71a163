import type { ComponentChildren } from 'preact';
import { ResetButton } from './reset-button.tsx';

/** A choice of which all entries are seen. */
export function RadioChoice<Value extends string>(props: {
  /** Names the group in the page. */
  readonly id: string;
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
  readonly onReset?: (() => void) | undefined;
  /** Where the choice comes from. */
  readonly children?: ComponentChildren;
}) {
  const { id, label, options, chosen, onChoose, onReset, children } = props;
  return (
    <div class="field choice" role="radiogroup" aria-labelledby={`${id}-label`}>
      <span id={`${id}-label`}>{label}</span>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={id} checked={chosen === option.value} onChange={() => onChoose(option.value)} />
          {option.label}
        </label>
      ))}
      {(children || onReset) && (
        <span class="origin">
          {children}
          {onReset && <ResetButton label={label} onReset={onReset} />}
        </span>
      )}
    </div>
  );
}
