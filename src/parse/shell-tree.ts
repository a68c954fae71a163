import type { Span } from '../text/span.ts';
import type { ParseError } from './parse-result.ts';

/** A shell script (or the text after `sh -c`) as a list of the simple commands it may run, in order of the text. */
export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  readonly functions: ReadonlyMap<string, readonly ShellCommand[]>;
  readonly errors: readonly ParseError[];
  /** Text of the interpreter line without `#!`, if the script has one. */
  readonly interpreter: string | undefined;
}

export interface ShellCommand {
  readonly span: Span;
  /** `NAME=value` before the command word, or the whole command when `words` is empty. */
  readonly assignments: readonly ShellAssignment[];
  readonly words: readonly ShellWord[];
  /** True inside if/case/loop bodies, or after `&&`/`||` of a test-like command: it may not run. */
  readonly conditional: boolean;
  /** The span of the branch (one arm of an if/case) that holds the command, to tell alternatives apart. */
  readonly branch: Span | undefined;
  readonly background: boolean;
  /** True when the command is not the last of a pipeline. */
  readonly piped: boolean;
  /** True for the last simple command at the top level of the script. */
  readonly last: boolean;
  /** Set for `case WORD in`, which stands as a command of two words in front of what its arms run. */
  readonly arms?: readonly ShellArm[];
}

/** One arm of a `case`. */
export interface ShellArm {
  /** The `branch` of the commands in it. */
  readonly span: Span;
  /** As they are written, with their quotes. */
  readonly patterns: readonly string[];
  /** Ends in `;&` or `;;&`, so that another arm may run behind it. */
  readonly goesOn: boolean;
}

export interface ShellAssignment {
  readonly name: string;
  readonly value: ShellWord;
  readonly span: Span;
  /** Set for `export` and `declare -x`: programs that the script starts see it. */
  readonly exported?: true;
  /** The words of an array, `NAME=(...)`; after `NAME+=(...)` the first word stands for the elements before. */
  readonly elements?: readonly ShellWord[];
}

/** One word; its parts joined give the argument the program receives. */
export interface ShellWord {
  readonly span: Span;
  readonly parts: readonly ShellPart[];
}

export type ShellPart =
  | {
      readonly kind: 'literal';
      readonly text: string;
      readonly span: Span;
      /** True when `text` equals the script's characters at `span`. */
      readonly exact: boolean;
    }
  | {
      readonly kind: 'parameter';
      /** `PORT`, `1`, `@`, `*`, `#` ... */
      readonly name: string;
      /** `:-`, `-`, `:=`, `:?`, `:+` ...; undefined for a bare `$NAME`. */
      readonly operator: string | undefined;
      readonly operand: ShellWord | undefined;
      readonly span: Span;
      readonly quoted: boolean;
      /** Set for `${NAME[@]}` and `${NAME[*]}`: every element of the array. */
      readonly allElements?: true;
    }
  /** `$(...)`, backquotes, `$((...))`, globs, process substitution: `source` is its text without the delimiters. */
  | { readonly kind: 'substitution'; readonly source: string; readonly arithmetic: boolean; readonly span: Span };
