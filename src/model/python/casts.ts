import { readNumber } from '../mapped-value.ts';
import { known, mapValue, unknown } from '../value.ts';
import type { PythonData } from './python-data.ts';
import { textOf } from './python-text.ts';
import { mapAlternatives, type PythonValue, truthOf } from './python-value.ts';

/** Python's `int(x)`. */
export function toInteger(value: PythonValue): PythonValue {
  return toNumber(value, 'int');
}

/** Python's `float(x)`. */
export function toFloat(value: PythonValue): PythonValue {
  return toNumber(value, 'float');
}

/** The words that environment readers and pydantic take for a boolean. */
export function toBoolean(value: PythonValue): PythonValue {
  return mapAlternatives(value, (option) => {
    const data = option.value;
    if (typeof data !== 'string') {
      const truth = truthOf(data);
      return truth === undefined ? unknown('its truth is not known', option.at) : { ...option, value: truth };
    }
    const word = data.trim().toLowerCase();
    if (/^(true|yes|on|y|t|1|ok|enabled|enable)$/.test(word)) return { ...option, value: true };
    if (/^(false|no|off|n|f|0|disabled|disable|)$/.test(word)) return { ...option, value: false };
    return unknown('is not a word for true or false', option.at, { trail: option.trail });
  });
}

/** Python's `bool(x)`. */
export function toTruth(value: PythonValue): PythonValue {
  return mapAlternatives(value, (option) => {
    const truth = truthOf(option.value);
    return truth === undefined
      ? unknown('its truth is not known', option.at, { trail: option.trail })
      : { ...option, value: truth };
  });
}

/** Python's `str(x)`; objects stay what they are, so that a URL object keeps its parts. */
export function toText(value: PythonValue): PythonValue {
  return mapAlternatives(value, (option) => {
    const text = textOf(option.value);
    return text === undefined ? option : known(text, option.at, option.trail);
  });
}

function toNumber(value: PythonValue, cast: 'int' | 'float'): PythonValue {
  if (!value.known && !value.oneOf) {
    const change = (data: PythonData) => (typeof data === 'number' && cast === 'int' ? Math.trunc(data) : data);
    return mapValue(value, change);
  }
  return mapAlternatives(value, (option) => {
    const data = option.value;
    if (typeof data === 'number') return { ...option, value: cast === 'int' ? Math.trunc(data) : data };
    if (typeof data === 'boolean') return { ...option, value: Number(data) };
    const number = typeof data === 'string' ? readNumber(data, cast) : undefined;
    if (number !== undefined) return { ...option, value: number };
    return unknown('is not a number that Python can read', option.at, { trail: option.trail });
  });
}
