/**
 * Long work that offers a pause at each `yield`: between two steps a host may do something else, or give the work up.
 * It is synchronous like everything below the hosts; `finish` does it in one go, with the same result.
 */
export type Pausable<T> = Generator<undefined, T, undefined>;

/** Does the work without a pause. */
export function finish<T>(work: Pausable<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** `items.flatMap(read)`, with a pause offered after each item. */
export function* flatMapPausing<T, R>(items: Iterable<T>, read: (item: T) => readonly R[]): Pausable<R[]> {
  const found: R[] = [];
  for (const item of items) {
    found.push(...read(item));
    yield;
  }
  return found;
}

/** What the pausable work on each item gives, in the order of the items. */
export function* mapPausing<T, R>(items: Iterable<T>, work: (item: T) => Pausable<R>): Pausable<R[]> {
  const results: R[] = [];
  for (const item of items) {
    results.push(yield* work(item));
    yield;
  }
  return results;
}
