import { scenarios } from '../../capacity/simulate-scenarios.ts';
import type { FromPanel, PanelState, ToPanel } from '../protocol.ts';
import { say } from './texts.ts';

type Answer = Extract<ToPanel, { type: 'plan' }>;

/** The line at the top: which server and load the answers are about, and what can be done with the plan. */
export function Header(props: {
  readonly answer: Answer;
  readonly state: PanelState;
  /** Rows to apply. */
  readonly rowIds: readonly string[];
  readonly onChange: (part: Partial<PanelState>) => void;
  readonly onSend: (message: FromPanel) => void;
}) {
  const { answer, state, rowIds, onChange, onSend } = props;
  return (
    <header>
      <h1 class="hidden">{say('Capacity')}</h1>
      <TargetChoice answer={answer} onChoose={(targetId) => onChange({ targetId, chosen: {}, settings: {} })} />
      <ScenarioChoice state={state} onChoose={(scenario) => onChange({ scenario })} />
      <span class="actions">
        <button
          type="button"
          class="primary"
          disabled={rowIds.length === 0}
          title={
            rowIds.length === 0
              ? say('There is no change to apply.')
              : say('Shows every change first; nothing is written without your consent.')
          }
          onClick={() => onSend({ type: 'apply', state, rowIds })}
        >
          {say('Apply to files…')}
        </button>
        <button
          type="button"
          title={say('Copies the plan as Markdown.')}
          onClick={() => onSend({ type: 'copy', state })}
        >
          {say('Copy')}
        </button>
        <Choice
          label={say('Export')}
          options={[
            ['markdown', 'Markdown'],
            ['json', 'JSON'],
            ['csv', 'CSV'],
          ]}
          onChoose={(format) => onSend({ type: 'export', state, format })}
        />
        <button type="button" onClick={() => onSend({ type: 'save', state })}>
          {say('Save plan…')}
        </button>
        <SavedPlanChoice
          answer={answer}
          onChoose={(saved) => onChange(saved)}
          onForget={(name) => onSend({ type: 'forget', name })}
        />
      </span>
    </header>
  );
}

function TargetChoice({ answer, onChoose }: { readonly answer: Answer; readonly onChoose: (id: string) => void }) {
  if (answer.targets.length === 0) return null;
  return (
    <label>
      <span class="hidden">{say('Web server')}</span>
      <select value={answer.targetId} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {answer.targets.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

function ScenarioChoice({ state, onChoose }: { readonly state: PanelState; readonly onChoose: (id: string) => void }) {
  return (
    <label>
      {say('Scenario')}{' '}
      <select value={state.scenario} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        <option value="steady">
          {typeof state.given.requestsPerSecond === 'number' ? say('your requests, steady') : say('your users, steady')}
        </option>
        {scenarios.map(({ id, load, seconds }) => (
          <option key={id} value={id}>
            {load.kind === 'users'
              ? say('{id}: {users} users, {seconds} s', { id, users: load.users, seconds })
              : say('{id}: all at once', { id })}
          </option>
        ))}
      </select>
    </label>
  );
}

function SavedPlanChoice(props: {
  readonly answer: Answer;
  readonly onChoose: (state: PanelState) => void;
  readonly onForget: (name: string) => void;
}) {
  const { answer, onChoose, onForget } = props;
  const { savedPlans } = answer;
  if (savedPlans.length === 0) return null;
  return (
    <Choice
      label={say('Saved plans')}
      options={[
        ...savedPlans.map(({ name }, index) => [`open ${index}`, name] as const),
        ...savedPlans.map(({ name }, index) => [`forget ${index}`, say('Forget {name}', { name })] as const),
      ]}
      onChoose={(chosen) => {
        const [action, index] = chosen.split(' ');
        const plan = savedPlans[Number(index)];
        if (plan) action === 'open' ? onChoose(plan.state) : onForget(plan.name);
      }}
    />
  );
}

/** A list that does something when an entry is chosen, and shows its label again. */
function Choice<Value extends string>(props: {
  readonly label: string;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChoose: (value: Value) => void;
}) {
  const { label, options, onChoose } = props;
  return (
    <select
      aria-label={label}
      value=""
      onChange={({ currentTarget }) => {
        const chosen = options.find(([value]) => value === currentTarget.value)?.[0];
        currentTarget.value = '';
        if (chosen !== undefined) onChoose(chosen);
      }}
    >
      <option value="" disabled hidden>
        {label}
      </option>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}
