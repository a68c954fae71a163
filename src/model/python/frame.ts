import type {
  PythonCall,
  PythonClass,
  PythonExpression,
  PythonFunction,
  PythonModule,
} from '../../parse/python-tree.ts';
import type { FoundCall } from '../../parse/python-walk.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location, Span } from '../../text/span.ts';
import type { Hop } from '../../text/trail.ts';
import type { Environment } from '../stack.ts';
import type { Value } from '../value.ts';
import type { ModuleResolver } from './module-resolver.ts';
import type { ProgramDisk } from './program-disk.ts';
import type { PythonData } from './python-data.ts';
import type { PythonValue } from './python-value.ts';

/** Names bound in a module, class or function while its statements are followed. */
export interface Scope {
  readonly source: SourceText;
  /** Start of the dotted names defined here: "app/config.py:" or "app/config.py:Settings.". */
  readonly prefix: string;
  readonly parent: Scope | undefined;
  /** Replaced as a whole when alternatives of a conditional are followed one by one. */
  bindings: Map<string, Binding>;
  /** Statements that may have bound names in ways that were not understood. */
  readonly gaps: Location[];
  /** Names that a function declares `global`. */
  readonly globals: Set<string>;
}

/** A bound value, or an import that is followed when it is first read. */
export type Binding = PythonValue | LazyBinding;

export interface LazyBinding {
  readonly resolve: () => PythonValue;
}

/** Where and under which conditions a piece of code is followed. */
export interface Frame {
  readonly runtime: Runtime;
  readonly scope: Scope;
  /** The file the code stands in (differs from the scope's for included settings). */
  readonly source: SourceText;
  /** Evaluation steps left; shared by everything that one module or one pool needs. */
  readonly budget: { left: number };
  /** Nesting of followed calls. */
  readonly depth: number;
  /** Hops of the assumed conditions that this code stands under. */
  readonly assumptions: readonly Hop[];
  /** The class whose method is followed, for `super()`. */
  readonly owner: Definition | undefined;
  /** False in code that only runs after a failure. */
  readonly records: boolean;
  /** True while a module is run: what it calls may change the names of modules. */
  readonly writes: boolean;
  /** Scopes of the calls that led here, whose dicts and lists may be changed through arguments. */
  readonly callers: readonly Scope[];
}

/** A function or class of the workspace. */
export interface Definition {
  readonly node: PythonFunction | PythonClass;
  readonly source: SourceText;
  readonly name: string;
  /** Scope its names are looked up in. */
  readonly scope: Scope;
  /** The class that holds a method. */
  readonly owner: Definition | undefined;
}

/** A call that was reached while code was followed, with its arguments as they were then. */
export interface CallRecord {
  readonly call: PythonCall;
  readonly source: SourceText;
  readonly callee: string;
  /** The object whose method is called. */
  readonly receiver: PythonValue | undefined;
  readonly value: PythonValue;
  readonly positional: readonly PythonValue[];
  readonly keywords: ReadonlyMap<string, PythonValue>;
  readonly complete: boolean;
}

/** A place in the code where a call was found by name. */
export interface CallPlace extends FoundCall {
  readonly source: SourceText;
}

/** `app.config['KEY'] = value`. */
export interface ConfigWrite {
  readonly key: string;
  readonly value: PythonValue;
  readonly at: Location;
}

/** The evaluator's memory for one program: modules, definitions and calls met so far. */
export interface Runtime {
  readonly environment: Environment;
  readonly resolver: ModuleResolver;
  readonly modules: Map<SourceText, Scope>;
  readonly definitions: Map<string, Definition>;
  readonly definitionsByNode: Map<PythonFunction | PythonClass, Definition>;
  readonly classScopes: Map<Definition, Scope>;
  readonly instances: Map<object, ReadonlyMap<string, Binding>>;
  readonly constructing: Set<Definition>;
  readonly records: Map<PythonCall, CallRecord[]>;
  /** The first call of each callee that was reached. */
  readonly firstRecords: Map<string, CallRecord>;
  readonly configWrites: ConfigWrite[];
  /** What the code reads as `app.config[...]`; set once the configuration of a Flask application was collected. */
  flaskConfig: ((name: string) => PythonValue | undefined) | undefined;
  readonly callers: Map<Definition, readonly CallRecord[]>;
  /** Variables that the code itself puts into `os.environ` where they are not set. */
  readonly environmentWrites: Map<string, PythonValue>;
  /** Variables that the code puts there whatever was set before. */
  readonly environmentOverrides: Map<string, PythonValue>;
  /** Names of env files that the code opens and the workspace does not hold. */
  readonly missingFiles: Set<string>;
  readonly disk: ProgramDisk;
  /** Unknown values of variables that are absent from an environment that is not fully known. */
  readonly absentReads: WeakSet<object>;
  /** Unknown values of attributes that a class, known with all its bases, does not have. */
  readonly missingAttributes: WeakSet<object>;
  parse(source: SourceText): PythonModule;
  evaluate(expression: PythonExpression, frame: Frame): PythonValue;
  moduleScope(source: SourceText): Scope;
  /** Runs a function of the workspace; undefined when it cannot be followed. */
  follow(definition: Definition, call: FollowedCall): PythonValue | undefined;
}

export interface FollowedCall {
  readonly positional: readonly PythonValue[];
  readonly keywords: ReadonlyMap<string, PythonValue>;
  readonly complete: boolean;
  readonly frame: Frame;
  readonly at: Location;
}

/** Evaluation steps that one module, or one function followed on its own, may take. */
export const stepBudget = 20_000;

/** The location of a node in the file that the frame follows. */
export function locate(frame: Frame, node: { readonly span: Span }): Location {
  return { source: frame.source, span: node.span };
}

/** The value behind a binding; imports are followed now. */
export function force(binding: Binding): PythonValue {
  return 'resolve' in binding ? binding.resolve() : binding;
}

/** The number of a value that may be unknown, as a value of Python. */
export function widen<T extends PythonData>(value: Value<T>): PythonValue {
  return value as Value<PythonData>;
}

/** A scope for the body of a function or class. */
export function childScope(parent: Scope, name: string): Scope {
  const prefix = `${parent.prefix}${name}.`;
  return { source: parent.source, prefix, parent, bindings: new Map(), gaps: [], globals: new Set() };
}

/** The scope of the module around a scope. */
export function moduleOf(scope: Scope): Scope {
  let outermost = scope;
  while (outermost.parent) outermost = outermost.parent;
  return outermost;
}
