import type { Pool, PoolFault } from '../../pool.ts';
import { unknown, type Value } from '../../value.ts';
import { basesOf } from '../classes.ts';
import { type DatabaseUrl, urlOf } from '../database-url.ts';
import { dependencyVersion } from '../dependencies.ts';
import { moduleFrame } from '../evaluate.ts';
import type { FlaskConfig } from '../flask-config.ts';
import type { PythonObject } from '../python-data.ts';
import type { PythonProgram } from '../python-program.ts';
import { asMap, asNumber, type PythonValue } from '../python-value.ts';
import { type Arguments, defaultNumber } from './pool-setting.ts';
import { enginePool } from './sqlalchemy-pools.ts';

/** True for Flask-SQLAlchemy's extension class, and for a class derived from it that leaves its engines alone. */
export function isFlaskSqlalchemy(callee: string, program: PythonProgram): boolean {
  const definition = program.runtime.definitions.get(callee);
  if (definition?.node.kind !== 'class') return isExtension(callee);
  const isChanged = definition.node.body.some(
    (statement) => statement.kind === 'function' && /^__init__$|init_app|engine|driver|options/.test(statement.name),
  );
  const frame = moduleFrame(definition.source, program.runtime);
  return !isChanged && basesOf(definition, frame).some((base) => typeof base === 'string' && isExtension(base));
}

function isExtension(name: string): boolean {
  return /^flask_sqlalchemy\.(\w+\.)?SQLAlchemy$/.test(name);
}

/** The pools of a Flask-SQLAlchemy extension: one for its database, one per bind. */
export function flaskPools(
  extension: Arguments,
  from: { readonly program: PythonProgram; readonly config: FlaskConfig; readonly alias: string | undefined },
): readonly Pool[] {
  const { program, config, alias } = from;
  const removed = removedSettings(program, config);
  const options = engineOptions(extension, config);
  const bases = asMap(config.get('SQLALCHEMY_BINDS'))?.entries ?? new Map<string, PythonValue>();
  const main = config.get('SQLALCHEMY_DATABASE_URI');
  const urls: readonly (readonly [string | undefined, PythonValue | undefined])[] = [
    ...(main || bases.size === 0 ? [[alias, main] as const] : []),
    ...[...bases].map(([name, value]) => [name, asMap(value)?.entries.get('url') ?? value] as const),
  ];
  return urls.flatMap(([name, value]) => {
    const url: Value<DatabaseUrl> = value
      ? urlOf(value)
      : unknown('SQLALCHEMY_DATABASE_URI is not in the files that were read', extension.object.at);
    const isMysql = url.known && (url.value.engine === 'mysql' || url.value.engine === 'mariadb');
    const given = removed.legacy ? withLegacy(options, config) : options;
    const pool = enginePool(given, {
      library: 'flask-sqlalchemy',
      alias: name,
      program,
      async: false,
      url,
      ...(isMysql && !removed.legacy && { recycle: defaultNumber(extension, 'flask-sqlalchemy.mysql.pool_recycle') }),
    });
    if (!pool) return [];
    const unclear = removed.legacy === undefined && removed.written.length > 0;
    const sizes = unclear ? unclearSizes(pool, removed.written) : {};
    return [{ ...pool, ...sizes, faults: [...pool.faults, ...removed.faults] }];
  });
}

interface RemovedSettings {
  readonly written: readonly PythonValue[];
  /** True when the version still reads them, undefined when the version is not known. */
  readonly legacy: boolean | undefined;
  readonly faults: readonly PoolFault[];
}

/** What Flask-SQLAlchemy 2 read, with the engine option that stands for it now. */
export const removedSettingNames: ReadonlyMap<string, string> = new Map([
  ['SQLALCHEMY_POOL_SIZE', 'pool_size'],
  ['SQLALCHEMY_MAX_OVERFLOW', 'max_overflow'],
  ['SQLALCHEMY_POOL_TIMEOUT', 'pool_timeout'],
  ['SQLALCHEMY_POOL_RECYCLE', 'pool_recycle'],
]);

function removedSettings(program: PythonProgram, config: FlaskConfig): RemovedSettings {
  const settings = [...removedSettingNames.keys()].flatMap((name) => {
    const value = config.get(name);
    return value ? [{ name, value }] : [];
  });
  const written = settings.map(({ value }) => value);
  if (written.length === 0) return { written, legacy: false, faults: [] };
  const version = dependencyVersion(program, 'Flask-SQLAlchemy');
  if (!version || (version.bound === 'at-least' && version.major < 3))
    return { written, legacy: undefined, faults: [] };
  const isOld = version.bound === 'below' ? version.major <= 3 : version.major < 3;
  if (isOld) return { written, legacy: true, faults: [] };
  const faults = settings.map(({ name, value }) => ({
    kind: 'setting-ignored' as const,
    setting: name,
    says: 'Flask-SQLAlchemy 3 reads pool settings only from SQLALCHEMY_ENGINE_OPTIONS',
    at: config.place(name) ?? value.at,
  }));
  return { written, legacy: false, faults };
}

function unclearSizes(pool: Pool, written: readonly PythonValue[]): Pick<Pool, 'size' | 'overflow' | 'capacity'> {
  const why = 'SQLALCHEMY_POOL_* depends on the version of Flask-SQLAlchemy';
  const at = written[0]?.at ?? pool.at;
  return { size: unknown(why, at), overflow: unknown(why, at), capacity: unknown(why, at) };
}

function engineOptions(extension: Arguments, config: FlaskConfig): Arguments {
  const own = asMap(extension.object.keywords.get('engine_options'));
  const configured = config.get('SQLALCHEMY_ENGINE_OPTIONS');
  const map = asMap(configured);
  const isKnown = (configured === undefined || map !== undefined) && (map?.complete ?? config.complete);
  const keywords = new Map([...(own?.entries ?? []), ...(map?.entries ?? [])]);
  const literal = map?.literal ?? own?.literal;
  const object: PythonObject = {
    ...extension.object,
    at: literal?.at ?? extension.object.at,
    positional: [],
    keywords,
    complete: isKnown && (own?.complete ?? true) && extension.object.complete,
  };
  return { ...extension, object };
}

function withLegacy(options: Arguments, config: FlaskConfig): Arguments {
  const keywords = new Map(options.object.keywords);
  for (const [name, setting] of removedSettingNames) {
    const value = config.get(name);
    if (value && asNumber(value).known) keywords.set(setting, value);
  }
  return { ...options, object: { ...options.object, keywords } };
}
