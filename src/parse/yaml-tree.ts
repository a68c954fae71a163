import type { Span } from '../text/span.ts';
import type { ParseError } from './parse-result.ts';

/** A YAML file as our own small tree, with exact UTF-16 spans. */
export interface YamlDocument {
  /** What the first document holds. */
  readonly root: YamlNode | undefined;
  /** What each document holds, empty ones left out. */
  readonly roots: readonly YamlNode[];
  readonly errors: readonly ParseError[];
  /** Empty documents count. */
  readonly documentCount: number;
}

export type YamlNode = YamlMapping | YamlSequence | YamlScalar | YamlAlias;

interface YamlNodeBase {
  /** For block collections: from the first character of the first entry to the end of the last one's text. */
  readonly span: Span;
  readonly anchor?: string;
  /** A custom tag such as `!reset` or `!override`. */
  readonly tag?: string;
}

export interface YamlMapping extends YamlNodeBase {
  readonly kind: 'mapping';
  readonly flow: boolean;
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  readonly key: YamlScalar;
  /** Undefined when nothing stands after the colon. */
  readonly value: YamlNode | undefined;
}

export interface YamlSequence extends YamlNodeBase {
  readonly kind: 'sequence';
  readonly flow: boolean;
  readonly items: readonly YamlNode[];
}

export interface YamlScalar extends YamlNodeBase {
  readonly kind: 'scalar';
  /** The decoded string: quotes, escapes and folding undone. */
  readonly text: string;
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** The value by YAML's core schema. */
  readonly value: string | number | boolean | null;
  /**
   * Offset in the file of each character of `text`, where the text stands there one to one or line by line (plain,
   * quoted without escapes, literal and folded blocks); undefined when an escape makes the mapping inexact.
   */
  readonly offsets: readonly number[] | undefined;
}

export interface YamlAlias extends YamlNodeBase {
  readonly kind: 'alias';
  readonly name: string;
  /** The anchored node, undefined for an anchor that does not exist before the alias. */
  readonly target: YamlNode | undefined;
}
