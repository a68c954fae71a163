import { type DependencyVersion, isBelow } from '../python/dependencies.ts';
import type { Refusal } from '../stack.ts';
import { type Known, unknown, type Value } from '../value.ts';
import type { ParsedCommandLine } from './command-options.ts';
import { firstMajorVersions, gunicornOptions, wholeNumberSettings } from './gunicorn-options.ts';

/**
 * Options that argparse refuses: a known one in another spelling, a beginning of several, one without its value.
 * Any other option may be of a newer version, unless the dependency files pin one that is known.
 */
export function findRefusedOptions(
  line: ParsedCommandLine,
  version: DependencyVersion | undefined,
): readonly Refusal[] {
  const isKnownVersion = version?.bound === 'pins' && version.major <= newestKnownMajor;
  const unrecognised = line.unrecognised.flatMap(({ flag, at }): Refusal[] => {
    const replacement = properSpelling(flag);
    if (replacement !== undefined) return [{ setting: flag, kind: 'unknown-option', at, trail: [], replacement }];
    const isAmbiguous = /^--\w/.test(flag) && longOptions().filter((option) => option.startsWith(flag)).length > 1;
    if (isAmbiguous) return [{ setting: flag, kind: 'ambiguous-option', at, trail: [] }];
    return isKnownVersion ? [{ setting: flag, kind: 'unknown-option', at, trail: [] }] : [];
  });
  const valueless = line.options
    .filter(({ flag, setting, value }) => value === undefined && isValueOption(flag, setting))
    .map(({ flag, at }): Refusal => ({ setting: flag, kind: 'missing-value', at, trail: [] }));
  const unneeded = line.options
    .filter(({ flag, setting, value }) => value !== undefined && isSwitch(flag, setting))
    .map(({ flag, at }): Refusal => ({ setting: flag, kind: 'unneeded-value', at, trail: [] }));
  const tooNew = line.options
    .filter(({ setting }) => isBelow(version, firstMajorVersions[setting] ?? 0) === true)
    .map(({ flag, at }): Refusal => ({ setting: flag, kind: 'unknown-option', at, trail: [] }));
  return [...unrecognised, ...valueless, ...unneeded, ...tooNew];
}

/** The newest version whose options are all in `gunicornOptions`. */
const newestKnownMajor = 26;

/** True for an option that takes a value; those of whole numbers are refused where the number is read. */
function isValueOption(flag: string, setting: string): boolean {
  if (wholeNumberSettings.has(setting)) return false;
  return Object.entries(gunicornOptions.values).some(([name, own]) => own === setting && name.startsWith(flag));
}

/** A number below zero is refused (config.py validate_pos_int), and then unknown. */
export function refuseNegative(
  value: Value<number>,
  work: { readonly setting: string; readonly refusals: Refusal[] },
): Value<number> {
  if (!value.known || value.value >= 0) return value;
  work.refusals.push({ setting: work.setting, kind: 'out-of-range', at: value.at, trail: value.trail });
  return unknown(`Gunicorn refuses ${work.setting}`, value.at, { trail: value.trail });
}

/** A class name without a dot must be one of Gunicorn's own (util.load_class); version 24 brought asgi, 26 dropped eventlet. */
export function refuseClass(workerClass: Value<string>, version: DependencyVersion | undefined): readonly Refusal[] {
  if (!workerClass.known || /[^\w-]/.test(workerClass.value) || workerClass.value === '') return [];
  if (workerClass.value === 'eventlet') {
    const isGone = version !== undefined && version.bound !== 'below' && version.major >= 26;
    return isGone ? [refusedClass(workerClass, 'removed-class')] : [];
  }
  if (workerClass.value === 'asgi' && isBelow(version, 24) === true)
    return [refusedClass(workerClass, 'unknown-class')];
  return ownClasses.test(workerClass.value) ? [] : [refusedClass(workerClass, 'unknown-class')];
}

const ownClasses = /^(sync|gthread|gevent|gevent_wsgi|gevent_pywsgi|tornado|asgi|gaiohttp)$/;

/** `--proxy-protocol` is a switch that takes a value from version 25 on. */
function isSwitch(flag: string, setting: string): boolean {
  if (setting === 'proxy_protocol') return false;
  return Object.entries(gunicornOptions.switches).some(([name, own]) => own === setting && name.startsWith(flag));
}

function refusedClass({ value, at, trail }: Known<string>, kind: 'removed-class' | 'unknown-class'): Refusal {
  return { setting: value, kind, at, trail };
}

/** The option that Gunicorn knows, for one that differs from it only in its dashes and is refused. */
function properSpelling(flag: string): string | undefined {
  const plain = (text: string) => text.replace(/[-_]/g, '').toLowerCase();
  if (!flag.startsWith('--')) return undefined;
  return longOptions().find((option) => option !== flag && plain(option) === plain(flag));
}

function longOptions(): readonly string[] {
  const all = [...Object.keys(gunicornOptions.values), ...Object.keys(gunicornOptions.switches)];
  return all.filter((option) => option.startsWith('--'));
}
