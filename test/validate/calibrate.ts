import type { Application, Calibration, ConnectCost, ServerSettings } from './cases.ts';
import { askInTurn } from './load.ts';
import { type RunningServer, startApplication } from './servers.ts';

/** How a calibration is run. */
export interface CalibrationSetup {
  readonly database: RunningServer;
  readonly seed: number;
  readonly requests: number;
}

/** A single client asks one worker, so nothing waits: what the frameworks and the way to the database cost. */
export async function calibrate(application: Application, setup: CalibrationSetup): Promise<Calibration> {
  return askAlone(application, { ...setup, pool: { size: 1, overflow: 0, timeoutSeconds: 30 } });
}

/** The same with a new connection for each request; the difference is what opening one costs. */
export async function calibrateConnect(
  application: Application,
  setup: CalibrationSetup & { readonly pooled: Calibration },
): Promise<ConnectCost> {
  const seen = await askAlone(application, { ...setup, pool: null });
  return {
    connectCpuSeconds: Math.max(0, seen.webCpuSeconds - setup.pooled.webCpuSeconds),
    connectSeconds: Math.max(0, seen.databaseSeconds - setup.pooled.databaseSeconds),
  };
}

async function askAlone(
  application: Application,
  setup: CalibrationSetup & { readonly pool: ServerSettings['pool'] },
): Promise<Calibration> {
  const { database, seed, requests, pool } = setup;
  const web = await startApplication({ kind: 'threads', workers: 1, threads: 1, pool }, database);
  try {
    await askInTurn(application, { port: web.port, seed: seed + 1000, requests: 5, queries: true });
    const before = [web.cpuSeconds(), database.cpuSeconds(), clientCpuSeconds()] as const;
    const seen = await askInTurn(application, { port: web.port, seed, requests, queries: true });
    const after = [web.cpuSeconds(), database.cpuSeconds(), clientCpuSeconds()] as const;
    const [webCpu, databaseCpu, clientCpu] = [after[0] - before[0], after[1] - before[1], after[2] - before[2]];
    await askInTurn(application, { port: web.port, seed, requests, queries: false });
    const webCpuWithoutQuery = web.cpuSeconds() - after[0];
    return {
      webCpuSeconds: (webCpu - seen.askedCpuSeconds) / requests,
      heldCpuSeconds: Math.max(0, webCpu - webCpuWithoutQuery) / requests,
      databaseSeconds: (seen.seconds - webCpu - seen.askedSleepSeconds) / requests,
      databaseCpuSeconds: databaseCpu / requests,
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
