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
      const before = text.slice(0, command.span.start);
      // One part of `&&` or `||` alone decides nothing.
      const compared = /(&&|\|\|)\s*(!\s*)?$/.test(before) ? undefined : compare(words);
      const holds = compared === undefined ? undefined : compared !== /(^|\s)!\s+$/.test(before);
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

/** Result of `[ left = right ]` or `[ -z word ]`, in single or double brackets; undefined for texts that are not certain. */
function compare(words: readonly MappedText[]): boolean | undefined {
  const operands = withoutBrackets(words);
  const [first, second, third] = operands ?? [];
  if (!operands || !first || !second || operands.length > 3) return undefined;
  const certain = (word: MappedText) =>
    unknownReason(word) === undefined && !trailOf(word).some((hop) => hop.assumed === true);
  if (!third) {
    if (!/^-[zn]$/.test(first.text) || !certain(second)) return undefined;
    return (second.text === '') === (first.text === '-z');
  }
  if (!certain(first) || !certain(third)) return undefined;
  if (second.text === '=' || second.text === '==') return first.text === third.text;
  return second.text === '!=' ? first.text !== third.text : undefined;
}

function withoutBrackets(words: readonly MappedText[]): readonly MappedText[] | undefined {
  const [program, ...rest] = words;
  if (program?.text === 'test') return rest;
  const closing = program?.text === '[' ? ']' : program?.text === '[[' ? ']]' : undefined;
  return closing !== undefined && rest.at(-1)?.text === closing ? rest.slice(0, -1) : undefined;
}
