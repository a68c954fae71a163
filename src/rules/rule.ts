import type { Edits } from '../model/fix.ts';
import type { Pool } from '../model/pool.ts';
import type { Process, Project, Service, Store } from '../model/stack.ts';
import type { Goal } from '../plan/goal.ts';
import type { Location } from '../text/span.ts';
import type { Hop } from '../text/trail.ts';

/** From worst to mildest. */
export const severities = ['error', 'warning', 'information', 'hint'] as const;
export type Severity = (typeof severities)[number];

/** What a rule looks at; the engine loops over all of them and hands the rule one at a time. */
export interface Subjects {
  readonly project: { readonly project: Project };
  readonly service: { readonly service: Service };
  readonly process: { readonly process: Process; readonly service: Service };
  readonly pool: { readonly pool: Pool; readonly process: Process; readonly service: Service };
  readonly store: { readonly store: Store };
}

/** A sentence by the name it has in the rule's `messages`, with the values for its `{names}`. */
export interface Sentence<Name extends string = string> {
  readonly says: Name;
  readonly with?: Readonly<Record<string, string | number>>;
}

export interface RuleContext<Options> {
  readonly project: Project;
  readonly goal: Goal;
  readonly options: Options;
}

/** What a rule hands back; severity, identity, suppression, sorting and positions are the engine's business. */
export interface RuleFinding<Name extends string, Case extends string> {
  /** The smallest text that must change. */
  readonly at: Location;
  readonly message: Sentence<Name>;
  /** The terms of the arithmetic in reading order. */
  readonly trail: readonly Hop[];
  /** Built when a host asks for them: a report without fixes costs no edits. */
  fixes(): readonly RuleFix<Name>[];
  /** Names the case of `severities` that holds; left out for the rule's own severity. */
  readonly case?: Case;
  /** Service, pool alias or store the finding is about: part of its identity. */
  readonly subject: string;
}

/** One way to mend a finding. */
export interface RuleFix<Name extends string = string> {
  readonly title: Sentence<Name>;
  /** `safe`: can only improve. `review`: changes production behaviour, the user picks it. */
  readonly safety: 'safe' | 'review';
  /** A refused fix is shown as the reason why the place cannot be edited. */
  readonly edits: Edits;
}

/** A setting of a rule that users may change. */
export interface RuleOption {
  readonly default: number | boolean | string;
  readonly description: string;
}

export interface Rule<
  On extends keyof Subjects = keyof Subjects,
  Name extends string = string,
  Case extends string = string,
  Options extends Record<string, RuleOption> = Record<string, RuleOption>,
> {
  readonly id: string;
  readonly on: On;
  readonly severity: Severity;
  /** Severities of cases that differ from the rule's own. */
  readonly severities?: Readonly<Record<Case, Severity>>;
  /** One line for tables and settings. */
  readonly summary: string;
  /** Why it matters and how the arithmetic goes: the first section of the rule's page (Markdown). */
  readonly why: string;
  /** Documents of the programs concerned (titles or file names, with versions). */
  readonly references: readonly string[];
  /** Templates by name; `{name}` stands for a value. Findings and fix titles use them. */
  readonly messages: Readonly<Record<Name, string>>;
  readonly options?: Options;
  /** True when the rule needs evidence that the project is a production set-up; without it the engine stays silent. */
  readonly production?: true;
  /** Why there is no fix, for rules that never offer one. */
  readonly noFix?: string;
  check(
    subject: Subjects[On],
    context: RuleContext<OptionValues<Options>>,
  ): Iterable<RuleFinding<NoInfer<Name>, NoInfer<Case>>>;
}

export type OptionValues<Options extends Record<string, RuleOption>> = {
  readonly [Key in keyof Options]: Options[Key]['default'] extends number
    ? number
    : Options[Key]['default'] extends boolean
      ? boolean
      : string;
};

/** Declares a rule; the types of messages, cases and options follow from the literal. */
export function defineRule<
  On extends keyof Subjects,
  const Name extends string,
  const Case extends string = never,
  const Options extends Record<string, RuleOption> = Record<never, RuleOption>,
>(rule: Rule<On, Name, Case, Options>): Rule<On, Name, Case, Options> {
  return rule;
}
