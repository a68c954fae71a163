// Analyses a folder as the editor does, slice by slice, and prints as JSON how long that took and for how long nothing
// else could run at most, in milliseconds: `tsx scripts/longest-stretch.ts FOLDER`. Files are read between the slices
// and not measured: the editor reads them through its own file system.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openFolder } from '../src/cli/load-workspace.ts';
import { doInSlices } from '../src/editor/in-slices.ts';
import { type Analysis, analysePausing } from '../src/engine/analyse.ts';
import { createSession } from '../src/model/session.ts';
import { rules } from '../src/rules/index.ts';

const folder = openFolder(process.argv[2] ?? '.', { rules });
const session = createSession();
const delay = monitorEventLoopDelay({ resolution: 1 });
let milliseconds = 0;
let longest = 0;
for (let analysis = await analyse(); analysis && analysis.wanted.size > 0; analysis = await analyse())
  folder.load(analysis.wanted);
process.stdout.write(`${JSON.stringify({ milliseconds, longest })}\n`);

async function analyse(): Promise<Analysis | undefined> {
  const started = performance.now();
  delay.reset();
  delay.enable();
  const done = await doInSlices(analysePausing({ workspace: folder.workspace, session, rules }), () => true);
  milliseconds += performance.now() - started;
  // The timer that measures has to come round once more for what ran last.
  await new Promise((resume) => setTimeout(resume, 5));
  delay.disable();
  longest = Math.max(longest, delay.max / 1e6);
  return done?.value;
}
