import type { PythonStatement } from '../../../parse/python-tree.ts';
import type { Pool } from '../../pool.ts';
import { sum, type Value } from '../../value.ts';
import { joinAlternatives } from '../python-value.ts';
import type { CallPlace } from './pool-sites.ts';

/** Joins what several call sites of one function gave: the engine counts once, values that differ are alternatives. */
export function joinRuns(runs: readonly (readonly Pool[])[]): readonly Pool[] {
  const longest = Math.max(0, ...runs.map((pools) => pools.length));
  return Array.from({ length: longest }, (_, index) => runs.flatMap((pools) => pools[index] ?? [])).flatMap((pools) =>
    joinPools(pools),
  );
}

/** Joins pools that stand in different branches of one `if` (or in a `try` and its handlers): only one of them exists. */
export function joinExclusive(
  found: readonly { readonly place: CallPlace; readonly pools: readonly Pool[] }[],
): readonly Pool[] {
  const groups: { readonly places: CallPlace[]; readonly pools: Pool[] }[] = [];
  for (const { place, pools } of found) {
    const group = groups.find(
      (candidate) =>
        candidate.places.every((other) => areExclusive(place, other)) &&
        candidate.pools[0]?.kind === pools[0]?.kind &&
        candidate.pools.length === 1 &&
        pools.length === 1,
    );
    if (group) {
      group.places.push(place);
      group.pools.splice(0, 1, ...joinPools([...group.pools, ...pools]));
    } else groups.push({ places: [place], pools: [...pools] });
  }
  return groups.flatMap((group) => group.pools);
}

function areExclusive(one: CallPlace, other: CallPlace): boolean {
  if (one.source !== other.source) return false;
  return one.ancestors.some((node) => {
    if ((node.kind !== 'if' && node.kind !== 'try') || !other.ancestors.includes(node)) return false;
    const [first, second] = [branchOf(node, one), branchOf(node, other)];
    return first !== -1 && second !== -1 && first !== second;
  });
}

function branchOf(node: PythonStatement, place: CallPlace): number {
  const at = place.call.span.start;
  const holds = (body: readonly PythonStatement[]) =>
    body.some((statement) => statement.span.start <= at && at < statement.span.end);
  if (node.kind === 'if') return node.branches.findIndex((branch) => holds(branch.body));
  return node.kind === 'try' ? [node.body, ...node.handlers].findIndex(holds) : -1;
}

// A SQLite fallback for development does not stand for the server database beside it.
function joinPools(pools: readonly Pool[]): readonly Pool[] {
  const servers = pools.filter((pool) => !(pool.engine.known && pool.engine.value === 'sqlite'));
  const counted = servers.length > 0 ? servers : pools;
  const [first, ...rest] = counted;
  if (!first) return [];
  if (rest.length === 0) return [first];
  const join = <T>(pick: (pool: Pool) => Value<T>): Value<T> => joinAlternatives(counted.map(pick), pick(first).at);
  const size = join((pool) => pool.size);
  const overflow = join((pool) => pool.overflow);
  return [
    {
      ...first,
      size,
      overflow,
      capacity: joinCapacity(counted, { size, overflow }),
      sizeWritten: counted.some((pool) => pool.sizeWritten),
      opensEagerly: join((pool) => pool.opensEagerly),
      timeoutSeconds: join((pool) => pool.timeoutSeconds),
      recycleSeconds: join((pool) => pool.recycleSeconds),
      prePing: join((pool) => pool.prePing),
      engine: preferKnown(counted.map((pool) => pool.engine)) ?? first.engine,
      store: preferKnown(counted.map((pool) => pool.store)) ?? first.store,
      faults: counted
        .flatMap((pool) => pool.faults)
        .filter((fault, index, all) => all.findIndex((other) => other.at === fault.at) === index),
    },
  ];
}

function joinCapacity(pools: readonly Pool[], sizes: { size: Value<number>; overflow: Value<number> }): Value<number> {
  const first = pools[0];
  if (first && sizes.size.known && sizes.overflow.known) return sum([sizes.size, sizes.overflow], first.at);
  const options = pools.map((pool) => pool.capacity);
  return joinAlternatives(options, options[0]?.at ?? sizes.size.at);
}

function preferKnown<T>(values: readonly Value<T>[]): Value<T> | undefined {
  const clear = values.filter((value) => value.known);
  const at = values[0]?.at;
  return clear.length > 0 && at ? joinAlternatives(clear, at) : undefined;
}
