/** Those who wait for something, first come first served. */
export interface Line<T> {
  length(): number;
  push(item: T): void;
  /** Removes and returns the first, or undefined when nobody waits. */
  shift(): T | undefined;
  /** Removes and returns the first that is accepted. */
  shiftWhere(accepts: (item: T) => boolean): T | undefined;
  /** Removes one, wherever it stands. */
  remove(item: T): void;
}

/** An empty line; taking the first costs the same however many wait. */
export function createLine<T>(): Line<T> {
  let items: T[] = [];
  let head = 0;
  return {
    length: () => items.length - head,
    push(item) {
      items.push(item);
    },
    shift() {
      const first = items[head];
      if (head >= items.length) return undefined;
      head++;
      if (head > 64 && 2 * head > items.length) compact();
      return first;
    },
    shiftWhere(accepts) {
      for (let at = head; at < items.length; at++) {
        const item = items[at] as T;
        if (!accepts(item)) continue;
        items.splice(at, 1);
        return item;
      }
      return undefined;
    },
    remove(item) {
      const at = items.indexOf(item, head);
      if (at >= 0) items.splice(at, 1);
    },
  };

  function compact(): void {
    items = items.slice(head);
    head = 0;
  }
}
