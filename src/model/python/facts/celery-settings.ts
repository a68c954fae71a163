import type { PythonStatement } from '../../../parse/python-tree.ts';
import { dottedName, walkStatements } from '../../../parse/python-walk.ts';
import type { SourceText } from '../../../text/source-text.ts';
import { unknown, type Value } from '../../value.ts';
import { settingsModuleFor } from '../django-settings.ts';
import { evaluateModule, moduleFrame } from '../evaluate.ts';
import { findPlaces, runPlace } from '../pools/pool-sites.ts';
import type { PythonProgram } from '../python-program.ts';
import { asMap, asNumber, asText, type PythonValue } from '../python-value.ts';

/**
 * Seconds after which Celery ends a task, as its application is configured: `Celery(...)`, `conf.update(...)`,
 * `conf.task_time_limit = ...`, a configuration module, Django's `CELERY_TASK_TIME_LIMIT`. Undefined when none is set.
 */
export function findTaskTimeLimit(program: PythonProgram, sources: readonly SourceText[]): Value<number> | undefined {
  const mentioning = sources.filter((source) => /time_limit/i.test(source.text) && /celery/i.test(source.text));
  const found = [
    ...mentioning.flatMap((source) => assignedLimits(program, source)),
    ...calledLimits(program, { mentioning, sources }),
    ...configuredLimits(program, sources),
    ...djangoLimits(program, sources),
  ];
  const limits = found.map(asNumber);
  return limits.find((limit) => limit.known) ?? limits[0];
}

function assignedLimits(program: PythonProgram, source: SourceText): PythonValue[] {
  const values: PythonValue[] = [];
  const read = (statement: PythonStatement) => {
    if (statement.kind !== 'assign' || !statement.targets.some(isLimit)) return;
    values.push(program.runtime.evaluate(statement.value, moduleFrame(source, program.runtime)));
  };
  walkStatements(program.parse(source).body, read, { functions: true, classes: false });
  return values;

  function isLimit(target: Parameters<typeof dottedName>[0]): boolean {
    return /\.conf\.task_time_limit$/.test(dottedName(target) ?? '');
  }
}

function calledLimits(
  program: PythonProgram,
  from: { mentioning: readonly SourceText[]; sources: readonly SourceText[] },
): readonly PythonValue[] {
  const places = findPlaces(program, { sources: from.mentioning, names: new Set(['Celery', 'update']) });
  return places
    .filter(({ call }) => call.arguments.length > 0 && /task_time_limit|TASK_TIME_LIMIT/.test(textOf(call)))
    .flatMap((place) => runPlace(place, { program, sources: from.sources }).flatMap((run) => run.records))
    .flatMap(({ keywords, positional }) => {
      const map = asMap(positional[0])?.entries;
      return keywords.get('task_time_limit') ?? map?.get('task_time_limit') ?? map?.get('CELERY_TASK_TIME_LIMIT') ?? [];
    });

  function textOf(call: { readonly span: { start: number; end: number } }): string {
    const place = places.find((candidate) => candidate.call === call);
    return place?.source.text.slice(call.span.start, call.span.end) ?? '';
  }
}

function configuredLimits(program: PythonProgram, sources: readonly SourceText[]): readonly PythonValue[] {
  return findPlaces(program, { sources, names: new Set(['config_from_object']) }).flatMap((place) => {
    const given = runPlace(place, { program, sources })[0]?.records[0]?.positional[0];
    const text = given ? asText(given) : unknown<string>('no module', { source: place.source, span: place.call.span });
    const module = text.known ? program.resolver.find(text.value, { from: place.source.path, level: 0 }) : undefined;
    const source = module?.kind === 'file' ? program.resolver.read(module.path) : undefined;
    const scope = source && evaluateModule(source, program);
    return scope?.get('task_time_limit') ?? scope?.get('CELERY_TASK_TIME_LIMIT') ?? [];
  });
}

function djangoLimits(program: PythonProgram, sources: readonly SourceText[]): readonly PythonValue[] {
  if (!sources.some((source) => source.text.includes('django'))) return [];
  const module = settingsModuleFor(program, { entry: sources[0]?.path, sources });
  const source = module === undefined ? undefined : program.find(module);
  const value = source && evaluateModule(source, program).get('CELERY_TASK_TIME_LIMIT');
  return value ? [value] : [];
}
