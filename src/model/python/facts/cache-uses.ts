import type { PythonCall, PythonExpression } from '../../../parse/python-tree.ts';
import { scanImports } from '../../../parse/python-walk.ts';
import type { SourceText } from '../../../text/source-text.ts';
import type { DjangoCacheUse } from '../../django.ts';
import type { Pausable } from '../../pausable.ts';
import type { PythonProgram } from '../python-program.ts';

/** Where code writes to Django's cache, or has whole pages kept there; the first few places say enough. */
export function* findCacheUses(
  program: PythonProgram,
  sources: readonly SourceText[],
): Pausable<readonly DjangoCacheUse[]> {
  const found: DjangoCacheUse[] = [];
  for (const source of sources) {
    if (found.length >= enough) break;
    if (!/django\.(core\.cache|views\.decorators\.cache)/.test(source.text) || !writing.test(source.text)) continue;
    const names = importedNames(source.text);
    const uses = program.calls(source).flatMap(({ call }) => useOf(call, { source, names }) ?? []);
    found.push(...new Map(uses.reverse().map((use) => [use.alias, use])).values());
    yield;
  }
  return found;
}

const enough = 6;
const writing = /\.a?(?:set|add|get_or_set|set_many|incr|decr)\(|\bcache_page\(/;
const writes = /^a?(?:set|add|get_or_set|set_many|incr|decr)$/;

interface Searched {
  readonly source: SourceText;
  /** What the file calls Django's `cache` and `caches`. */
  readonly names: ReadonlyMap<string, string>;
}

function importedNames(text: string): ReadonlyMap<string, string> {
  const imports = scanImports(text).filter(({ module }) => module === 'django.core.cache');
  const names = new Map(imports.flatMap((found) => found.names.map((name) => [name, name] as const)));
  for (const [, name = '', as = ''] of text.matchAll(/\b(caches?)\s+as\s+(\w+)/g))
    if (names.has(name)) names.set(as, name);
  return names;
}

function useOf(call: PythonCall, searched: Searched): DjangoCacheUse | undefined {
  const { callee } = call;
  const at = { source: searched.source, span: callee.span };
  if (callee.kind === 'name' && callee.name === 'cache_page') {
    const alias = call.arguments.find(({ name }) => name === 'cache')?.value;
    const text = alias?.kind === 'string' ? alias.text : alias ? undefined : 'default';
    return text === undefined ? undefined : { alias: text, at, says: 'cache_page keeps whole pages' };
  }
  if (callee.kind !== 'attribute' || !writes.test(callee.name)) return undefined;
  const alias = aliasOf(callee.object, searched);
  return alias === undefined ? undefined : { alias, at, says: `cache.${callee.name}() writes to the cache` };
}

/** The alias behind `cache` or `caches['alias']`; undefined for other objects. */
function aliasOf(holder: PythonExpression, { names }: Searched): string | undefined {
  if (holder.kind === 'name') return names.get(holder.name) === 'cache' ? 'default' : undefined;
  if (holder.kind !== 'subscript' || holder.object.kind !== 'name') return undefined;
  return names.get(holder.object.name) === 'caches' && holder.index.kind === 'string' ? holder.index.text : undefined;
}
