import { bottleneckSentence, type Phrase } from '../../capacity/bottleneck-sentence.ts';
import type { CapacityPlan } from '../../capacity/capacity-plan.ts';
import type { LoadRow } from '../../capacity/load-plan.ts';
import { formatCarried, formatNumber, formatShare, withNumbers } from './numbers.ts';
import type { SimulationAnswer } from './simulate-worker.ts';
import { isAssumed, type Simulated } from './simulation.ts';
import { say, withWholeAmounts } from './texts.ts';

/** The answer in two sentences: how much it carries today, and with the plan. */
export function Verdict({ simulated, locale }: { readonly simulated: Simulated; readonly locale: string }) {
  const { answers, plan } = simulated;
  const { today, plan: planned } = answers;
  if (!planned) return null;
  if (planned.rows.length === 0 || today?.rows.length === 0) {
    return <p class="headline">{say('So many processes cannot be simulated: use fewer replicas or workers.')}</p>;
  }
  const isCarried = (today ?? planned).carried >= wantedLoad(plan);
  return (
    <section
      class={isCarried ? 'verdict carried' : 'verdict'}
      aria-live="polite"
      aria-atomic="true"
      aria-label={say('Verdict')}
    >
      <svg class="sign" viewBox="0 0 16 16" aria-hidden="true">
        <path d={isCarried ? 'M3 8.5 6.5 12 13 4.5' : 'M8 2.5V9.5M8 12.2V13.5'} />
      </svg>
      <p class="headline">{withWholeAmounts(today ? sayToday(simulated, locale) : saySized(simulated, locale))}</p>
      <p>{today ? sayPlan(simulated, locale) : sayEnough(simulated, locale)}</p>
    </section>
  );
}

function sayToday({ plan, answers: { today } }: Simulated, locale: string): string {
  const wanted = wantedLoad(plan);
  const carried = today?.carried ?? 0;
  const values = { load: sayLoad(plan, locale) };
  if (carried >= wanted) {
    const spare = formatShare(Math.round(100 * (1 - wanted / carried)) / 100, locale);
    return say('Today this stack carries {load}, with {spare} to spare.', { ...values, spare });
  }
  return carried > 0
    ? say('Today this stack carries about {carried} of {load}.', {
        ...values,
        carried: showCarried(carried, { plan, locale }),
      })
    : say('Today this stack carries none of {load} within the target.', values);
}

function sayPlan({ plan, answers }: Simulated, locale: string): string {
  const { today, plan: planned } = answers;
  const most = planned?.carried ?? 0;
  const carried = showCarried(most, { plan, locale });
  const isCarried = most >= wantedLoad(plan);
  if (isCarried && plan.rows.length === 0) return say('Nothing has to change for this load.');
  if (isCarried && carried === showCarried(today?.carried ?? 0, { plan, locale })) {
    return say('With the plan it carries as many.');
  }
  const byHand = sayByHand({ plan, answers }, locale);
  return [say(planVerdict(plan, { isCarried, carried: most }), { carried }), ...byHand].join(' ');
}

/** What the rows that cannot be applied would add to what the plan carries. */
function sayByHand({ plan, answers }: Pick<Simulated, 'plan' | 'answers'>, locale: string): readonly string[] {
  const most = answers['plan-by-hand']?.carried ?? 0;
  if (most <= (answers.plan?.carried ?? 0)) return [];
  const carried = showCarried(most, { plan, locale });
  return [say('With its changes by hand as well it would carry about {carried}.', { carried })];
}

function saySized({ plan, answers: { plan: planned } }: Simulated, locale: string): string {
  const carried = showCarried(planned?.carried ?? 0, { plan, locale });
  return say('With the settings below this machine carries about {carried} {unit}.', { carried, unit: unitOf(plan) });
}

function sayEnough({ plan, answers: { plan: planned } }: Simulated, locale: string): string {
  const isEnough = (planned?.carried ?? 0) >= wantedLoad(plan);
  const load = sayLoad(plan, locale);
  return isEnough ? say('That is enough for {load}.', { load }) : say('That is not enough for {load}.', { load });
}

/** "your 50 users"; a load that nobody named is called assumed. */
function sayLoad(plan: CapacityPlan, locale: string): string {
  const { origins, inputs } = plan;
  const values = { wanted: formatNumber(wantedLoad(plan), locale), unit: unitOf(plan) };
  return inputs.requestsPerSecond === null && origins.users.kind === 'assumed'
    ? say('the assumed {wanted} {unit}', values)
    : say('your {wanted} {unit}', values);
}

/** Why: what runs out first today and with the plan, and what the answer rests on. */
export function Reasons({ simulated, locale }: { readonly simulated: Simulated; readonly locale: string }) {
  const today = reasonsToday(simulated, locale);
  // What runs out first may be the same today and with the plan.
  const planned = reasonsOfPlan(simulated, locale).filter((sentence) => !today.includes(sentence));
  const lines: readonly (readonly [string, readonly string[]])[] = [
    [say('Today'), today],
    [say('Plan'), planned],
    [say('Assumed'), sayRange(simulated, locale)],
  ];
  return (
    <dl class="reasons">
      {lines
        .filter(([, sentences]) => sentences.length > 0)
        .map(([label, sentences]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{sentences.join(' ')}</dd>
          </div>
        ))}
    </dl>
  );
}

function reasonsToday({ plan, answers: { today } }: Simulated, locale: string): readonly string[] {
  if (!today || !plan.today || today.carried >= wantedLoad(plan)) return [];
  const row = rowAt(today, plan);
  if (!row) return [];
  const endless = say('More requests arrive than it can ever answer: the queue would grow without end.');
  return [...(row.stable ? [] : [endless]), sayBottleneck(bottleneckSentence(row, plan.today), locale)];
}

function reasonsOfPlan({ plan, answers }: Simulated, locale: string): readonly string[] {
  const { plan: planned, 'plan-by-hand': byHand } = answers;
  const lack = [
    ...(plan.recommended.fits ? [] : [say('The parts need more memory than the machine has.')]),
    ...sayOthers(plan),
  ];
  if (!planned || planned.carried >= wantedLoad(plan)) return lack;
  const row = rowAt(planned, plan);
  const isOwn = plan.rows.length > 0 || !plan.today;
  // What nobody knows may be the cause as well as the machine.
  const isHands = (byHand?.carried ?? 0) > planned.carried;
  const needsMore = !plan.recommended.carries && plan.openSettings.length === 0 && !isHands;
  return [
    ...(row && isOwn ? [sayBottleneck(bottleneckSentence(row, plan.planned), locale)] : []),
    ...(needsMore ? [say('This load needs more CPUs or shorter requests.')] : []),
    ...lack,
  ];
}

/** Other web servers may be busy at the same time. */
function sayOthers({ project }: CapacityPlan): readonly string[] {
  const names = project?.sharesCpusWith;
  return names === undefined
    ? []
    : [say('The same CPUs also serve {names}, whose requests are not counted.', { names })];
}

function planVerdict(
  { rows }: CapacityPlan,
  { isCarried, carried }: { readonly isCarried: boolean; readonly carried: number },
): string {
  if (rows.length === 0) return 'No setting that can be changed here carries more.';
  if (carried === 0) return 'With the plan it carries none within the target, either.';
  return isCarried ? 'With the plan it carries about {carried}.' : 'Even with the plan it carries about {carried}.';
}

/** What it would carry if requests took twice or half the time that is assumed. */
function sayRange({ plan, answers }: Simulated, locale: string): readonly string[] {
  const slow = answers['plan-slow']?.carried;
  const fast = answers['plan-fast']?.carried;
  if (slow === undefined || fast === undefined) return [];
  const values = {
    what: assumedTime(plan),
    slow: showCarried(slow, { plan, locale }),
    fast: showCarried(fast, { plan, locale }),
  };
  return [
    plan.today && plan.rows.length === 0
      ? say('{what} is assumed. Were it twice as long, it would carry about {slow}; half as long, {fast}.', values)
      : say(
          '{what} is assumed. Were it twice as long, the plan would carry about {slow}; half as long, {fast}.',
          values,
        ),
  ];
}

function wantedLoad({ inputs }: CapacityPlan): number {
  return inputs.requestsPerSecond ?? inputs.users;
}

function unitOf({ inputs }: CapacityPlan): string {
  return inputs.requestsPerSecond === null ? say('users') : say('requests a second');
}

function rowAt({ rows }: SimulationAnswer, plan: CapacityPlan): LoadRow | undefined {
  return rows.find((row) => (row.users ?? row.requestsPerSecond) === wantedLoad(plan));
}

/** Rounding must not make a load that is not carried look like one that is. */
function showCarried(load: number, of: { readonly plan: CapacityPlan; readonly locale: string }): string {
  const { plan, locale } = of;
  const shown = formatCarried(load, locale);
  return shown === formatCarried(wantedLoad(plan), locale) ? formatNumber(load, locale) : shown;
}

function sayBottleneck({ says, with: values }: Phrase, locale: string): string {
  return say(says, withNumbers(values, locale));
}

function assumedTime(plan: CapacityPlan): string {
  if (!isAssumed(plan, 'databaseSeconds')) return say('The CPU time of a request');
  return isAssumed(plan, 'cpuSeconds') ? say('The time of a request') : say('The database time of a request');
}
