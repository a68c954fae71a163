import type { PythonFunction } from '../../../parse/python-tree.ts';
import type { SourceText } from '../../../text/source-text.ts';
import type { PythonProgram } from '../python-program.ts';
import { type CallPlace, type CallRun, findPlaces } from './pool-sites.ts';

/** The pool's place, the ways it is reached, and where else to look for callers. */
interface Making {
  readonly runs: readonly CallRun[];
  readonly program: PythonProgram;
  readonly sources: readonly SourceText[];
}

/**
 * True when each call of a function makes a pool of its own: it goes into a local variable that nothing outlives, or
 * into an object that every caller makes for itself.
 */
export function isPerCall(place: CallPlace, making: Making): true | undefined {
  const owner = place.function;
  const target = ownTarget(place);
  if (!owner || !target) return undefined;
  if (target.kind === 'name') return staysLocal(target.name, { owner, place }) || undefined;
  if (owner.name !== '__init__' || making.runs.length === 0) return undefined;
  const isLocal = making.runs.every(({ calledFrom }) => {
    const caller = calledFrom && making.program.calls(calledFrom.source).find(({ call }) => call === calledFrom.call);
    return caller !== undefined && isMadeLocally(caller, making);
  });
  return isLocal || undefined;
}

/** True for an object that a function makes for itself, directly or as a part of such an object. */
function isMadeLocally(place: CallPlace, making: Making): boolean {
  const owner = place.function;
  if (!owner) return false;
  const target = ownTarget(place);
  if (target?.kind === 'name') return staysLocal(target.name, { owner, place });
  const holder = place.ancestors.findLast((node) => node.kind === 'class');
  if (target?.kind !== 'attribute' || owner.name !== '__init__' || holder?.kind !== 'class') return false;
  const makers = findPlaces(making.program, { sources: making.sources, names: new Set([holder.name]) });
  return (
    makers.length > 0 &&
    makers.every((maker) => {
      const variable = ownTarget(maker);
      return maker.function && variable?.kind === 'name'
        ? staysLocal(variable.name, { owner: maker.function, place: maker })
        : false;
    })
  );
}

/** The one variable, or attribute of `self`, that a call's result is assigned to. */
function ownTarget({ statement }: CallPlace) {
  const target = statement.kind === 'assign' && statement.targets.length === 1 ? statement.targets[0] : undefined;
  if (target?.kind === 'name') return target;
  const isOwn = target?.kind === 'attribute' && target.object.kind === 'name' && target.object.name === 'self';
  return isOwn ? target : undefined;
}

/** True when a local variable is neither handed out, nor kept elsewhere, nor used by a function defined inside. */
function staysLocal(name: string, at: { owner: PythonFunction; place: CallPlace }): boolean {
  const { span, nameSpan } = at.owner;
  const text = at.place.source.text.slice(nameSpan.end, span.end);
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
