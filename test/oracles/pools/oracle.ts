import type { Oracle } from '../agreement.ts';
import { ask } from './ask.ts';
import { poolCases } from './cases.ts';
import { ours } from './ours.ts';

export { version } from './ask.ts';

/** Pools: which arguments their libraries refuse, and what the pool object holds otherwise. */
export const oracle: Oracle = { name: 'pools', cases: poolCases, ask, ours };
