import type { Oracle } from '../agreement.ts';
import { askGunicorn, gunicornVersion } from './ask.ts';
import { commandLineCases } from './command-line-cases.ts';
import { environmentCases } from './environment-cases.ts';
import { fileCases } from './file-cases.ts';
import type { GunicornCase } from './gunicorn-case.ts';
import { ours } from './ours.ts';
import { precedenceCases } from './precedence-cases.ts';

/** Today's Gunicorn. */
export const oracle: Oracle<GunicornCase> = {
  name: 'gunicorn',
  cases: () => [...commandLineCases(), ...environmentCases, ...fileCases, ...precedenceCases()],
  ask: (given) => askGunicorn(given, 'sid'),
  ours: (given) => ours(given, '26.2.2'),
};

export const version = () => gunicornVersion('sid');
