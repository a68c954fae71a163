/** What a running task is told. */
export interface Run {
  /**
   * True when something newer was asked for and has waited its quiet time: the task should stop, it is run again. The
   * run after one that was given up is never asked to stop, so that steady typing cannot keep results away.
   */
  isGivenUp(): boolean;
}

/** Runs one task at a time; requests that come together, or while it runs, become one further run. */
export interface Scheduler {
  /** Asks for a run after a short quiet time. */
  request(): void;
  /** Runs at once what was asked for; resolves when nothing is left to do. */
  settle(): Promise<void>;
  dispose(): void;
}

/**
 * Creates a scheduler. The quiet time is at least `quietMilliseconds` and twice what the last run took, at most half a
 * second, so that a slow workspace is analysed less often and typing never waits. `task` must not reject.
 */
export function createScheduler(task: (run: Run) => Promise<void>, quietMilliseconds: number): Scheduler {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let asked = false;
  let overdue = false;
  let gaveUp = false;
  let disposed = false;
  let quiet = quietMilliseconds;

  return {
    request() {
      asked = true;
      if (disposed) return;
      clearTimeout(timer);
      timer = setTimeout(() => void run(), quiet);
    },
    settle: run,
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };

  async function run(): Promise<void> {
    clearTimeout(timer);
    overdue = asked;
    do {
      running ??= work().finally(() => {
        running = undefined;
      });
      await running;
    } while (asked && !disposed);
  }

  async function work(): Promise<void> {
    while (asked && !disposed) {
      asked = false;
      overdue = false;
      clearTimeout(timer);
      const mayStop = !gaveUp;
      gaveUp = false;
      const isGivenUp = () => {
        gaveUp ||= disposed || (mayStop && overdue);
        return gaveUp;
      };
      const started = performance.now();
      await task({ isGivenUp });
      quiet = Math.min(Math.max(quietMilliseconds, 2 * (performance.now() - started)), 500);
    }
  }
}
