import type { DependencyVersion } from '../python/dependencies.ts';
import type { Refusal } from '../stack.ts';
import { type Known, unknown, type Value } from '../value.ts';
import type { ParsedCommandLine } from './command-options.ts';
import { gunicornOptions } from './gunicorn-options.ts';

/** Whole numbers that no rule reads, and that still keep Gunicorn from starting when they are none. */
export const checkedNumbers = ['worker_connections', 'max_requests_jitter', 'keepalive', 'backlog'] as const;

/** Options that argparse refuses: a known one in another spelling, a beginning of several. Others may be of a newer version. */
export function findRefusedOptions(line: ParsedCommandLine): readonly Refusal[] {
  return line.unrecognised.flatMap(({ flag, at }): Refusal[] => {
    const replacement = properSpelling(flag);
    if (replacement !== undefined) return [{ setting: flag, kind: 'unknown-option', at, trail: [], replacement }];
    const isAmbiguous = /^--\w/.test(flag) && longOptions().filter((option) => option.startsWith(flag)).length > 1;
    return isAmbiguous ? [{ setting: flag, kind: 'ambiguous-option', at, trail: [] }] : [];
  });
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

/** A class name without a dot must be one of Gunicorn's own (util.load_class); version 26 dropped eventlet. */
export function refuseClass(workerClass: Value<string>, version: DependencyVersion | undefined): readonly Refusal[] {
  if (!workerClass.known || /[^\w-]/.test(workerClass.value) || workerClass.value === '') return [];
  if (workerClass.value === 'eventlet') {
    const isGone = version !== undefined && version.bound !== 'below' && version.major >= 26;
    return isGone ? [refusedClass(workerClass, 'removed-class')] : [];
  }
  return ownClasses.test(workerClass.value) ? [] : [refusedClass(workerClass, 'unknown-class')];
}

const ownClasses = /^(sync|gthread|gevent|gevent_wsgi|gevent_pywsgi|tornado|asgi|gaiohttp)$/;

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
