import { availableParallelism } from 'node:os';

import { clientCpuSeconds } from './calibrate.ts';
import type { Case } from './cases.ts';
import { applyLoad, type Observation } from './load.ts';
import { disturbedShare } from './report.ts';
import { machineBusySeconds, type RunningServer, startApplication } from './servers.ts';

/** What was measured of a configuration. */
export interface Measurement {
  readonly measured: Observation;
  /** Share of the machine that other programs used meanwhile. */
  readonly othersShare: number;
}

/** How a configuration is measured. */
export interface MeasurementSetup {
  readonly database: RunningServer;
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

async function measureOnce(given: Case, setup: MeasurementSetup): Promise<Measurement> {
  const { database, warmUpSeconds, seconds } = setup;
  const web = await startApplication(given.settings, database);
  try {
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
    await web.stop();
  }
}
