import type { PythonFunction, PythonStatement } from '../../../parse/python-tree.ts';
import type { SourceText } from '../../../text/source-text.ts';
import type { Pausable } from '../../pausable.ts';
import type { CallPlace, CallRecord, Definition, Frame } from '../frame.ts';
import { bindParameters, bodyFrame } from '../functions.ts';
import type { PythonProgram } from '../python-program.ts';
import { asTruth } from '../python-value.ts';
import { runBlock } from '../statements.ts';
import { findCallers, prepare } from './pool-sites.ts';

/**
 * True for a call in a function that no way into it reaches, because a condition around the call surely fails:
 * `if config is not None: app.config.update(config)` of a factory that is called without a configuration.
 */
export function* isSurelySkipped(
  place: CallPlace,
  how: { readonly program: PythonProgram; readonly sources: readonly SourceText[] },
): Pausable<boolean> {
  const { definition, frame } = prepare(place, how.program);
  if (!definition || definition.owner) return false;
  const callers = yield* findCallers(definition, { ...how, depth: 0 });
  const ways = callers.length > 0 ? callers : [undefined];
  return ways.every((caller) => skips(place, { definition, frame, caller }));
}

function skips(
  place: CallPlace,
  way: { definition: Definition; frame: Frame; caller: CallRecord | undefined },
): boolean {
  const { definition, frame, caller } = way;
  const node = definition.node as PythonFunction;
  const scope = bindParameters(definition, {
    positional: caller?.positional ?? [],
    keywords: caller?.keywords ?? new Map(),
    complete: caller?.complete ?? true,
    frame,
    at: { source: definition.source, span: node.nameSpan },
  });
  const inner = bodyFrame(definition, scope, frame);
  let body = node.body;
  for (const ancestor of place.ancestors.slice(place.ancestors.indexOf(node) + 1)) {
    runBlock(
      body.filter(({ span }) => span.end <= ancestor.span.start),
      inner,
    );
    const entered = enter(ancestor, { place, frame: inner });
    if (typeof entered === 'boolean') return entered;
    body = entered;
  }
  return false;
}

/** The block of a statement that holds the call; true where it surely does not run, false where that is not known. */
function enter(
  statement: PythonStatement,
  { place, frame }: { place: CallPlace; frame: Frame },
): readonly PythonStatement[] | boolean {
  const holds = (body: readonly PythonStatement[]) =>
    body.some(({ span }) => span.start <= place.call.span.start && place.call.span.start < span.end);
  if (statement.kind === 'with' || statement.kind === 'try') return holds(statement.body) ? statement.body : false;
  if (statement.kind !== 'if') return false;
  for (const { test, body } of statement.branches) {
    const truth = test && asTruth(frame.runtime.evaluate(test, frame));
    if (truth && !truth.known) return false;
    const runs = truth?.value ?? true;
    if (holds(body)) return runs ? body : true;
    if (runs) return true;
  }
  return false;
}
