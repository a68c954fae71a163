import type { ShellArm, ShellCommand } from '../../parse/shell-tree.ts';
import { type MappedText, trailOf, unknownReason } from '../../text/mapped-text.ts';
import type { Span } from '../../text/span.ts';

/** Arms of `if` and `case` that surely do not run, found while a script's commands are walked in order. */
export interface DecidedBranches {
  /** True for a command inside such an arm. */
  isDead(command: ShellCommand): boolean;
  /** True for a command that stands alone in an arm that surely runs. */
  isSure(command: ShellCommand): boolean;
  /** Looks at a command with its expanded words: a test of known texts decides the `if` it opens, a known text its `case`. */
  observe(command: ShellCommand, words: readonly MappedText[]): void;
}

/** Follows `if [ "$NAME" = value ]; then ... else ... fi` and `case "$NAME" in` where the variable is known for certain. */
export function decideBranches(text: string): DecidedBranches {
  const dead: Span[] = [];
  const sure: Span[] = [];
  let test: { readonly holds: boolean; readonly end: number; readonly isSure: boolean } | undefined;
  let taken: Span | undefined;
  const textBefore = ({ span }: ShellCommand) => text.slice(Math.max(0, span.start - 200), span.start);
  const isSure = (command: ShellCommand): boolean =>
    sure.some((arm) => arm.start === command.branch?.start && arm.end === command.branch.end) &&
    !/(&&|\|\|)\s*$/.test(textBefore(command));
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
      if (command.arms) {
        const runs = armOf(command.arms, words[1]);
        if (runs === undefined) return;
        dead.push(...command.arms.flatMap((arm) => (arm === runs ? [] : [arm.span])));
        if (runs && (!command.conditional || isSure(command))) sure.push(runs.span);
        return;
      }
      const compared = compare(words);
      if (compared === undefined) return;
      const before = textBefore(command);
      // One part of `&&` or `||` alone decides nothing.
      if (/(&&|\|\|)\s*(!\s*)?$/.test(before)) return;
      const holds = compared !== /(^|\s)!\s+$/.test(before);
      test = { holds, end: command.span.end, isSure: !command.conditional || isSure(command) };
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
  if (!third) {
    if (!/^-[zn]$/.test(first.text) || !certain(second)) return undefined;
    return (second.text === '') === (first.text === '-z');
  }
  if (!certain(first) || !certain(third)) return undefined;
  if (second.text === '=' || second.text === '==') return first.text === third.text;
  if (second.text === '!=') return first.text !== third.text;
  return compareNumbers(second.text, { left: first.text, right: third.text });
}

function compareNumbers(operator: string, sides: { left: string; right: string }): boolean | undefined {
  if (!/^\d{1,9}$/.test(sides.left) || !/^\d{1,9}$/.test(sides.right)) return undefined;
  const difference = Number(sides.left) - Number(sides.right);
  const answers: Readonly<Record<string, boolean>> = {
    '-eq': difference === 0,
    '-ne': difference !== 0,
    '-gt': difference > 0,
    '-ge': difference >= 0,
    '-lt': difference < 0,
    '-le': difference <= 0,
  };
  return Object.hasOwn(answers, operator) ? answers[operator] : undefined;
}

function certain(word: MappedText): boolean {
  return unknownReason(word) === undefined && !trailOf(word).some((hop) => hop.assumed === true);
}

/** The arm that a known word runs, null when none does; undefined when that is not certain. */
function armOf(arms: readonly ShellArm[], word: MappedText | undefined): ShellArm | null | undefined {
  if (!word || !certain(word) || arms.some((arm) => arm.goesOn)) return undefined;
  for (const arm of arms) {
    const answers = arm.patterns.map((pattern) => matches(word.text, pattern));
    if (answers.includes(true)) return arm;
    if (answers.includes(undefined)) return undefined;
  }
  return null;
}

/** Whether a text is what a pattern of `case` asks for: plain text, in quotes or not, and `*`. */
function matches(text: string, pattern: string): boolean | undefined {
  const quoted = /^(["'])([^"'$`\\]*)\1$/.exec(pattern);
  if (quoted) return text === quoted[2];
  if (!/^[\w./:@%+=,*-]+$/.test(pattern)) return undefined;
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === first;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let from = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, from);
    if (found === -1) return false;
    from = found + piece.length;
  }
  return from <= text.length - last.length;
}

function withoutBrackets(words: readonly MappedText[]): readonly MappedText[] | undefined {
  const [program, ...rest] = words;
  if (program?.text === 'test') return rest;
  const closing = program?.text === '[' ? ']' : program?.text === '[[' ? ']]' : undefined;
  return closing !== undefined && rest.at(-1)?.text === closing ? rest.slice(0, -1) : undefined;
}
