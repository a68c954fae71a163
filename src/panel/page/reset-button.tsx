import { say } from './texts.ts';

/** Takes back what was typed or chosen in a field. Focus goes to the field, because the button goes away. */
export function ResetButton({ label, onReset }: { readonly label: string; readonly onReset: () => void }) {
  return (
    <button
      type="button"
      class="link"
      aria-label={say('Reset {label}', { label })}
      onClick={({ currentTarget }) => {
        currentTarget.closest('.field')?.querySelector('input')?.focus();
        onReset();
      }}
    >
      {say('reset')}
    </button>
  );
}
