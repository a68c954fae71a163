import type { PythonModule } from '../../parse/python-tree.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Environment } from '../stack.ts';
import { unknown } from '../value.ts';
import { evaluateExpression } from './expressions.ts';
import { type Frame, force, type Runtime, type Scope, stepBudget } from './frame.ts';
import { followFunction } from './functions.ts';
import type { ModuleResolver } from './module-resolver.ts';
import type { ProgramDisk } from './program-disk.ts';
import type { PythonProgram } from './python-program.ts';
import type { PythonValue } from './python-value.ts';
import { runBlock } from './statements.ts';

/** The names of a module after its statements ran once, as far as they can be told without running them. */
export interface ModuleScope {
  readonly source: SourceText;
  readonly names: readonly string[];
  /** False when a statement may have set names in a way that was not understood (star imports, `globals().update`). */
  readonly complete: boolean;
  get(name: string): PythonValue | undefined;
}

/** Follows a module's statements in order; cached in the program; never throws. */
export function evaluateModule(source: SourceText, program: PythonProgram): ModuleScope {
  const scope = program.runtime.moduleScope(source);
  return {
    source,
    names: [...scope.bindings.keys()].filter((name) => !name.includes('.')),
    complete: scope.gaps.length === 0,
    get: (name) => {
      const binding = scope.bindings.get(name);
      return binding && force(binding);
    },
  };
}

/** A frame for evaluating expressions at the end of a module. */
export function moduleFrame(source: SourceText, runtime: Runtime): Frame {
  return { ...frameOf(runtime.moduleScope(source), runtime), writes: false };
}

/** The evaluator's memory for one program. */
export function createRuntime(setting: {
  readonly environment: Environment;
  readonly resolver: ModuleResolver;
  readonly disk: ProgramDisk;
  readonly parse: (source: SourceText) => PythonModule;
}): Runtime {
  const runtime: Runtime = {
    ...setting,
    modules: new Map(),
    definitions: new Map(),
    definitionsByNode: new Map(),
    classScopes: new Map(),
    instances: new Map(),
    constructing: new Set(),
    records: new Map(),
    firstRecords: new Map(),
    configWrites: [],
    flaskConfig: undefined,
    callers: new Map(),
    environmentWrites: new Map(),
    environmentOverrides: new Map(),
    missingFiles: new Set(),
    absentReads: new WeakSet(),
    missingAttributes: new WeakSet(),
    evaluate: (expression, frame) =>
      frame.depth > 60
        ? unknown('nested too deeply to follow', frameLocation(expression.span, frame))
        : evaluateExpression(expression, frame),
    moduleScope: (source) => runtime.modules.get(source) ?? runModule(source, runtime),
    follow: (definition, call) => followFunction(definition, call),
  };
  return runtime;
}

function runModule(source: SourceText, runtime: Runtime): Scope {
  const scope: Scope = {
    source,
    prefix: `${source.path}:`,
    parent: undefined,
    bindings: new Map(),
    gaps: [],
    globals: new Set(),
  };
  runtime.modules.set(source, scope);
  try {
    runBlock(runtime.parse(source).body, frameOf(scope, runtime));
  } catch {
    // Imports that chain too deeply end here: the names read so far stay, the rest counts as not understood.
    scope.gaps.push({ source, span: { start: 0, end: 0 } });
  }
  return scope;
}

function frameOf(scope: Scope, runtime: Runtime): Frame {
  return {
    runtime,
    scope,
    source: scope.source,
    budget: { left: stepBudget },
    depth: 0,
    assumptions: [],
    owner: undefined,
    records: true,
    writes: true,
    callers: [],
  };
}

function frameLocation(span: PythonValue['at']['span'], frame: Frame): PythonValue['at'] {
  return { source: frame.source, span };
}
