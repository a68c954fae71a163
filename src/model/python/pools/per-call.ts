import type { PythonFunction } from '../../../parse/python-tree.ts';
import type { PythonProgram } from '../python-program.ts';
import type { CallPlace, CallRun } from './pool-sites.ts';

/**
 * True when each call of a function makes a pool of its own: it goes into a local variable that nothing outlives, or
 * into an object that every caller makes for itself.
 */
export function isPerCall(
  place: CallPlace,
  work: { runs: readonly CallRun[]; program: PythonProgram },
): true | undefined {
  return isMadePerCall(place, work) || undefined;
}

function isMadePerCall(place: CallPlace, work: { runs: readonly CallRun[]; program: PythonProgram }): boolean {
  const { statement } = place;
  const owner = place.function;
  if (!owner) return false;
  const target = statement.kind === 'assign' && statement.targets.length === 1 ? statement.targets[0] : undefined;
  if (target?.kind === 'name') return staysLocal(target.name, { owner, place });
  const isOwnAttribute = target?.kind === 'attribute' && target.object.kind === 'name' && target.object.name === 'self';
  if (!isOwnAttribute || owner.name !== '__init__' || work.runs.length === 0) return false;
  return work.runs.every((run) => {
    const caller = run.calledFrom;
    if (!caller) return false;
    const callers = work.program.calls(caller.source).find((candidate) => candidate.call === caller.call);
    return callers !== undefined && isMadePerCall(callers, { runs: [], program: work.program });
  });
}

/** True when a local variable is neither handed out, nor kept elsewhere, nor used by a function defined inside. */
function staysLocal(name: string, at: { owner: PythonFunction; place: CallPlace }): boolean {
  const { span } = at.owner;
  const text = at.place.source.text.slice(span.start, span.end);
  const names = new Set([name]);
  for (const match of text.matchAll(
    /^[ \t]+(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)*(?:async_)?(?:sessionmaker|scoped_session|[Ss]ession\w*)\(([^\n]*)/gm,
  )) {
    if (mentions(match[2] ?? '', names)) names.add(match[1] ?? '');
  }
  const escapes = [
    ...text.matchAll(/^[ \t]+(?:return|yield|global|nonlocal)\b([^\n]*)/gm),
    ...text.matchAll(/^[ \t]+\w[\w.[\]"']*[.\]][\w"'\]]*\s*=\s*([^\n]*)/gm),
  ];
  const hasInner = /\n[ \t]+(?:async[ \t]+)?def[ \t]|\blambda\b/.test(text);
  return !hasInner && !escapes.some((match) => mentions(match[1] ?? '', names));
}

function mentions(text: string, names: ReadonlySet<string>): boolean {
  return (text.match(/[A-Za-z_]\w*/g) ?? []).some((word) => names.has(word));
}
