import type { Oracle } from '../agreement.ts';
import { askGunicorn, gunicornVersion } from '../gunicorn/ask.ts';
import type { GunicornCase } from '../gunicorn/gunicorn-case.ts';
import { oracle as current } from '../gunicorn/oracle.ts';
import { ours } from '../gunicorn/ours.ts';

/** Gunicorn 20.1, which many images still have: every fifth case, and those whose names show that the version matters. */
export const oracle: Oracle<GunicornCase> = {
  name: 'gunicorn-20',
  cases: () => current.cases().filter(({ name }, index) => index % 5 === 0 || name.includes('version')),
  ask: (given) => askGunicorn(given, 'bookworm'),
  ours: (given) => ours(given, '20.1.0'),
};

export const version = () => gunicornVersion('bookworm');
