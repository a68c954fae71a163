import type { Oracle } from '../agreement.ts';
import { ask } from './ask.ts';
import { databaseCases } from './database-cases.ts';
import type { DjangoCase } from './django-case.ts';
import { environmentCases } from './environment-cases.ts';
import { languageCases } from './language-cases.ts';
import { ours } from './ours.ts';

export { version } from './ask.ts';

/** Django's settings as it loads them. */
export const oracle: Oracle<DjangoCase> = {
  name: 'django',
  cases: () => [...databaseCases, ...environmentCases, ...languageCases],
  ask,
  ours,
};
