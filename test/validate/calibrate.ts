import type { Application, Calibration, ConnectCost, ServerSettings } from './cases.ts';
import { askInTurn, get } from './load.ts';
import { type RunningServer, startApplication } from './servers.ts';

/** How a calibration is run. */
export interface CalibrationSetup {
  readonly database: RunningServer;
  readonly seed: number;
  readonly requests: number;
}

/** A single client asks one worker, so nothing waits: what the frameworks and the way to the database cost. */
export async function calibrate(
  application: Application,
  setup: CalibrationSetup & { readonly kind: ServerSettings['kind'] },
): Promise<Calibration> {
  return askAlone(application, { ...setup, pool: { size: 1, overflow: 0, timeoutSeconds: 30 } });
}

/** The same in a thread, with a new connection for each request; the difference is what opening one costs. */
export async function calibrateConnect(
  application: Application,
  setup: CalibrationSetup & { readonly pooled: Calibration },
): Promise<ConnectCost> {
  const seen = await askAlone(application, { ...setup, kind: 'threads', pool: null });
  const connectCpuSeconds = Math.max(0, seen.webCpuSeconds - setup.pooled.webCpuSeconds);
  const allSeconds = seen.requestSeconds - setup.pooled.requestSeconds;
  return { connectCpuSeconds, connectSeconds: Math.max(0, allSeconds - connectCpuSeconds) };
}

/** What happens to a worker that is busy for longer than its timeout. */
export interface Kills {
  readonly timeoutSeconds: number;
  /** From the request until its worker was gone, for each kill. */
  readonly killedAfterSeconds: readonly number[];
  /** From the end of a killed worker until its successor answers. */
  readonly restartSeconds: number;
}

/** A single worker waits for its database until it is killed, a few times; the next request waits for its successor. */
export async function measureKills(database: RunningServer): Promise<Kills> {
  const timeoutSeconds = 1;
  const pool = { size: 1, overflow: 0, timeoutSeconds: 30 };
  const settings = { ...alone, kind: 'sync', workerTimeoutSeconds: timeoutSeconds, pool } as const;
  const web = await startApplication(settings, database);
  const killedAfterSeconds: number[] = [];
  let missing = 0;
  try {
    for (let kill = 0; kill < kills; kill++) {
      const sent = performance.now();
      const { status } = await get(web.port, '/?cpu=0&sleep=20');
      if (status !== 0) throw new Error(`A worker that hangs answered ${status}.`);
      const killed = performance.now();
      await get(web.port, '/?cpu=0');
      killedAfterSeconds.push((killed - sent) / 1000);
      missing += (performance.now() - killed) / 1000;
    }
  } finally {
    await web.stop();
  }
  return { timeoutSeconds, killedAfterSeconds, restartSeconds: missing / kills };
}

const kills = 5;
const alone = { workers: 1, threads: 1, heldFor: 'query', workerTimeoutSeconds: 30 } as const;

async function askAlone(
  application: Application,
  setup: CalibrationSetup & Pick<ServerSettings, 'kind' | 'pool'>,
): Promise<Calibration> {
  const { database, seed, requests, kind, pool } = setup;
  const web = await startApplication({ ...alone, kind, pool }, database);
  try {
    await askInTurn(application, { port: web.port, seed: seed + 1000, requests: 5, queries: true });
    const before = [web.cpuSeconds(), database.cpuSeconds(), clientCpuSeconds()] as const;
    const seen = await askInTurn(application, { port: web.port, seed, requests, queries: true });
    const after = [web.cpuSeconds(), database.cpuSeconds(), clientCpuSeconds()] as const;
    const [webCpu, databaseCpu, clientCpu] = [after[0] - before[0], after[1] - before[1], after[2] - before[2]];
    const bare = await askInTurn(application, { port: web.port, seed, requests, queries: false });
    const bareWebCpu = web.cpuSeconds() - after[0];
    return {
      requestSeconds: (seen.seconds - seen.askedCpuSeconds - seen.askedDatabaseSeconds) / requests,
      webCpuSeconds: (webCpu - seen.askedCpuSeconds) / requests,
      heldCpuSeconds: seen.heldCpuSeconds / requests,
      databaseSeconds: (seen.heldSeconds - seen.heldCpuSeconds - seen.askedDatabaseSeconds) / requests,
      databaseCpuSeconds:
        (databaseCpu - (application.inDatabase === 'computes' ? seen.askedDatabaseSeconds : 0)) / requests,
      clientSeconds: Math.max(0, bare.seconds - bareWebCpu) / requests,
      clientCpuSeconds: clientCpu / requests,
    };
  } finally {
    await web.stop();
  }
}

/** Seconds of CPU that this process has spent: it is the load generator. */
export function clientCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
