import type { PythonCall, PythonExpression } from '../../../parse/python-tree.ts';
import type { SourceText } from '../../../text/source-text.ts';
import type { DjangoCacheUse } from '../../django.ts';
import { moduleFrame } from '../evaluate.ts';
import type { Frame } from '../frame.ts';
import type { PythonProgram } from '../python-program.ts';
import { asText, referenceName } from '../python-value.ts';

/** Where code writes to Django's cache, or has whole pages kept there: the first place of each file and alias. */
export function findCacheUses(program: PythonProgram, sources: readonly SourceText[]): readonly DjangoCacheUse[] {
  return sources.flatMap((source) => {
    if (!/django\.(core\.cache|views\.decorators\.cache)/.test(source.text)) return [];
    const frame = moduleFrame(source, program.runtime);
    const uses = program.calls(source).flatMap(({ call }) => useOf(call, frame) ?? []);
    return [...new Map(uses.reverse().map((use) => [use.alias, use])).values()];
  });
}

function useOf(call: PythonCall, frame: Frame): DjangoCacheUse | undefined {
  const { callee } = call;
  const at = { source: frame.source, span: callee.span };
  if (callee.kind === 'name' && callee.name === 'cache_page') {
    const alias = textOf(call.arguments.find(({ name }) => name === 'cache')?.value, frame) ?? 'default';
    return { alias, at, says: 'cache_page keeps whole pages' };
  }
  if (callee.kind !== 'attribute' || !writes.has(callee.name)) return undefined;
  const alias = aliasOf(callee.object, frame);
  return alias === undefined ? undefined : { alias, at, says: `cache.${callee.name}() writes to the cache` };
}

/** The alias behind `cache` or `caches['alias']`; undefined for other objects. */
function aliasOf(holder: PythonExpression, frame: Frame): string | undefined {
  if (holder.kind === 'name' || holder.kind === 'attribute')
    return nameOf(holder, frame) === 'django.core.cache.cache' ? 'default' : undefined;
  if (holder.kind !== 'subscript' || nameOf(holder.object, frame) !== 'django.core.cache.caches') return undefined;
  return textOf(holder.index, frame);
}

function nameOf(expression: PythonExpression, frame: Frame): string | undefined {
  return referenceName(frame.runtime.evaluate(expression, frame));
}

function textOf(expression: PythonExpression | undefined, frame: Frame): string | undefined {
  const text = expression && asText(frame.runtime.evaluate(expression, frame));
  return text?.known ? text.value : undefined;
}

const writes: ReadonlySet<string> = new Set(
  ['set', 'add', 'get_or_set', 'set_many', 'incr', 'decr'].flatMap((name) => [name, `a${name}`]),
);
