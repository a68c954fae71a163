import { render } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Place } from '../../capacity/capacity-plan.ts';
import { scenarios } from '../../capacity/simulate-scenarios.ts';
import { emptyState, type PanelState, type ToPanel } from '../protocol.ts';
import { type Connection, connect } from './connection.ts';
import { InputFields } from './input-fields.tsx';
import { ModelError } from './model-error.tsx';
import { OpenSettings } from './open-settings.tsx';
import { isChosen } from './plan-rows.tsx';
import { Results } from './results.tsx';
import { createSimulator, loadWorker, type Simulated } from './simulation.ts';
import { TargetFields } from './target-fields.tsx';
import { say } from './texts.ts';
import { Verdict } from './verdict.tsx';

type Answer = Extract<ToPanel, { type: 'plan' }>;
type Notice = Extract<ToPanel, { type: 'notice' }>;

function Panel({ connection, workerUrl }: { readonly connection: Connection; readonly workerUrl: Promise<string> }) {
  const [state, setState] = useState(emptyState);
  const [answer, setAnswer] = useState<Answer>();
  const [notice, setNotice] = useState<Notice>();
  const [simulated, setSimulated] = useState<Simulated>();
  const [computing, setComputing] = useState(false);
  const revision = useRef(0);
  const latest = useRef(state);
  const simulator = useMemo(
    () =>
      createSimulator(workerUrl, (change) => {
        setComputing(change.computing);
        if (change.simulated) setSimulated(change.simulated);
      }),
    [workerUrl],
  );

  useEffect(() => {
    const ask = (next: PanelState) => {
      latest.current = next;
      setState(next);
      connection.keep(next);
      connection.send({ type: 'plan', revision: ++revision.current, state: next });
    };
    const stop = connection.listen((message) => {
      if (message.type === 'restore') ask(message.state);
      else if (message.type === 'changed') ask(latest.current);
      else if (message.type === 'notice') setNotice(message);
      else if (message.revision === revision.current) {
        setAnswer(message);
        simulator.ask(message.plan, latest.current);
      }
    });
    connection.send({ type: 'ready' });
    return stop;
  }, [connection, simulator]);

  const change = (part: Partial<PanelState>) => {
    const next = { ...latest.current, ...part };
    latest.current = next;
    setState(next);
    setNotice(undefined);
    connection.keep(next);
    connection.send({ type: 'plan', revision: ++revision.current, state: next });
  };
  const open = (place: Place) => connection.send({ type: 'open', place });
  if (!answer) return <p class="quiet">{say('Reading the workspace…')}</p>;
  const { plan, locale } = answer;
  const rowIds = plan.rows.filter((row) => isChosen(row, state.chosen)).map(({ id }) => id);
  return (
    <main aria-busy={computing}>
      <header>
        <h1 class="hidden">{say('Capacity')}</h1>
        <TargetChoice answer={answer} onChoose={(targetId) => change({ targetId, chosen: {}, settings: {} })} />
        <ScenarioChoice state={state} onChoose={(scenario) => change({ scenario })} />
        <span class="actions">
          <button
            type="button"
            class="primary"
            disabled={rowIds.length === 0}
            onClick={() => connection.send({ type: 'apply', state, rowIds })}
          >
            {say('Apply to files…')}
          </button>
          <button type="button" onClick={() => connection.send({ type: 'copy', state })}>
            {say('Copy')}
          </button>
          <Choice
            label={say('Export')}
            options={[
              ['markdown', 'Markdown'],
              ['json', 'JSON'],
              ['csv', 'CSV'],
            ]}
            onChoose={(format) => connection.send({ type: 'export', state, format })}
          />
          <button type="button" onClick={() => connection.send({ type: 'save', state })}>
            {say('Save plan…')}
          </button>
          <SavedPlanChoice
            answer={answer}
            onChoose={(saved) => change(saved)}
            onForget={(name) => connection.send({ type: 'forget', name })}
          />
        </span>
      </header>
      <div class={computing ? 'progress running' : 'progress'} aria-hidden="true" />
      {notice && (
        <p class={`notice ${notice.kind}`} role="status">
          {notice.text}
        </p>
      )}
      {answer.isTypical && (
        <p class="notice">
          {say('No web server was found in this workspace: these are typical values. Type your own.')}
        </p>
      )}
      <div class="columns">
        <div class="summary">
          {simulated ? <Verdict simulated={simulated} locale={locale} /> : <p class="quiet">{say('Simulating…')}</p>}
        </div>
        <section class="inputs" aria-label={say('What you have')}>
          <OpenSettings
            plan={plan}
            settings={state.settings}
            onState={(settings) => change({ settings })}
            onOpen={open}
          />
          <InputFields plan={plan} given={state.given} onGive={(given) => change({ given })} onOpen={open} />
          <TargetFields plan={plan} target={state.target} onTarget={(target) => change({ target })} />
        </section>
        <section class="answers" aria-label={say('What it carries')}>
          <Results
            plan={plan}
            simulated={simulated}
            locale={locale}
            chosen={state.chosen}
            onChoose={(id, isIn) => change({ chosen: { ...state.chosen, [id]: isIn } })}
            onOpen={open}
          />
        </section>
      </div>
      <ModelError plan={plan} locale={locale} onRead={() => connection.send({ type: 'validation' })} />
    </main>
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

const root = document.getElementById('headroom');
const worker = root?.dataset.worker;
if (root && worker !== undefined) {
  render(<Panel connection={connect()} workerUrl={loadWorker(worker)} />, root);
}
