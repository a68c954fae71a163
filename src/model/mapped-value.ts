import { locateMapped, type MappedText, trailOf, unknownReason } from '../text/mapped-text.ts';
import type { Location } from '../text/span.ts';
import { known, unknown, type Value } from './value.ts';

/** The text as a value: unknown when a piece of it is, with that piece's reason. */
export function textValue(mapped: MappedText, fallback: Location): Value<string> {
  const at = locateMapped(mapped, { start: 0, end: mapped.text.length }) ?? fallback;
  const why = unknownReason(mapped);
  return why === undefined ? known(mapped.text, at, trailOf(mapped)) : unknown(why, at, { trail: trailOf(mapped) });
}

/** Reads a number the way Python's `int()` or `float()` does; undefined when the text is none. */
export function readNumber(text: string, cast: 'int' | 'float'): number | undefined {
  const trimmed = text.trim().replace(/(?<=\d)_(?=\d)/g, '');
  if (cast === 'int') return /^[+-]?\d+$/.test(trimmed) ? Number(trimmed) : undefined;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}
