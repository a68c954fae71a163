import { locateMapped, type MappedText, unknownMark } from '../../text/mapped-text.ts';
import { unknown } from '../value.ts';
import type { StartCommand } from './follow-command.ts';
import type { Launch } from './launch.ts';
import { programName } from './wrappers.ts';

/** True for a command that names a script of the project, by its form: not a program of the image. */
export function isProjectScript(path: string): boolean {
  return (/^\.{1,2}\//.test(path) || /\.(sh|bash)$/.test(path)) && !path.includes(unknownMark);
}

/** What a script that is not in the workspace starts: not known, and said so. */
export function missingScript(
  start: StartCommand & { readonly alternative: boolean },
  missing: { readonly word: MappedText /** The file, when the word is not its name. */; readonly what?: string },
): Launch {
  const { word, what = programName(word) } = missing;
  const why = `${what} is not in the workspace`;
  return {
    server: 'unknown',
    program: programName(word),
    at: locateMapped(word, { start: 0, end: word.text.length }) ?? start.at,
    command: { words: start.words, at: start.at, form: start.form, trail: start.trail },
    environment: start.environment,
    workingDirectory: start.workingDirectory,
    signals: { forwarded: unknown(why, start.at), blockedAt: undefined, blockedBy: undefined },
    alternative: start.alternative,
    throughShell: true,
    scriptPath: undefined,
    supervised: undefined,
    missing: why,
  };
}
