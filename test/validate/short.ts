// The short validation of `npm test`: three configurations whose time goes into sleeping queries, so that a busy machine
// changes little. The model must tell them apart as the real programs do. The last line is `N passed, N failed`.
import { availableParallelism } from 'node:os';
import { simulate } from '../../src/capacity/simulate.ts';
import { ensurePrograms } from '../oracles/programs.ts';
import { calibrate } from './calibrate.ts';
import { type Application, type Case, configurationOf } from './cases.ts';
import { type ComparisonErrors, errorsOf } from './comparison.ts';
import { measure } from './measure.ts';
import { startDatabase, stopServersOnSignal } from './servers.ts';

const application: Application = {
  name: 'short',
  cpu: { kind: 'fixed', seconds: 0.001 },
  database: { kind: 'fixed', seconds: 0.1 },
  inDatabase: 'sleeps',
};
const patient = 30;
const cases: readonly Case[] = [
  given('enough of everything', { size: 12, timeoutSeconds: patient }),
  given('a pool of 2 for 12 threads', { size: 2, timeoutSeconds: patient }),
  given('a pool of 2 with a short checkout timeout', { size: 2, timeoutSeconds: 0.25 }),
];
/** What still counts as agreement on a machine that does other things too; `npm run validate` measures the true error. */
const tolerance: ComparisonErrors = { throughput: 0.25, p50: 0.3, p95: Number.POSITIVE_INFINITY, errorPoints: 12 };
const attempts = 4;
const timing = { warmUpSeconds: 1.5, seconds: 4 };

void main();

async function main(): Promise<void> {
  const missing = await preparePrograms();
  if (missing !== undefined) {
    process.stdout.write(`Not run here: ${missing}\n0 passed, 0 failed\n`);
    return;
  }
  stopServersOnSignal();
  const database = await startDatabase();
  let failed = 0;
  try {
    for (const one of cases) {
      let said = '';
      const agrees = await anyOf(attempts, async () => {
        const calibration = await calibrate(application, { database, seed: 1, requests: 15, kind: 'threads' });
        const costs = {
          ...calibration,
          connectSeconds: 0.01,
          connectCpuSeconds: 0,
          restartSeconds: 1,
          cpus: availableParallelism(),
        };
        const predicted = simulate(configurationOf(one, costs), { ...timing, seed: one.seed });
        if (!predicted.ok) throw new Error(JSON.stringify(predicted.problems));
        const measurement = await measure(one, { ...timing, database, repeats: 0 });
        const errors = errorsOf({ given: one, predicted: predicted.result, ...measurement });
        const { throughputPerSecond, responseSeconds, errorShare } = predicted.result;
        const { measured } = measurement;
        said += `  predicted ${throughputPerSecond.toFixed(1)}/s, p50 ${responseSeconds.p50.toFixed(3)} s, ${(100 * errorShare).toFixed(0)} % failed;`;
        said += ` measured ${measured.throughputPerSecond.toFixed(1)}/s, p50 ${measured.p50Seconds.toFixed(3)} s, ${(100 * measured.errorShare).toFixed(0)} % failed\n`;
        return (Object.keys(tolerance) as (keyof ComparisonErrors)[]).every(
          (name) => Math.abs(errors[name]) <= tolerance[name],
        );
      });
      if (!agrees) failed++;
      process.stdout.write(`${agrees ? 'ok' : 'FAILED'}  ${one.about}\n${said}`);
    }
  } finally {
    await database.stop();
  }
  process.stdout.write(`${cases.length - failed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** Fetches the programs; the reason where they cannot be had (another system than Debian, no mirror). */
async function preparePrograms(): Promise<string | undefined> {
  try {
    for (const suite of ['sid', 'bookworm-servers'] as const) await ensurePrograms(suite);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function given(about: string, pool: { readonly size: number; readonly timeoutSeconds: number }): Case {
  const settings = {
    kind: 'threads',
    workers: 1,
    threads: 12,
    heldFor: 'query',
    workerTimeoutSeconds: 30,
    pool: { overflow: 0, ...pool },
  } as const;
  return { about, application, settings, users: 12, thinkSeconds: 0.1, seed: 1 };
}

/** Whether it holds once: noise makes a right model fail, but never a wrong one pass this often. */
async function anyOf(times: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (let time = 0; time < times; time++) if (await holds()) return true;
  return false;
}
