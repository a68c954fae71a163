// `npm run validate [-- --seed N --configurations N --seconds S]`: predicts freshly drawn configurations from a calibration
// with a single client, measures them on real programs, and writes docs/validation.md. `--dry` writes nothing.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { simulate } from '../../src/capacity/simulate.ts';
import type { SimulationResult } from '../../src/capacity/simulate-configuration.ts';
import { ensurePrograms } from '../oracles/programs.ts';
import { calibrate, calibrateConnect, measureKills } from './calibrate.ts';
import { type Case, configurationOf, drawApplications, drawCases } from './cases.ts';
import { drawChart } from './chart.ts';
import { type Comparison, errorsOf, verdicts } from './comparison.ts';
import { measureKeptLocks } from './keep-lock.ts';
import { measure, partMachine } from './measure.ts';
import {
  type CalibratedApplication,
  defaultRepeats,
  largestCpuShare,
  type ValidationRun,
  writeReport,
} from './report.ts';
import { startDatabase, stopServersOnSignal } from './servers.ts';

const documents = join(dirname(fileURLToPath(import.meta.url)), '../../docs');
/** By the suite whose version is the one that runs. */
const measuredPackages = {
  sid: /^python3-(gunicorn|uvicorn|flask|werkzeug|sqlalchemy) /,
  'bookworm-servers': /^(postgresql-15|python3-(psycopg2|asyncpg|greenlet)) /,
} as const;
const warmUpSeconds = 2;
const calibrationRequests = 40;

void main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      configurations: { type: 'string', default: '27' },
      seconds: { type: 'string', default: '12' },
      repeats: { type: 'string', default: `${defaultRepeats}` },
      dry: { type: 'boolean', default: false },
    },
  });
  const [seed, count, seconds] = [values.seed, values.configurations, values.seconds].map(Number) as [
    number,
    number,
    number,
  ];
  if (![seed, count].every(Number.isInteger) || count < 1 || !(seconds > 0))
    throw new Error('--seed and --configurations are whole numbers, --seconds is above 0.');
  const versions: string[] = [];
  for (const suite of ['sid', 'bookworm-servers'] as const) {
    versions.push(...(await ensurePrograms(suite)).filter((name) => measuredPackages[suite].test(name)));
  }
  const run = await validate({ seed, count, seconds, repeats: Number(values.repeats) });
  for (const { figure, unit, value, target } of verdicts(run.comparisons))
    say(`${figure}: ${value.toFixed(1)} ${unit}${target === undefined ? '' : ` (target ${target})`}`);
  if (values.dry) return;
  writeFileSync(join(documents, 'validation.md'), writeReport({ ...run, versions }));
  writeFileSync(join(documents, 'images/validation.svg'), drawChart(run.comparisons));
}

async function validate(setup: {
  seed: number;
  count: number;
  seconds: number;
  repeats: number;
}): Promise<Omit<ValidationRun, 'versions'>> {
  const { seed, count, seconds } = setup;
  stopServersOnSignal();
  const database = await startDatabase();
  const parted = await partMachine();
  try {
    const calibrated: CalibratedApplication[] = [];
    for (const application of drawApplications(seed)) {
      if (application.ownCore && !parted) continue;
      for (const kind of application.ownCore ? (['threads'] as const) : (['threads', 'sync', 'async'] as const)) {
        const calibration = await calibrate(application, { database, seed, requests: calibrationRequests, kind });
        say(`application ${application.name}, ${kind}: ${JSON.stringify(calibration)}`);
        calibrated.push({ application, kind, calibration });
      }
    }
    const [first] = calibrated;
    if (!first) throw new Error('There is no application.');
    const setupOfConnect = { database, seed, requests: calibrationRequests, pooled: first.calibration };
    const connect = await calibrateConnect(first.application, setupOfConnect);
    say(`connection: ${JSON.stringify(connect)}`);
    const kills = await measureKills(database);
    say(`killed workers: ${JSON.stringify(kills)}`);
    const keptLocks = await measureKeptLocks(database, { seed, seconds });
    say(`threads that take their connection again: ${JSON.stringify(keptLocks)}`);
    const predict = (given: Case): SimulationResult => {
      const isOf = (one: CalibratedApplication) =>
        one.application === given.application && one.kind === given.settings.kind;
      const { calibration } = calibrated.find(isOf) ?? first;
      const measured = {
        ...calibration,
        ...connect,
        restartSeconds: kills.restartSeconds,
        cpus: availableParallelism(),
      };
      const configuration = configurationOf(given, measured);
      const found = simulate(configuration, { seed: given.seed, seconds, warmUpSeconds });
      if (!found.ok) throw new Error(`The drawn configuration is invalid: ${JSON.stringify(found.problems)}`);
      return found.result;
    };
    const accepts = (given: Case) => predict(given).utilisation.cpus <= largestCpuShare;
    const applications = [...new Set(calibrated.map((one) => one.application))];
    const cases = drawCases(seed, { count, applications, accepts });
    const comparisons: Comparison[] = [];
    for (const given of cases) {
      const predicted = predict(given);
      const comparison = { given, predicted, ...(await measure(given, { ...setup, warmUpSeconds, database, parted })) };
      comparisons.push(comparison);
      say(`${comparisons.length}. ${describe(comparison)}`);
    }
    return { seed, seconds, warmUpSeconds, calibrated, connect, kills, keptLocks, comparisons };
  } finally {
    await database.stop();
    await parted?.database.stop();
  }
}

function describe(comparison: Comparison): string {
  const { given, predicted, measured, othersShare } = comparison;
  const { settings } = given;
  const errors = errorsOf(comparison);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    `${given.about}: ${given.application.name} ${settings.workers}x${settings.threads} ${settings.kind}`,
    `pool ${settings.pool.size}+${settings.pool.overflow} ${settings.pool.timeoutSeconds} s for ${settings.heldFor}, ${given.users} users ${given.thinkSeconds} s`,
    `${predicted.bottleneck}, cores ${percent(predicted.utilisation.cpus)}`,
    `${predicted.throughputPerSecond.toFixed(1)} for ${measured.throughputPerSecond.toFixed(1)}/s ${percent(errors.throughput)}`,
    `p50 ${(1000 * predicted.responseSeconds.p50).toFixed(0)} for ${(1000 * measured.p50Seconds).toFixed(0)} ${percent(errors.p50)}`,
    `p95 ${(1000 * predicted.responseSeconds.p95).toFixed(0)} for ${(1000 * measured.p95Seconds).toFixed(0)} ${percent(errors.p95)}`,
    `failed ${percent(predicted.errorShare)} for ${percent(measured.errorShare)}, others ${percent(othersShare)}`,
    ...(measured.otherErrors > 0 ? [`${measured.otherErrors} unexpected errors`] : []),
  ].join(' | ');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
