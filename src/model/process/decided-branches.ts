import type { ShellCommand } from '../../parse/shell-tree.ts';
import { type MappedText, trailOf, unknownReason } from '../../text/mapped-text.ts';
import type { Span } from '../../text/span.ts';

/** Arms of `if` that surely do not run, found while a script's commands are walked in order. */
export interface DecidedBranches {
  /** True for a command inside such an arm. */
  isDead(command: ShellCommand): boolean;
  /** True for a command that stands alone in an arm that surely runs. */
  isSure(command: ShellCommand): boolean;
  /** Looks at a command with its expanded words: a test of known texts decides the `if` it stands in. */
  observe(command: ShellCommand, words: readonly MappedText[]): void;
}

/** Follows `if [ "$NAME" = value ]; then ... else ... fi` where the variable is known for certain. */
export function decideBranches(text: string): DecidedBranches {
  const dead: Span[] = [];
  const sure: Span[] = [];
  let test: { readonly holds: boolean; readonly end: number; readonly isSure: boolean } | undefined;
  let taken: Span | undefined;
  const isSure = ({ branch, span }: ShellCommand): boolean =>
    sure.some((arm) => arm.start === branch?.start && arm.end === branch.end) &&
    !/(&&|\|\|)\s*$/.test(text.slice(0, span.start));
  return {
    isSure,
    isDead(command) {
      const { branch } = command;
      if (branch && test && branch.start >= test.end && follows('then', { text, from: test.end, to: branch.start })) {
        if (test.holds) {
          taken = branch;
          if (test.isSure) sure.push(branch);
        } else dead.push(branch);
        test = undefined;
      }
      // The arm behind a taken one: only `else` stands between them.
      if (
        branch &&
        taken &&
        branch.start >= taken.end &&
        follows('else', { text, from: taken.end, to: branch.start })
      ) {
        dead.push(branch);
        taken = undefined;
      }
      return dead.some((span) => span.start <= command.span.start && command.span.end <= span.end);
    },
    observe(command, words) {
      const holds = compare(words);
      if (holds !== undefined) test = { holds, end: command.span.end, isSure: !command.conditional || isSure(command) };
    },
  };
}

/** True when nothing but the keyword (and comments) stands in between. */
function follows(keyword: string, between: { text: string; from: number; to: number }): boolean {
  const words = between.text
    .slice(between.from, between.to)
    .replace(/(^|\s)#[^\n]*/g, ' ')
    .replace(/[\s;]+/g, ' ');
  return words.trim() === keyword;
}

/** Result of `[ left = right ]`; undefined for other commands and for texts that are not known for certain. */
function compare(words: readonly MappedText[]): boolean | undefined {
  const [program, left, operator, right] = words;
  if (!program || !left || !operator || !right || !/^(test|\[)$/.test(program.text)) return undefined;
  const closes = words.length === 5 && words[4]?.text === ']';
  if (!(closes || (program.text === 'test' && words.length === 4))) return undefined;
  const certain = (word: MappedText) =>
    unknownReason(word) === undefined && !trailOf(word).some((hop) => hop.assumed === true);
  if (!certain(left) || !certain(right)) return undefined;
  if (operator.text === '=' || operator.text === '==') return left.text === right.text;
  return operator.text === '!=' ? left.text !== right.text : undefined;
}
