import type { CapacityPlan } from '../../capacity/capacity-plan.ts';
import { publishedError } from '../../capacity/published-error.ts';
import { formatShare } from './numbers.ts';
import { isAssumed } from './simulation.ts';
import { say } from './texts.ts';

/** How far the model can be trusted, with the way to the measurements. Its errors say nothing of assumed request times. */
export function ModelError(props: {
  readonly plan: CapacityPlan;
  readonly locale: string;
  readonly onRead: () => void;
}) {
  const { plan, locale, onRead } = props;
  const { configurations, throughputMedian, p50Median, p95Median } = publishedError;
  const show = (share: number) => formatShare(share, locale);
  const rests = isAssumed(plan, 'cpuSeconds') || isAssumed(plan, 'databaseSeconds');
  return (
    <footer class="quiet">
      <p>
        {rests
          ? say(
              'These figures are only as right as the time of a request, which is assumed: type in what you measured.',
            )
          : say(
              'Held against {configurations} measured stacks, half of the predictions were within about {throughput} of the throughput, {p50} of p50 and {p95} of p95.',
              {
                configurations,
                throughput: show(throughputMedian),
                p50: show(p50Median),
                p95: show(p95Median),
              },
            )}{' '}
        <button type="button" class="link" onClick={onRead}>
          {say('How far the model can be trusted')}
        </button>
      </p>
    </footer>
  );
}
