import { render } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Place } from '../../capacity/capacity-plan.ts';
import { emptyState, type PanelState, type ToPanel } from '../protocol.ts';
import { type Connection, connect } from './connection.ts';
import { Header } from './header.tsx';
import { InputFields } from './input-fields.tsx';
import { createLine } from './line.ts';
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
  const [asking, setAsking] = useState(false);
  const [simulating, setSimulating] = useState(false);
  const latest = useRef(state);
  const simulator = useMemo(
    () =>
      createSimulator(workerUrl, (change) => {
        setSimulating(change.computing);
        if (change.simulated) setSimulated(change.simulated);
      }),
    [workerUrl],
  );
  const asker = useMemo(() => createAsker(connection, () => setAsking(true)), [connection]);

  const ask = (next: PanelState) => {
    latest.current = next;
    setState(next);
    connection.keep(next);
    asker.ask(next);
  };
  useEffect(() => {
    const stop = connection.listen((message) => {
      if (message.type === 'restore') ask(message.state);
      else if (message.type === 'changed') ask(latest.current);
      else if (message.type === 'notice') setNotice(message);
      else if (asker.take(message)) {
        setAnswer(message);
        simulator.ask(message.plan, latest.current);
        setAsking(asker.isAsking());
      }
    });
    connection.send({ type: 'ready' });
    return stop;
  }, [connection, simulator]);

  const change = (part: Partial<PanelState>) => {
    setNotice(undefined);
    ask({ ...latest.current, ...part });
  };
  const open = (place: Place) => connection.send({ type: 'open', place });
  if (!answer) return <p class="quiet">{say('Reading the workspace…')}</p>;
  const { plan, locale } = answer;
  const rowIds = plan.rows.filter((row) => isChosen(row, state.chosen)).map(({ id }) => id);
  const isBusy = asking || simulating;
  return (
    <main aria-busy={isBusy}>
      <Header answer={answer} state={state} rowIds={rowIds} onChange={change} onSend={connection.send} />
      <div class={isBusy ? 'progress running' : 'progress'} aria-hidden="true">
        {simulated && <span>{say('Still simulating: the figures are those of before.')}</span>}
      </div>
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
        <section class="inputs" aria-labelledby="inputs-title">
          <h2 id="inputs-title">{say('What you have')}</h2>
          <p class="quiet">{say('Type what you know better: the answer follows at once.')}</p>
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
            onChoose={(chosen) => change({ chosen: { ...latest.current.chosen, ...chosen } })}
            onOpen={open}
          />
        </section>
      </div>
      <ModelError plan={plan} locale={locale} onRead={() => connection.send({ type: 'validation' })} />
    </main>
  );
}

/** Asks the extension for plans, one at a time; one that never answers holds the next up for a second only. */
function createAsker(connection: Connection, onAsk: () => void) {
  let revision = 0;
  let shown = 0;
  let awaited: (() => void) | undefined;
  const line = createLine<PanelState>({
    patienceMs: 1000,
    start(state, end) {
      awaited = end;
      onAsk();
      connection.send({ type: 'plan', revision: ++revision, state });
      return () => {
        awaited = undefined;
      };
    },
  });
  return {
    ask: line.put,
    isAsking: () => awaited !== undefined,
    /** True for an answer that is newer than what is shown. */
    take(answer: Answer): boolean {
      if (answer.revision <= shown) return false;
      shown = answer.revision;
      const end = awaited;
      if (answer.revision === revision) {
        awaited = undefined;
        end?.();
      }
      return true;
    },
  };
}

const root = document.getElementById('headroom');
const worker = root?.dataset.worker;
if (root && worker !== undefined) {
  render(<Panel connection={connect()} workerUrl={loadWorker(worker)} />, root);
}
