import { randomShare } from '../../src/capacity/random.ts';
import type { Application } from './cases.ts';
import { applyLoad, get } from './load.ts';
import { type RunningServer, startApplication } from './servers.ts';

/** An application and a server that no drawn configuration resembles: all threads but one always wait for a connection. */
const application: Application = {
  name: 'keep',
  cpu: { kind: 'exponential', meanSeconds: 0.001 },
  database: { kind: 'exponential', meanSeconds: 0.015 },
  inDatabase: 'sleeps',
};
const threadCounts = [4, 8] as const;

/**
 * How often a thread that has given a connection back, answered and gone on to its next request gets the connection again,
 * before the thread that was told of it: shares (0 to 1), by the threads of the process. Source of `gunicorn.keep_lock_share`.
 */
export async function measureKeptLocks(
  database: RunningServer,
  setup: { readonly seed: number; readonly seconds: number },
): Promise<readonly { readonly threads: number; readonly share: number }[]> {
  const found: { threads: number; share: number }[] = [];
  for (const threads of threadCounts) {
    const pool = { size: 1, overflow: 0, timeoutSeconds: 30 };
    const settings = {
      kind: 'threads',
      workers: 1,
      threads,
      heldFor: 'query',
      workerTimeoutSeconds: 30,
      pool,
    } as const;
    const web = await startApplication(settings, database);
    try {
      const seed = Math.floor(1e6 * randomShare(setup.seed, 78, threads, 0));
      const load = { application, seed, users: 3 * threads, thinkSeconds: 0, warmUpSeconds: 1, seconds: setup.seconds };
      await applyLoad({ ...load, port: web.port });
      const again = /^Again: (\d+) (\d+)/m.exec((await get(web.port, '/again')).text);
      found.push({ threads, share: Number(again?.[1]) / Number(again?.[2]) });
    } finally {
      await web.stop();
    }
  }
  return found;
}
