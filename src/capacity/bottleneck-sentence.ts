import type { LoadRow } from './load-plan.ts';
import type { StackSettings } from './stack-settings.ts';

/** A sentence for people: an English template, and the values for its `{names}`. */
export interface Phrase {
  readonly says: string;
  readonly with: Readonly<Record<string, string | number>>;
}

/** Names what runs out first under a load, with its numbers. */
export function bottleneckSentence(row: LoadRow, settings: StackSettings): Phrase {
  const { replicas, workers, threads, pool } = settings;
  const processes = replicas * workers;
  const load = row.users ?? Number((row.requestsPerSecond ?? 0).toPrecision(3));
  const values = {
    load,
    unit: row.users === null ? 'requests a second' : load === 1 ? 'user' : 'users',
    processes,
    workers: `${processes} ${processes === 1 ? 'worker' : 'workers'}`,
    threads: `${threads ?? 'any'} ${threads === 1 ? 'thread' : 'threads'}`,
    slots: threads === null ? 'any number of' : processes * threads,
    connections: pool ? processes * (pool.size + pool.overflow) : processes,
    perPool: pool ? pool.size + pool.overflow : 1,
  };
  return { says: sentences[row.bottleneck], with: values };
}

const sentences: Readonly<Record<LoadRow['bottleneck'], string>> = {
  none: 'Requests hardly wait at {load} {unit}.',
  workers: '{load} {unit} wait for a worker first: {workers} x {threads} serve {slots} at once.',
  'process-cpu': '{load} {unit} wait for a process to compute first: {workers} use at most {processes} cores.',
  cpus: '{load} {unit} wait for CPU time first: the cores of the web server are busy.',
  pool: '{load} {unit} wait for a connection first: {workers} with a pool of {perPool} hold {connections}.',
  database: '{load} {unit} wait for the database first: it takes no more queries at once.',
  'database-cpu': '{load} {unit} wait for the database to compute first: its cores are busy.',
  writers: '{load} {unit} wait for a writer first: the database lets one write at a time.',
};
