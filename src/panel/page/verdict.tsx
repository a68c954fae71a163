import { bottleneckSentence, type Phrase } from '../../capacity/bottleneck-sentence.ts';
import type { CapacityPlan } from '../../capacity/capacity-plan.ts';
import { formatCarried, formatNumber, formatShare, formatTime } from './numbers.ts';
import { isAssumed, type Simulated } from './simulation.ts';
import { say } from './texts.ts';

/** The answer in words: how many users it carries, what runs out first, and what the plan makes of it. */
export function Verdict({ simulated, locale }: { readonly simulated: Simulated; readonly locale: string }) {
  const { plan, answers, target } = simulated;
  const { today, plan: planned } = answers;
  if (!planned) return null;
  if (planned.rows.length === 0 || today?.rows.length === 0) {
    return <p class="headline">{say('So many processes cannot be simulated: use fewer replicas or workers.')}</p>;
  }
  const wanted = plan.inputs.requestsPerSecond ?? plan.inputs.users;
  const unit = plan.inputs.requestsPerSecond === null ? say('users') : say('requests a second');
  const show = (value: number) => formatNumber(value, locale);
  // Rounding must not make a load that is not carried look like one that is.
  const showCarried = (value: number) =>
    formatCarried(value, locale) === formatCarried(wanted, locale) ? show(value) : formatCarried(value, locale);
  const row = today?.rows.find((one) => (one.users ?? one.requestsPerSecond) === wanted);
  const bottleneck = row && plan.today ? bottleneckSentence(row, plan.today) : undefined;
  const isCarried = today !== undefined && today.carried >= wanted;
  const slow = answers['plan-slow']?.carried;
  const fast = answers['plan-fast']?.carried;
  return (
    <section class="verdict" aria-live="polite" aria-atomic="true" aria-label={say('Verdict')}>
      {today && (
        <p class="headline">
          {isCarried
            ? say('Today this stack carries your {wanted} {unit}, with {spare} to spare.', {
                wanted: show(wanted),
                unit,
                spare: formatShare(Math.round(100 * (1 - wanted / today.carried)) / 100, locale),
              })
            : say('Today this stack carries about {carried} of your {wanted} {unit}.', {
                carried: showCarried(today.carried),
                wanted: show(wanted),
                unit,
              })}
        </p>
      )}
      {row && !row.stable && (
        <p>{say('More requests arrive than it can ever answer: the queue would grow without end.')}</p>
      )}
      {bottleneck && !isCarried && <p>{say(bottleneck.says, withNumbers(bottleneck.with, locale))}</p>}
      {!today && (
        <p class="headline">
          {say('With the settings below this machine carries about {carried} {unit}.', {
            carried: showCarried(planned.carried),
            unit,
          })}
        </p>
      )}
      {today && !(isCarried && planned.carried <= today.carried) && (
        <p>
          {planned.carried >= wanted
            ? say('With the plan it carries about {carried}.', { carried: showCarried(planned.carried) })
            : say('Even with the plan it carries about {carried}: this machine or these requests need more.', {
                carried: showCarried(planned.carried),
              })}
        </p>
      )}
      {slow !== undefined && fast !== undefined && (
        <p class="quiet">
          {say('{what} is assumed. Were it twice as long, the plan would carry about {slow}; half as long, {fast}.', {
            what: assumedTime(plan),
            slow: showCarried(slow),
            fast: showCarried(fast),
          })}
        </p>
      )}
      <p class="quiet">
        {say('Carried means: 95 % of requests within {time}, at most {errors} errors.', {
          time: formatTime(target.p95Seconds * 1000, locale),
          errors: formatShare(target.errorShare, locale),
        })}
      </p>
    </section>
  );
}

function assumedTime(plan: CapacityPlan): string {
  if (!isAssumed(plan, 'databaseSeconds')) return say('The CPU time of a request');
  return isAssumed(plan, 'cpuSeconds') ? say('The time of a request') : say('The database time of a request');
}

function withNumbers(values: Phrase['with'], locale: string): Phrase['with'] {
  const shown = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'number' ? formatNumber(value, locale) : value,
  ]);
  return Object.fromEntries(shown);
}
