import type { Span } from '../text/span.ts';

/** Something a parser could not take. `code` is the parser's own short word; it never carries text of the file. */
export interface ParseError {
  readonly code: string;
  readonly span: Span;
}

/** Largest texts (UTF-16 units) that each parser takes, and the longest line; larger files are skipped, visibly. */
export const sizeCaps = {
  yaml: 1_000_000,
  dockerfile: 256_000,
  env: 256_000,
  shell: 512_000,
  python: 1_000_000,
  line: 64_000,
} as const;
