import type { RequestLoad } from './simulate-configuration.ts';

/** A load to try a stack with. */
export interface Scenario {
  readonly id: 'light' | 'medium' | 'heavy' | 'extreme' | 'write-heavy' | 'burst';
  readonly load: RequestLoad;
  /** Share (0 to 1) of requests that write. */
  readonly writeShare: number;
  /** How long the load lasts. */
  readonly seconds: number;
}

const think = { kind: 'exponential', meanSeconds: 1 } as const;

/** The loads that a team tested its pool with: users and duration grow, then mostly writes, then all at once. */
export const scenarios: readonly Scenario[] = [
  { id: 'light', load: { kind: 'users', users: 5, think }, writeShare: 0.2, seconds: 30 },
  { id: 'medium', load: { kind: 'users', users: 10, think }, writeShare: 0.2, seconds: 60 },
  { id: 'heavy', load: { kind: 'users', users: 15, think }, writeShare: 0.2, seconds: 120 },
  { id: 'extreme', load: { kind: 'users', users: 25, think }, writeShare: 0.2, seconds: 180 },
  { id: 'write-heavy', load: { kind: 'users', users: 10, think }, writeShare: 0.7, seconds: 60 },
  { id: 'burst', load: { kind: 'bursts', requests: 50, everySeconds: 10 }, writeShare: 0.2, seconds: 60 },
];
