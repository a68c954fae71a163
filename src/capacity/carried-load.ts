import {
  keepsTarget,
  type LoadedStack,
  type LoadTarget,
  measureLoad,
  requestPlaces,
  simulateLoad,
} from './load-plan.ts';
import { stackCapacity } from './simulate-bottleneck.ts';
import { toStackConfiguration } from './stack-settings.ts';

/** The largest load (users, or requests per second) that keeps the target; 0 when even the smallest does not. */
export function carriedLoad(stack: LoadedStack, target: LoadTarget): number {
  const { thinkSeconds, requestsPerSecond } = stack.inputs;
  const capacity = stackCapacity(toStackConfiguration(stack.inputs, stack.settings)).requestsPerSecond;
  const isKept = (load: number) => keepsTarget(simulateLoad(stack, load), target);
  if (requestsPerSecond !== null) return carriedRate(Math.min(largestLoad, capacity), isKept);
  // Little's law: more users than that would make even the mean longer than the target.
  const bound = Math.min(largestLoad, capacity * (target.p95Seconds + thinkSeconds));
  return bound <= fewUsers ? carriedUsers(bound, isKept) : carriedCrowd(stack, { target, capacity });
}

function carriedRate(bound: number, isKept: (rate: number) => boolean): number {
  let carried = 0;
  let tooMany = bound;
  while (tooMany - carried > precision * bound) {
    const rate = (carried + tooMany) / 2;
    if (isKept(rate)) carried = rate;
    else tooMany = rate;
  }
  return carried;
}

function carriedUsers(bound: number, isKept: (users: number) => boolean): number {
  let carried = 0;
  let tooMany = Math.floor(bound) + 1;
  while (tooMany - carried > Math.max(1, precision * carried)) {
    const users = Math.floor((carried + tooMany) / 2);
    if (isKept(users)) carried = users;
    else tooMany = users;
  }
  return carried;
}

/**
 * The same for many users. Most of them think: fewer who think shorter ask as often and meet the same queues. By Little's
 * law the others are as many as ask during the time by which those think shorter. So no crowd has to be simulated.
 */
function carriedCrowd(stack: LoadedStack, of: { readonly target: LoadTarget; readonly capacity: number }): number {
  const { inputs, settings } = stack;
  const { target, capacity } = of;
  const isIdle = largestLoad / inputs.thinkSeconds < idleShare * capacity;
  if (isIdle && keepsTarget(simulateLoad(stack, largestLoad), target)) return largestLoad;
  const waiting = Math.min(requestPlaces(toStackConfiguration(inputs, settings)), capacity * target.p95Seconds);
  const search = (thinkSeconds: number, how: { readonly first: number; readonly isExact: boolean }) => {
    const bound = Math.floor(Math.min(largestLoad, capacity * thinkSeconds + waiting));
    const first = Math.max(1, Math.min(bound, Math.floor(how.first)));
    return searchUsers({ inputs: { ...inputs, thinkSeconds }, settings }, { ...how, target, bound, first });
  };
  const short = Math.min(inputs.thinkSeconds, thinkers / capacity);
  const rough = search(short, { first: largestLoad, isExact: false });
  if (rough.users === 0) return 0;
  // What is answered at that load may be far less than the capacity; then fewer would be left who think.
  const answeredBy = ({ users, meanSeconds }: Trial, thinkSeconds: number) =>
    Math.min(capacity, users / (thinkSeconds + meanSeconds));
  const answered = answeredBy(rough, short);
  const thinkSeconds = Math.min(inputs.thinkSeconds, thinkers / answered);
  const exact = search(thinkSeconds, { first: answered * (thinkSeconds + rough.meanSeconds), isExact: true });
  const others = answeredBy(exact, thinkSeconds) * (inputs.thinkSeconds - thinkSeconds);
  return Math.min(largestLoad, Math.floor(exact.users + others));
}

/** A number of users that was simulated, with the 95th percentile as a multiple of the target. */
interface Trial {
  readonly users: number;
  readonly meanSeconds: number;
  readonly slowdown: number;
}

/** The most users up to a bound that are kept, in few simulations: the next number is where the last ones point to. */
function searchUsers(
  stack: LoadedStack,
  of: { readonly target: LoadTarget; readonly bound: number; readonly first: number; readonly isExact: boolean },
): Trial {
  const { target, bound, first, isExact } = of;
  const share = isExact ? precision : roughPrecision;
  let kept: Trial = { users: 0, meanSeconds: 0, slowdown: 0 };
  let missed: Trial = { users: bound + 1, meanSeconds: 0, slowdown: 0 };
  let users = first;
  let step = share;
  for (let wasKept: boolean | undefined; missed.users - kept.users > Math.max(1, share * kept.users); ) {
    const measured = measureLoad(stack, users, { isCrowd: true, isRough: !isExact });
    const slowdown = (measured?.row.p95 ?? 0) / 1000 / target.p95Seconds;
    const trial: Trial = { users, meanSeconds: measured?.meanSeconds ?? 0, slowdown };
    const isKept = keepsTarget(measured?.row, target);
    if (isKept) kept = trial;
    else missed = trial;
    step = isKept === wasKept ? 2 * step : share;
    wasKept = isKept;
    const least = Math.ceil(kept.users + step * users);
    const most = Math.floor(missed.users - step * users);
    const expected = least < most ? expectedUsers({ kept, missed, last: trial }, stack.inputs.thinkSeconds) : undefined;
    users = expected ? Math.floor(Math.min(most, Math.max(least, expected))) : (kept.users + missed.users) >> 1;
  }
  return kept;
}

/** Users with whom the slowdown would be 1; undefined where the trials do not say. */
function expectedUsers(
  { kept, missed, last }: { readonly kept: Trial; readonly missed: Trial; readonly last: Trial },
  thinkSeconds: number,
): number | undefined {
  const isNear = kept.slowdown > nearTarget && missed.slowdown > 1 && missed.slowdown < 1 / nearTarget;
  if (isNear) {
    const way = Math.log(1 / kept.slowdown) / Math.log(missed.slowdown / kept.slowdown);
    return kept.users + way * (missed.users - kept.users);
  }
  if (last.slowdown < nearTarget) return undefined;
  // While all servers are busy, users add to the response time and to nothing else.
  const { users, meanSeconds, slowdown } = last;
  return (users / (thinkSeconds + meanSeconds)) * (thinkSeconds + meanSeconds / slowdown);
}

const largestLoad = 100_000;
/** Users whose number is found by halving, because each simulation takes milliseconds. */
const fewUsers = 1000;
/** Users that think at the same time, instead of any larger number. */
const thinkers = 2000;
/** Share of its capacity up to which a stack has no queues that would have to grow. */
const idleShare = 0.7;
/** Share of the target from which on the response time says how many users are too many. */
const nearTarget = 0.5;
/** How near a short simulation comes. */
const roughPrecision = 0.05;
/** The simulation is not so exact that the third digit would mean anything. */
const precision = 0.01;
