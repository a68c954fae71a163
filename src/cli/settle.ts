import { type Analysis, analyse } from '../engine/analyse.ts';
import type { Session } from '../model/session.ts';
import type { Rule } from '../rules/rule.ts';
import type { SourceText } from '../text/source-text.ts';
import type { OpenFolder } from './load-workspace.ts';

/** What stays the same over all analyses of a folder. */
export interface Judgement {
  readonly rules: readonly Rule[];
  readonly session: Session;
  readonly configuration: SourceText | undefined;
  /** Compose files of the command line, before those of the configuration. */
  readonly composeFiles?: readonly string[] | undefined;
}

const maximumRounds = 24;

/** Analyses the folder, loading what the analysis asks for, until it asks for nothing. */
export function settle(folder: OpenFolder, judgement: Judgement): Analysis {
  const { rules, session, configuration, composeFiles } = judgement;
  const request = {
    workspace: folder.workspace,
    session,
    rules,
    ...(configuration && { configurationFile: configuration }),
    ...(composeFiles && { composeFiles }),
  };
  for (let round = 0; round < maximumRounds; round++) {
    const analysis = analyse(request);
    if (analysis.wanted.size === 0) return analysis;
    folder.load(analysis.wanted);
  }
  folder.skip(analyse(request).wanted, 'reached through too many other files');
  return analyse(request);
}
