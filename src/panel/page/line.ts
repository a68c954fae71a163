/** Jobs that run one at a time. */
export interface Line<Job> {
  /** Runs the job now, or next: of the jobs that wait only the last is ever run. */
  put(job: Job): void;
}

/**
 * Creates a line. While somebody drags a slider the jobs come faster than they can be done: each that is begun may end,
 * so that its result is seen, but one that has taken `patienceMs` makes way for the job that waits. After each that had to,
 * the next gets twice the time: on a slow machine some result has to come, too.
 */
export function createLine<Job>(how: {
  readonly patienceMs: number;
  /** Begins a job, and calls `end` when it is done; returns what stops it. */
  readonly start: (job: Job, end: () => void) => () => void;
}): Line<Job> {
  const { patienceMs, start } = how;
  let running: Running | undefined;
  let waiting: { readonly job: Job } | undefined;
  let patience = patienceMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    put(job) {
      waiting = { job };
      if (!running) return next();
      timer ??= setTimeout(next, Math.max(0, running.since + patience - Date.now()));
    },
  };

  function next(): void {
    clearTimeout(timer);
    timer = undefined;
    if (running) {
      running.stop();
      patience *= 2;
    }
    running = undefined;
    if (!waiting) return;
    const { job } = waiting;
    waiting = undefined;
    const mine: Running = { since: Date.now(), stop: () => {} };
    running = mine;
    mine.stop = start(job, () => {
      if (running !== mine) return;
      running = undefined;
      patience = patienceMs;
      next();
    });
  }
}

interface Running {
  readonly since: number;
  stop: () => void;
}
