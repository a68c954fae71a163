// Analyses a folder as the editor does, slice by slice, and prints as JSON how long that took and for how long nothing
// else could run at most, in milliseconds; the benchmark runs it. Files are read between the slices and not measured: the
// editor reads them through its own file system.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openFolder } from '../src/cli/load-workspace.ts';
import { doInSlices } from '../src/editor/in-slices.ts';
import { analysePausing } from '../src/engine/analyse.ts';
import { createSession } from '../src/model/session.ts';
import { rules } from '../src/rules/index.ts';

void measure(process.argv[2] ?? '.');

async function measure(path: string): Promise<void> {
  const folder = openFolder(path, { rules });
  const request = { workspace: folder.workspace, session: createSession(), rules };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let milliseconds = 0;
  for (let isComplete = false; !isComplete; ) {
    const started = performance.now();
    delay.enable();
    const done = await doInSlices(analysePausing(request), () => true);
    milliseconds += performance.now() - started;
    // The timer that measures has to come round once more for what ran last.
    await new Promise((resume) => setTimeout(resume, 5));
    delay.disable();
    isComplete = !done || done.value.wanted.size === 0;
    folder.load(done?.value.wanted ?? []);
  }
  process.stdout.write(`${JSON.stringify({ milliseconds, longest: delay.max / 1e6 })}\n`);
}
