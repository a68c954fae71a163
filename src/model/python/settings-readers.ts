import { known } from '../value.ts';
import type { EvaluatedCall } from './calls.ts';
import { toBoolean, toFloat, toInteger } from './casts.ts';
import { readVariable } from './environment-variables.ts';
import type { PythonData } from './python-data.ts';
import { asText, type PythonValue } from './python-value.ts';
import { databaseSettings } from './url-maps.ts';

/**
 * Variables that settings read through a library made for it: the values of django-configurations 2.5
 * (configurations/values.py), the readers of mitol-django-common (mitol/common/envs.py); undefined for other calls.
 */
export function readSetting(evaluated: EvaluatedCall): PythonValue | undefined {
  const { callee, keywords } = evaluated;
  const kind = /^configurations\.values\.(\w+)$/.exec(callee)?.[1];
  if (kind !== undefined)
    return keywords.has('late_binding') || keywords.has('alias') ? undefined : readConfigurationValue(kind, evaluated);
  const reader = /^mitol\.common\.envs\.(get_string|get_int|get_bool)$/.exec(callee)?.[1];
  if (reader === undefined) return undefined;
  const name = textArgument(keywords.get('name'));
  if (name === undefined) return undefined;
  const fallback = keywords.get('default') ?? known<PythonData>(null, evaluated.at);
  return castTo(mitolKinds[reader] ?? '', readVariable(evaluated.frame, { names: [name], at: evaluated.at, fallback }));
}

const mitolKinds: Readonly<Record<string, string>> = { get_int: 'IntegerValue', get_bool: 'BooleanValue' };

function readConfigurationValue(kind: string, evaluated: EvaluatedCall): PythonValue | undefined {
  const { keywords, positional, frame, at } = evaluated;
  const isUrl = kind === 'DatabaseURLValue';
  if (!isUrl && !plainKinds.has(kind)) return undefined;
  const fallback = keywords.get('default') ?? positional[0] ?? known<PythonData>(null, at);
  const environ = keywords.get('environ') ?? positional[1];
  if (environ && !environ.known) return undefined;
  if (environ?.known && environ.value === false) return isUrl ? undefined : fallback;
  const name = variableName(evaluated, isUrl ? { name: 'DATABASE_URL', prefix: '' } : { prefix: 'DJANGO' });
  if (name === undefined) return undefined;
  const isRequired = kind === 'SecretValue';
  const read = readVariable(frame, { names: [name], at, fallback: isRequired ? undefined : fallback });
  if (!isUrl) return castTo(kind, read);
  // Without a URL the value is an empty dict, which settings test for.
  const isAbsent = read.known && read.value === null;
  const entries = new Map(isAbsent ? [] : [['default', databaseSettings(read, evaluated)]]);
  if (!read.known && frame.runtime.absentReads.has(read)) return read;
  return known<PythonData>({ type: 'map', entries, complete: true, literal: undefined }, at, read.trail);
}

const plainKinds: ReadonlySet<string> = new Set([
  'Value',
  'SecretValue',
  'BooleanValue',
  'IntegerValue',
  'PositiveIntegerValue',
  'FloatValue',
  'URLValue',
]);

/** `environ_prefix` and `environ_name`; without a name, that of the class attribute the value is assigned to. */
function variableName(
  { keywords, positional, at }: EvaluatedCall,
  usual: { readonly name?: string; readonly prefix: string },
): string | undefined {
  const given = keywords.get('environ_name') ?? positional[2];
  const name = given ? textArgument(given) : (usual.name ?? attributeName(at));
  const prefix = keywords.get('environ_prefix') ?? positional[3];
  const isNone = prefix?.known && prefix.value === null;
  const word = prefix ? (isNone ? '' : textArgument(prefix)) : usual.prefix;
  if (name === undefined || word === undefined) return undefined;
  return word === '' ? name : `${word.replace(/_$/, '')}_${name}`;
}

/** The name in `NAME = values.Value(...)`; undefined where the call is not all that is assigned. */
function attributeName({ source, span }: PythonValue['at']): string | undefined {
  const line = source.text.slice(source.text.lastIndexOf('\n', span.start) + 1, span.start);
  return /^[ \t]+([A-Za-z]\w*)(?:[ \t]*:[^=]+)?[ \t]*=[ \t]*$/.exec(line)?.[1]?.toUpperCase();
}

function textArgument(value: PythonValue | undefined): string | undefined {
  const text = value && asText(value);
  return text?.known ? text.value : undefined;
}

function castTo(kind: string, value: PythonValue): PythonValue {
  if (value.known && value.value === null) return value;
  if (/IntegerValue$/.test(kind)) return toInteger(value);
  if (kind === 'FloatValue') return toFloat(value);
  return kind === 'BooleanValue' ? toBoolean(value) : value;
}
