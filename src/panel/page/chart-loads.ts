import { type CapacityInputs, responseSeconds } from '../../capacity/capacity-inputs.ts';
import { stackCapacity } from '../../capacity/simulate-bottleneck.ts';
import { type StackSettings, toStackConfiguration } from '../../capacity/stack-settings.ts';
import { axisTicks } from './numbers.ts';

/**
 * Loads up to twice the planned one, the planned one among them, and more where the curves bend; users are whole. Where the
 * planned load is far beyond all bends, each step multiplies.
 */
export function chartLoads(inputs: CapacityInputs, settings: readonly StackSettings[]): readonly number[] {
  const { users, requestsPerSecond } = inputs;
  const planned = requestsPerSecond ?? users;
  const bends = settings.map((one) => bendOf(inputs, one));
  const most = axisTicks(2 * planned).at(-1) ?? 2 * planned;
  const even = Array.from({ length: 10 }, (_, index) => ((index + 1) * most) / 10);
  const isFar = planned > farBeyond * Math.max(...bends);
  const first = requestsPerSecond === null ? 1 : most / 100;
  const steps = isFar ? steps125(Math.min(first, ...bends.map((bend) => bend / 10)), planned) : [first, ...even];
  const near = bends.flatMap((bend) => [0.8, 1, 1.25].map((factor) => roundTo2(factor * bend)));
  const loads = [...steps, ...near.filter((load) => load < most), planned].map((load) =>
    requestsPerSecond === null ? Math.round(load) : load,
  );
  return [...new Set(loads)].filter((load) => load > 0).sort((left, right) => left - right);
}

/** The load that a stack would answer without waiting if nothing were uneven; from there on the curves bend. */
function bendOf(inputs: CapacityInputs, settings: StackSettings): number {
  const { requestsPerSecond } = stackCapacity(toStackConfiguration(inputs, settings));
  if (inputs.requestsPerSecond !== null) return requestsPerSecond;
  return requestsPerSecond * (responseSeconds(inputs) + inputs.thinkSeconds);
}

/** How many times a bend the planned load is when an even axis would no longer show it. */
const farBeyond = 5;

function steps125(from: number, to: number): readonly number[] {
  const steps: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(from)); power < to; power *= 10) steps.push(power, 2 * power, 5 * power);
  return steps.filter((step) => step >= from && step < to);
}

function roundTo2(load: number): number {
  return Number(load.toPrecision(2));
}
