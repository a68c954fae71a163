import { bottleneckSentence, type Phrase } from '../../capacity/bottleneck-sentence.ts';
import type { CapacityPlan } from '../../capacity/capacity-plan.ts';
import type { LoadRow } from '../../capacity/load-plan.ts';
import { formatCarried, formatNumber, formatShare, formatTime, withNumbers } from './numbers.ts';
import type { SimulationAnswer } from './simulate-worker.ts';
import { isAssumed, type Simulated } from './simulation.ts';
import { say } from './texts.ts';

/** The answer in words: how many users it carries, what runs out first, and what the plan makes of it. */
export function Verdict({ simulated, locale }: { readonly simulated: Simulated; readonly locale: string }) {
  const { answers, target } = simulated;
  const { today, plan: planned } = answers;
  if (!planned) return null;
  if (planned.rows.length === 0 || today?.rows.length === 0) {
    return <p class="headline">{say('So many processes cannot be simulated: use fewer replicas or workers.')}</p>;
  }
  // What runs out first may be the same today and with the plan.
  const sentences = new Set([...sayToday(simulated, locale), ...sayPlan(simulated, locale)]);
  return (
    <section class="verdict" aria-live="polite" aria-atomic="true" aria-label={say('Verdict')}>
      {[...sentences].map((sentence, index) => (
        <p key={sentence} class={index === 0 ? 'headline' : undefined}>
          {sentence}
        </p>
      ))}
      {sayRange(simulated, locale).map((sentence) => (
        <p key={sentence} class="quiet">
          {sentence}
        </p>
      ))}
      <p class="quiet">
        {say('Carried means: 95 % of requests within {time}, at most {errors} errors.', {
          time: formatTime(target.p95Seconds * 1000, locale),
          errors: formatShare(target.errorShare, locale),
        })}
      </p>
    </section>
  );
}

function sayToday({ plan, answers: { today } }: Simulated, locale: string): readonly string[] {
  if (!today || !plan.today) return [];
  const wanted = wantedLoad(plan);
  const values = { wanted: formatNumber(wanted, locale), unit: unitOf(plan) };
  if (today.carried >= wanted) {
    const spare = formatShare(Math.round(100 * (1 - wanted / today.carried)) / 100, locale);
    return [say('Today this stack carries your {wanted} {unit}, with {spare} to spare.', { ...values, spare })];
  }
  const carried = showCarried(today.carried, { plan, locale });
  const row = rowAt(today, plan);
  return [
    today.carried > 0
      ? say('Today this stack carries about {carried} of your {wanted} {unit}.', { ...values, carried })
      : say('Today this stack carries none of your {wanted} {unit} within the target.', values),
    ...(row && !row.stable
      ? [say('More requests arrive than it can ever answer: the queue would grow without end.')]
      : []),
    ...(row ? [sayBottleneck(bottleneckSentence(row, plan.today), locale)] : []),
  ];
}

function sayPlan({ plan, answers: { today, plan: planned } }: Simulated, locale: string): readonly string[] {
  if (!planned) return [];
  const isCarried = planned.carried >= wantedLoad(plan);
  const carried = showCarried(planned.carried, { plan, locale });
  const lack = plan.recommended.fits ? [] : [say('The parts need more memory than the machine has.')];
  if (!today) {
    const settings = 'With the settings below this machine carries about {carried} {unit}.';
    return [say(settings, { carried, unit: unitOf(plan) }), ...lack];
  }
  const isSame = plan.rows.length === 0 || carried === showCarried(today.carried, { plan, locale });
  const says = planVerdict(plan, { isCarried, carried: planned.carried });
  if (isCarried) return isSame ? lack : [say(says, { carried }), ...lack];
  const row = rowAt(planned, plan);
  // What nobody knows may be the cause as well as the machine.
  const needsMore = !plan.recommended.carries && plan.openSettings.length === 0;
  return [
    say(says, { carried }),
    ...(row && plan.rows.length > 0 ? [sayBottleneck(bottleneckSentence(row, plan.planned), locale)] : []),
    ...(needsMore ? [say('This load needs more CPUs or shorter requests.')] : []),
    ...lack,
  ];
}

/** Rows that cannot be applied count as done in what is simulated. */
function planVerdict(
  { rows }: CapacityPlan,
  { isCarried, carried }: { readonly isCarried: boolean; readonly carried: number },
): string {
  if (rows.length === 0) return 'No setting that can be changed here carries more.';
  if (carried === 0) return 'With the plan it carries none within the target, either.';
  const byHand = rows.some(({ refused }) => refused !== undefined);
  if (isCarried) {
    return byHand
      ? 'With the plan and its changes by hand it carries about {carried}.'
      : 'With the plan it carries about {carried}.';
  }
  return byHand
    ? 'Even with the plan and its changes by hand it carries about {carried}.'
    : 'Even with the plan it carries about {carried}.';
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
