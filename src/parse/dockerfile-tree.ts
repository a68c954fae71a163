import type { Span } from '../text/span.ts';
import type { ParseError } from './parse-result.ts';

export interface Dockerfile {
  /** ARG instructions before the first FROM. */
  readonly globalArguments: readonly DockerfileVariable[];
  readonly stages: readonly DockerfileStage[];
  readonly errors: readonly ParseError[];
}

export interface DockerfileStage {
  /** `AS name`, lower case as Docker compares it. */
  readonly name: string | undefined;
  /** What follows FROM: an image or the name of an earlier stage; may hold `${ARG}`. */
  readonly base: { readonly text: string; readonly span: Span };
  readonly span: Span;
  /** Known instructions in order; anything else (including heredoc bodies) is left out. */
  readonly instructions: readonly DockerfileInstruction[];
}

export type DockerfileInstruction =
  | {
      readonly kind: 'variables';
      readonly keyword: 'ENV' | 'ARG';
      readonly span: Span;
      readonly variables: readonly DockerfileVariable[];
    }
  | {
      readonly kind: 'command';
      readonly keyword: 'CMD' | 'ENTRYPOINT' | 'SHELL';
      readonly span: Span;
      readonly form: CommandForm;
    }
  | {
      readonly kind: 'copy';
      readonly keyword: 'COPY' | 'ADD';
      readonly span: Span;
      readonly from: string | undefined;
      readonly sources: readonly string[];
      readonly destination: string;
      /** Files whose text stands in the Dockerfile: `COPY <<name /destination`. */
      readonly heredocs: readonly DockerfileHeredoc[];
    }
  /** WORKDIR, STOPSIGNAL, USER, EXPOSE, HEALTHCHECK, RUN: the text after the keyword. */
  | {
      readonly kind: 'other';
      readonly keyword: string;
      readonly span: Span;
      readonly argument: { readonly text: string; readonly span: Span };
    };

export interface DockerfileHeredoc {
  readonly name: string;
  readonly span: Span;
  /** Tabs at the start of its lines are taken away. */
  readonly tabbed: boolean;
  /** Nothing in the text is expanded. */
  readonly quoted: boolean;
}

/** Exec form: a JSON array. Shell form: text for the shell, line continuations removed (see `offsets`). */
export type CommandForm =
  | { readonly kind: 'exec'; readonly span: Span; readonly items: readonly DockerfileString[] }
  | { readonly kind: 'shell'; readonly span: Span; readonly text: string; readonly offsets: readonly number[] };

/** One JSON string: `span` covers what is between the quotes. */
export interface DockerfileString {
  readonly text: string;
  readonly span: Span;
  /** True when the text stands in the file one to one (no escapes). */
  readonly exact: boolean;
}

export interface DockerfileVariable {
  readonly name: string;
  readonly nameSpan: Span;
  /** Text after `=` with its quotes removed and `$` references left as they are; undefined for `ARG NAME`. */
  readonly value: string | undefined;
  readonly valueSpan: Span;
  /** Set when a `$` of the value is no reference (single quotes, or the escape character before it). */
  readonly literalDollar?: true;
}
