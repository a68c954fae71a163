import { scanImports } from '../../parse/python-walk.ts';
import { derive, type SourceText } from '../../text/source-text.ts';
import { folderOf } from '../workspace.ts';
import type { ModulePlace, ModuleResolver } from './module-resolver.ts';

type Lookup = Pick<ModuleResolver, 'find' | 'child'>;

/** The files that a text's imports, dotted names and lists of apps may bring in, in that order. */
export function importedPaths(source: SourceText, resolver: Lookup): readonly string[] {
  const paths = new Set<string>();
  const add = (place: ModulePlace | undefined) => {
    if (place?.kind !== 'file') return;
    paths.add(place.path);
  };
  const references = derive(source, { kind: 'python-references', from: readReferences });
  for (const { module, level, names } of references.imports) {
    const place = resolver.find(module, { from: source.path, level });
    if (!place) continue;
    add(place);
    addPackages(module, { from: source.path, level, resolver, add });
    for (const name of names) add(resolver.child(place, name));
  }
  for (const dotted of references.dotted) {
    add(resolver.find(dotted, { from: source.path, level: 0 }) ?? parentModule(dotted, source, resolver));
  }
  for (const app of references.apps) addApp(resolver.find(app, { from: source.path, level: 0 }), { resolver, add });
  return [...paths];
}

function addPackages(
  module: string,
  how: { from: string; level: number; resolver: Lookup; add: (place: ModulePlace | undefined) => void },
): void {
  const parts = module.split('.');
  for (let length = 1; length < parts.length; length++) {
    how.add(how.resolver.find(parts.slice(0, length).join('.'), how));
  }
}

// "core.views.Index" names something inside a module.
function parentModule(dotted: string, source: SourceText, resolver: Lookup): ModulePlace | undefined {
  const parts = dotted.split('.');
  for (let length = parts.length - 1; length >= Math.max(1, parts.length - 3); length--) {
    const place = resolver.find(parts.slice(0, length).join('.'), { from: source.path, level: 0 });
    if (place?.kind === 'file' && place.path !== source.path) return place;
  }
  return undefined;
}

function addApp(
  place: ModulePlace | undefined,
  how: { resolver: Lookup; add: (place: ModulePlace | undefined) => void },
): void {
  if (!place) return;
  how.add(place);
  const folder: ModulePlace = place.kind === 'folder' ? place : { kind: 'folder', path: folderOf(place.path) };
  if (place.kind === 'file' && !place.path.endsWith('__init__.py')) return;
  for (const part of ['apps', 'models', 'tasks', 'urls', 'views', 'signals']) how.add(how.resolver.child(folder, part));
}

interface References {
  readonly imports: ReturnType<typeof scanImports>;
  /** Strings that look like dotted names: `include('app.urls')`, `'app.apps.Config'`. */
  readonly dotted: readonly string[];
  /** Plain names in files that list INSTALLED_APPS. */
  readonly apps: readonly string[];
}

function readReferences(text: string): References {
  const dotted = new Set<string>();
  for (const match of text.matchAll(/['"]([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)(?::\w+)?['"]/g)) dotted.add(match[1] ?? '');
  const apps = new Set<string>();
  if (text.includes('INSTALLED_APPS'))
    for (const match of text.matchAll(/['"]([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)['"]/g)) apps.add(match[1] ?? '');
  return { imports: scanImports(text), dotted: [...dotted], apps: [...apps] };
}
