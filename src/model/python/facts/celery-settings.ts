import type { PythonStatement } from '../../../parse/python-tree.ts';
import { dottedName, walkStatements } from '../../../parse/python-walk.ts';
import type { SourceText } from '../../../text/source-text.ts';
import type { Location } from '../../../text/span.ts';
import type { CelerySettings } from '../../code-facts.ts';
import type { Pausable } from '../../pausable.ts';
import { unknown, type Value } from '../../value.ts';
import { evaluateModule, moduleFrame } from '../evaluate.ts';
import type { CallRecord } from '../frame.ts';
import { findPlacesPausing, runPlace } from '../pools/pool-sites.ts';
import type { PythonProgram } from '../python-program.ts';
import { asMap, asNumber, asText, type PythonValue, referenceName } from '../python-value.ts';
import { flatMapFiles } from './flat-map-files.ts';

/**
 * What Celery's application is configured to: by `Celery(...)`, `conf.update(...)`, `conf.task_time_limit = ...` or a
 * configuration module. Undefined for code without Celery.
 */
export function* findCelerySettings(
  program: PythonProgram,
  sources: readonly SourceText[],
): Pausable<CelerySettings | undefined> {
  const mentioning = sources.filter((source) => /celery/i.test(source.text));
  if (mentioning.length === 0) return undefined;
  const work: Search = { program, sources, mentioning, gaps: [] };
  const found = [
    ...(yield* assignedSettings(work)),
    ...(yield* calledSettings(work)),
    ...(yield* configuredSettings(work)),
  ];
  return {
    ...readPlaces(found),
    acksLate: mentioning.some(({ text }) => /acks_late['"]?\s*[:=]\s*True/i.test(text)),
    incomplete: work.gaps[0],
  };
}

/** Celery's settings with what Django's settings module says where the code itself says nothing certain. */
export function withDjangoSettings(
  celery: CelerySettings,
  from: { readonly program: PythonProgram; readonly module: string },
): CelerySettings {
  const source = from.program.find(from.module);
  if (!source) return celery;
  const django = readPlaces([lookUp(evaluateModule(source, from.program).get)]);
  return {
    ...celery,
    workerConcurrency: firstKnown([celery.workerConcurrency, django.workerConcurrency]),
    workerPool: firstKnown([celery.workerPool, django.workerPool]),
    taskTimeLimit: firstKnown([celery.taskTimeLimit, django.taskTimeLimit]),
  };
}

function readPlaces(
  places: readonly Place[],
): Pick<CelerySettings, 'workerConcurrency' | 'workerPool' | 'taskTimeLimit'> {
  const values = (setting: Setting) => places.flatMap((lookUp) => lookUp(setting) ?? []);
  return {
    workerConcurrency: firstKnown(values('worker_concurrency').map(asNumber)),
    workerPool: firstKnown(values('worker_pool').map(asText)),
    taskTimeLimit: firstKnown(values('task_time_limit').map(asNumber)),
  };
}

/** The first that is known, else the first that is there. */
function firstKnown<T>(values: readonly (Value<T> | undefined)[]): Value<T> | undefined {
  return values.find((value) => value?.known) ?? values.find((value) => value !== undefined);
}

/** Celery's settings that decide how many tasks run and for how long, with their names before version 4. */
const formerNames = {
  worker_concurrency: 'CELERYD_CONCURRENCY',
  worker_pool: 'CELERYD_POOL',
  task_time_limit: 'CELERYD_TASK_TIME_LIMIT',
} as const;

type Setting = keyof typeof formerNames;

/** One place that configures Celery: what it says of a setting, or undefined. */
type Place = (setting: Setting) => PythonValue | undefined;

interface Search {
  readonly program: PythonProgram;
  readonly sources: readonly SourceText[];
  readonly mentioning: readonly SourceText[];
  /** Why settings may have been missed. */
  readonly gaps: string[];
}

function lookUp(get: (name: string) => PythonValue | undefined, namespace = 'CELERY'): Place {
  return (setting) => get(setting) ?? get(`${namespace}_${setting.toUpperCase()}`) ?? get(formerNames[setting]);
}

function assignedSettings({ program, mentioning }: Search): Pausable<readonly Place[]> {
  const read = (source: SourceText) => {
    const places: Place[] = [];
    const look = (statement: PythonStatement) => {
      if (statement.kind !== 'assign') return;
      for (const target of statement.targets) {
        const name = /\.conf\.(\w+)$/.exec(dottedName(target) ?? '')?.[1];
        if (name === undefined) continue;
        const value = program.runtime.evaluate(statement.value, moduleFrame(source, program.runtime));
        places.push(lookUp((wanted) => (wanted === name ? value : undefined)));
      }
    };
    walkStatements(program.parse(source).body, look, { functions: true, classes: false });
    return places;
  };
  return flatMapFiles(mentioning, { program, matters: ({ text }) => /\.\s*conf\s*\./.test(text), read });
}

function* calledSettings({ program, sources, mentioning }: Search): Pausable<readonly Place[]> {
  const found: Place[] = [];
  for (const place of yield* findPlacesPausing(program, {
    sources: mentioning,
    names: new Set(['Celery', 'update']),
  })) {
    if (!/worker_(concurrency|pool)|task_time_limit|CELERY/i.test(textOf(place))) continue;
    const runs = yield* runPlace(place, { program, sources });
    for (const { keywords, positional } of runs.flatMap((run) => run.records)) {
      const map = asMap(positional[0])?.entries;
      found.push(lookUp((name) => keywords.get(name) ?? map?.get(name)));
    }
  }
  return found;
}

function textOf({ call, source }: { call: { span: { start: number; end: number } }; source: SourceText }): string {
  return source.text.slice(call.span.start, call.span.end);
}

function* configuredSettings(search: Search): Pausable<readonly Place[]> {
  const { program, sources } = search;
  const found: Place[] = [];
  for (const place of yield* findPlacesPausing(program, { sources, names: new Set(['config_from_object']) })) {
    const [run] = yield* runPlace(place, { program, sources });
    const record = run?.records[0];
    // A function that nobody calls configures nothing.
    if (record) found.push(...configurationObject(record, { source: place.source, span: place.call.span }, search));
  }
  return found;
}

function configurationObject(record: CallRecord, at: Location, { program, gaps }: Search): readonly Place[] {
  const given = record.positional[0];
  const map = asMap(given);
  if (map?.complete) return [lookUp((name) => map.entries.get(name))];
  const named = given && referenceName(given);
  const text = given ? asText(given) : unknown<string>('no module', at);
  const module = text.known ? text.value : named?.replace(/:$/, '');
  if (module !== undefined && /^django\.conf[.:]settings$/.test(module)) return [];
  const source = module === undefined ? undefined : configurationFile(program, { module, from: at.source.path });
  if (!source) {
    gaps.push('the configuration object of Celery is not in the workspace');
    return [];
  }
  const scope = evaluateModule(source, program);
  const namespace = record.keywords.get('namespace');
  return [lookUp(scope.get, namespace?.known && typeof namespace.value === 'string' ? namespace.value : undefined)];
}

function configurationFile(program: PythonProgram, from: { module: string; from: string }): SourceText | undefined {
  if (from.module.endsWith('.py')) return program.resolver.read(from.module);
  const module = program.resolver.find(from.module, { from: from.from, level: 0 });
  return module?.kind === 'file' ? program.resolver.read(module.path) : undefined;
}
