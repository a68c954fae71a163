import type { Oracle } from '../agreement.ts';
import { ask } from './ask.ts';
import { cases } from './cases.ts';
import { ours } from './ours.ts';
import type { StoreCase } from './store-case.ts';

export { version } from './ask.ts';

/** The settings that PostgreSQL, MariaDB, Redis and PgBouncer come to from their files and command lines. */
export const oracle: Oracle<StoreCase> = { name: 'stores', cases: () => cases, ask, ours };
