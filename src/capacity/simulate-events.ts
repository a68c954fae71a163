/** Future events in order of time. Four numbers each, kept in typed arrays: a simulation pushes hundreds of thousands. */
export interface EventQueue {
  /** `stamp` lets the receiver recognise an event that has become pointless since. */
  push(time: number, kind: number, subject: number, stamp: number): void;
  /** The time of the first event, Infinity when there is none. */
  nextTime(): number;
  /** Copies the first event into `taken`. */
  peek(): EventQueue['taken'];
  /** Removes the first event and copies it into `taken`. */
  pop(): void;
  readonly taken: { time: number; kind: number; subject: number; stamp: number };
}

/** An empty queue: a binary heap that grows as needed. Events of the same time leave in the order they came. */
export function createEventQueue(): EventQueue {
  let times = new Float64Array(256);
  let rows = new Int32Array(256);
  let orders = new Float64Array(256);
  let data = new Int32Array(3 * 256);
  const free: number[] = [];
  let size = 0;
  let used = 0;
  let pushed = 0;
  const taken = { time: 0, kind: 0, subject: 0, stamp: 0 };

  return { push, nextTime: () => (size === 0 ? Number.POSITIVE_INFINITY : (times[0] ?? 0)), peek, pop, taken };

  function push(time: number, kind: number, subject: number, stamp: number): void {
    const row = free.pop() ?? used++;
    if (used > rows.length || size >= rows.length) grow();
    data[3 * row] = kind;
    data[3 * row + 1] = subject;
    data[3 * row + 2] = stamp;
    const order = pushed++;
    let at = size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(time, order, parent)) break;
      move(parent, at);
      at = parent;
    }
    place(at, time, order, row);
  }

  function peek(): EventQueue['taken'] {
    const row = rows[0] ?? 0;
    taken.time = times[0] ?? 0;
    taken.kind = data[3 * row] ?? 0;
    taken.subject = data[3 * row + 1] ?? 0;
    taken.stamp = data[3 * row + 2] ?? 0;
    return taken;
  }

  function pop(): void {
    peek();
    free.push(rows[0] ?? 0);
    size--;
    const time = times[size] ?? 0;
    const order = orders[size] ?? 0;
    const lastRow = rows[size] ?? 0;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= size) break;
      const right = left + 1;
      const child = right < size && isBefore(times[right] ?? 0, orders[right] ?? 0, left) ? right : left;
      if (isBefore(time, order, child)) break;
      move(child, at);
      at = child;
    }
    place(at, time, order, lastRow);
  }

  function isBefore(time: number, order: number, other: number): boolean {
    const otherTime = times[other] ?? 0;
    return time < otherTime || (time === otherTime && order < (orders[other] ?? 0));
  }

  function move(from: number, to: number): void {
    times[to] = times[from] ?? 0;
    orders[to] = orders[from] ?? 0;
    rows[to] = rows[from] ?? 0;
  }

  function place(at: number, time: number, order: number, row: number): void {
    times[at] = time;
    orders[at] = order;
    rows[at] = row;
  }

  function grow(): void {
    const length = 2 * rows.length;
    times = copyInto(new Float64Array(length), times);
    orders = copyInto(new Float64Array(length), orders);
    rows = copyInto(new Int32Array(length), rows);
    data = copyInto(new Int32Array(3 * length), data);
  }
}

function copyInto<T extends Float64Array | Int32Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
