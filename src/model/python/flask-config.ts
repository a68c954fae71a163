import type { PythonFunction } from '../../parse/python-tree.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { Location } from '../../text/span.ts';
import type { Pausable } from '../pausable.ts';
import { folderOf, resolveInside } from '../workspace.ts';
import { attributeOf } from './attributes.ts';
import { evaluateModule, moduleFrame } from './evaluate.ts';
import type { CallRecord, ConfigWrite } from './frame.ts';
import { findPlacesPausing, runAlone, runPlace } from './pools/pool-sites.ts';
import { isSurelySkipped } from './pools/skipped-calls.ts';
import type { PythonProgram } from './python-program.ts';
import { asMap, asText, joinAlternatives, type PythonValue, referenceName } from './python-value.ts';

/** What the code puts into Flask's `app.config`. */
export interface FlaskConfig {
  get(name: string): PythonValue | undefined;
  /** Where a setting's name is written, for settings without effect. */
  place(name: string): Location | undefined;
  /** False when a part of the configuration could not be followed. */
  readonly complete: boolean;
}

/**
 * Collects `app.config[...] = `, `app.config.update(...)`, `from_mapping`, `from_object` and `from_pyfile` of the
 * reachable code. Several writes of one name are alternatives; names that later calls set win over earlier objects.
 */
export function* readFlaskConfig(program: PythonProgram, sources: readonly SourceText[]): Pausable<FlaskConfig> {
  // False when a call stands in code that could not be followed to it: what it sets is then missing here.
  let isFollowed = true;
  const calls: { readonly record: CallRecord; readonly name: string }[] = [];
  for (const place of yield* findPlacesPausing(program, { sources, names: configMethods })) {
    const { callee } = place.call;
    const onConfig =
      callee.kind === 'attribute' && callee.object.kind === 'attribute' && callee.object.name === 'config';
    if (!onConfig) continue;
    const records = (yield* runPlace(place, { program, sources })).flatMap((run) => run.records);
    if (records.length === 0 && !(yield* isSurelySkipped(place, { program, sources }))) isFollowed = false;
    calls.push(...records.map((record) => ({ record, name: callee.name })));
  }
  // A loop that writes whatever names it meets may set any of them.
  if (sources.some(({ text }) => /\bapp\.config\[\s*[a-z_]\w*\s*\]\s*=(?!=)/.test(text))) isFollowed = false;
  yield* runWriters(program, sources);
  const writes = program.runtime.configWrites;
  const objects = calls.filter(({ name }) => name.startsWith('from_') && name !== 'from_mapping');
  const holders = objects.map(({ record, name }) => holderOf(record, { name, program }));
  const mappings = calls.filter(({ name }) => !name.startsWith('from_') || name === 'from_mapping');
  return {
    get: (name) => lastWrite(writes, name)?.value ?? fromMappings(mappings, name) ?? fromHolders(holders, name),
    place: (name) => lastWrite(writes, name)?.at ?? fromHolders(holders, name)?.at,
    complete:
      isFollowed &&
      holders.every((holder) => holder !== undefined) &&
      mappings.every(({ record }) => isComplete(record)),
  };
}

const configMethods: ReadonlySet<string> = new Set([
  'update',
  'from_object',
  'from_mapping',
  'from_pyfile',
  'from_envvar',
  'from_file',
  'from_json',
]);

type Holder = ((name: string) => PythonValue | undefined) | undefined;

// Functions that assign to app.config are run once each, by way of a call that stands in them.
function* runWriters(program: PythonProgram, sources: readonly SourceText[]): Pausable<void> {
  const run = new Set<PythonFunction>();
  for (const source of sources) {
    if (!/\.config\[\s*['"]/.test(source.text)) continue;
    program.runtime.moduleScope(source);
    for (const place of program.calls(source)) {
      const owner = place.function;
      if (!owner || run.has(owner) || run.size >= maximumWriters) continue;
      if (!/\.config\[\s*['"]\w+['"]\s*\]\s*=/.test(source.text.slice(owner.span.start, owner.span.end))) continue;
      run.add(owner);
      runAlone({ ...place, source }, program);
      yield;
    }
    yield;
  }
}

const maximumWriters = 60;

function lastWrite(writes: readonly ConfigWrite[], name: string): ConfigWrite | undefined {
  const matching = writes.filter((write) => write.key === name);
  const last = matching.at(-1);
  if (!last) return undefined;
  const distinct = [...new Map(matching.map((write) => [write.at.span.start, write])).values()];
  return {
    ...last,
    value: joinAlternatives(
      distinct.map((write) => write.value),
      last.at,
    ),
  };
}

function fromMappings(calls: readonly { readonly record: CallRecord }[], name: string): PythonValue | undefined {
  for (const { record } of calls) {
    const value = record.keywords.get(name) ?? asMap(record.positional[0])?.entries.get(name);
    if (value) return value;
  }
  return undefined;
}

function isComplete(record: CallRecord): boolean {
  const first = record.positional[0];
  return record.complete && (first === undefined || asMap(first)?.complete === true);
}

function fromHolders(holders: readonly Holder[], name: string): PythonValue | undefined {
  for (const holder of [...holders].reverse()) {
    const value = holder?.(name);
    if (value) return value;
  }
  return undefined;
}

/** Looks names up in the class or module that `from_object` or `from_pyfile` was given. */
function holderOf(record: CallRecord, how: { name: string; program: PythonProgram }): Holder {
  const { program } = how;
  const given = record.positional[0];
  if (!given) return undefined;
  if (how.name === 'from_pyfile') {
    const path = asText(given);
    const inside = path.known ? resolveInside(folderOf(record.source.path), path.value) : undefined;
    const source = inside === undefined ? undefined : program.resolver.read(inside);
    return source && ((name) => evaluateModule(source, program).get(name));
  }
  const frame = moduleFrame(record.source, program.runtime);
  const value = given.known && typeof given.value === 'string' ? importString(given.value, record, program) : given;
  const isFollowed = value?.known && (referenceName(value)?.includes(':') || typeof value.value === 'object');
  if (!value || !isFollowed) return undefined;
  return (name) => {
    const found = attributeOf(value, { name, frame, at: value.at });
    return found.known || found.oneOf || found.trail.length > 0 ? found : undefined;
  };
}

// "config.ProductionConfig" or "config".
function importString(text: string, record: CallRecord, program: PythonProgram): PythonValue | undefined {
  const frame = moduleFrame(record.source, program.runtime);
  const from = { from: record.source.path, level: 0 };
  const at = { source: record.source, span: record.call.span };
  const whole = program.resolver.find(text, from);
  if (whole?.kind === 'file')
    return { known: true, value: { type: 'reference', name: `${whole.path}:` }, at, trail: [] };
  const dot = text.lastIndexOf('.');
  const module = dot === -1 ? undefined : program.resolver.find(text.slice(0, dot), from);
  if (module?.kind !== 'file') return undefined;
  const holder: PythonValue = { known: true, value: { type: 'reference', name: `${module.path}:` }, at, trail: [] };
  return attributeOf(holder, { name: text.slice(dot + 1), frame, at });
}
