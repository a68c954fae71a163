import type { Span } from '../text/span.ts';
import type { ParseError } from './parse-result.ts';

/** A Python module as our own tree of what matters for configuration; anything else is `other`. */
export interface PythonModule {
  readonly body: readonly PythonStatement[];
  /** Lezer's error nodes: never a proof that the file is invalid Python. */
  readonly errors: readonly ParseError[];
}

export type PythonStatement =
  | {
      readonly kind: 'assign';
      readonly span: Span;
      readonly targets: readonly PythonExpression[];
      readonly value: PythonExpression;
      readonly operator: string | undefined;
      readonly annotation?: PythonExpression;
    }
  | {
      readonly kind: 'annotation';
      readonly span: Span;
      readonly target: PythonExpression;
      readonly annotation: PythonExpression;
    }
  | { readonly kind: 'expression'; readonly span: Span; readonly value: PythonExpression }
  | {
      readonly kind: 'import';
      readonly span: Span;
      readonly names: readonly { readonly module: string; readonly as: string | undefined }[];
    }
  | {
      readonly kind: 'import-from';
      readonly span: Span;
      readonly module: string;
      readonly level: number;
      readonly names: readonly { readonly name: string; readonly as: string | undefined }[];
      readonly star: boolean;
    }
  | PythonFunction
  | PythonClass
  | {
      readonly kind: 'if';
      readonly span: Span;
      readonly branches: readonly {
        readonly test: PythonExpression | undefined;
        readonly body: readonly PythonStatement[];
        readonly span: Span;
      }[];
    }
  | {
      readonly kind: 'for';
      readonly span: Span;
      readonly target: PythonExpression;
      readonly iterable: PythonExpression;
      readonly body: readonly PythonStatement[];
      readonly otherwise: readonly PythonStatement[];
      readonly async: boolean;
    }
  | {
      readonly kind: 'while';
      readonly span: Span;
      readonly test: PythonExpression;
      readonly body: readonly PythonStatement[];
      readonly otherwise: readonly PythonStatement[];
    }
  | {
      readonly kind: 'with';
      readonly span: Span;
      readonly async: boolean;
      readonly items: readonly { readonly value: PythonExpression; readonly target: PythonExpression | undefined }[];
      readonly body: readonly PythonStatement[];
    }
  | {
      readonly kind: 'try';
      readonly span: Span;
      readonly body: readonly PythonStatement[];
      readonly handlers: readonly (readonly PythonStatement[])[];
      readonly otherwise: readonly PythonStatement[];
      readonly finally: readonly PythonStatement[] | undefined;
    }
  | { readonly kind: 'return'; readonly span: Span; readonly value: PythonExpression | undefined }
  | { readonly kind: 'raise'; readonly span: Span; readonly parts?: readonly PythonExpression[] }
  /** `parts`: expressions found inside (of `assert`, `del`, ...), so that a search for calls sees them. */
  | { readonly kind: 'other'; readonly span: Span; readonly parts?: readonly PythonExpression[] };

export interface PythonFunction {
  readonly kind: 'function';
  readonly span: Span;
  readonly name: string;
  readonly nameSpan: Span;
  readonly async: boolean;
  readonly decorators: readonly PythonExpression[];
  readonly parameters: readonly PythonParameter[];
  readonly body: readonly PythonStatement[];
  /** From the first character of the first statement to the end of the last. */
  readonly bodySpan: Span;
}

export interface PythonParameter {
  readonly name: string;
  readonly span: Span;
  readonly default: PythonExpression | undefined;
  readonly annotation: PythonExpression | undefined;
  readonly star: '' | '*' | '**';
}

export interface PythonClass {
  readonly kind: 'class';
  readonly span: Span;
  readonly name: string;
  readonly nameSpan: Span;
  readonly decorators: readonly PythonExpression[];
  readonly bases: readonly PythonExpression[];
  readonly keywords: readonly PythonArgument[];
  readonly body: readonly PythonStatement[];
}

export type PythonExpression =
  | { readonly kind: 'number'; readonly span: Span; readonly value: number }
  /** `exact`: the characters between the quotes equal `text` and stand at `contentSpan`. */
  | {
      readonly kind: 'string';
      readonly span: Span;
      readonly text: string;
      readonly contentSpan: Span;
      readonly exact: boolean;
    }
  /** f-string: literal pieces and expressions in order. */
  | { readonly kind: 'format'; readonly span: Span; readonly parts: readonly (string | PythonExpression)[] }
  | { readonly kind: 'constant'; readonly span: Span; readonly value: boolean | null }
  | { readonly kind: 'name'; readonly span: Span; readonly name: string }
  | {
      readonly kind: 'attribute';
      readonly span: Span;
      readonly object: PythonExpression;
      readonly name: string;
      readonly nameSpan: Span;
    }
  | PythonCall
  | {
      readonly kind: 'subscript';
      readonly span: Span;
      readonly object: PythonExpression;
      readonly index: PythonExpression;
    }
  | PythonDict
  | {
      readonly kind: 'list';
      readonly span: Span;
      readonly type: 'list' | 'tuple' | 'set';
      readonly items: readonly PythonExpression[];
    }
  | { readonly kind: 'unary'; readonly span: Span; readonly operator: string; readonly operand: PythonExpression }
  /** Arithmetic and comparison: `+ - * / // % ** == != < > <= >= in not in is is not | &`. */
  | {
      readonly kind: 'binary';
      readonly span: Span;
      readonly operator: string;
      readonly left: PythonExpression;
      readonly right: PythonExpression;
    }
  | {
      readonly kind: 'boolean';
      readonly span: Span;
      readonly operator: 'and' | 'or';
      readonly left: PythonExpression;
      readonly right: PythonExpression;
    }
  | {
      readonly kind: 'conditional';
      readonly span: Span;
      readonly test: PythonExpression;
      readonly then: PythonExpression;
      readonly otherwise: PythonExpression;
    }
  | { readonly kind: 'starred'; readonly span: Span; readonly value: PythonExpression; readonly double: boolean }
  | { readonly kind: 'await'; readonly span: Span; readonly value: PythonExpression }
  | {
      readonly kind: 'lambda';
      readonly span: Span;
      readonly parameters: readonly PythonParameter[];
      readonly body: PythonExpression;
    }
  /** `target := value`. */
  | {
      readonly kind: 'named';
      readonly span: Span;
      readonly target: PythonExpression;
      readonly value: PythonExpression;
    }
  /**
   * `parts`: expressions found inside (of a comprehension, a slice, broken code), never enough to evaluate it; what can
   * be evaluated all the same is in `comprehension` or `slice`.
   */
  | {
      readonly kind: 'other';
      readonly span: Span;
      readonly parts?: readonly PythonExpression[];
      readonly comprehension?: PythonComprehension;
      readonly slice?: { readonly lower: PythonExpression | undefined; readonly upper: PythonExpression | undefined };
    };

/** `[value for target in iterable if test]` and its kin; a dict's has a key. */
export interface PythonComprehension {
  readonly key: PythonExpression | undefined;
  readonly value: PythonExpression;
  readonly clauses: readonly {
    readonly target: PythonExpression;
    readonly iterable: PythonExpression;
    readonly tests: readonly PythonExpression[];
  }[];
}

export interface PythonCall {
  readonly kind: 'call';
  readonly span: Span;
  readonly callee: PythonExpression;
  readonly arguments: readonly PythonArgument[];
  /** Between the parentheses. */
  readonly argumentsSpan: Span;
}

export interface PythonArgument {
  readonly span: Span;
  /** Keyword name; undefined for positional and starred arguments. */
  readonly name: string | undefined;
  readonly value: PythonExpression;
}

export interface PythonDict {
  readonly kind: 'dict';
  readonly span: Span;
  /** `key` undefined for `**spread`. */
  readonly entries: readonly {
    readonly key: PythonExpression | undefined;
    readonly value: PythonExpression;
    readonly span: Span;
  }[];
}
