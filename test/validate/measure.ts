import { availableParallelism } from 'node:os';

import { clientCpuSeconds } from './calibrate.ts';
import type { Case } from './cases.ts';
import { applyLoad, type Observation } from './load.ts';
import { disturbedShare } from './report.ts';
import { machineBusySeconds, type RunningServer, startApplication, startDatabase, stayOnCores } from './servers.ts';

/** What was measured of a configuration. */
export interface Measurement {
  readonly measured: Observation;
  /** Share of the machine that other programs used meanwhile. */
  readonly othersShare: number;
}

/** How a configuration is measured. */
export interface MeasurementSetup {
  readonly database: RunningServer;
  /** The database with a core of its own, and who runs where; undefined on a machine with one core. */
  readonly parted?: PartedMachine | undefined;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** How often a measurement that other programs disturbed is repeated. */
  readonly repeats: number;
}

/** Starts the application as the case says, applies its load, and returns the least disturbed measurement. */
export async function measure(given: Case, setup: MeasurementSetup): Promise<Measurement> {
  let best = await measureOnce(given, setup);
  for (let repeat = 0; repeat < setup.repeats && best.othersShare > disturbedShare; repeat++) {
    const again = await measureOnce(given, setup);
    if (again.othersShare < best.othersShare) best = again;
  }
  return best;
}

/** A machine of which one core belongs to a database. */
export interface PartedMachine {
  readonly database: RunningServer;
  /** The cores of the web server and the users, as `taskset` takes them. */
  readonly webCores: string;
  readonly allCores: string;
}

/** Starts a database that has the last core of this machine to itself; undefined where there is only one. */
export async function partMachine(): Promise<PartedMachine | undefined> {
  const last = availableParallelism() - 1;
  if (last < 1) return undefined;
  return { database: await startDatabase(`${last}`), webCores: `0-${last - 1}`, allCores: `0-${last}` };
}

async function measureOnce(given: Case, setup: MeasurementSetup): Promise<Measurement> {
  const { warmUpSeconds, seconds } = setup;
  const parted = given.application.ownCore && setup.parted;
  const database = parted ? parted.database : setup.database;
  const web = await startApplication(given.settings, database, parted ? parted.webCores : undefined);
  try {
    if (parted) await stayOnCores(parted.webCores);
    let others = 0;
    const count = (sign: number) => () => {
      others += sign * (machineBusySeconds() - web.cpuSeconds() - database.cpuSeconds() - clientCpuSeconds());
    };
    const measured = await applyLoad(
      { ...given, port: web.port, warmUpSeconds, seconds },
      { begins: count(-1), ends: count(1) },
    );
    return { measured, othersShare: others / seconds / availableParallelism() };
  } finally {
    if (parted) await stayOnCores(parted.allCores);
    await web.stop();
  }
}
