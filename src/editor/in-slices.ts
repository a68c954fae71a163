import type { Pausable } from '../model/pausable.ts';

/** Length of a slice of work: VS Code draws 60 frames a second, and this thread serves every other extension too. */
export const sliceMilliseconds = 16;

/**
 * Does the work slice by slice, with the editor's other work in between; undefined when `goesOn`, asked after each pause,
 * says no. A slice may last longer than meant where the work offers no pause.
 */
export async function doInSlices<T>(
  work: Pausable<T>,
  goesOn: () => boolean,
): Promise<{ readonly value: T } | undefined> {
  for (let end = performance.now() + sliceMilliseconds; ; ) {
    const step = work.next();
    if (step.done) return { value: step.value };
    if (performance.now() < end) continue;
    await new Promise<void>((resume) => setTimeout(resume));
    if (!goesOn()) return undefined;
    end = performance.now() + sliceMilliseconds;
  }
}
