import type { Sentence, Severity } from '../rules/rule.ts';
import type { Location, TextEdit } from '../text/span.ts';
import type { Hop } from '../text/trail.ts';

/** A finding as hosts show it: everything decided, nothing left to look up. */
export interface Finding {
  /** Rule id, or the id of one of the engine's own notices. */
  readonly rule: string;
  readonly severity: Severity;
  /** Name of the project it belongs to. */
  readonly project: string;
  readonly subject: string;
  /** Stays the same when lines move or the wording changes. */
  readonly fingerprint: string;
  readonly at: Location;
  /** The sentence with its values, for hosts that translate; `text` is its English form. */
  readonly message: Sentence;
  readonly text: string;
  /** True when it rests on an example file or an overridable code default; its severity is then one step lower. */
  readonly assumed: boolean;
  readonly trail: readonly Hop[];
  /** Computed when first read. */
  readonly fixes: readonly FindingFix[];
  readonly suppressed: { readonly reason: string } | undefined;
}

export interface FindingFix {
  readonly title: string;
  readonly message: Sentence;
  readonly safety: 'safe' | 'review';
  /** Empty when `refused` says why the place cannot be edited. */
  readonly edits: readonly TextEdit[];
  readonly refused: string | undefined;
}

/** What one analysis gives. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly unknowns: readonly { readonly what: string; readonly why: string; readonly at: Location }[];
  readonly filesRead: readonly string[];
  readonly filesSkipped: readonly { readonly path: string; readonly why: string }[];
  /** Rules that crashed, with the project they looked at: logged, never shown as findings. */
  readonly failures: readonly { readonly rule: string; readonly error: string }[];
}
