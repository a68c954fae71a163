import { availableParallelism, cpus, totalmem } from 'node:os';

import { documentedDefaults } from '../../src/capacity/defaults.ts';
import type { TimeDistribution } from '../../src/capacity/simulate-configuration.ts';
import type { Kills } from './calibrate.ts';
import type { Application, Calibration, ConnectCost, ServerSettings } from './cases.ts';
import { type Comparison, errorsOf, verdicts } from './comparison.ts';

/** An application and what it costs in this kind of worker. */
export interface CalibratedApplication {
  readonly application: Application;
  readonly kind: ServerSettings['kind'];
  readonly calibration: Calibration;
}

/** Everything that a run of the validation found. */
export interface ValidationRun {
  readonly seed: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Names and versions of the packages that were measured. */
  readonly versions: readonly string[];
  readonly calibrated: readonly CalibratedApplication[];
  readonly connect: ConnectCost;
  readonly kills: Kills;
  /** How often a thread got the connection again that it had just given back, by the threads of the process. */
  readonly keptLocks: readonly { readonly threads: number; readonly share: number }[];
  readonly comparisons: readonly Comparison[];
}

/** docs/validation.md as Markdown. */
export function writeReport(run: ValidationRun): string {
  const rows = verdicts(run.comparisons).map(({ figure, unit, value, target }) => {
    const verdict = target === undefined ? '' : value <= target ? 'met' : 'missed';
    return [figure, `${value.toFixed(1)} ${unit}`, target === undefined ? '' : `${target} ${unit}`, verdict];
  });
  return `# How far the capacity model can be trusted

<!-- Written by \`npm run validate\`; do not edit. -->

The simulation behind the capacity panel and \`headroom plan\` was held against real programs: Gunicorn with Flask, Uvicorn with a
bare ASGI application, both with SQLAlchemy, on PostgreSQL, under real load. ${run.comparisons.length} configurations were drawn at random, predicted, and only then measured.

${table(['figure', 'measured', 'target', ''], rows)}

![Predicted against measured throughput and response times](images/validation.svg)

On the solid line prediction and measurement agree; the dashed lines are 20 % below and 25 % above it.

## Repeat it

    npm run validate -- --seed ${run.seed} --configurations ${run.comparisons.length} --seconds ${run.seconds}

Another seed draws other applications and other configurations that nobody has seen before. It takes about ${Math.round((run.seconds + run.warmUpSeconds) * 1.25)} seconds for each
configuration on an otherwise idle machine, needs Python 3.11 and Debian 12's packages (it downloads them into \`.cache\`, nothing is installed), and
writes this page anew.

## How

1. **Calibration.** For each application and kind of worker a single client asks a single worker, one request after the other, so nothing waits.
   That gives the costs beyond what the request itself asks for: CPU of the worker, how long a connection is held and how much of that is
   CPU (the application says both), CPU of PostgreSQL. The same requests without their query tell what the load generator and the way to it
   take, and one more run without a pool what a connection costs.
2. **Prediction.** These figures and the settings go into the simulation. Nothing else is adjusted: no figure of a predicted
   configuration was used to set one in the model.
3. **Measurement.** ${run.warmUpSeconds} s to warm up, ${run.seconds} s measured. Users send a request over a new connection (as nginx did by default until
   1.29.7), wait for the answer, think, send the next. Their think times and the costs of their requests come from the random numbers that the simulation
   uses, so both see the same workload and differ by the model only. Programs and queries compute until the kernel has counted the CPU time
   asked for, because the cores of a virtual machine change their speed (on this one by a factor of two). A measurement during which other programs used more than
   ${Math.round(100 * disturbedShare)} % of the machine is repeated up to ${defaultRepeats} times; the least disturbed one counts.

Load generator, application and database share ${availableParallelism()} cores, so configurations whose predicted use of them is above
${Math.round(100 * largestCpuShare)} % are drawn again before anything is measured: beyond, the load generator itself would be late. Where the database is what is
busy, it has the last core to itself, and only the others count: the web server and the users keep to them.

## Configurations

Throughput in requests per second, times in milliseconds: predicted / measured. Failed: share of requests that found no
connection within the checkout timeout.

${table(
  [
    '',
    'what is short',
    'app',
    'workers x threads',
    'pool',
    'held for',
    'timeout',
    'users',
    'think',
    'throughput',
    'p50',
    'p95',
    'failed',
    'limit seen',
  ],
  run.comparisons.map((comparison, index) => row(comparison, index)),
)}

## Applications

${table(
  [
    'app',
    'worker',
    'CPU asked for',
    'database asked for',
    'CPU of the framework',
    'of it holding the connection',
    'connection held beyond that',
    'CPU of PostgreSQL',
    'client and the way to it',
  ],
  run.calibrated.map(({ application, kind, calibration }) => [
    application.name,
    kind,
    describe(application.cpu),
    describeDatabase(application),
    milliseconds(calibration.webCpuSeconds),
    milliseconds(calibration.heldCpuSeconds),
    milliseconds(calibration.databaseSeconds),
    milliseconds(calibration.databaseCpuSeconds),
    milliseconds(calibration.clientSeconds),
  ]),
)}

A connection costs ${milliseconds(run.connect.connectSeconds)} and ${milliseconds(run.connect.connectCpuSeconds)} of the worker's CPU.

## What the model had to learn

- A threaded Gunicorn worker accepts whatever comes and queues it for its own threads, so requests wait in one process while another is
  idle. Sync workers take requests from one queue. The same number of slots therefore carries less with threads.
- Linux does not spread connections evenly: of sleeping workers one accepts most, the next 0.65 to 0.85 times as many, and so on (2, 3, 4 and 8
  workers, light loads that are not among the configurations above; others have reported about 0.8 with 12 workers). The model uses 0.8 everywhere.
- A thread that is told of a free connection must still wake and take it; a request that is computing at that moment may get it first
  (SQLAlchemy's queue is not fair). This lets more requests run into the checkout timeout than first come, first served would.
- The one who gets it first is often the thread that gave it back: it sends its answer, reads its next request and asks again while it
  still holds Python's lock. On a pool of one connection, with another application than those above, this happened in
  ${run.keptLocks.map(({ threads, share }) => `${Math.round(100 * share)} % of the cases with ${threads} threads`).join(' and in ')}; the model uses ${Math.round(100 * documentedDefaults['gunicorn.keep_lock_share'].value)} % everywhere.
- A thread whose time to wait for a connection is up needs that lock to notice it, and then looks once more: meanwhile another
  may have given one back. A request that fails for want of a connection does not reach the code after its query.
- Gunicorn looks once a second for workers that have been busy for too long. The signal that it sends first does not reach one that waits
  in a database driver written in C, so that worker is killed at the next look: with a timeout of ${run.kills.timeoutSeconds} s after ${run.kills.killedAfterSeconds.map((seconds) => seconds.toFixed(1)).join(', ')} s. Its
  successor answered ${run.kills.restartSeconds.toFixed(1)} s later.
- One thread of a process computes at a time, and hands over after 5 ms at the earliest. A thread must get that lock again after every call
  that lets it go, also while it holds a connection: computing threads prolong how long connections are held.

## What was not measured

Kept-alive connections, the share of requests that worker and proxy timeouts end (starting workers takes much of a small machine's
CPU), SQLite's single writer, a database that waits for its disks, and machines whose CPU is saturated follow documented
behaviour of the programs, but no figure here speaks for them. Against formulas that are exact (Erlang C, mean value analysis) the
simulation is within 2 % (\`test/capacity/queueing.test.ts\`).

## Machine and programs

${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}. Seed ${run.seed}.

${run.versions.map((version) => `- ${version}`).join('\n')}
`;
}

/** Share of the machine that other programs may use before a measurement counts as disturbed. */
export const disturbedShare = 0.05;
/** How often a disturbed measurement is repeated. */
export const defaultRepeats = 2;
/** Predicted use of the cores up to which a configuration is measured. */
export const largestCpuShare = 0.65;

function row(comparison: Comparison, index: number): readonly string[] {
  const { given, predicted, measured } = comparison;
  const { settings } = given;
  const errors = errorsOf(comparison);
  const pair = (guess: number, truth: number, off: number) =>
    `${guess.toFixed(guess < 100 ? 1 : 0)} / ${truth.toFixed(truth < 100 ? 1 : 0)} (${signed(100 * off)} %)`;
  return [
    `${index + 1}`,
    given.about,
    given.application.name,
    settings.kind === 'threads' ? `${settings.workers} x ${settings.threads}` : `${settings.workers} ${settings.kind}`,
    `${settings.pool.size}+${settings.pool.overflow}`,
    settings.heldFor,
    `${settings.pool.timeoutSeconds} s`,
    `${given.users}`,
    `${given.thinkSeconds} s`,
    pair(predicted.throughputPerSecond, measured.throughputPerSecond, errors.throughput),
    pair(1000 * predicted.responseSeconds.p50, 1000 * measured.p50Seconds, errors.p50),
    pair(1000 * predicted.responseSeconds.p95, 1000 * measured.p95Seconds, errors.p95),
    `${(100 * predicted.errorShare).toFixed(1)} / ${(100 * measured.errorShare).toFixed(1)} %`,
    predicted.bottleneck,
  ];
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(0)}`;
}

function describe(distribution: TimeDistribution): string {
  if (distribution.kind === 'fixed') return milliseconds(distribution.seconds);
  if (distribution.kind === 'percentiles') return 'percentiles';
  return `${milliseconds(distribution.meanSeconds)} ${distribution.kind}`;
}

function describeDatabase({ database, inDatabase, ownCore }: Application): string {
  const where = ownCore ? ' on a core of its own' : '';
  return `${describe(database)}${inDatabase === 'computes' ? ` of CPU${where}` : ''}`;
}

function milliseconds(seconds: number): string {
  return `${(1000 * seconds).toFixed(1)} ms`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
