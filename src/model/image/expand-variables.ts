import { concatMapped, type MappedText, mappedLiteral, mappedUnknown } from '../../text/mapped-text.ts';
import type { Location } from '../../text/span.ts';
import type { Value } from '../value.ts';

/** A piece of Dockerfile text with where it stands. */
export interface ExpandableText {
  readonly text: string;
  readonly at: Location;
  readonly exact: boolean;
}

/**
 * Expands `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` as Dockerfile instructions do. A name that nothing
 * defines is empty, as Docker has it; a name whose value is unknown makes that piece unknown.
 */
export function expandVariables(
  input: ExpandableText,
  variables: ReadonlyMap<string, Value<string>>,
  depth = 0,
): MappedText {
  const pieces: MappedText[] = [];
  const pattern = /\\\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?([-+])((?:[^{}]|\$\{[^{}]*\})*))?\})/g;
  let done = 0;
  for (const match of input.text.matchAll(pattern)) {
    pieces.push(literal(input, done, match.index));
    done = match.index + match[0].length;
    const name = match[1] ?? match[2];
    if (name === undefined) {
      pieces.push(literal(input, match.index + 1, done));
      continue;
    }
    const at = part(input, match.index, done);
    const value = variables.get(name);
    const word = { text: match[4] ?? '', at, exact: false };
    if (match[3] === '+') {
      if (value !== undefined && depth < 8) pieces.push(expandVariables(word, variables, depth + 1));
    } else if (value?.known && (value.value !== '' || match[3] === undefined)) {
      pieces.push(mappedLiteral(value.value, { at: value.at, exact: false, trail: value.trail }));
    } else if (value && !value.known) {
      pieces.push(mappedUnknown(value.why, { at, trail: value.trail }));
    } else if (match[3] === '-' && depth < 8) {
      pieces.push(expandVariables(word, variables, depth + 1));
    }
  }
  pieces.push(literal(input, done, input.text.length));
  return concatMapped(pieces);
}

function literal(input: ExpandableText, start: number, end: number): MappedText {
  return mappedLiteral(input.text.slice(start, end), { at: part(input, start, end), exact: input.exact });
}

function part(input: ExpandableText, start: number, end: number): Location {
  if (!input.exact) return input.at;
  const base = input.at.span.start;
  return { source: input.at.source, span: { start: base + start, end: base + end } };
}
