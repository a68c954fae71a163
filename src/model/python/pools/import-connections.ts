import type { SourceText } from '../../../text/source-text.ts';
import type { Location } from '../../../text/span.ts';
import type { Pausable } from '../../pausable.ts';
import type { Pool } from '../../pool.ts';
import { upperBound } from '../../value.ts';
import { moduleFrame } from '../evaluate.ts';
import type { CallRecord } from '../frame.ts';
import type { PythonProgram } from '../python-program.ts';
import { asObject } from '../python-value.ts';
import { type CallPlace, findPlacesPausing, runPlace } from './pool-sites.ts';

/** The pools of one place, with where the code connects through them while its modules are imported. */
export function* markImportConnections(
  found: readonly { readonly place: CallPlace; readonly pools: readonly Pool[] }[],
  how: { readonly program: PythonProgram; readonly sources: readonly SourceText[] },
): Pausable<readonly { readonly place: CallPlace; readonly pools: readonly Pool[] }[]> {
  if (!found.some(({ pools }) => pools.some((pool) => pool.kind === 'database'))) return found;
  const uses = yield* importUses(how);
  return found.map(({ place, pools }) => ({
    place,
    pools: pools.map((pool) => {
      const connectsAtImport = importConnection(pool, { place, uses });
      return connectsAtImport && pool.kind === 'database' ? { ...pool, connectsAtImport } : pool;
    }),
  }));
}

interface ImportUse {
  readonly at: Location;
  /** The call that made the engine or extension that is used. */
  readonly made: Location;
}

function importConnection(
  pool: Pool,
  from: { readonly place: CallPlace; readonly uses: readonly ImportUse[] },
): Location | undefined {
  const { place, uses } = from;
  const isMadeHere = uses.find(({ made }) => made.source === place.source && made.span.start === place.call.span.start);
  if (isMadeHere) return isMadeHere.at;
  return runsAtImport(place) && opensItself(pool, place) ? pool.at : undefined;
}

// psycopg_pool opens in the background unless told not to, an AsyncConnectionPool only inside a loop.
function opensItself(pool: Pool, { call }: CallPlace): boolean {
  if ((upperBound(pool.opensEagerly) ?? 0) <= 0 || pool.async) return false;
  return pool.library !== 'psycopg_pool' || !call.arguments.some(({ name }) => name === 'open');
}

/** Uses of engines that connect, in code that runs when its module is imported. */
function* importUses(how: {
  readonly program: PythonProgram;
  readonly sources: readonly SourceText[];
}): Pausable<readonly ImportUse[]> {
  const uses: ImportUse[] = [];
  for (const place of yield* findPlacesPausing(how.program, { ...how, names: connecting })) {
    if (!runsAtImport(place)) continue;
    const at = { source: place.source, span: place.call.span };
    const records = (yield* runPlace(place, how)).flatMap((run) => run.records);
    const made = records.map(usedObject).find((object) => object !== undefined) ?? boundEngine(place, how.program);
    if (made) uses.push({ at, made });
  }
  return uses;
}

/** The engine in `Base.metadata.create_all(bind=engine)` at module level, whose `Base` is a class and so not followed. */
function boundEngine({ call, ancestors, source }: CallPlace, program: PythonProgram): Location | undefined {
  const isCreate = call.callee.kind === 'attribute' && call.callee.name === 'create_all';
  if (!isCreate || ancestors.some((node) => node.kind === 'function')) return undefined;
  const bind = call.arguments.find(({ name }) => name === 'bind') ?? call.arguments.find(({ name }) => !name);
  const engine = bind && asObject(program.runtime.evaluate(bind.value, moduleFrame(source, program.runtime)));
  if (!engine?.callee.endsWith('create_engine')) return undefined;
  return { source: engine.at.source, span: engine.call.span };
}

const connecting: ReadonlySet<string> = new Set(['create_all', 'connect', 'begin', 'raw_connection']);

/** What a call connects through: the engine it is a method of, or the `bind` of `create_all`. */
function usedObject({ call, receiver, positional, keywords }: CallRecord): Location | undefined {
  const isCreate = call.callee.kind === 'attribute' && call.callee.name === 'create_all';
  const candidates = isCreate ? [keywords.get('bind') ?? positional[0], receiver] : [receiver];
  const used = candidates.map(asObject).find((object) => object && /(create_engine|SQLAlchemy)$/.test(object.callee));
  return used && { source: used.at.source, span: used.call.span };
}

/** True for the top level of a module, and for the factory of an application, which runs before the server forks. */
function runsAtImport(place: CallPlace): boolean {
  if (place.conditional) return false;
  const functions = place.ancestors.filter((node) => node.kind === 'function');
  return functions.every(
    (node) => node.kind === 'function' && /^(create|make|build|get)_app(lication)?$/.test(node.name),
  );
}
