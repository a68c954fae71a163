import type { Location } from '../../text/span.ts';
import { known, unknown } from '../value.ts';
import { classAttribute, instanceAttribute } from './classes.ts';
import { type Frame, force } from './frame.ts';
import type { ModulePlace } from './module-resolver.ts';
import { pathAttribute } from './paths.ts';
import type { PythonData } from './python-data.ts';
import { joinAlternatives, mapAlternatives, type PythonValue } from './python-value.ts';

/** Where a name is asked for. */
export interface Access {
  readonly name: string;
  readonly frame: Frame;
  /** The attribute expression. */
  readonly at: Location;
}

/** The attribute of a module, class, instance or library name. */
export function attributeOf(holder: PythonValue, access: Access): PythonValue {
  return mapAlternatives(holder, (value) => {
    const data = value.value;
    const ofPath = pathAttribute(value, access.name);
    if (ofPath) return ofPath;
    if (typeof data !== 'object' || data === null) return unknown(`${access.name} of a plain value`, access.at);
    if (data.type === 'reference') return referenceAttribute(data.name, access);
    if (data.type !== 'object') return unknown(`${access.name} is not followed`, access.at);
    const definition = access.frame.runtime.definitions.get(data.callee);
    if (definition?.node.kind === 'class') return instanceAttribute({ ...access, definition, instance: data });
    return libraryReference(`${data.callee}().${access.name}`, access.at);
  });
}

/** The module at a place, as a value. */
export function moduleReference(place: ModulePlace, at: Location): PythonValue {
  return known<PythonData>(
    { type: 'reference', name: place.kind === 'file' ? `${place.path}:` : `${place.path}/:` },
    at,
  );
}

/** A name of a module of the workspace: a binding, else a module inside the package. */
export function moduleAttribute(place: ModulePlace, access: Access): PythonValue {
  const { runtime } = access.frame;
  if (place.kind === 'file') {
    const source = runtime.resolver.read(place.path);
    if (!source) return unknown(`${place.path} could not be read`, access.at);
    const scope = runtime.moduleScope(source);
    const binding = scope.bindings.get(access.name);
    if (binding) return force(binding);
  }
  return submodule(place, access);
}

/** The module of a name inside a package, whatever the package itself binds to that name. */
export function submodule(place: ModulePlace, access: Access): PythonValue {
  const child = access.frame.runtime.resolver.child(place, access.name);
  if (child) return moduleReference(child, access.at);
  return unknown(`${access.name} is not set in ${place.path}`, access.at);
}

/** A name of a library; a few have a value of their own. */
export function libraryReference(name: string, at: Location): PythonValue {
  if (name === 'typing.TYPE_CHECKING') return known(false, at);
  // Servers are not started with the words that programs look for here ("test", "migrate").
  if (name === 'sys.argv' || name === 'sys.modules')
    return known<PythonData>({ type: 'sequence', items: [], complete: true }, at);
  return known<PythonData>({ type: 'reference', name }, at);
}

function referenceAttribute(name: string, access: Access): PythonValue {
  const { runtime } = access.frame;
  const colon = name.indexOf(':');
  if (colon === -1) {
    if (name === 'django.conf.settings') return djangoSetting(access);
    return libraryReference(`${name}.${access.name}`, access.at);
  }
  if (colon === name.length - 1) {
    const path = name.slice(0, -1);
    const place: ModulePlace = path.endsWith('/')
      ? { kind: 'folder', path: path.slice(0, -1) }
      : { kind: 'file', path };
    return moduleAttribute(place, access);
  }
  const definition = runtime.definitions.get(name);
  if (definition?.node.kind !== 'class') return unknown(`${access.name} is not followed`, access.at);
  return classAttribute({ ...access, definition });
}

/** `settings.NAME` of the Django settings module that the environment selects. */
function djangoSetting(access: Access): PythonValue {
  const { runtime } = access.frame;
  const module = runtime.environment.variables.get('DJANGO_SETTINGS_MODULE');
  const place = module?.known
    ? runtime.resolver.find(module.value, { from: access.frame.source.path, level: 0 })
    : undefined;
  if (place) return moduleAttribute(place, access);
  return joinAlternatives([libraryReference(`django.conf.settings.${access.name}`, access.at)], access.at);
}
