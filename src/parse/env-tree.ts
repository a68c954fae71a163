import type { Span } from '../text/span.ts';
import type { ParseError } from './parse-result.ts';

/** How the program that reads the file takes quotes, comments and references. */
export type EnvDialect = 'compose' | 'raw' | 'python-dotenv' | 'dotenv';

export interface EnvFile {
  /** In file order; a later entry of the same name wins (`dotenv` has only this one). */
  readonly entries: readonly EnvEntry[];
  readonly errors: readonly ParseError[];
}

export interface EnvEntry {
  readonly name: string;
  readonly nameSpan: Span;
  /** Undefined for a bare `NAME` line, which passes the host's variable through. */
  readonly value: EnvValue | undefined;
}

export interface EnvValue {
  /** Decoded text: quotes and inline comment removed as the dialect does; `$` references are left as they are. */
  readonly text: string;
  /** The characters of the value without its quotes, comment and trailing blanks. */
  readonly span: Span;
  readonly quote: '"' | "'" | '`' | undefined;
  /** True when `text` stands at `span` one to one. */
  readonly exact: boolean;
  /** True when references inside are expanded by the dialect (unquoted and double-quoted in compose). */
  readonly expands: boolean;
}
