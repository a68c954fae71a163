import type { ComposeCase } from './compose-case.ts';
import { compositionCases } from './composition-cases.ts';
import { environmentCases } from './environment-cases.ts';
import { generateCases } from './generated-cases.ts';
import { interpolationCases } from './interpolation-cases.ts';
import { mergeCases } from './merge-cases.ts';
import { settingCases } from './setting-cases.ts';

/** Every case, those written by hand first. */
export const cases: readonly ComposeCase[] = [
  ...mergeCases,
  ...interpolationCases,
  ...environmentCases,
  ...compositionCases,
  ...settingCases,
  ...generateCases(150),
];
