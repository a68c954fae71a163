import { describe, expect, it } from 'vitest';
import { typicalInputs } from '../../src/capacity/capacity-inputs.ts';
import { chartLoads } from '../../src/panel/page/chart-loads.ts';
import { loadScale } from '../../src/panel/page/chart-series.ts';
import { noGoal } from '../../src/plan/goal.ts';
import { planCapacity } from '../../src/plan/plan-capacity.ts';

describe('the loads of a chart', () => {
  const settings = planCapacity(undefined, { goal: noGoal, given: { users: 50 } }).plan.planned;

  it('lie around the bend of the curve, also where many more users are planned', () => {
    const loads = chartLoads({ ...typicalInputs, cpus: 1, users: 20_000 }, [settings]);
    expect(loads).toContain(20_000);
    // 21 threads at half a second and a second to think: about 63 users.
    expect(loads.filter((load) => load > 30 && load < 130).length).toBeGreaterThanOrEqual(4);
    expect(loads.length).toBeLessThan(25);
    const { shareOf, ticks } = loadScale(loads, 20_000);
    expect(shareOf(63)).toBeGreaterThan(0.3);
    expect(shareOf(63)).toBeLessThan(0.6);
    expect(ticks(5)).toEqual([1, 10, 100, 1000, 10_000]);
  });

  it('go evenly up to twice the planned one where that is near the bend', () => {
    const loads = chartLoads({ ...typicalInputs, users: 50 }, [settings]);
    expect(loads).toEqual(expect.arrayContaining([1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]));
    expect(loadScale(loads, 100).shareOf(50)).toBe(0.5);
  });

  it('are whole users, each once, in order', () => {
    for (const users of [1, 3, 50, 999, 100_000]) {
      const loads = chartLoads({ ...typicalInputs, users }, [settings, { ...settings, workers: 1, threads: 1 }]);
      expect(loads.every(Number.isInteger)).toBe(true);
      expect(loads).toEqual([...new Set(loads)].sort((left, right) => left - right));
      expect(loads).toContain(users);
    }
  });
});
