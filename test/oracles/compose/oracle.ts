import type { Oracle } from '../agreement.ts';
import { ask } from './ask.ts';
import { cases } from './cases.ts';
import type { ComposeCase } from './compose-case.ts';
import { ours } from './ours.ts';

export { version } from './ask.ts';

/** `docker compose config`: what a project's files come to after merging and interpolation. */
export const oracle: Oracle<ComposeCase> = { name: 'compose', cases: () => cases, ask, ours };
